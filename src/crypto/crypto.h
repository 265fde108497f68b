/*
 * crypto - digests, HMAC, randomness, base64 and UUIDs: OpenSSL's EVP behind one small
 * door.
 *
 * No TLS, no keys that live longer than a call. The caller provides every output buffer.
 */
#ifndef CSWATCH_CRYPTO_CRYPTO_H
#define CSWATCH_CRYPTO_CRYPTO_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

#define CRYPTO_DIGEST_MAX 48 /* bytes: SHA-384 */
#define CRYPTO_UUID_SIZE  37 /* 36 characters and NUL */

enum digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA384, DIGEST_COUNT };

/* Returns how many bytes the digest has. */
size_t crypto_digest_size(enum digest d);
/*
 * Both write crypto_digest_size(d) bytes to ret. They return false if OpenSSL cannot: no
 * memory, or refused by FIPS.
 */
bool crypto_hash(enum digest d, struct str data, uint8_t *ret);
bool crypto_hmac(
    enum digest d, const uint8_t *key, size_t key_len, struct str data, uint8_t *ret);
/*
 * Writes len bytes of P_SHA1 (RFC 2246 section 5; the PSHA1 computed key of WS-Trust
 * 1.3). Returns false as above.
 */
bool crypto_p_sha1(struct str secret, struct str seed, uint8_t *ret, size_t len);

#define CRYPTO_MD4_SIZE 16
/* Computes MD4 (RFC 1320): broken long ago, but NTLM is made of it. */
void crypto_md4(struct str data, uint8_t ret[CRYPTO_MD4_SIZE]);

/*
 * Fills ret with cryptographically strong randomness. Aborts the process if the system
 * has none: nothing can go on.
 */
void crypto_random(void *ret, size_t len);
/* Writes 2 * n lower-case digits and a NUL to dst. */
void crypto_hex(char *dst, const uint8_t *src, size_t n);
/*
 * Reads hex digits in either case. Returns false and leaves ret unchanged unless there
 * are exactly 2 * n.
 */
bool crypto_unhex(struct str s, uint8_t *ret, size_t n);
/* Compares in constant time. */
bool crypto_same(const void *a, const void *b, size_t n);

/* Appends base64 (RFC 4648 section 4), padded, in one line. */
void crypto_base64(struct buf *out, const void *src, size_t n);
/* Like crypto_base64(), in lines of 76 characters that end in CR LF (MIME, RFC 2045). */
void crypto_base64_lines(struct buf *out, const void *src, size_t n);
/*
 * Appends what the base64 stands for, ignoring white space. Returns false if alphabet or
 * padding is wrong; an empty input is not.
 */
bool crypto_unbase64(struct str s, struct buf *out);

/* Makes a random (version 4) UUID, lower case, without braces (RFC 4122). */
void crypto_uuid(char dst[CRYPTO_UUID_SIZE]);

#endif
