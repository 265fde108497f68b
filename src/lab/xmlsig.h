/*
 * xmlsig - XML signatures by xmlsec1: signs tickets, verifies tickets and proofs of
 * possession.
 *
 * Deliberately not the code of soap/: the client's signatures must satisfy somebody
 * else's canonicalisation. Accepts exactly one reference, same-document, by the expected
 * id, and only the algorithms named in spec 02 6.2; no KeyInfo is ever followed.
 */
#ifndef CSWATCH_LAB_XMLSIG_H
#define CSWATCH_LAB_XMLSIG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct _xmlNode;
struct buf;
struct err;
struct lab_xmlsig; /* the library and the key that signs tickets; one per process */

/* key_file: RSA key, PEM. NULL: *err. */
struct lab_xmlsig *lab_xmlsig_new(const char *key_file, struct err *err);
void lab_xmlsig_free(struct lab_xmlsig *x); /* NULL is fine */

/*
 * text: one element, its identity in the attribute id_name, with an empty ds:Signature as
 * its last child (lab_xmlsig_template()). Appends the signed element.
 */
bool lab_xmlsig_sign(struct lab_xmlsig *x, struct str text, const char *id_name,
    struct buf *out, struct err *err);
void lab_xmlsig_template(const char *id, struct buf *out);

/* The signature is one of ours over the element with that id. */
bool lab_xmlsig_verify(struct lab_xmlsig *x, struct _xmlNode *signature, const char *id);
/* The same, made with HMAC-SHA1 and that key. */
bool lab_xmlsig_verify_hmac(struct lab_xmlsig *x, struct _xmlNode *signature,
    const char *id, const uint8_t *key, size_t key_len);

#endif
