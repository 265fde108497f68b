#include "sip/head.h"

bool
sip_is_made_of(struct str s, const char *marks)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter && !(c >= '0' && c <= '9') &&
		    (c == '\0' || strchr(marks, c) == NULL))
			return false;
	}
	return s.len > 0;
}

bool
sip_is_token(struct str s)
{
	return sip_is_made_of(s, "-.!%*_+`'~");
}

static enum sip_head_item
bad(struct sip_head *h, const char *why)
{
	h->why = why;
	return SIP_HEAD_BAD;
}

/* Cuts one line off the rest. NUL, bare CR and bare LF make heads ambiguous: refused. */
static bool
cut_line(struct sip_head *h, struct str *ret)
{
	struct str line, rest = str_split(h->rest, '\n', &line);

	h->line++;
	if (rest.p == NULL) {
		h->why = "line without end";
		return false;
	}
	if (line.len == 0 || line.p[line.len - 1] != '\r') {
		h->why = "line ends without CR";
		return false;
	}
	line.len--;
	if (memchr(line.p, '\r', line.len) != NULL ||
	    memchr(line.p, '\0', line.len) != NULL) {
		h->why = "CR or NUL inside a line";
		return false;
	}
	h->rest = rest;
	*ret = line;
	return true;
}

static bool
continues(struct str rest)
{
	return rest.len > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t');
}

enum sip_head_item
sip_head_start(struct sip_head *h, struct str whole, struct str *ret)
{
	struct str line;

	*h = (struct sip_head){ .rest = whole };
	if (!cut_line(h, &line))
		return SIP_HEAD_BAD;
	if (line.len == 0)
		return bad(h, "no start line");
	if (continues(h->rest))
		return bad(h, "start line is folded");
	*ret = line;
	return SIP_HEAD_FIELD;
}

enum sip_head_item
sip_head_next(struct sip_head *h, struct sip_field *ret)
{
	struct str line, name, value, more;

	if (!cut_line(h, &line))
		return SIP_HEAD_BAD;
	if (line.len == 0)
		return SIP_HEAD_END;
	value = str_split(line, ':', &name);
	if (value.p == NULL)
		return bad(h, "header without colon");
	name = str_trim(name); /* RFC 3261 25.1 HCOLON: white space may precede it */
	if (!sip_is_token(name))
		return bad(h, "header name is not a token");
	while (continues(h->rest)) {
		if (!cut_line(h, &more))
			return SIP_HEAD_BAD;
		value.len = (size_t)(more.p + more.len - value.p);
	}
	*ret = (struct sip_field){ name, str_trim(value) };
	return SIP_HEAD_FIELD;
}
