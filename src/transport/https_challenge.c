#include "transport/https_challenge.h"

#include <string.h>

#define BLANKS " \t"

static struct str
from(struct str s, size_t at)
{
	/* Nothing at all has no address to count from. */
	return at == 0 ? s : (struct str){ s.p + at, s.len - at };
}

/* Returns the length of what is at the front of s and has only, or none, of these. */
static size_t
span(struct str s, const char *marks, bool among)
{
	size_t n = 0;

	while (n < s.len && (s.p[n] != '\0' && strchr(marks, s.p[n]) != NULL) == among)
		n++;
	return n;
}

static struct str
skip(struct str s, const char *marks)
{
	return from(s, span(s, marks, true));
}

static bool
begins(struct str s, char c)
{
	return s.len > 0 && s.p[0] == c;
}

/* A string that is never closed goes to the end. */
static struct str
skip_quoted(struct str s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return from(s, i + 1);
	}
	return from(s, s.len);
}

/* To the next comma that is not in quotes. */
static struct str
skip_junk(struct str s)
{
	while (s.len > 0 && s.p[0] != ',')
		s = s.p[0] == '"' ? skip_quoted(s) : from(s, 1);
	return s;
}

static struct str
cut_word(struct str *s)
{
	struct str word = { s->p, span(*s, BLANKS ",=\"", false) };

	*s = from(*s, word.len);
	return word;
}

/* RFC 9110 5.6.2. */
static bool
is_token(struct str word)
{
	return word.len > 0 && span(word,
				   "!#$%&'*+-.^_`|~0123456789"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz",
				   true) == word.len;
}

/* "realm=x", "realm = \"x, y\"". Returns false and leaves *s unchanged if it is none. */
static bool
cut_parameter(struct str *s)
{
	struct str at = *s;

	if (!is_token(cut_word(&at)))
		return false;
	at = skip(at, BLANKS);
	if (!begins(at, '='))
		return false;
	at = skip(from(at, 1), BLANKS);
	*s = begins(at, '"') ? skip_quoted(at) : from(at, span(at, BLANKS ",", false));
	return true;
}

/*
 * A piece without blanks, and nothing after it: Token68 of RFC 9110 11.2, or what a
 * server takes for it. '=' fills it up; one with more after it makes it a parameter.
 */
static struct str
cut_piece(struct str *s)
{
	struct str piece = { s->p, span(*s, BLANKS ",\"", false) }, at = *s;
	struct str after = skip(from(*s, piece.len), BLANKS);
	size_t n = span(piece, "=", false);
	bool filled = n + span(from(piece, n), "=", true) == piece.len;

	if ((after.len > 0 && after.p[0] != ',') || (!filled && cut_parameter(&at)))
		return STR_NULL;
	*s = after;
	return piece;
}

static void
cut_data(struct str *s, struct https_challenge *c)
{
	c->token = cut_piece(s);
	if (c->token.p != NULL)
		return;
	if (!cut_parameter(s)) {
		*s = skip_junk(*s);
		return;
	}
	for (struct str at = skip(*s, BLANKS ","); cut_parameter(&at);
	    at = skip(at, BLANKS ","))
		*s = at;
}

bool
https_challenge_next(struct str *rest, struct https_challenge *ret)
{
	struct https_challenge c = { .token = STR_NULL };
	struct str at = skip(*rest, BLANKS ",");

	while (at.len > 0) {
		struct str before = at;

		c.scheme = cut_word(&at);
		at = skip(at, BLANKS);
		if (c.scheme.len > 0 && !begins(at, '=')) {
			cut_data(&at, &c);
			*rest = at;
			*ret = c;
			return true;
		}
		at = before;
		if (!cut_parameter(&at))
			at = skip_junk(at);
		at = skip(at, BLANKS ",");
	}
	*rest = at;
	return false;
}
