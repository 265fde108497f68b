#include "sip/auth.h"

#include "base/buf.h"
#include "base/text.h"
#include "sip/frame.h"
#include "sip/msg.h"
#include "sip/quote.h"

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

/* "4005;source=..;reason=.." ([MS-OCER] 2.2.1) in the words and order of the cmdlets. */
static unsigned
put_diagnostics(struct buf *out, struct str value)
{
	struct str parts, number, id;
	uint64_t n;

	if (!sip_next_element(&value, &parts))
		return 0;
	value = parts;
	number = cut_part(&parts);
	str_split(number, '.', &id);
	if (!str_uint(id, 1, UINT32_MAX, &n)) {
		buf_str(out, value); /* not understood, yet the server said it */
		return 0;
	}
	put_attribute(out, STR_LIT("ErrorCode"), number);
	put_attributes(out, parts, "source", "Source");
	put_attributes(out, parts, "reason", "Reason");
	put_attributes(out, parts, NULL, NULL);
	return (unsigned)n;
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
	struct str said = sip_msg_header(m, "ms-diagnostics", 0);
	struct str warning = sip_msg_header(m, "Warning", 0);
	struct buf text;

	if (said.len == 0)
		said = sip_msg_header(m, "ms-diagnostics-public", 0);
	if (said.len == 0 && warning.len == 0)
		return false;
	buf_init(&text, 2 * SIP_HEAD_MAX);
	ret->id = put_diagnostics(&text, said);
	if (warning.len > 0)
		put_warning(&text, warning);
	text_printable(ret->text, sizeof(ret->text), buf_view(&text));
	buf_free(&text);
	return true;
}
