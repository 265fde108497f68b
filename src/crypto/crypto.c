#include "crypto/crypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

static const EVP_MD *
evp_of(enum digest d)
{
	switch (d) {
	case DIGEST_MD5:
		return EVP_md5();
	case DIGEST_SHA1:
		return EVP_sha1();
	case DIGEST_SHA256:
		return EVP_sha256();
	case DIGEST_SHA384:
		return EVP_sha384();
	case DIGEST_COUNT:
		break;
	}
	return NULL;
}

size_t
crypto_digest_size(enum digest d)
{
	switch (d) {
	case DIGEST_MD5:
		return 16;
	case DIGEST_SHA1:
		return 20;
	case DIGEST_SHA256:
		return 32;
	case DIGEST_SHA384:
		return 48;
	case DIGEST_COUNT:
		break;
	}
	return 0;
}

bool
crypto_hash(enum digest d, struct str data, uint8_t *ret)
{
	uint8_t md[EVP_MAX_MD_SIZE];
	const void *p = data.len == 0 ? "" : data.p;

	if (EVP_Digest(p, data.len, md, NULL, evp_of(d), NULL) != 1)
		return false;
	memcpy(ret, md, crypto_digest_size(d));
	return true;
}

bool
crypto_hmac(
    enum digest d, const uint8_t *key, size_t key_len, struct str data, uint8_t *ret)
{
	const void *k = key_len == 0 ? (const void *)"" : key;
	const void *p = data.len == 0 ? "" : data.p;
	uint8_t md[EVP_MAX_MD_SIZE];
	bool ok;

	if (key_len > INT_MAX)
		return false;
	/* HMAC() takes a NULL key for "the one before"; an empty one needs an address. */
	ok = HMAC(evp_of(d), k, (int)key_len, p, data.len, md, NULL) != NULL;
	if (ok)
		memcpy(ret, md, crypto_digest_size(d));
	secret_wipe(md, sizeof(md));
	return ok;
}

/* A(i) and the seed after it are kept in one piece, because HMAC here takes one piece. */
static bool
p_sha1(struct str secret, struct str seed, uint8_t *chain, uint8_t *ret, size_t len)
{
	const uint8_t *key = (const uint8_t *)secret.p;
	const size_t md_len = crypto_digest_size(DIGEST_SHA1);
	struct str a = seed;
	uint8_t md[20];

	while (len > 0) {
		size_t n = len < md_len ? len : md_len;

		if (!crypto_hmac(DIGEST_SHA1, key, secret.len, a, chain))
			return false;
		a = (struct str){ (const char *)chain, md_len };
		if (!crypto_hmac(DIGEST_SHA1, key, secret.len,
			(struct str){ (const char *)chain, md_len + seed.len }, md))
			return false;
		memcpy(ret, md, n);
		ret += n;
		len -= n;
	}
	secret_wipe(md, sizeof(md));
	return true;
}

bool
crypto_p_sha1(struct str secret, struct str seed, uint8_t *ret, size_t len)
{
	const size_t md_len = crypto_digest_size(DIGEST_SHA1);
	uint8_t *chain = malloc(md_len + seed.len), *key = malloc(len + 1);
	bool ok = chain != NULL && key != NULL;

	if (ok) {
		if (seed.len > 0)
			memcpy(chain + md_len, seed.p, seed.len);
		ok = p_sha1(secret, seed, chain, key, len);
	}
	if (ok)
		memcpy(ret, key, len);
	if (chain != NULL)
		secret_wipe(chain, md_len + seed.len);
	if (key != NULL)
		secret_wipe(key, len);
	free(key);
	free(chain);
	return ok;
}

void
crypto_random(void *ret, size_t len)
{
	uint8_t *p = ret;

	while (len > 0) {
		int n = len > INT_MAX ? INT_MAX : (int)len;

		if (RAND_bytes(p, n) != 1)
			abort();
		p += n;
		len -= (size_t)n;
	}
}

void
crypto_hex(char *dst, const uint8_t *src, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*dst++ = digits[src[i] >> 4];
		*dst++ = digits[src[i] & 15];
	}
	*dst = '\0';
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
crypto_unhex(struct str s, uint8_t *ret, size_t n)
{
	if (n > SIZE_MAX / 2 || s.len != 2 * n)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (hex_digit(s.p[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++, s.p += 2)
		ret[i] = (uint8_t)(hex_digit(s.p[0]) << 4 | hex_digit(s.p[1]));
	return true;
}

bool
crypto_same(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

void
crypto_uuid(char dst[CRYPTO_UUID_SIZE])
{
	uint8_t u[16];
	char hex[2 * sizeof(u) + 1];

	crypto_random(u, sizeof(u));
	/* RFC 4122 section 4.4: version 4, variant 10. */
	u[6] = (u[6] & 0x0f) | 0x40;
	u[8] = (u[8] & 0x3f) | 0x80;
	crypto_hex(hex, u, sizeof(u));
	snprintf(dst, CRYPTO_UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}
