#include "trace/secret_words.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "trace/mask.h"

#define WORD_FORMS   9 /* itself; base64 (3) and hexadecimal, in two encodings */
#define KEY_FORMS    4
#define PATTERNS_MAX 63		  /* bits that ESCAPED leaves */
#define FORMS_MAX    (128 * 1024) /* bytes of all patterns */
#define PART_MIN     4		  /* characters of one that is cut, and half of them */
#define ESCAPED	     ((uint64_t)1 << 63)
#define ESCAPED_MAX  4 /* bytes of an escaped character */

/* How a character of the pattern may differ. */
enum likes { LIKES_ITSELF, LIKES_BASE64, LIKES_HEX };

/* One form of a word. */
struct pattern {
	size_t at, len; /* in forms */
	enum likes likes;
};

struct secret_words {
	unsigned refs;
	bool incomplete; /* a word had no room */
	struct buf forms;
	struct pattern v[PATTERNS_MAX];
	unsigned n;
	/*
	 * By character: bits of the patterns that may begin with it, and that may go on
	 * with it. ESCAPED: an escaped character begins here, and may be any; it goes on
	 * with anything.
	 */
	uint64_t leads[256], seconds[256];
};

_Static_assert(WORD_FORMS + SECRET_KEYS_MAX * KEY_FORMS <= PATTERNS_MAX, "room for keys");

static const char escapes[] = "&%\\+";

struct secret_words *
secret_words_new(void)
{
	struct secret_words *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->refs = 1;
	buf_init(&w->forms, FORMS_MAX);
	for (const char *c = escapes; *c != '\0'; c++)
		w->leads[(unsigned char)*c] = ESCAPED;
	for (unsigned c = 0; c < 256; c++)
		w->seconds[c] = ESCAPED;
	return w;
}

struct secret_words *
secret_words_ref(struct secret_words *w)
{
	w->refs++;
	return w;
}

void
secret_words_free(struct secret_words *w)
{
	if (w == NULL || --w->refs > 0)
		return;
	buf_wipe_free(&w->forms);
	free(w);
}

/* ---- patterns ---- */

/* The character that is compared. base64url has two marks of its own. */
static char
common(enum likes likes, char c)
{
	if (likes == LIKES_BASE64)
		return c == '-' ? '+' : c == '_' ? '/' : c;
	return likes == LIKES_HEX ? (char)tolower((unsigned char)c) : c;
}

/* Sets the bit for each character that is like c, and for what begins an escaped one. */
static void
mark(uint64_t bits[256], uint64_t bit, enum likes likes, char c)
{
	for (const char *e = escapes; *e != '\0'; e++)
		bits[(unsigned char)*e] |= bit;
	c = common(likes, c);
	bits[(unsigned char)c] |= bit;
	if (likes == LIKES_BASE64 && (c == '+' || c == '/'))
		bits[c == '+' ? '-' : '_'] |= bit;
	if (likes == LIKES_HEX)
		bits[toupper((unsigned char)c)] |= bit;
}

/* Adds the len bytes at that offset of forms as a pattern. */
static void
add_pattern(struct secret_words *w, size_t at, size_t len, enum likes likes)
{
	const uint64_t bit = (uint64_t)1 << w->n;

	if (w->forms.failed || w->n == PATTERNS_MAX) {
		w->incomplete = true;
	} else if (len >= SECRET_WORD_MIN) {
		mark(w->leads, bit, likes, w->forms.data[at]);
		mark(w->seconds, bit, likes, w->forms.data[at + 1]);
		w->v[w->n++] = (struct pattern){ at, len, likes };
	}
}

/*
 * Adds what base64 has of s, wherever s is in the encoded bytes, after skip bytes of a
 * group of 3: the characters that no other byte has a part in.
 */
static void
add_base64(struct secret_words *w, struct str s, size_t skip)
{
	size_t start = w->forms.len, from = (8 * skip + 5) / 6;
	struct buf bytes;

	buf_init(&bytes, s.len + skip);
	buf_add(&bytes, "\0\0", skip);
	buf_str(&bytes, s);
	if (bytes.failed)
		w->incomplete = true;
	else
		crypto_base64(&w->forms, bytes.data, bytes.len);
	buf_wipe_free(&bytes);
	if (!w->incomplete)
		add_pattern(w, start + from, 8 * (skip + s.len) / 6 - from, LIKES_BASE64);
}

static void
add_hex(struct secret_words *w, struct str s)
{
	size_t start = w->forms.len;
	char digits[3];

	for (size_t i = 0; i < s.len; i++) {
		crypto_hex(digits, (const uint8_t *)s.p + i, 1);
		buf_add(&w->forms, digits, 2);
	}
	add_pattern(w, start, 2 * s.len, LIKES_HEX);
}

static void
add_encoded(struct secret_words *w, struct str s)
{
	for (size_t skip = 0; skip < 3; skip++)
		add_base64(w, s, skip);
	add_hex(w, s);
}

/* What is not UTF-8 has no such form: Windows has no such password. */
static void
add_wide(struct secret_words *w, struct str word)
{
	struct buf wide;

	buf_init(&wide, 2 * word.len);
	if (text_utf16le(word, NULL, &wide)) {
		if (wide.failed)
			w->incomplete = true;
		else
			add_encoded(w, buf_view(&wide));
	}
	buf_wipe_free(&wide);
}

bool
secret_words_add(struct secret_words *w, struct str word)
{
	size_t start = w->forms.len;

	if (word.len < SECRET_WORD_MIN)
		return !w->incomplete;
	buf_str(&w->forms, word);
	add_pattern(w, start, word.len, LIKES_ITSELF);
	add_encoded(w, word);
	add_wide(w, word);
	return !w->incomplete;
}

bool
secret_words_add_key(struct secret_words *w, struct str bytes)
{
	if (bytes.len >= SECRET_WORD_MIN)
		add_encoded(w, bytes);
	return !w->incomplete;
}

/* ---- what is in a text ---- */

/* Writes the character in UTF-8. Returns its bytes; 0: there is no such character. */
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
	if (code < 0x10000) {
		ret[0] = (char)(0xe0 | code >> 12);
		ret[1] = (char)(0x80 | (code >> 6 & 0x3f));
		ret[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	if (code > 0x10ffff)
		return 0;
	ret[0] = (char)(0xf0 | code >> 18);
	ret[1] = (char)(0x80 | (code >> 12 & 0x3f));
	ret[2] = (char)(0x80 | (code >> 6 & 0x3f));
	ret[3] = (char)(0x80 | (code & 0x3f));
	return 4;
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
	end = number(s, from, 8, from == 3 ? 16 : 10, &code);
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

/* Reads the escaped character at the front of s. Returns its bytes there; 0: none. */
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

/* Whether n bytes are the next ones of a pattern, of which want is left. */
static bool
goes_on(enum likes likes, struct str want, const char *bytes, size_t n)
{
	if (n == 0 || n > want.len)
		return false;
	for (size_t i = 0; i < n; i++)
		if (common(likes, bytes[i]) != common(likes, want.p[i]))
			return false;
	return true;
}

/*
 * Finds the next character of a pattern, of which want is left, at the front of s.
 * Returns its bytes there, 0 if it is another one; its bytes in the pattern in *ret_n.
 */
static size_t
next_char(
    enum likes likes, struct str want, struct str s, bool seen_through, size_t *ret_n)
{
	char c[ESCAPED_MAX];
	size_t taken = seen_through ? escaped(s, c, ret_n) : 0;

	if (taken > 0 && goes_on(likes, want, c, *ret_n))
		return taken;
	*ret_n = 1;
	return goes_on(likes, want, s.p, 1);
}

/* Returns the bytes of the pattern's like at the front of s; 0: there is none. */
static size_t
match(enum likes likes, struct str pattern, struct str s, bool seen_through)
{
	size_t at = 0, k = 0, n, taken;

	for (; k < pattern.len; k += n, at += taken) {
		if (at == s.len || (s.p[at] == '\n' && pattern.p[k] != '\n'))
			return k >= PART_MIN && k >= pattern.len / 2 ? at : 0;
		taken = next_char(likes, (struct str){ pattern.p + k, pattern.len - k },
		    (struct str){ s.p + at, s.len - at }, seen_through, &n);
		if (taken == 0)
			return 0;
	}
	return at;
}

/* Returns the bytes of the longest form of a word at the front of s; 0: there is none. */
static size_t
match_any(const struct secret_words *w, struct str s)
{
	uint64_t bits = w->leads[(unsigned char)s.p[0]] & ~ESCAPED;
	size_t longest = 0, n;

	for (const struct pattern *p = w->v; bits != 0; p++, bits >>= 1) {
		struct str pattern = { w->forms.data + p->at, p->len };

		for (int through = 0; (bits & 1) != 0 && through < 2; through++) {
			n = match(p->likes, pattern, s, through != 0);
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
next_lead(const struct secret_words *w, const char *text, size_t i, size_t len)
{
	while (i + 1 < len && (w->leads[(unsigned char)text[i]] &
				  w->seconds[(unsigned char)text[i + 1]]) == 0)
		i++;
	return i + 1 < len ? i : len;
}

size_t
secret_words_mask(const struct secret_words *w, char *text, size_t len)
{
	size_t to = 0, i = 0, next, n;

	if (w == NULL || w->incomplete)
		return 0;
	if (w->n == 0)
		return len;
	while (i < len) {
		next = next_lead(w, text, i, len);
		if (to != i)
			memmove(text + to, text + i, next - i);
		to += next - i;
		i = next;
		if (i == len)
			break;
		n = match_any(w, (struct str){ text + i, len - i });
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
