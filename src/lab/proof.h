/*
 * proof - the wsse:Security header of a call with a proof ticket (spec 02 6.2).
 *
 * Finds timestamp, assertion and signature, and verifies both signatures with xmlsec1.
 * The proof key is calculated here, by other code than the client's.
 */
#ifndef CSWATCH_LAB_PROOF_H
#define CSWATCH_LAB_PROOF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct err;
struct lab_proof;
struct lab_xmlsig;

#define PROOF_ID_MAX   160
#define PROOF_TIME_MAX 40
#define PROOF_KEY_MAX  64 /* bytes */

/*
 * Reads the header of a message. Returns NULL and sets *err (CAUSE_PROTOCOL) to what is
 * missing on failure.
 */
struct lab_proof *lab_proof_new(struct str message, struct err *err);
void lab_proof_free(struct lab_proof *p); /* NULL is allowed */

const char *lab_proof_assertion_id(const struct lab_proof *p);
/* Return the times of the timestamp that the signature covers. */
const char *lab_proof_created(const struct lab_proof *p);
const char *lab_proof_expires(const struct lab_proof *p);

/* Returns whether the assertion is as it was issued here. */
bool lab_proof_verify_assertion(const struct lab_proof *p, struct lab_xmlsig *x);
/*
 * Like lab_proof_verify_assertion(), for an assertion alone, as in an HTTP header. Writes
 * its id to ret. Returns false if it was not issued here.
 */
bool lab_proof_bearer(struct str assertion, struct lab_xmlsig *x, char ret[PROOF_ID_MAX]);
/*
 * Returns whether the sender has the key: the signature is an HMAC-SHA1 over the
 * timestamp and refers to this assertion.
 */
bool lab_proof_verify_signature(
    const struct lab_proof *p, struct lab_xmlsig *x, const uint8_t *key, size_t key_len);

/*
 * Calculates the key of len bytes: P_SHA1 (RFC 2246 section 5) with the client's entropy
 * as the secret.
 */
bool lab_proof_key(struct str client, struct str server, uint8_t *ret, size_t len);

#endif
