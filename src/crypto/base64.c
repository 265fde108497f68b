/* The part of crypto/crypto.h that is base64 (RFC 4648 section 4). */
#include "base/buf.h"
#include "base/secret.h"
#include "crypto/crypto.h"

#define LINE_BYTES 57 /* 76 characters, RFC 2045 section 6.8 */

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
crypto_base64(struct buf *out, const void *src, size_t n)
{
	const uint8_t *p = src;

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16;
		char c[4];

		if (left > 1)
			v |= (uint32_t)p[i + 1] << 8;
		if (left > 2)
			v |= p[i + 2];
		c[0] = alphabet[v >> 18];
		c[1] = alphabet[v >> 12 & 63];
		c[2] = left > 1 ? alphabet[v >> 6 & 63] : '=';
		c[3] = left > 2 ? alphabet[v & 63] : '=';
		buf_add(out, c, sizeof(c));
	}
}

void
crypto_base64_lines(struct buf *out, const void *src, size_t n)
{
	const uint8_t *p = src;

	while (n > 0) {
		size_t now = n < LINE_BYTES ? n : LINE_BYTES;

		crypto_base64(out, p, now);
		buf_puts(out, "\r\n");
		p += now;
		n -= now;
	}
}

static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What has been read of a group of four characters. */
struct group {
	uint32_t bits;
	unsigned chars; /* padding included */
	unsigned pads;
};

static bool
take(struct group *g, char c)
{
	int v = value_of(c);

	if (c == '=') {
		if (g->chars < 2)
			return false;
		g->pads++;
		v = 0;
	} else if (v < 0 || g->pads > 0) {
		return false;
	}
	g->bits = g->bits << 6 | (uint32_t)v;
	g->chars++;
	return true;
}

/*
 * Appends the bytes of a whole group. Returns false if bits that padding leaves over are
 * set (section 3.5).
 */
static bool
put_group(struct buf *out, const struct group *g)
{
	uint8_t o[3] = { (uint8_t)(g->bits >> 16), (uint8_t)(g->bits >> 8),
		(uint8_t)g->bits };

	for (unsigned i = 3 - g->pads; i < 3; i++)
		if (o[i] != 0)
			return false;
	buf_add(out, o, 3 - g->pads);
	secret_wipe(o, sizeof(o));
	return true;
}

static bool
decode(struct str s, struct buf *out)
{
	struct group g = { 0, 0, 0 };
	bool ended = false; /* after a padded group nothing may follow */

	for (size_t i = 0; i < s.len; i++) {
		if (is_space(s.p[i]))
			continue;
		if (ended || !take(&g, s.p[i]))
			return false;
		if (g.chars < 4)
			continue;
		if (!put_group(out, &g))
			return false;
		ended = g.pads > 0;
		g = (struct group){ 0, 0, 0 };
	}
	return g.chars == 0;
}

bool
crypto_unbase64(struct str s, struct buf *out)
{
	size_t before = out->len;

	if (decode(s, out) && !out->failed)
		return true;
	buf_cut(out, before);
	return false;
}
