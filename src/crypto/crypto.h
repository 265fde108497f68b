/*
 * crypto - digests, HMAC, randomness, base64 and UUIDs: OpenSSL's EVP behind one small
 * door.
 *
 * No TLS, no keys that live longer than a call. Every output buffer is the caller's.
 */
#ifndef CSWATCH_CRYPTO_CRYPTO_H
#define CSWATCH_CRYPTO_CRYPTO_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

#define CRYPTO_DIGEST_MAX 48 /* octets: SHA-384 */
#define CRYPTO_UUID_SIZE  37 /* 36 characters and NUL */

enum digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA384, DIGEST_COUNT };

/* Octets that the digest produces. */
size_t crypto_digest_size(enum digest d);
/*
 * ret has room for crypto_digest_size(d). False: OpenSSL would not (out of memory, FIPS
 * refusal).
 */
bool crypto_hash(enum digest d, struct str data, uint8_t *ret);
bool crypto_hmac(
    enum digest d, const uint8_t *key, size_t key_len, struct str data, uint8_t *ret);
/*
 * P_SHA1 of RFC 2246 section 5 (the PSHA1 computed key of WS-Trust 1.3): len octets into
 * ret.
 */
bool crypto_p_sha1(struct str secret, struct str seed, uint8_t *ret, size_t len);

#define CRYPTO_MD4_SIZE 16
/* RFC 1320; broken long ago, but NTLM is made of it. */
void crypto_md4(struct str data, uint8_t ret[CRYPTO_MD4_SIZE]);

/*
 * Cryptographically strong. Aborts the process if the system has no randomness: nothing
 * can go on.
 */
void crypto_random(void *ret, size_t len);
/* 2 * n lower-case digits and NUL; dst has room for 2 * n + 1. */
void crypto_hex(char *dst, const uint8_t *src, size_t n);
/*
 * Hex digits in either case; false unless exactly 2 * n of them; ret untouched on
 * failure.
 */
bool crypto_unhex(struct str s, uint8_t *ret, size_t n);
/* Same content, in constant time. */
bool crypto_same(const void *a, const void *b, size_t n);

/* RFC 4648 section 4, padded, one line. */
void crypto_base64(struct buf *out, const void *src, size_t n);
/* The same in lines of 76 characters, each ended by CR LF (MIME, RFC 2045). */
void crypto_base64_lines(struct buf *out, const void *src, size_t n);
/*
 * Skips white space; false if anything else is wrong (alphabet, padding, an empty input
 * is fine).
 */
bool crypto_unbase64(struct str s, struct buf *out);

/* A random (version 4) UUID, lower case, without braces (RFC 4122). */
void crypto_uuid(char dst[CRYPTO_UUID_SIZE]);

#endif
