/*
 * proof - the wsse:Security header of a call that uses a proof ticket (spec 02 6.2).
 *
 * Finds timestamp, assertion and signature, and verifies both signatures with xmlsec1;
 * the proof key is computed here, by other code than the client's.
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
#define PROOF_KEY_MAX  64 /* octets */

/* NULL: *err (CAUSE_PROTOCOL) says what the header lacks. */
struct lab_proof *lab_proof_new(struct str message, struct err *err);
void lab_proof_free(struct lab_proof *p); /* NULL is fine */

const char *lab_proof_assertion_id(const struct lab_proof *p);
/* Of the timestamp that the signature covers. */
const char *lab_proof_created(const struct lab_proof *p);
const char *lab_proof_expires(const struct lab_proof *p);

/* The assertion is as we issued it. */
bool lab_proof_verify_assertion(const struct lab_proof *p, struct lab_xmlsig *x);
/*
 * The same of an assertion alone, as it is carried in an HTTP header; its id in ret.
 * False: it is not one of ours.
 */
bool lab_proof_bearer(struct str assertion, struct lab_xmlsig *x, char ret[PROOF_ID_MAX]);
/* Whoever sent this has the key: HMAC-SHA1 over the timestamp, referring to this
 * assertion. */
bool lab_proof_verify_signature(
    const struct lab_proof *p, struct lab_xmlsig *x, const uint8_t *key, size_t key_len);

/* P_SHA1 (RFC 2246 section 5) with the client's entropy as secret: len octets. */
bool lab_proof_key(struct str client, struct str server, uint8_t *ret, size_t len);

#endif
