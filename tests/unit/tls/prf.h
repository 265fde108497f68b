/*
 * prf - the TLS PRF, written from RFC 2246 section 5 and RFC 5246 section 5, to check
 * OpenSSL by.
 */
#ifndef CSWATCH_TESTS_PRF_H
#define CSWATCH_TESTS_PRF_H
#include <stddef.h>
#include <stdint.h>

#include "crypto/crypto.h"

enum prf { PRF_OLD, PRF_SHA256, PRF_SHA384 }; /* OLD: TLS 1.0 and 1.1 */

/* seed = the two randoms, in the order given; out may be of any length up to 256. */
void prf(enum prf which, const uint8_t *secret, size_t secret_len, const char *label,
    const uint8_t *random1, const uint8_t *random2, size_t random_len, uint8_t *out,
    size_t n);

#endif
