/*
 * MD4, RFC 1320: nothing but the hash of a password in NTLM needs it, and OpenSSL 3 has
 * it only in its legacy provider, which is not everywhere.
 */
#include <string.h>

#include "base/secret.h"
#include "crypto/crypto.h"

#define BLOCK	  64
#define LENGTH_AT 56 /* of the last block */
#define ROUNDS	  3
#define PER_ROUND 16

static uint32_t
rotate(uint32_t v, unsigned by)
{
	return v << by | v >> (32 - by);
}

/* Section 3.4: F, G and H. */
static uint32_t
mix(unsigned round, uint32_t x, uint32_t y, uint32_t z)
{
	switch (round) {
	case 0:
		return (x & y) | (~x & z);
	case 1:
		return (x & y) | (x & z) | (y & z);
	default:
		return x ^ y ^ z;
	}
}

static void
add_block(uint32_t state[4], const uint8_t block[BLOCK])
{
	static const uint8_t order[ROUNDS][PER_ROUND] = {
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
		{ 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15 },
		{ 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15 },
	};
	static const uint8_t shift[ROUNDS][4] = { { 3, 7, 11, 19 }, { 3, 5, 9, 13 },
		{ 3, 9, 11, 15 } };
	static const uint32_t add[ROUNDS] = { 0, 0x5a827999, 0x6ed9eba1 };
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], x, new_b;

	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 0; i < PER_ROUND; i++) {
			const uint8_t *p = block + 4 * (size_t)order[round][i];

			x = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
			    (uint32_t)p[3] << 24;
			new_b = rotate(a + mix(round, b, c, d) + x + add[round],
			    shift[round][i % 4]);
			a = d;
			d = c;
			c = b;
			b = new_b;
		}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

static void
put_le(uint8_t *p, uint64_t v, unsigned octets)
{
	for (unsigned i = 0; i < octets; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

void
crypto_md4(struct str data, uint8_t ret[CRYPTO_MD4_SIZE])
{
	uint32_t state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	uint8_t last[2 * BLOCK] = { 0 };
	size_t whole = data.len / BLOCK * BLOCK, rest = data.len - whole;
	size_t padded = rest < LENGTH_AT ? BLOCK : 2 * BLOCK;

	for (size_t at = 0; at < whole; at += BLOCK)
		add_block(state, (const uint8_t *)data.p + at);
	if (rest > 0)
		memcpy(last, data.p + whole, rest);
	last[rest] = 0x80;
	put_le(last + padded - 8, (uint64_t)data.len * 8, 8);
	for (size_t at = 0; at < padded; at += BLOCK)
		add_block(state, last + at);
	for (unsigned i = 0; i < 4; i++)
		put_le(ret + (size_t)4 * i, state[i], 4);
	secret_wipe(last, sizeof(last));
	secret_wipe(state, sizeof(state));
}
