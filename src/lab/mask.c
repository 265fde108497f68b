#include "lab/mask.h"

#include <ctype.h>

#include "base/buf.h"

static const char *const auth_headers[] = {
	"Authorization",
	"WWW-Authenticate",
	"Authentication-Info",
	"Proxy-Authorization",
	"Proxy-Authenticate",
	"Proxy-Authentication-Info",
};
static const char *const whole_headers[] = { "X-MS-WebTicket", "Cookie", "Set-Cookie" };
static const char *const blob_schemes[] = { "NTLM", "Negotiate", "Basic", "Bearer" };
static const char *const elements[] = {
	"Assertion",
	"BinarySecret",
	"Password",
	"SignatureValue",
	"EncryptedData",
};

static bool
among(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_caseeq(s, list[i]))
			return true;
	return false;
}
#define AMONG(s, list) among((s), (list), sizeof(list) / sizeof((list)[0]))

static bool
secret_param(struct str name, bool tls_dsk)
{
	return str_caseeq(name, "response") || str_caseeq(name, "rspauth") ||
	       (!tls_dsk && str_caseeq(name, "gssapi-data"));
}

/* scheme a="b", c=d: copies all but the values of secret parameters. */
static void
mask_params(struct str v, bool tls_dsk, struct buf *out)
{
	size_t i = 0, start = 0;

	while (i < v.len) {
		size_t name = i, end;

		while (i < v.len && (isalnum((unsigned char)v.p[i]) || v.p[i] == '-'))
			i++;
		if (i + 1 >= v.len || v.p[i] != '=' || v.p[i + 1] != '"') {
			i = i == name ? i + 1 : i;
			continue;
		}
		for (end = i + 2; end < v.len && v.p[end] != '"'; end++)
			;
		if (end > i + 2 &&
		    secret_param((struct str){ v.p + name, i - name }, tls_dsk)) {
			buf_add(out, v.p + start, i + 2 - start);
			buf_puts(out, MASKED);
			start = end;
		}
		i = end < v.len ? end + 1 : end;
	}
	buf_add(out, v.p + start, v.len - start);
}

void
mask_header(struct str name, struct str value, struct buf *out)
{
	struct str scheme, rest;

	if (AMONG(name, whole_headers)) {
		buf_puts(out, MASKED);
		return;
	}
	if (!AMONG(name, auth_headers)) {
		buf_str(out, value);
		return;
	}
	rest = str_split(str_trim(value), ' ', &scheme);
	rest = str_trim(rest);
	/* With parameters it is SIP's NTLM; a token68 alone is HTTP's. */
	if (AMONG(scheme, blob_schemes) && rest.len > 0 &&
	    memchr(rest.p, '"', rest.len) == NULL) {
		buf_str(out, scheme);
		buf_puts(out, " " MASKED);
		return;
	}
	mask_params(value, str_caseeq(scheme, "TLS-DSK"), out);
}

static size_t
find(struct str s, size_t from, struct str what)
{
	for (; from + what.len <= s.len; from++)
		if (memcmp(s.p + from, what.p, what.len) == 0)
			return from;
	return s.len;
}

/* s.p[at] is '<'. The qualified name after it; empty for an end tag or a declaration. */
static struct str
tag_name(struct str s, size_t at)
{
	size_t end = at + 1;

	while (
	    end < s.len && (isalnum((unsigned char)s.p[end]) || strchr(":_-.", s.p[end])))
		end++;
	return (struct str){ s.p + at + 1, end - at - 1 };
}

static bool
secret_element(struct str qname)
{
	struct str prefix;
	struct str local = str_split(qname, ':', &prefix);

	return AMONG(local.p == NULL ? qname : local, elements);
}

void
mask_body(struct str s, struct buf *out)
{
	size_t done = 0;
	size_t at = find(s, 0, STR_LIT("<"));

	while (at < s.len) {
		struct str qname = tag_name(s, at);
		size_t content = find(s, at, STR_LIT(">"));
		size_t end;

		if (qname.len == 0 || !secret_element(qname) || content == s.len ||
		    s.p[content - 1] == '/') {
			at = find(s, at + 1, STR_LIT("<"));
			continue;
		}
		content++;
		buf_add(out, s.p + done, content - done);
		buf_puts(out, MASKED);
		for (end = find(s, content, STR_LIT("</")); end < s.len;
		     end = find(s, end + 2, STR_LIT("</")))
			if (end + 2 + qname.len <= s.len &&
			    memcmp(s.p + end + 2, qname.p, qname.len) == 0)
				break;
		done = end;
		at = end;
		if (at < s.len)
			at = find(s, at + 1, STR_LIT("<"));
	}
	buf_add(out, s.p + done, s.len - done);
}
