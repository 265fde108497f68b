#include "prf.h"

#include <assert.h>
#include <string.h>

#define SEED_MAX 192

/* P_hash(secret, seed), added to out by exclusive or. */
static void
xor_p_hash(enum digest d, const uint8_t *secret, size_t secret_len, struct str seed,
    uint8_t *out, size_t n)
{
	uint8_t a[CRYPTO_DIGEST_MAX], block[CRYPTO_DIGEST_MAX];
	char in[CRYPTO_DIGEST_MAX + SEED_MAX];
	size_t size = crypto_digest_size(d);

	crypto_hmac(d, secret, secret_len, seed, a);
	for (size_t done = 0; done < n;) {
		memcpy(in, a, size);
		memcpy(in + size, seed.p, seed.len);
		crypto_hmac(
		    d, secret, secret_len, (struct str){ in, size + seed.len }, block);
		for (size_t i = 0; i < size && done < n; i++)
			out[done++] ^= block[i];
		crypto_hmac(d, secret, secret_len, (struct str){ in, size }, a);
	}
}

void
prf(enum prf which, const uint8_t *secret, size_t secret_len, const char *label,
    const uint8_t *random1, const uint8_t *random2, size_t random_len, uint8_t *out,
    size_t n)
{
	char seed[SEED_MAX];
	size_t label_len = strlen(label), half = (secret_len + 1) / 2;
	struct str s = { seed, label_len + 2 * random_len };

	assert(s.len <= sizeof(seed));
	memcpy(seed, label, label_len);
	memcpy(seed + label_len, random1, random_len);
	if (random_len > 0)
		memcpy(seed + label_len + random_len, random2, random_len);
	memset(out, 0, n);
	if (which == PRF_OLD) {
		xor_p_hash(DIGEST_MD5, secret, half, s, out, n);
		xor_p_hash(DIGEST_SHA1, secret + secret_len - half, half, s, out, n);
	} else {
		xor_p_hash(which == PRF_SHA256 ? DIGEST_SHA256 : DIGEST_SHA384, secret,
		    secret_len, s, out, n);
	}
}
