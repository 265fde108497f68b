#include "base/text.h"

#include <string.h>

#include "base/buf.h"

/*
 * Returns how many continuation bytes the first byte of a character calls for, or -1 if
 * it cannot be one.
 */
static int
utf8_follow(unsigned char c)
{
	if (c < 0x80)
		return 0;
	if (c >= 0xc2 && c <= 0xdf)
		return 1;
	if (c >= 0xe0 && c <= 0xef)
		return 2;
	if (c >= 0xf0 && c <= 0xf4)
		return 3;
	return -1;
}

size_t
text_utf8(struct str s, uint32_t *ret_code)
{
	static const unsigned char mask[] = { 0x7f, 0x1f, 0x0f, 0x07 };
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t code;
	int n;

	if (s.len == 0)
		return 0;
	n = utf8_follow(p[0]);
	if (n < 0 || s.len <= (size_t)n)
		return 0;
	code = p[0] & mask[n];
	for (int i = 1; i <= n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	/*
	 * RFC 3629 section 3: no overlong forms, no surrogates, nothing beyond U+10FFFF.
	 */
	if (code < least[n] || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return 0;
	*ret_code = code;
	return (size_t)n + 1;
}

static void
add_utf16le(struct buf *out, uint32_t unit)
{
	buf_putc(out, (char)(unit & 0xff));
	buf_putc(out, (char)(unit >> 8));
}

bool
text_utf16le(struct str s, uint32_t (*change)(uint32_t code), struct buf *out)
{
	uint32_t code;
	size_t n;

	for (; s.len > 0; s.p += n, s.len -= n) {
		n = text_utf8(s, &code);
		if (n == 0)
			return false;
		if (change != NULL)
			code = change(code);
		if (code >= 0x10000) { /* a pair of surrogates */
			code -= 0x10000;
			add_utf16le(out, 0xd800 | code >> 10);
			code = 0xdc00 | (code & 0x3ff);
		}
		add_utf16le(out, code);
	}
	return true;
}

/* Returns whether it ends a line, moves the cursor or turns the direction of reading. */
static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c & 0xfffe) == 0xfffe;
}

void
text_printable(char *dst, size_t size, struct str s)
{
	size_t at = 0;

	if (size == 0)
		return;
	while (s.len > 0) {
		uint32_t code = 0;
		size_t n = text_utf8(s, &code);
		bool bad = n == 0 || is_control(code);
		size_t need = bad ? 1 : n;

		if (at + need >= size)
			break;
		if (bad)
			dst[at] = '.';
		else
			memmove(dst + at, s.p, n);
		at += need;
		n = n == 0 ? 1 : n;
		s = (struct str){ s.p + n, s.len - n };
	}
	dst[at] = '\0';
}

static bool
is_label(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i], lower = (char)(c | 0x20);

		if ((lower < 'a' || lower > 'z') && (c < '0' || c > '9') && c != '_' &&
		    (c != '-' || i == 0 || i == s.len - 1))
			return false;
	}
	return s.len > 0 && s.len <= 63;
}

bool
text_is_host(struct str s)
{
	struct str label;

	if (s.len == 0 || s.len > 253)
		return false;
	while (s.p != NULL) {
		s = str_split(s, '.', &label);
		if (!is_label(label))
			return false;
	}
	return true;
}

static bool
is_bare(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '=')
			return false;
	}
	return s.len > 0;
}

/* Writes one character (or one broken byte) of a quoted value. */
static void
put_quoted(struct buf *out, struct str c, bool visible)
{
	static const char digits[] = "0123456789abcdef";

	if (visible) {
		if (c.p[0] == '"' || c.p[0] == '\\')
			buf_putc(out, '\\');
		buf_str(out, c);
	} else if (c.p[0] == '\n') {
		buf_puts(out, "\\n");
	} else if (c.p[0] == '\r') {
		buf_puts(out, "\\r");
	} else if (c.p[0] == '\t') {
		buf_puts(out, "\\t");
	} else {
		for (size_t i = 0; i < c.len; i++) {
			unsigned char o = (unsigned char)c.p[i];
			char hex[] = { '\\', 'x', digits[o >> 4], digits[o & 15] };

			buf_add(out, hex, sizeof(hex));
		}
	}
}

void
text_value(struct buf *out, struct str s)
{
	if (is_bare(s)) {
		buf_str(out, s);
		return;
	}
	buf_putc(out, '"');
	while (s.len > 0) {
		uint32_t code = 0;
		size_t n = text_utf8(s, &code);
		bool visible = n > 0 && !is_control(code);

		n = n == 0 ? 1 : n;
		put_quoted(out, (struct str){ s.p, n }, visible);
		s = (struct str){ s.p + n, s.len - n };
	}
	buf_putc(out, '"');
}

/* XML 1.0 section 2.2. */
static bool
is_xml_char(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' ||
	       (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

static const char *
xml_escape(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	/*
	 * A parser would turn these into a space (attribute) or CR into LF (section
	 * 2.11).
	 */
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

void
text_xml(struct buf *out, struct str s)
{
	while (s.len > 0) {
		uint32_t code = 0;
		size_t n = text_utf8(s, &code);
		const char *escape = n == 0 ? NULL : xml_escape(code);

		if (n == 0 || !is_xml_char(code))
			buf_putc(out, '?');
		else if (escape != NULL)
			buf_puts(out, escape);
		else
			buf_add(out, s.p, n);
		n = n == 0 ? 1 : n;
		s = (struct str){ s.p + n, s.len - n };
	}
}
