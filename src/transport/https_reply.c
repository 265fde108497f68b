#include "transport/https_reply.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "transport/https_message.h"
#include "transport/https_challenge.h"

void
https_reply_init(struct https_reply *r)
{
	*r = (struct https_reply){ .legs = 0 };
	buf_init(&r->head, HTTPS_HEAD_MAX);
	buf_init(&r->body, HTTPS_BODY_MAX);
}

/* Tickets and their keys were in here. */
void
https_reply_free(struct https_reply *r)
{
	buf_free(&r->head);
	buf_wipe_free(&r->body);
}

static void
begin_leg(struct https_reply *r)
{
	buf_clear(&r->head);
	buf_clear(&r->body);
	r->schemes[0] = '\0';
	r->head_whole = false;
}

void
https_reply_clear(struct https_reply *r)
{
	begin_leg(r);
	r->head_bytes = 0;
	r->legs = 0;
	r->heard = r->too_many_legs = false;
}

/* ---- challenges ---- */

/* A walk over the challenges of the last leg. */
struct walk {
	struct str lines, value;
};

static bool
next_challenge(struct walk *w, struct https_challenge *ret)
{
	struct str line, name;

	while (!https_challenge_next(&w->value, ret)) {
		do {
			if (w->lines.len == 0)
				return false;
			w->lines = str_split(w->lines, '\n', &line);
			w->value = str_split(line, ':', &name);
		} while (w->value.p == NULL ||
			 !str_caseeq(str_trim(name), "WWW-Authenticate"));
	}
	return true;
}

static bool
names(const char *list, struct str scheme)
{
	struct str rest = str_of(list), one;

	while (rest.p != NULL) {
		rest = str_split(rest, ' ', &one);
		if (one.len == scheme.len && strncasecmp(one.p, scheme.p, one.len) == 0)
			return true;
	}
	return false;
}

static void
note_scheme(struct https_reply *r, struct str scheme)
{
	size_t len = strlen(r->schemes);

	if (len + scheme.len + 2 > sizeof(r->schemes) || names(r->schemes, scheme))
		return;
	if (len > 0)
		r->schemes[len++] = ' ';
	text_printable(r->schemes + len, sizeof(r->schemes) - len, scheme);
}

/* Those that the diagnosis knows come first: nothing else can leave no room for them. */
static void
note_schemes(struct https_reply *r)
{
	static const char known[] =
	    "NTLM Negotiate Kerberos Bearer MsRtcOAuth Digest Basic";

	for (int pass = 0; pass < 2; pass++) {
		struct walk w = { buf_view(&r->head), STR_NULL };
		struct https_challenge c;

		while (next_challenge(&w, &c))
			if (names(known, c.scheme) == (pass == 0))
				note_scheme(r, c.scheme);
	}
}

/* "HTTP/1.1 200 OK", and no header or trailer whose name begins like that. */
static bool
is_status(struct str line, bool *ret_interim)
{
	struct str version, status = str_split(line, ' ', &version);

	if (!str_caseprefix(line, "HTTP/") || status.len == 0 ||
	    memchr(version.p, ':', version.len) != NULL)
		return false;
	*ret_interim = status.p[0] == '1';
	return true;
}

bool
https_reply_line(struct https_reply *r, struct str bytes)
{
	struct str line = str_trim(bytes);
	bool interim = false;

	r->heard = true;
	r->head_bytes += bytes.len;
	if (is_status(line, &interim)) {
		begin_leg(r);
		r->legs += !interim;
		r->too_many_legs = r->legs > HTTPS_LEGS_MAX;
	}
	buf_str(&r->head, line);
	buf_putc(&r->head, '\n');
	if (line.len == 0 && !r->head_whole) {
		r->head_whole = true;
		note_schemes(r);
	}
	return !https_reply_head_full(r) && !r->too_many_legs;
}

bool
https_reply_head_full(const struct https_reply *r)
{
	return r->head_bytes > HTTPS_HEAD_MAX || r->head.failed;
}

bool
https_reply_body(struct https_reply *r, struct str bytes)
{
	r->heard = true;
	buf_str(&r->body, bytes);
	return !r->body.failed;
}

struct str
https_reply_header(const struct https_reply *r, const char *wanted)
{
	struct str rest = buf_view(&r->head), line, name, value;

	while (rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, '\n', &line);
		value = str_split(line, ':', &name);
		if (value.p != NULL && str_caseeq(str_trim(name), wanted))
			return str_trim(value);
	}
	return STR_NULL;
}

bool
https_reply_offers(const struct https_reply *r, const char *scheme)
{
	struct walk w = { buf_view(&r->head), STR_NULL };
	struct https_challenge c;

	while (next_challenge(&w, &c))
		if (str_caseeq(c.scheme, scheme))
			return true;
	return false;
}

struct str
https_reply_token(const struct https_reply *r, const char *scheme)
{
	struct walk w = { buf_view(&r->head), STR_NULL };
	struct https_challenge c;

	while (next_challenge(&w, &c))
		if (str_caseeq(c.scheme, scheme) && c.token.len > 0)
			return c.token;
	return STR_NULL;
}
