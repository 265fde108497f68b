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
struct proof;
struct xmlsig;

#define PROOF_ID_MAX   160
#define PROOF_TIME_MAX 40
#define PROOF_KEY_MAX  64 /* octets */

/* NULL: *err (CAUSE_PROTOCOL) says what the header lacks. */
struct proof *proof_new(struct str message, struct err *err);
void proof_free(struct proof *p); /* NULL is fine */

const char *proof_assertion_id(const struct proof *p);
/* Of the timestamp that the signature covers. */
const char *proof_created(const struct proof *p);
const char *proof_expires(const struct proof *p);

/* The assertion is as we issued it. */
bool proof_verify_assertion(const struct proof *p, struct xmlsig *x);
/*
 * The same of an assertion alone, as it is carried in an HTTP header; its id in ret.
 * False: it is not one of ours.
 */
bool proof_bearer(struct str assertion, struct xmlsig *x, char ret[PROOF_ID_MAX]);
/* Whoever sent this has the key: HMAC-SHA1 over the timestamp, referring to this
 * assertion. */
bool proof_verify_signature(
    const struct proof *p, struct xmlsig *x, const uint8_t *key, size_t key_len);

/* P_SHA1 (RFC 2246 section 5) with the client's entropy as secret: len octets. */
bool proof_key(struct str client, struct str server, uint8_t *ret, size_t len);

#endif
