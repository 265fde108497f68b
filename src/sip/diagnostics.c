#include "sip/auth.h"

#include "base/buf.h"
#include "base/text.h"
#include "sip/frame.h"
#include "sip/msg.h"
#include "sip/quote.h"

#define ENTRIES_MAX 8 /* of a message; there is one for each hop */

static struct str
cut_part(struct str *rest)
{
	size_t at = sip_find_unquoted(*rest, ";");
	struct str part = { rest->p, at };

	at += at < rest->len ? 1 : 0;
	*rest = (struct str){ rest->p + at, rest->len - at };
	return str_trim(part);
}

static void
put_attribute(struct buf *out, struct str name, struct str value)
{
	if (out->len > 0)
		buf_putc(out, ',');
	buf_str(out, name);
	buf_putc(out, '=');
	for (size_t i = 0; i < value.len; i++) {
		if (value.p[i] == '\\' && i + 1 < value.len)
			i++; /* quoted-pair, RFC 3261 25.1 */
		buf_putc(out, value.p[i]);
	}
}

static bool
is_shown_first(struct str key)
{
	return str_caseeq(key, "source") || str_caseeq(key, "reason");
}

/* Attributes of that name; those of no special name when it is NULL. */
static void
put_attributes(struct buf *out, struct str parts, const char *name, const char *shown)
{
	struct str part, key, value;

	while (parts.len > 0) {
		part = cut_part(&parts);
		value = str_split(part, '=', &key);
		key = str_trim(key);
		if (value.p == NULL || key.len == 0)
			continue;
		if (name == NULL ? is_shown_first(key) : !str_caseeq(key, name))
			continue;
		put_attribute(
		    out, shown == NULL ? key : str_of(shown), sip_unquote(value));
	}
}

/* One "4005;source=..;reason=.." ([MS-OCER] 2.2.1). */
struct entry {
	struct str value, number, parts;
	unsigned id; /* 0: not understood */
};

static struct entry
read_entry(struct str value)
{
	struct entry e = { .value = value, .parts = value };
	struct str id;
	uint64_t n;

	e.number = cut_part(&e.parts);
	str_split(e.number, '.', &id);
	if (str_uint(id, 1, UINT32_MAX, &n))
		e.id = (unsigned)n;
	return e;
}

/* Somebody else has failed, or nobody knows: another id, if there is one, tells more. */
static bool
is_generic(unsigned id)
{
	static const unsigned ids[] = { 0, 1, 2, 1011, 1034, 4000, 10003 };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (ids[i] == id)
			return true;
	return false;
}

static bool
is_same(const struct entry *a, const struct entry *b)
{
	return a->id == b->id &&
	       (a->id != 0 || (a->value.len == b->value.len &&
				  memcmp(a->value.p, b->value.p, a->value.len) == 0));
}

/* Those of one header name, each id once. */
static unsigned
read_entries(const struct sip_msg *m, const char *name, struct entry *list, unsigned n)
{
	struct str header, value;

	for (unsigned nth = 0; (header = sip_msg_header(m, name, nth)).p != NULL; nth++) {
		while (n < ENTRIES_MAX && sip_next_element(&header, &value)) {
			struct entry e = read_entry(value);
			bool known = false;

			for (unsigned i = 0; i < n; i++)
				known = known || is_same(&list[i], &e);
			if (!known)
				list[n++] = e;
		}
	}
	return n;
}

/* In the words and order of the cmdlets; what is not understood as the server sent it. */
static void
put_entry(struct buf *out, const struct entry *e)
{
	struct buf one;

	buf_init(&one, SIP_HEAD_MAX);
	if (e->id == 0) {
		buf_str(&one, e->value);
	} else {
		put_attribute(&one, STR_LIT("ErrorCode"), e->number);
		put_attributes(&one, e->parts, "source", "Source");
		put_attributes(&one, e->parts, "reason", "Reason");
		put_attributes(&one, e->parts, NULL, NULL);
	}
	if (out->len > 0)
		buf_puts(out, "; ");
	buf_str(out, buf_view(&one));
	buf_free(&one);
}

/* The one that counts goes first. */
static unsigned
put_entries(struct buf *out, const struct entry *list, unsigned n)
{
	unsigned best = 0;

	while (best < n && is_generic(list[best].id))
		best++;
	if (best == n)
		best = 0;
	if (n > 0)
		put_entry(out, &list[best]);
	for (unsigned i = 0; i < n; i++)
		if (i != best)
			put_entry(out, &list[i]);
	return n == 0 ? 0 : list[best].id;
}

/* Warning: 310 host "text" (RFC 3261 20.43): the text, without quotes all of it. */
static void
put_warning(struct buf *out, struct str value)
{
	struct str before, text = str_split(value, '"', &before);
	size_t n = 0;

	if (text.p != NULL) {
		text = (struct str){ text.p - 1, text.len + 1 };
		n = sip_quoted_len(text);
	}
	if (n > 0)
		value = (struct str){ text.p + 1, n - 2 };
	put_attribute(out, STR_LIT("Warning"), value);
}

bool
sip_diagnostics(const struct sip_msg *m, struct sip_diagnostics *ret)
{
	struct str warning = sip_msg_header(m, "Warning", 0);
	struct entry list[ENTRIES_MAX];
	struct buf text;
	unsigned n;

	n = read_entries(m, "ms-diagnostics", list, 0);
	n = read_entries(m, "ms-diagnostics-public", list, n);
	if (n == 0 && warning.len == 0)
		return false;
	buf_init(&text, 2 * SIP_HEAD_MAX);
	ret->id = put_entries(&text, list, n);
	if (warning.len > 0)
		put_warning(&text, warning);
	text_printable(ret->text, sizeof(ret->text), buf_view(&text));
	buf_free(&text);
	return true;
}
