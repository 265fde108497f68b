#include "trace/secret_words.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "trace/mask_base64.h"
#include "trace/mask.h"

#define FORMS	    9 /* of a word: itself, base64 (2 * 3), hexadecimal (2) */
#define PART_MIN    4 /* characters of one that is cut, and half of them */
#define ESCAPED	    ((uint32_t)1 << 31) /* beside the bits of patterns */
#define ESCAPED_MAX 3			/* octets of an escaped character */

/* How a character of the pattern may differ. */
enum likes { LIKES_ITSELF, LIKES_BASE64, LIKES_HEX };

struct pattern {
	struct buf text;
	enum likes likes;
};

struct secret_words {
	struct pattern v[SECRET_WORDS_MAX * FORMS];
	unsigned n;
	/*
	 * Bits of the patterns that may begin so, and go on so; ESCAPED goes on with
	 * anything.
	 */
	uint32_t leads[256], seconds[256];
};

struct secret_words *
secret_words_new(void)
{
	return calloc(1, sizeof(struct secret_words));
}

void
secret_words_free(struct secret_words *h)
{
	if (h == NULL)
		return;
	for (unsigned i = 0; i < h->n; i++)
		buf_wipe_free(&h->v[i].text);
	secret_wipe(h, sizeof(*h));
	free(h);
}

/* ---- patterns ---- */

/* base64url has two other marks; both are compared as those of base64. */
static char
common(enum likes likes, char c)
{
	if (likes == LIKES_BASE64)
		return c == '-' ? '+' : c == '_' ? '/' : c;
	return likes == LIKES_HEX ? (char)tolower((unsigned char)c) : c;
}

static bool
may_escape(char c)
{
	return c == '&' || c == '%' || c == '\\' || c == '+';
}

/* Takes over text. */
static void
add_pattern(struct secret_words *h, struct buf *text, enum likes likes)
{
	uint32_t bit = (uint32_t)1 << h->n;

	if (text->failed || text->len < SECRET_WORD_MIN) {
		buf_wipe_free(text);
		return;
	}
	for (unsigned c = 0; c < 256; c++) {
		if (may_escape((char)c))
			h->leads[c] |= bit | ESCAPED;
		if (common(likes, (char)c) == common(likes, text->data[0]))
			h->leads[c] |= bit;
		if (may_escape((char)c) ||
		    common(likes, (char)c) == common(likes, text->data[1]))
			h->seconds[c] |= bit;
		h->seconds[c] |= ESCAPED;
	}
	h->v[h->n++] = (struct pattern){ *text, likes };
}

/* What stands in base64 wherever s stands in what is encoded, behind skip octets of 3. */
static void
add_base64(struct secret_words *h, struct str s, size_t skip)
{
	size_t from = (8 * skip + 5) / 6, to = 8 * (skip + s.len) / 6;
	struct buf octets, all, text;

	buf_init(&octets, s.len + 3);
	buf_init(&all, 2 * s.len + 16);
	buf_init(&text, 2 * s.len + 16);
	buf_add(&octets, "\0\0", skip);
	buf_str(&octets, s);
	crypto_base64(&all, octets.data, octets.len);
	if (!all.failed && to > from)
		buf_add(&text, all.data + from, to - from);
	buf_wipe_free(&octets);
	buf_wipe_free(&all);
	add_pattern(h, &text, LIKES_BASE64);
}

static void
add_hex(struct secret_words *h, struct str s)
{
	char hex[2 * MASK_BASE64_MIN + 1];
	struct buf text;

	buf_init(&text, sizeof(hex));
	if (s.len <= MASK_BASE64_MIN) {
		crypto_hex(hex, (const uint8_t *)s.p, s.len);
		buf_puts(&text, hex);
		secret_wipe(hex, sizeof(hex));
	}
	add_pattern(h, &text, LIKES_HEX);
}

/* Longer ones are left out of a message because they are blobs. */
static void
add_encoded(struct secret_words *h, struct str s)
{
	for (size_t skip = 0; s.len <= MASK_BASE64_MIN && skip < 3; skip++)
		add_base64(h, s, skip);
	add_hex(h, s);
}

/* UTF-16LE, as Windows has its texts; what is no UTF-8 is none there. */
static void
widen(struct str s, struct buf *out)
{
	uint32_t code = 0;
	size_t n;

	for (; s.len > 0 && (n = text_utf8(s, &code)) > 0; s.p += n, s.len -= n) {
		buf_putc(out, (char)(code & 0xff));
		buf_putc(out, (char)(code >> 8 & 0xff));
	}
}

void
secret_words_add(struct secret_words *h, struct str word)
{
	struct buf itself, wide;

	if (h == NULL || word.len < SECRET_WORD_MIN ||
	    h->n + FORMS > SECRET_WORDS_MAX * FORMS)
		return;
	buf_init(&itself, word.len + 1);
	buf_init(&wide, 2 * word.len + 1);
	buf_str(&itself, word);
	add_pattern(h, &itself, LIKES_ITSELF);
	add_encoded(h, word);
	widen(word, &wide);
	add_encoded(h, buf_view(&wide));
	buf_wipe_free(&wide);
}

/* ---- what stands in a text ---- */

/* As UTF-8; 0: none that anybody would escape. */
static size_t
put_code(uint32_t code, char ret[ESCAPED_MAX])
{
	if (code < 0x80) {
		ret[0] = (char)code;
		return code > 0;
	}
	if (code < 0x800) {
		ret[0] = (char)(0xc0 | code >> 6);
		ret[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code > 0xffff)
		return 0;
	ret[0] = (char)(0xe0 | code >> 12);
	ret[1] = (char)(0x80 | (code >> 6 & 0x3f));
	ret[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

/* The number of at most max digits at i; where it ends, or i. */
static size_t
number(struct str s, size_t i, size_t max, unsigned base, uint32_t *ret)
{
	static const char digits[] = "0123456789abcdef";
	size_t end = i;

	for (*ret = 0; end < s.len && end - i < max; end++) {
		const char *d = memchr(digits, tolower((unsigned char)s.p[end]), base);

		if (d == NULL)
			break;
		*ret = *ret * base + (uint32_t)(d - digits);
	}
	return end;
}

/* &lt; &#60; &#x3c; */
static size_t
entity(struct str s, char ret[ESCAPED_MAX], size_t *ret_n)
{
	static const struct {
		const char *name;
		char c;
	} names[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
		{ "&quot;", '"' }, { "&apos;", '\'' } };
	uint32_t code;
	size_t end, from;

	for (size_t k = 0; k < 5; k++) {
		if (!str_caseprefix(s, names[k].name))
			continue;
		*ret_n = 1;
		ret[0] = names[k].c;
		return strlen(names[k].name);
	}
	if (s.len < 4 || s.p[1] != '#')
		return 0;
	from = (s.p[2] | 0x20) == 'x' ? 3 : 2;
	end = number(s, from, 6, from == 3 ? 16 : 10, &code);
	if (end == from || end == s.len || s.p[end] != ';')
		return 0;
	*ret_n = put_code(code, ret);
	return end + 1;
}

/* \" \/ \u0041 \x41, as JSON and log lines have it */
static size_t
backslash(struct str s, char ret[ESCAPED_MAX], size_t *ret_n)
{
	size_t digits = s.len < 2 ? 0 : s.p[1] == 'u' ? 4 : s.p[1] == 'x' ? 2 : 0;
	uint32_t code;

	if (digits > 0 && number(s, 2, digits, 16, &code) == 2 + digits) {
		*ret_n = digits == 2 ? 1 : put_code(code, ret);
		if (digits == 2)
			ret[0] = (char)code;
		return 2 + digits;
	}
	if (s.len < 2 || strchr("\"\\/'", s.p[1]) == NULL)
		return 0;
	*ret_n = 1;
	ret[0] = s.p[1];
	return 2;
}

/* The escaped character at the front of s: the octets that it takes there; 0: none. */
static size_t
escaped(struct str s, char ret[ESCAPED_MAX], size_t *ret_n)
{
	uint32_t code;

	switch (s.p[0]) {
	case '&':
		return entity(s, ret, ret_n);
	case '\\':
		return backslash(s, ret, ret_n);
	case '+':
		ret[0] = ' ';
		*ret_n = 1;
		return 1;
	case '%':
		if (number(s, 1, 2, 16, &code) != 3)
			return 0;
		ret[0] = (char)code;
		*ret_n = 1;
		return 3;
	default:
		return 0;
	}
}

/* Whether n octets are those of the pattern at k. */
static bool
goes_on(const struct pattern *p, size_t k, const char *octets, size_t n)
{
	if (n == 0 || n > p->text.len - k)
		return false;
	for (size_t i = 0; i < n; i++)
		if (common(p->likes, octets[i]) != common(p->likes, p->text.data[k + i]))
			return false;
	return true;
}

/* The pattern's next character at the front of s: how long it is there, and here. */
static size_t
next_char(const struct pattern *p, size_t k, struct str s, bool escapes, size_t *ret_n)
{
	char c[ESCAPED_MAX];
	size_t taken = escapes ? escaped(s, c, ret_n) : 0;

	if (taken > 0 && goes_on(p, k, c, *ret_n))
		return taken;
	*ret_n = 1;
	return goes_on(p, k, s.p, 1);
}

/* Octets of the one that begins at the front of s; 0: it does not. */
static size_t
match(const struct pattern *p, struct str s, bool escapes)
{
	size_t at = 0, k = 0, n, taken;

	for (; k < p->text.len; k += n, at += taken) {
		if (at == s.len || (s.p[at] == '\n' && p->text.data[k] != '\n'))
			return k >= PART_MIN && k >= p->text.len / 2 ? at : 0;
		taken =
		    next_char(p, k, (struct str){ s.p + at, s.len - at }, escapes, &n);
		if (taken == 0)
			return 0;
	}
	return at;
}

/* The longest that begins at the front of s. */
static size_t
match_any(const struct secret_words *h, struct str s)
{
	uint32_t bits = h->leads[(unsigned char)s.p[0]] & ~ESCAPED;
	size_t longest = 0, n;

	for (unsigned i = 0; bits != 0; i++, bits >>= 1) {
		for (int escapes = 0; (bits & 1) != 0 && escapes < 2; escapes++) {
			n = match(&h->v[i], s, escapes != 0);
			longest = n > longest ? n : longest;
		}
	}
	return longest;
}

/*
 * The first place at or after i where one may begin, or len: two characters say much.
 * None has less, but for what ends there.
 */
static size_t
next_lead(const struct secret_words *h, const char *text, size_t i, size_t len)
{
	while (i + 1 < len && (h->leads[(unsigned char)text[i]] &
				  h->seconds[(unsigned char)text[i + 1]]) == 0)
		i++;
	return i + 1 < len ? i : len;
}

size_t
secret_words_mask(const struct secret_words *h, char *text, size_t len)
{
	size_t to = 0, i = 0, next, n;

	if (h == NULL || h->n == 0)
		return len;
	while (i < len) {
		next = next_lead(h, text, i, len);
		if (to != i)
			memmove(text + to, text + i, next - i);
		to += next - i;
		i = next;
		if (i == len)
			break;
		n = match_any(h, (struct str){ text + i, len - i });
		if (n == 0) {
			text[to++] = text[i++];
			continue;
		}
		memcpy(text + to, MASKED, sizeof(MASKED) - 1);
		to += sizeof(MASKED) - 1;
		i += n;
	}
	return to;
}
