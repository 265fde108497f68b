#include "transport/https_reply.h"

#include <string.h>

#include "base/text.h"
#include "transport/https.h"

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
	r->head_octets = 0;
	r->legs = 0;
	r->heard = r->too_many_legs = false;
}

static void
note_scheme(struct https_reply *r, struct str scheme)
{
	size_t len = strlen(r->schemes);

	if (scheme.len == 0 || memchr(scheme.p, '=', scheme.len) != NULL ||
	    len + scheme.len + 2 > sizeof(r->schemes))
		return;
	if (len > 0)
		r->schemes[len++] = ' ';
	text_printable(r->schemes + len, sizeof(r->schemes) - len, scheme);
}

/*
 * "Negotiate", "NTLM TlRM...", "Basic realm="x", NTLM": RFC 9110 section 11.6.1. The
 * first of a list, and what stands behind its name; what is left.
 */
static struct str
next_scheme(struct str value, struct str *ret_scheme, struct str *ret_token)
{
	struct str part, rest = str_split(value, ',', &part);

	*ret_token = str_trim(str_split(str_trim(part), ' ', ret_scheme));
	return rest;
}

static void
note_schemes(struct https_reply *r, struct str value)
{
	struct str scheme, token;

	while (value.p != NULL) {
		value = next_scheme(value, &scheme, &token);
		note_scheme(r, scheme);
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
https_reply_line(struct https_reply *r, struct str octets)
{
	struct str line = str_trim(octets), name, value;
	bool interim = false;

	r->heard = true;
	r->head_octets += octets.len;
	if (is_status(line, &interim)) {
		begin_leg(r);
		r->legs += !interim;
		r->too_many_legs = r->legs > HTTPS_LEGS_MAX;
	}
	if (line.len == 0)
		r->head_whole = true;
	value = str_split(line, ':', &name);
	if (value.p != NULL && str_caseeq(str_trim(name), "WWW-Authenticate"))
		note_schemes(r, value);
	buf_str(&r->head, line);
	buf_putc(&r->head, '\n');
	return !https_reply_head_full(r) && !r->too_many_legs;
}

bool
https_reply_head_full(const struct https_reply *r)
{
	return r->head_octets > HTTPS_HEAD_MAX || r->head.failed;
}

bool
https_reply_body(struct https_reply *r, struct str octets)
{
	r->heard = true;
	buf_str(&r->body, octets);
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
	struct str rest = str_of(r->schemes), one;

	while (rest.p != NULL) {
		rest = str_split(rest, ' ', &one);
		if (str_caseeq(one, scheme))
			return true;
	}
	return false;
}

static struct str
token_of(struct str value, const char *wanted)
{
	struct str scheme, token;

	while (value.p != NULL) {
		value = next_scheme(value, &scheme, &token);
		if (str_caseeq(scheme, wanted))
			return token;
	}
	return STR_NULL;
}

struct str
https_reply_token(const struct https_reply *r, const char *scheme)
{
	struct str rest = buf_view(&r->head), line, name, value, token = STR_NULL;

	while (token.len == 0 && rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, '\n', &line);
		value = str_split(line, ':', &name);
		if (str_caseeq(str_trim(name), "WWW-Authenticate"))
			token = token_of(value, scheme);
	}
	return token;
}
