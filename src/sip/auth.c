#include "sip/auth.h"

#include "base/buf.h"
#include "crypto/crypto.h"
#include "sip/head.h"
#include "sip/msg.h"
#include "sip/quote.h"

#define PARAM_NAME_MAX 63 /* octets; the longest in use has 11 */

static struct str
from(struct str s, size_t at)
{
	return (struct str){ s.p + at, s.len - at };
}

static struct str
skip_blank(struct str s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = from(s, 1);
	return s;
}

/* Cuts a token off *s, and the white space after it. */
static bool
cut_token(struct str *s, struct str *ret)
{
	size_t n = 0;

	while (n < s->len && sip_is_token((struct str){ s->p + n, 1 }))
		n++;
	*ret = (struct str){ s->p, n };
	*s = skip_blank(from(*s, n));
	return n > 0;
}

/* Cuts a quoted string or a bare value off *s, up to the comma or the end. */
static bool
cut_value(struct str *s, struct str *ret)
{
	size_t n;

	if (s->len > 0 && s->p[0] == '"') {
		n = sip_quoted_len(*s);
		if (n == 0)
			return false;
		*ret = (struct str){ s->p + 1, n - 2 };
	} else {
		for (n = 0; n < s->len && strchr(", \t\"", s->p[n]) == NULL;)
			n++;
		if (n == 0)
			return false;
		*ret = (struct str){ s->p, n };
	}
	*s = skip_blank(from(*s, n));
	return s->len == 0 || s->p[0] == ',';
}

/* A parameter named twice could be read in two ways: refused. */
static bool
add_param(struct sip_auth *a, struct str name, struct str value)
{
	char key[PARAM_NAME_MAX + 1];

	if (!str_copy(key, sizeof(key), name) || sip_auth_param(a, key).p != NULL ||
	    a->n == SIP_AUTH_PARAMS_MAX)
		return false;
	a->param[a->n].name = name;
	a->param[a->n].value = value;
	a->n++;
	return true;
}

/*
 * One "name=value" off *s. 1: done; 0: it is no parameter but the next scheme, *s
 * untouched; -1: malformed.
 */
static int
cut_param(struct str *s, struct sip_auth *a)
{
	struct str at = *s, name, value;

	if (!cut_token(&at, &name))
		return -1;
	if (at.len == 0 || at.p[0] != '=')
		return 0;
	at = skip_blank(from(at, 1));
	if (!cut_value(&at, &value) || !add_param(a, name, value))
		return -1;
	*s = at;
	return 1;
}

static struct str
skip_commas(struct str s)
{
	s = skip_blank(s);
	while (s.len > 0 && s.p[0] == ',')
		s = skip_blank(from(s, 1));
	return s;
}

bool
sip_auth_next(struct str *rest, struct sip_auth *ret)
{
	struct sip_auth a = { .n = 0 };
	struct str at = skip_commas(*rest);
	int got;

	if (at.len == 0 || !cut_token(&at, &a.scheme) || (at.len > 0 && at.p[0] == '='))
		return false;
	if (at.len > 0 && at.p[0] != ',' && cut_param(&at, &a) != 1)
		return false;
	for (at = skip_commas(at); at.len > 0; at = skip_commas(at)) {
		got = cut_param(&at, &a);
		if (got < 0)
			return false;
		if (got == 0)
			break;
	}
	*rest = at;
	*ret = a;
	return true;
}

struct str
sip_auth_param(const struct sip_auth *a, const char *name)
{
	for (unsigned i = 0; i < a->n; i++)
		if (str_caseeq(a->param[i].name, name))
			return a->param[i].value;
	return STR_NULL;
}

/* The form of the header that a proxy uses; NULL when there is none. */
static const char *
proxy_form(const char *header)
{
	static const char *const forms[][2] = {
		{ "WWW-Authenticate", "Proxy-Authenticate" },
		{ "Authorization", "Proxy-Authorization" },
		{ "Authentication-Info", "Proxy-Authentication-Info" },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (str_caseeq(str_of(header), forms[i][0]))
			return forms[i][1];
	return NULL;
}

struct sip_auth_walk
sip_auth_walk(const struct sip_msg *m, const char *header)
{
	return (struct sip_auth_walk){ .msg = m, .header = header };
}

bool
sip_auth_walk_next(struct sip_auth_walk *w, struct sip_auth *ret)
{
	while (w->header != NULL && w->seen < SIP_AUTH_SCHEMES_MAX) {
		if (sip_auth_next(&w->rest, ret)) {
			w->seen++;
			return true;
		}
		w->rest = sip_msg_header(w->msg, w->header, w->nth++);
		if (w->rest.p == NULL) {
			w->header = proxy_form(w->header);
			w->nth = 0;
		}
	}
	return false;
}

bool
sip_auth_find(
    const struct sip_msg *m, const char *header, const char *scheme, struct sip_auth *ret)
{
	struct sip_auth_walk w = sip_auth_walk(m, header);
	struct sip_auth a;

	while (sip_auth_walk_next(&w, &a)) {
		if (str_caseeq(a.scheme, scheme)) {
			*ret = a;
			return true;
		}
	}
	return false;
}

static bool
has_word(const char *list, struct str word)
{
	struct str rest = str_of(list), one;

	while (rest.p != NULL) {
		rest = str_split(rest, ' ', &one);
		if (one.len == word.len && memcmp(one.p, word.p, word.len) == 0)
			return true;
	}
	return false;
}

void
sip_auth_schemes(const struct sip_msg *m, char *dst, size_t size)
{
	struct sip_auth_walk w = sip_auth_walk(m, "WWW-Authenticate");
	struct sip_auth a;
	size_t len = 0;

	if (size == 0)
		return;
	dst[0] = '\0';
	while (sip_auth_walk_next(&w, &a)) {
		size_t gap = len > 0 ? 1 : 0;

		if (has_word(dst, a.scheme) || a.scheme.len + gap >= size - len)
			continue;
		if (gap > 0)
			dst[len++] = ' ';
		memcpy(dst + len, a.scheme.p, a.scheme.len);
		len += a.scheme.len;
		dst[len] = '\0';
	}
}

void
sip_auth_leg(const struct sip_auth_leg *l, struct buf *out)
{
	buf_puts(out, "TLS-DSK qop=\"auth\", ");
	if (l->opaque[0] != '\0')
		buf_printf(out, "opaque=\"%s\", ", l->opaque);
	buf_printf(out, "realm=\"%s\", targetname=\"%s\", ", l->realm, l->targetname);
	if (l->records.p != NULL) {
		buf_puts(out, "gssapi-data=\"");
		crypto_base64(out, l->records.p, l->records.len);
		buf_puts(out, "\", ");
	}
	buf_printf(out, "version=%u", l->version);
}
