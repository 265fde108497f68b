/*
 * crypto: published vectors of digests, HMAC and P_SHA1; hex, comparison and randomness.
 */
#include <string.h>

#include "../cases.h"
#include "crypto/crypto.h"

#define LIT(s)	   { (s), sizeof(s) - 1 }
#define TWO_BLOCKS "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

/* RFC 1321 appendix A.5; FIPS 180 examples. */
static const struct hash_case {
	const char *name;
	enum digest digest;
	struct str in;
	size_t times;
	const char *want;
} hash_cases[] = {
	{ "MD5 of nothing", DIGEST_MD5, LIT(""), 1, "d41d8cd98f00b204e9800998ecf8427e" },
	{ "MD5 abc", DIGEST_MD5, LIT("abc"), 1, "900150983cd24fb0d6963f7d28e17f72" },
	{ "MD5 digits", DIGEST_MD5, LIT("1234567890"), 8,
	    "57edf4a22be3c955ac49da2e2107b67a" },
	{ "SHA-1 of nothing", DIGEST_SHA1, LIT(""), 1,
	    "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "SHA-1 abc", DIGEST_SHA1, LIT("abc"), 1,
	    "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "SHA-1 two blocks", DIGEST_SHA1, LIT(TWO_BLOCKS), 1,
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "SHA-1 million a", DIGEST_SHA1, LIT("aaaaaaaaaa"), 100000,
	    "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
	{ "SHA-256 of nothing", DIGEST_SHA256, LIT(""), 1,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "SHA-256 abc", DIGEST_SHA256, LIT("abc"), 1,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "SHA-256 two blocks", DIGEST_SHA256, LIT(TWO_BLOCKS), 1,
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "SHA-384 abc", DIGEST_SHA384, LIT("abc"), 1,
	    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	    "8086072ba1e7cc2358baeca134c825a7" },
};

static void
assert_hex(const uint8_t *got, size_t n, const char *want)
{
	char hex[2 * 256 + 1];

	assert_true(n <= 256);
	crypto_hex(hex, got, n);
	assert_string_equal(hex, want);
}

static void
check_hash(void **state)
{
	const struct hash_case *c = *state;
	size_t size = crypto_digest_size(c->digest), len = c->in.len * c->times;
	uint8_t md[CRYPTO_DIGEST_MAX + 1];
	char *in = malloc(len + 1);

	for (size_t i = 0; i < c->times; i++)
		memcpy(in + i * c->in.len, c->in.p, c->in.len);
	memset(md, 0xee, sizeof(md));
	assert_true(crypto_hash(c->digest, (struct str){ in, len }, md));
	assert_hex(md, size, c->want);
	assert_int_equal(md[size], 0xee);
	free(in);
}

#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* RFC 1320 appendix A.5, and both sides of where the length needs a block of its own. */
static const struct md4_case {
	const char *name, *in;
	const char *want;
} md4_cases[] = {
	{ "nothing", "", "31d6cfe0d16ae931b73c59d7e0c089c0" },
	{ "a", "a", "bde52cb31de33e46245e05fbdbd6fb24" },
	{ "abc", "abc", "a448017aaf21d8525fc10ae87aa6729d" },
	{ "text", "message digest", "d9130a8164549fe818874806e1c7014b" },
	{ "letters", "abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9" },
	{ "62 octets", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
	    "043f8582f241db351ce627e153e7f0e4" },
	{ "80 octets",
	    "1234567890123456789012345678901234567890"
	    "1234567890123456789012345678901234567890",
	    "e33b4ddc9c38f2199c3e7b164fcc0536" },
	{ "55 octets", A50 "aaaaa", "c889c81dd86c4d2e025778944ea02881" },
	{ "56 octets", A50 "aaaaaa", "d5f9a9e9257077a5f08b0b92f348b0ad" },
	{ "63 octets", A50 "aaaaaaaaaaaaa", "7ea3da77432d44c323671097d1348fc8" },
	{ "64 octets", A50 "aaaaaaaaaaaaaa", "52f5076fabd22680234a3fa9f9dc5732" },
};

static void
check_md4(void **state)
{
	const struct md4_case *c = *state;
	uint8_t md[CRYPTO_MD4_SIZE];

	crypto_md4(str_of(c->in), md);
	assert_hex(md, sizeof(md), c->want);
}

static void
no_text_hashes_as_nothing(void **state)
{
	uint8_t a[CRYPTO_DIGEST_MAX], b[CRYPTO_DIGEST_MAX];

	(void)state;
	assert_true(crypto_hash(DIGEST_SHA1, STR_NULL, a));
	assert_true(crypto_hash(DIGEST_SHA1, STR_LIT(""), b));
	assert_memory_equal(a, b, 20);
	assert_true(crypto_hmac(DIGEST_SHA1, NULL, 0, STR_NULL, a));
	assert_hex(a, 20, "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
}

static const struct size_case {
	const char *name;
	enum digest digest;
	size_t want;
} size_cases[] = {
	{ "MD5", DIGEST_MD5, 16 },
	{ "SHA-1", DIGEST_SHA1, 20 },
	{ "SHA-256", DIGEST_SHA256, 32 },
	{ "SHA-384", DIGEST_SHA384, 48 },
	{ "none", DIGEST_COUNT, 0 },
};

static void
check_size(void **state)
{
	const struct size_case *c = *state;

	assert_int_equal(crypto_digest_size(c->digest), c->want);
	assert_true(c->want <= CRYPTO_DIGEST_MAX);
}

/* RFC 2202 (MD5, SHA-1) and RFC 4231 (SHA-2). A key is one octet repeated, or text. */
static const struct hmac_case {
	const char *name;
	enum digest digest;
	struct str key;
	unsigned char octet; /* of the key, if it is no text */
	size_t repeat;
	struct str data;
	const char *want;
} hmac_cases[] = {
	{ "RFC 2202 MD5 1", DIGEST_MD5, LIT(""), 0x0b, 16, LIT("Hi There"),
	    "9294727a3638bb1c13f48ef8158bfc9d" },
	{ "RFC 2202 MD5 2", DIGEST_MD5, LIT("Jefe"), 0, 0,
	    LIT("what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738" },
	{ "RFC 2202 MD5 6", DIGEST_MD5, LIT(""), 0xaa, 80,
	    LIT("Test Using Larger Than Block-Size Key - Hash Key First"),
	    "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd" },
	{ "RFC 2202 SHA-1 1", DIGEST_SHA1, LIT(""), 0x0b, 20, LIT("Hi There"),
	    "b617318655057264e28bc0b6fb378c8ef146be00" },
	{ "RFC 2202 SHA-1 2", DIGEST_SHA1, LIT("Jefe"), 0, 0,
	    LIT("what do ya want for nothing?"),
	    "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ "RFC 2202 SHA-1 6", DIGEST_SHA1, LIT(""), 0xaa, 80,
	    LIT("Test Using Larger Than Block-Size Key - Hash Key First"),
	    "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
	{ "RFC 4231 SHA-256 1", DIGEST_SHA256, LIT(""), 0x0b, 20, LIT("Hi There"),
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ "RFC 4231 SHA-256 2", DIGEST_SHA256, LIT("Jefe"), 0, 0,
	    LIT("what do ya want for nothing?"),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "RFC 4231 SHA-256 6", DIGEST_SHA256, LIT(""), 0xaa, 131,
	    LIT("Test Using Larger Than Block-Size Key - Hash Key First"),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	{ "RFC 4231 SHA-384 1", DIGEST_SHA384, LIT(""), 0x0b, 20, LIT("Hi There"),
	    "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
	    "faea9ea9076ede7f4af152e8b2fa9cb6" },
	{ "RFC 4231 SHA-384 2", DIGEST_SHA384, LIT("Jefe"), 0, 0,
	    LIT("what do ya want for nothing?"),
	    "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
	    "8e2240ca5e69e2c78b3239ecfab21649" },
};

static void
check_hmac(void **state)
{
	const struct hmac_case *c = *state;
	size_t size = crypto_digest_size(c->digest);
	uint8_t key[200], md[CRYPTO_DIGEST_MAX + 1];
	size_t key_len = c->key.len > 0 ? c->key.len : c->repeat;

	memset(key, c->octet, sizeof(key));
	memcpy(key, c->key.p, c->key.len);
	memset(md, 0xee, sizeof(md));
	assert_true(crypto_hmac(c->digest, key, key_len, c->data, md));
	assert_hex(md, size, c->want);
	assert_int_equal(md[size], 0xee);
}

static void
absurd_key_is_refused(void **state)
{
	uint8_t key = 0, md[CRYPTO_DIGEST_MAX] = { 7 };

	(void)state;
	assert_false(crypto_hmac(DIGEST_SHA1, &key, SIZE_MAX, STR_LIT(""), md));
	assert_int_equal(md[0], 7);
}

/* The proof key of a web ticket, as the real client computes it, and parts of it. */
static const struct p_sha1_case {
	const char *name;
	size_t len;
	const char *want;
} p_sha1_cases[] = {
	{ "32 octets", 32,
	    "2f738c0d36c86c17dc1c0c4578d6a194847b817095b34c840403604f0947ac4c" },
	{ "one block", 20, "2f738c0d36c86c17dc1c0c4578d6a194847b8170" },
	{ "into the second block", 21, "2f738c0d36c86c17dc1c0c4578d6a194847b817095" },
	{ "one octet", 1, "2f" },
	{ "nothing", 0, "" },
};

static void
check_p_sha1(void **state)
{
	const struct p_sha1_case *c = *state;
	uint8_t client[32], server[32], got[33];
	struct str secret = { (const char *)client, 32 };
	struct str seed = { (const char *)server, 32 };

	for (uint8_t i = 0; i < 32; i++) {
		client[i] = i;
		server[i] = 0x80 + i;
	}
	memset(got, 0xee, sizeof(got));
	assert_true(crypto_p_sha1(secret, seed, got, c->len));
	assert_hex(got, c->len, c->want);
	assert_int_equal(got[c->len], 0xee);
}

/*
 * TLS 1.0's PRF is P_MD5 xor P_SHA1; the secret's second half goes to P_SHA1. Against the
 * exporter's key block of 128 octets this needs P_MD5 too, so it is made here from HMAC.
 */
static void
p_md5(struct str secret, struct str seed, uint8_t *ret, size_t len)
{
	const uint8_t *key = (const uint8_t *)secret.p;
	uint8_t chain[256];
	struct str a = seed;

	assert_true(seed.len + 16 <= sizeof(chain) && len % 16 == 0);
	memcpy(chain + 16, seed.p, seed.len);
	for (size_t at = 0; at < len; at += 16) {
		assert_true(crypto_hmac(DIGEST_MD5, key, secret.len, a, chain));
		a = (struct str){ (const char *)chain, 16 };
		assert_true(crypto_hmac(DIGEST_MD5, key, secret.len,
		    (struct str){ (const char *)chain, 16 + seed.len }, ret + at));
	}
}

static void
agrees_with_the_prf_of_tls_1_0(void **state)
{
	uint8_t secret[48], md5[128], sha1[128];
	char label[21 + 64];
	struct str seed = { label, sizeof(label) };

	(void)state;
	for (uint8_t i = 0; i < sizeof(secret); i++)
		secret[i] = i;
	memcpy(label, "client EAP encryption", 21);
	memset(label + 21, 0xc0, 32);
	memset(label + 53, 0x50, 32);
	p_md5((struct str){ (const char *)secret, 24 }, seed, md5, sizeof(md5));
	assert_true(crypto_p_sha1(
	    (struct str){ (const char *)secret + 24, 24 }, seed, sha1, sizeof(sha1)));
	for (size_t i = 0; i < sizeof(sha1); i++)
		sha1[i] ^= md5[i];
	assert_hex(sha1, sizeof(sha1),
	    "9f564a4a705e3b96236ef884d8208ecd890f65417990541d502b6c2fe331fd0a"
	    "7c57c454775fab2c32ddf7aad326aa889f06765aa8fa9b95994e1e294716ca09"
	    "6c900b943881087ed3a01e3b189ef666007f05006b5c23feaa764cb665b98e42"
	    "a09e85e53612d26747861f62f5c77cbd3cf75f43306275b1ee9b74f8ac0baa38");
}

static void
the_order_of_secret_and_seed_matters(void **state)
{
	uint8_t a[20], b[20];

	(void)state;
	assert_true(crypto_p_sha1(STR_LIT("a"), STR_LIT("b"), a, sizeof(a)));
	assert_true(crypto_p_sha1(STR_LIT("b"), STR_LIT("a"), b, sizeof(b)));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_true(crypto_p_sha1(STR_NULL, STR_NULL, a, sizeof(a)));
}

static const struct unhex_case {
	const char *name;
	struct str in;
	size_t n;
	bool ok;
} unhex_cases[] = {
	{ "lower case", LIT("00ff1a2b"), 4, true },
	{ "upper case", LIT("00FF1A2B"), 4, true },
	{ "mixed", LIT("00fF1a2B"), 4, true },
	{ "none of none", LIT(""), 0, true },
	{ "too few", LIT("00ff1a2"), 4, false },
	{ "too many", LIT("00ff1a2b0"), 4, false },
	{ "twice too many", LIT("00ff1a2b00"), 4, false },
	{ "empty", LIT(""), 4, false },
	{ "past f", LIT("00ff1a2g"), 4, false },
	{ "before a", LIT("00ff1a2`"), 4, false },
	{ "after 9", LIT("00ff1a2:"), 4, false },
	{ "before 0", LIT("00ff1a2/"), 4, false },
	{ "before A", LIT("00ff1a2@"), 4, false },
	{ "after F", LIT("00ff1a2G"), 4, false },
	{ "prefix", LIT("0x00ff1a"), 4, false },
	{ "space", LIT("00 ff 1a"), 4, false },
	{ "sign", LIT("+0ff1a2b"), 4, false },
	{ "NUL", LIT("00ff1a2\0"), 4, false },
	{ "high bit", LIT("00ff1a2\xe2"), 4, false },
	{ "length overflows", LIT(""), SIZE_MAX / 2 + 1, false },
};

static void
check_unhex(void **state)
{
	const struct unhex_case *c = *state;
	uint8_t got[5] = { 7, 7, 7, 7, 7 };

	assert_int_equal(crypto_unhex(c->in, got, c->n), c->ok);
	assert_memory_equal(
	    got, c->ok && c->n > 0 ? "\x00\xff\x1a\x2b\x07" : "\7\7\7\7\7", 5);
}

static void
hex_is_lower_case_and_terminated(void **state)
{
	char got[9] = "????????";

	(void)state;
	crypto_hex(got, (const uint8_t *)"\x00\xff\xa0", 3);
	assert_string_equal(got, "00ffa0");
	crypto_hex(got, NULL, 0);
	assert_string_equal(got, "");
}

static void
same_looks_at_every_octet(void **state)
{
	(void)state;
	assert_true(crypto_same("abc", "abc", 3));
	assert_false(crypto_same("abc", "abd", 3));
	assert_false(crypto_same("abc", "bbc", 3));
	assert_true(crypto_same("abc", "abd", 2));
	assert_true(crypto_same("a", "b", 0));
}

/* A wrong answer by chance has less than 2^-100 of probability. */
static void
randomness_fills_the_whole_and_no_more(void **state)
{
	uint8_t seen[33] = { 0 }, now[33];

	(void)state;
	for (int i = 0; i < 100; i++) {
		memset(now, 0, sizeof(now));
		crypto_random(now, 32);
		for (size_t at = 0; at < sizeof(now); at++)
			seen[at] |= now[at];
	}
	for (size_t at = 0; at < 32; at++)
		assert_int_equal(seen[at], 0xff);
	assert_int_equal(seen[32], 0);
	crypto_random(NULL, 0);
}

static void
uuids_are_version_4_and_distinct(void **state)
{
	char a[CRYPTO_UUID_SIZE], b[CRYPTO_UUID_SIZE];

	(void)state;
	for (int i = 0; i < 50; i++) {
		crypto_uuid(a);
		crypto_uuid(b);
		assert_string_not_equal(a, b);
		assert_int_equal(strlen(a), CRYPTO_UUID_SIZE - 1);
		for (size_t at = 0; at < strlen(a); at++) {
			bool dash = at == 8 || at == 13 || at == 18 || at == 23;

			assert_non_null(strchr(dash ? "-" : "0123456789abcdef", a[at]));
		}
		assert_int_equal(a[14], '4');
		assert_non_null(strchr("89ab", a[19]));
	}
}

RUN_CASES(ROWS("hash", hash_cases, check_hash), ROWS("MD4", md4_cases, check_md4),
    TEST(no_text_hashes_as_nothing), ROWS("size", size_cases, check_size),
    ROWS("hmac", hmac_cases, check_hmac), TEST(absurd_key_is_refused),
    ROWS("P_SHA1", p_sha1_cases, check_p_sha1), TEST(agrees_with_the_prf_of_tls_1_0),
    TEST(the_order_of_secret_and_seed_matters), ROWS("unhex", unhex_cases, check_unhex),
    TEST(hex_is_lower_case_and_terminated), TEST(same_looks_at_every_octet),
    TEST(randomness_fills_the_whole_and_no_more), TEST(uuids_are_version_4_and_distinct));
