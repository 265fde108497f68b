#include "trace/mask.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "trace/mask_base64.h"

static const char *const auth_headers[] = {
	"Authorization",
	"WWW-Authenticate",
	"Authentication-Info",
	"Proxy-Authorization",
	"Proxy-Authenticate",
	"Proxy-Authentication-Info",
};
static const char *const whole_headers[] = { "X-MS-WebTicket", "Cookie", "Cookie2",
	"Set-Cookie", "Set-Cookie2" };
static const char *const elements[] = {
	"Assertion",
	"BinarySecret",
	"CipherData",
	"CipherValue",
	"EncryptedData",
	"EncryptedKey",
	"Password",
	"Pin",
	"SignatureValue",
};
/* Parameters of authentication headers that everyone may see: RFC 3261, [MS-SIPAE]. */
static const char *const open_params[] = { "algorithm", "charset", "cnum", "crand",
	"domain", "epid", "nc", "nextnonce", "nonce", "opaque", "qop", "realm", "snum",
	"srand", "stale", "sts-uri", "targetname", "uri", "username", "version" };
static const char *const secret_params[] = { "response", "rspauth" };
/* A header that is not known is not shown when its name says what it holds. */
static const char *const telling[] = { "authoriz", "cookie", "password", "secret",
	"ticket", "token" };

static bool
among(struct str s, const char *const *list, size_t n)
{
	/* All begin with a letter; most names end at the first. */
	for (size_t i = 0; s.len > 0 && i < n; i++)
		if (((s.p[0] ^ list[i][0]) & ~0x20) == 0 && str_caseeq(s, list[i]))
			return true;
	return false;
}
#define AMONG(s, list) among((s), (list), sizeof(list) / sizeof((list)[0]))

static bool
tells(struct str name)
{
	for (size_t k = 0; k < name.len; k++) {
		for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++)
			if (((name.p[k] ^ telling[i][0]) & ~0x20) == 0 &&
			    str_caseprefix(
				(struct str){ name.p + k, name.len - k }, telling[i]))
				return true;
	}
	return false;
}

static struct str
part(struct str s, size_t from, size_t to)
{
	/* Nothing at all has no address to count from. */
	return s.p == NULL ? STR_NULL : (struct str){ s.p + from, to - from };
}

/* ---- headers ---- */

/* One authentication header, read from the front. */
struct auth {
	enum mask how;
	struct str v;
	size_t at;
	struct buf *out;
	struct str scheme; /* that what follows belongs to */
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_spaces(struct auth *a)
{
	while (a->at < a->v.len && is_space(a->v.p[a->at]))
		a->at++;
}

static void
copy_spaces(struct auth *a)
{
	if (a->at < a->v.len && is_space(a->v.p[a->at]))
		buf_putc(a->out, ' ');
	skip_spaces(a);
}

/* A value that is in quotes ends at the next one that is not escaped, or nowhere. */
static size_t
quoted_end(struct str v, size_t at)
{
	const char *end = at < v.len ? memchr(v.p + at, '"', v.len - at) : NULL;

	if (end != NULL && memchr(v.p + at, '\\', (size_t)(end - v.p) - at) == NULL)
		return (size_t)(end - v.p);
	for (; at < v.len && v.p[at] != '"'; at++)
		if (v.p[at] == '\\' && at + 1 < v.len)
			at++;
	return at;
}

static void
put_value(struct auth *a, struct str name, struct str value)
{
	bool handshake = str_caseeq(name, "gssapi-data");

	if (value.len == 0)
		return;
	if (handshake && str_caseeq(a->scheme, "TLS-DSK")) {
		if (a->how == MASK_TRANSCRIPT)
			buf_str(a->out, value);
		else
			buf_printf(a->out, "[%zu characters]", value.len);
	} else if (handshake || AMONG(name, secret_params) ||
		   (a->how == MASK_TRACE && !AMONG(name, open_params))) {
		buf_puts(a->out, MASKED);
	} else if (a->how == MASK_TRACE) {
		mask_text(value, a->out);
	} else {
		buf_str(a->out, value);
	}
}

/* What follows NAME=, which is there already. */
static void
take_value(struct auth *a, struct str name)
{
	size_t start = a->at, end;

	if (start < a->v.len && a->v.p[start] == '"') {
		end = quoted_end(a->v, start + 1);
		buf_putc(a->out, '"');
		put_value(a, name, part(a->v, start + 1, end));
		if (end < a->v.len)
			buf_putc(a->out, '"');
		a->at = end < a->v.len ? end + 1 : end;
		return;
	}
	for (end = start; end < a->v.len && a->v.p[end] != ',' && !is_space(a->v.p[end]);)
		end++;
	put_value(a, name, part(a->v, start, end));
	a->at = end;
}

static bool
is_word(struct str s)
{
	if (s.len == 0 || s.len > 24)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

/* Which of the three messages of NTLM it is says much, and nothing that is secret. */
static void
put_token(struct auth *a, struct str token)
{
	static const char *const begins[] = { "TlRMTVNTUAAB", "TlRMTVNTUAAC",
		"TlRMTVNTUAAD" };

	buf_puts(a->out, MASKED);
	for (size_t i = 0; a->how == MASK_TRACE && i < 3; i++)
		if (token.len >= 12 && memcmp(token.p, begins[i], 12) == 0)
			buf_printf(a->out, " (NTLM message %zu)", i + 1);
}

/* A token may end with '=' as well: only names that are known, or a value in quotes. */
static bool
is_param(const struct auth *a, struct str name, size_t equals)
{
	if (equals >= a->v.len || a->v.p[equals] != '=')
		return false;
	if (AMONG(name, open_params) || AMONG(name, secret_params) ||
	    str_caseeq(name, "gssapi-data"))
		return true;
	return a->how == MASK_TRANSCRIPT && is_word(name) && equals + 1 < a->v.len &&
	       a->v.p[equals + 1] == '"';
}

/* Up to the next comma outside of quotes. */
static void
skip_element(struct auth *a)
{
	while (a->at < a->v.len && a->v.p[a->at] != ',') {
		if (a->v.p[a->at] == '"')
			a->at = quoted_end(a->v, a->at + 1);
		a->at++;
	}
	if (a->at > a->v.len)
		a->at = a->v.len;
}

/* NAME= of a parameter, a scheme, or a token. first: a scheme may stand here. */
static void
take_word(struct auth *a, bool first)
{
	size_t start = a->at;
	struct str word;

	while (a->at < a->v.len && strchr("=,\"", a->v.p[a->at]) == NULL &&
	       !is_space(a->v.p[a->at]))
		a->at++;
	word = part(a->v, start, a->at);
	if (first && is_word(word) && (a->at == a->v.len || a->v.p[a->at] != '=')) {
		buf_str(a->out, word);
		a->scheme = word;
		return;
	}
	skip_spaces(a);
	if (is_param(a, word, a->at)) {
		buf_str(a->out, word);
		buf_putc(a->out, '=');
		a->at++;
		skip_spaces(a);
		take_value(a, word);
		return;
	}
	put_token(a, word);
	skip_element(a);
}

static void
mask_auth(struct auth *a)
{
	bool first = true;

	while (a->at < a->v.len) {
		copy_spaces(a);
		if (a->at == a->v.len)
			break;
		if (a->v.p[a->at] == ',') {
			buf_putc(a->out, ',');
			a->at++;
			first = true;
			continue;
		}
		take_word(a, first);
		first = false;
	}
}

/* A header's value may go on in the next line, after a space (RFC 3261 7.3.1). */
static void
unfold(struct str value, struct buf *out)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.p[i] != '\r' && value.p[i] != '\n') {
			buf_putc(out, value.p[i]);
			continue;
		}
		while (i + 1 < value.len && is_space(value.p[i + 1]))
			i++;
		buf_putc(out, ' ');
	}
}

static void
mask_unfolded(enum mask how, struct str name, struct str value, struct buf *out)
{
	bool auth = AMONG(name, auth_headers);

	if (AMONG(name, whole_headers) || (how == MASK_TRACE && !auth && tells(name))) {
		buf_puts(out, MASKED);
	} else if (auth) {
		struct auth a = { how, value, 0, out, STR_NULL };

		mask_auth(&a);
	} else if (how == MASK_TRACE) {
		mask_text(value, out);
	} else {
		buf_str(out, value);
	}
}

void
mask_header(enum mask how, struct str name, struct str value, struct buf *out)
{
	struct buf plain;

	value = str_trim(value);
	if (value.len == 0 || memchr(value.p, '\n', value.len) == NULL) {
		mask_unfolded(how, name, value, out);
		return;
	}
	buf_init(&plain, value.len + 1);
	unfold(value, &plain);
	if (plain.failed) /* half of a secret does not look like one */
		out->failed = true;
	else
		mask_unfolded(how, name, buf_view(&plain), out);
	buf_wipe_free(&plain);
}

/* One header with the lines that it is folded into; what is left. */
static struct str
next_field(struct str head, struct str *ret)
{
	const char *start = head.p;
	struct str line, rest = str_split(head, '\n', &line);

	while (rest.p != NULL && rest.len > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t'))
		rest = str_split(rest, '\n', &line);
	*ret = str_trim((struct str){ start, (size_t)(line.p + line.len - start) });
	return rest;
}

void
mask_head(enum mask how, struct str head, struct buf *out)
{
	struct str field, name, value;
	bool first = true;

	while (head.p != NULL && head.len > 0) {
		head = next_field(head, &field);
		value = str_split(field, ':', &name);
		if (field.len == 0)
			continue;
		if (first || value.p == NULL) {
			mask_text(field, out);
		} else {
			mask_text(str_trim(name), out);
			buf_puts(out, ": ");
			mask_header(how, str_trim(name), value, out);
		}
		buf_putc(out, '\n');
		first = false;
	}
}

/* ---- bodies ---- */

/* A tag, plain or written with &lt; and &gt; as where a message quotes another. */
struct tag {
	bool escaped, stops;
	struct str name;
	size_t start, behind; /* behind its name */
	/* after find_tag_end(); false: it has no end */
	bool whole, empty;
	size_t end;
};

struct writer {
	enum mask how;
	struct str s;
	struct buf *out;
	size_t limit, seen; /* bytes: to append at most; looked at */
	bool full;
};

static bool
at(struct str s, size_t i, const char *what)
{
	size_t n = strlen(what);

	return s.len - i >= n && memcmp(s.p + i, what, n) == 0;
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || strchr(":_-.", c) != NULL ||
	       (unsigned char)c >= 0x80;
}

static const char *const opens[] = { "&lt;", "&#60;", "&#x3c;", "&#x3C;", "&amp;lt;" };
static const char *const closes[] = { "&gt;", "&#62;", "&#x3e;", "&#x3E;", "&amp;gt;" };

/* Returns the bytes of the one of the five that is at i; 0: none. */
static size_t
escaped_at(struct str s, size_t i, const char *const *list)
{
	for (size_t k = 0; s.p[i] == '&' && k < 5; k++)
		if (at(s, i, list[k]))
			return strlen(list[k]);
	return 0;
}

/* Quotes count: an attribute may hold what ends a tag. */
static void
find_tag_end(struct str s, struct tag *t)
{
	char quote = '\0', last = '\0';
	size_t n;

	for (size_t i = t->behind; i < s.len; i++) {
		char c = s.p[i];

		n = t->escaped ? escaped_at(s, i, closes) : 0;
		n = c == '>' ? 1 : n;
		if (quote != '\0') {
			quote = c == quote ? '\0' : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (n > 0) {
			t->end = i + n;
			t->empty = last == '/';
			t->whole = true;
			return;
		}
		last = c;
	}
}

/* The first '<' or '&' at or after i. */
static size_t
find_mark(struct str s, size_t i)
{
	while (i < s.len && s.p[i] != '<' && s.p[i] != '&')
		i++;
	return i;
}

/* The tag that begins at i, up to its name; false: none does. */
static bool
tag_at(struct str s, size_t i, struct tag *ret)
{
	struct tag t = { .start = i, .escaped = s.p[i] == '&', .end = s.len };
	size_t name = i + (t.escaped ? escaped_at(s, i, opens) : 1);

	if (name == i)
		return false;
	t.stops = name < s.len && s.p[name] == '/';
	name += t.stops;
	for (t.behind = name; t.behind < s.len && is_name(s.p[t.behind]);)
		t.behind++;
	t.name = part(s, name, t.behind);
	*ret = t;
	return t.name.len > 0;
}

static bool
is_secret(const struct tag *t)
{
	struct str prefix, local = str_split(t->name, ':', &prefix);

	return !t->stops && AMONG(local.p == NULL ? t->name : local, elements);
}

static bool
same_name(struct str a, struct str b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

/* Comments and CDATA inside of what is hidden end nothing. */
static size_t
skip_quiet(struct str s, size_t i)
{
	static const char *const marks[][2] = { { "<!--", "-->" },
		{ "<![CDATA[", "]]>" } };
	const char *end;

	for (size_t k = 0; k < 2; k++) {
		if (!at(s, i, marks[k][0]))
			continue;
		i += strlen(marks[k][0]);
		end = memmem(s.p + i, s.len - i, marks[k][1], 3);
		return end == NULL ? s.len : (size_t)(end - s.p) + 3;
	}
	return i;
}

/* Where the end tag of open begins; s.len: it has none. */
static size_t
find_stop(struct str s, const struct tag *open)
{
	unsigned depth = 1;
	size_t i = open->end;
	struct tag t;

	for (i = find_mark(s, i); i < s.len; i = find_mark(s, i)) {
		size_t past = skip_quiet(s, i);

		if (past != i || !tag_at(s, i, &t)) {
			i = past != i ? past : i + 1;
			continue;
		}
		i = t.behind;
		if (t.escaped != open->escaped || !same_name(t.name, open->name))
			continue;
		if (!t.stops) {
			find_tag_end(s, &t);
			depth += !t.empty;
			i = t.end;
		} else if (--depth == 0) {
			return t.start;
		}
	}
	return s.len;
}

/* Appends bytes of the body, with what looks like base64 cut short. */
static void
put_plain(struct writer *w, size_t from, size_t to)
{
	size_t room = w->limit > w->out->len ? w->limit - w->out->len : 0;
	struct str s;

	if (w->full || from == to)
		return;
	s = part(w->s, from, to);
	if (w->how == MASK_TRANSCRIPT) {
		s.len = s.len < room ? s.len : room;
		buf_str(w->out, s);
		w->seen = from + s.len;
	} else {
		w->seen = from + mask_base64_shorten(s, w->limit, w->out);
	}
	w->full = w->seen < to || w->out->failed;
}

size_t
mask_body(enum mask how, struct str s, size_t limit, struct buf *out)
{
	struct writer w = { how, s, out, out->len + limit, 0, false };
	size_t done = 0, stop, i;
	struct tag t;

	/* Comments are looked into: what they quote is as secret. */
	for (i = find_mark(s, 0); i < s.len && !w.full; i = find_mark(s, i)) {
		if (!tag_at(s, i++, &t))
			continue;
		i = t.behind;
		if (!is_secret(&t))
			continue;
		find_tag_end(s, &t);
		i = t.end;
		if (t.empty)
			continue;
		stop = t.whole ? find_stop(s, &t) : s.len;
		if (!t.whole)
			t.end = t.behind;
		if (t.end == stop)
			continue;
		put_plain(&w, done, t.end);
		if (w.full)
			break;
		buf_puts(out, MASKED);
		w.seen = i = done = stop;
	}
	put_plain(&w, done, s.len);
	return w.seen;
}

void
mask_text(struct str text, struct buf *out)
{
	(void)mask_base64_shorten(text, out->max, out);
}
