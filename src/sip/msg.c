#include "sip/msg.h"

#include <errno.h>
#include <stdlib.h>

#include "vocab/err.h"
#include "sip/frame.h"
#include "sip/head.h"

struct sip_msg {
	char *data;
	struct str method, uri, phrase, body;
	unsigned status; /* 0: a request */
	uint32_t cseq;
	unsigned n;
	struct {
		struct str name, value; /* name: the long one */
	} header[SIP_HEADERS_MAX];
};

/* RFC 3261 7.3.3 and 20, RFC 6665 8.2.1, RFC 3515 2.1. */
static const struct {
	const char *compact, *name;
} compact_names[] = {
	{ "i", "Call-ID" },
	{ "m", "Contact" },
	{ "e", "Content-Encoding" },
	{ "l", "Content-Length" },
	{ "c", "Content-Type" },
	{ "f", "From" },
	{ "s", "Subject" },
	{ "k", "Supported" },
	{ "t", "To" },
	{ "v", "Via" },
	{ "o", "Event" },
	{ "u", "Allow-Events" },
	{ "r", "Refer-To" },
};

static struct str
long_name(struct str name)
{
	for (size_t i = 0; i < sizeof(compact_names) / sizeof(compact_names[0]); i++)
		if (str_caseeq(name, compact_names[i].compact))
			return str_of(compact_names[i].name);
	return name;
}

/* Joins folded lines in place, with one space for each fold (RFC 3261 7.3.1). */
static struct str
unfold(char *p, size_t len)
{
	size_t out = 0;

	for (size_t i = 0; i < len;) {
		if (p[i] != '\r') {
			p[out++] = p[i++];
			continue;
		}
		while (out > 0 && (p[out - 1] == ' ' || p[out - 1] == '\t'))
			out--;
		while (i < len && memchr(" \t\r\n", p[i], 4) != NULL)
			i++;
		p[out++] = ' ';
	}
	return (struct str){ p, out };
}

static bool
refuse(struct err *err, unsigned line, const char *why)
{
	err_set(err, CAUSE_PROTOCOL, 0, "line %u: %s", line, why);
	return false;
}

static bool
parse_status_line(struct sip_msg *m, struct str line, struct err *err)
{
	struct str version, code, phrase = str_split(line, ' ', &version);
	uint64_t status;

	phrase = str_split(phrase, ' ', &code);
	if (code.len != 3 || !str_uint(code, 100, 699, &status))
		return refuse(err, 1, "expected a status of 100 to 699");
	m->status = (unsigned)status;
	m->phrase = phrase.p == NULL ? STR_LIT("") : str_trim(phrase);
	return true;
}

static bool
parse_request_line(struct sip_msg *m, struct str line, struct err *err)
{
	struct str rest, version;

	rest = str_split(line, ' ', &m->method);
	version = str_split(rest, ' ', &m->uri);
	if (!sip_is_token(m->method) || m->uri.len == 0 ||
	    !str_caseeq(version, "SIP/2.0"))
		return refuse(err, 1, "expected method, URI and SIP/2.0");
	return true;
}

static bool
parse_start(struct sip_msg *m, struct str line, struct err *err)
{
	if (str_caseprefix(line, "SIP/2.0 "))
		return parse_status_line(m, line, err);
	return parse_request_line(m, line, err);
}

static bool
add_header(struct sip_msg *m, const struct sip_field *f, unsigned line, struct err *err)
{
	if (m->n == SIP_HEADERS_MAX)
		return refuse(err, line, "too many headers");
	m->header[m->n].name = long_name(f->name);
	m->header[m->n].value = unfold(m->data + (f->value.p - m->data), f->value.len);
	m->n++;
	return true;
}

static bool
parse_head(struct sip_msg *m, size_t len, struct err *err)
{
	struct sip_head h;
	struct sip_field f;
	struct str line;
	enum sip_head_item item = sip_head_start(&h, (struct str){ m->data, len }, &line);

	if (item != SIP_HEAD_FIELD)
		return refuse(err, h.line, h.why);
	if (!parse_start(m, line, err))
		return false;
	while ((item = sip_head_next(&h, &f)) == SIP_HEAD_FIELD)
		if (!add_header(m, &f, h.line, err))
			return false;
	if (item != SIP_HEAD_END)
		return refuse(err, h.line, h.why);
	m->body = h.rest;
	return true;
}

/* The headers that say which message this is and that signatures cover: once each. */
static bool
check_identity(const struct sip_msg *m, struct err *err)
{
	static const char *const once[] = { "From", "To", "Call-ID", "CSeq" };

	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
		if (sip_msg_header(m, once[i], 0).len == 0) {
			err_set(err, CAUSE_PROTOCOL, 0, "no %s header", once[i]);
			return false;
		}
		if (sip_msg_header(m, once[i], 1).p != NULL) {
			err_set(
			    err, CAUSE_PROTOCOL, 0, "more than one %s header", once[i]);
			return false;
		}
	}
	return true;
}

static bool
parse_cseq(struct sip_msg *m, struct err *err)
{
	struct str number, method = sip_msg_cseq_parts(m, &number);
	uint64_t n;

	if (!str_uint(number, 0, UINT32_MAX, &n) || !sip_is_token(method)) {
		err_set(err, CAUSE_PROTOCOL, 0, "CSeq: expected a number and a method");
		return false;
	}
	if (m->status == 0 && (method.len != m->method.len ||
				  memcmp(method.p, m->method.p, method.len) != 0)) {
		err_set(
		    err, CAUSE_PROTOCOL, 0, "CSeq names another method than the request");
		return false;
	}
	m->method = method;
	m->cseq = (uint32_t)n;
	return true;
}

static struct sip_msg *
copy_of(struct str whole, struct err *err)
{
	struct sip_msg *m = calloc(1, sizeof(*m));

	if (m != NULL && (m->data = str_dup(whole)) == NULL) {
		free(m);
		m = NULL;
	}
	if (m == NULL)
		err_local(err, ENOMEM, "SIP message");
	return m;
}

struct sip_msg *
sip_msg_parse(struct str whole, struct err *err)
{
	struct sip_msg *m;
	size_t skip = 0, len = 0;
	enum sip_frame frame = sip_frame(whole, &skip, &len, err);

	if (frame == SIP_FRAME_NEVER)
		return NULL;
	if (frame == SIP_FRAME_MORE || skip != 0 || len != whole.len) {
		err_set(err, CAUSE_PROTOCOL, 0, "not exactly one whole message");
		return NULL;
	}
	m = copy_of(whole, err);
	if (m != NULL && parse_head(m, whole.len, err) && check_identity(m, err) &&
	    parse_cseq(m, err))
		return m;
	sip_msg_free(m);
	return NULL;
}

void
sip_msg_free(struct sip_msg *m)
{
	if (m == NULL)
		return;
	free(m->data);
	free(m);
}

bool
sip_msg_is_request(const struct sip_msg *m)
{
	return m->status == 0;
}

unsigned
sip_msg_status(const struct sip_msg *m)
{
	return m->status;
}

struct str
sip_msg_phrase(const struct sip_msg *m)
{
	return m->phrase;
}

struct str
sip_msg_method(const struct sip_msg *m)
{
	return m->method;
}

struct str
sip_msg_uri(const struct sip_msg *m)
{
	return m->uri;
}

uint32_t
sip_msg_cseq(const struct sip_msg *m)
{
	return m->cseq;
}

struct str
sip_msg_cseq_parts(const struct sip_msg *m, struct str *ret_number)
{
	struct str value = sip_msg_header(m, "CSeq", 0);
	size_t digits = 0;

	while (digits < value.len && value.p[digits] != ' ' && value.p[digits] != '\t')
		digits++;
	*ret_number = (struct str){ value.p, digits };
	return str_trim((struct str){ value.p + digits, value.len - digits });
}

struct str
sip_msg_call_id(const struct sip_msg *m)
{
	return sip_msg_header(m, "Call-ID", 0);
}

struct str
sip_msg_body(const struct sip_msg *m)
{
	return m->body;
}

struct str
sip_msg_header(const struct sip_msg *m, const char *name, unsigned nth)
{
	for (unsigned i = 0; i < m->n; i++)
		if (str_caseeq(m->header[i].name, name) && nth-- == 0)
			return m->header[i].value;
	return STR_NULL;
}
