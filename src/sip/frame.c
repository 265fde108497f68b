#include "sip/frame.h"

#include "vocab/err.h"
#include "sip/head.h"

/* Octets up to and with the first empty line; 0 when it is not here yet. */
static size_t
head_length(struct str in)
{
	size_t at = 0;

	while (at < in.len) {
		const char *lf = memchr(in.p + at, '\n', in.len - at);

		if (lf == NULL)
			return 0;
		at = (size_t)(lf - in.p) + 1;
		if (in.len - at >= 2 && in.p[at] == '\r' && in.p[at + 1] == '\n')
			return at + 2;
	}
	return 0;
}

/* A status or request line with its CR: the version first or last. */
static bool
starts_sip(struct str line)
{
	static const size_t n = sizeof(" SIP/2.0\r") - 1;

	if (line.len <= n || line.p[line.len - 1] != '\r')
		return false;
	return str_caseprefix(line, "SIP/2.0 ") ||
	       str_caseeq((struct str){ line.p + line.len - n, n }, " SIP/2.0\r");
}

/* What is not SIP (HTTP, TLS, noise) is refused at its first line, not after 64 KB. */
static bool
check_start(struct str in, struct err *err)
{
	struct str line, rest = str_split(in, '\n', &line);

	if (memchr(line.p, '\0', line.len) == NULL &&
	    (rest.p == NULL || starts_sip(line)))
		return true;
	err_set(err, CAUSE_PROTOCOL, 0, "not SIP: the peer sent \"%.*s\"",
	    (int)(line.len < 80 ? line.len : 80), line.p);
	return false;
}

static bool
is_content_length(struct str name)
{
	return str_caseeq(name, "Content-Length") || str_caseeq(name, "l");
}

static bool
read_length(struct str value, uint64_t *ret, struct err *err)
{
	size_t digits = 0;

	while (digits < value.len && value.p[digits] >= '0' && value.p[digits] <= '9')
		digits++;
	if (digits == 0 || digits < value.len) {
		err_set(err, CAUSE_PROTOCOL, 0, "Content-Length is not a number");
		return false;
	}
	if (!str_uint(value, 0, SIP_BODY_MAX, ret)) {
		err_set(err, CAUSE_LIMIT, SIP_BODY_MAX,
		    "body of more than %d octets announced", SIP_BODY_MAX);
		return false;
	}
	return true;
}

static bool
body_length(struct str head, uint64_t *ret, struct err *err)
{
	struct str line;
	struct sip_head h;
	struct sip_field f;
	uint64_t len = 0, again;
	enum sip_head_item item = sip_head_start(&h, head, &line);
	bool found = false;

	for (; item == SIP_HEAD_FIELD; item = sip_head_next(&h, &f)) {
		if (h.line == 1 || !is_content_length(f.name))
			continue;
		if (!read_length(f.value, &again, err))
			return false;
		if (found && again != len) {
			err_set(err, CAUSE_PROTOCOL, 0,
			    "two Content-Length headers that differ");
			return false;
		}
		len = again;
		found = true;
	}
	if (item == SIP_HEAD_BAD) {
		err_set(err, CAUSE_PROTOCOL, 0, "line %u: %s", h.line, h.why);
		return false;
	}
	if (!found) { /* RFC 3261 18.3: mandatory on a stream */
		err_set(err, CAUSE_PROTOCOL, 0, "no Content-Length");
		return false;
	}
	*ret = len;
	return true;
}

enum sip_frame
sip_frame(struct str in, size_t *ret_skip, size_t *ret_len, struct err *err)
{
	size_t skip = 0, head;
	uint64_t body;

	while (skip < in.len && (in.p[skip] == '\r' || in.p[skip] == '\n'))
		skip++;
	*ret_skip = skip;
	if (skip == in.len)
		return SIP_FRAME_MORE;
	in = (struct str){ in.p + skip, in.len - skip };
	head = head_length(in);
	if (!check_start(in, err))
		return SIP_FRAME_NEVER;
	if (head > SIP_HEAD_MAX || (head == 0 && in.len >= SIP_HEAD_MAX)) {
		err_set(err, CAUSE_LIMIT, SIP_HEAD_MAX, "headers of more than %d octets",
		    SIP_HEAD_MAX);
		return SIP_FRAME_NEVER;
	}
	if (head == 0)
		return SIP_FRAME_MORE;
	if (!body_length((struct str){ in.p, head }, &body, err))
		return SIP_FRAME_NEVER;
	*ret_len = head + (size_t)body;
	return in.len < *ret_len ? SIP_FRAME_MORE : SIP_FRAME_WHOLE;
}
