/*
 * xmlsig - XML signatures with xmlsec1: signs tickets, verifies tickets and proofs of
 * possession.
 *
 * It deliberately does not use the code of soap/, so that the client's signatures are
 * verified by another canonicalisation. It accepts exactly one reference, within the
 * document and to the expected id, and only the algorithms of spec 02 6.2; a KeyInfo is
 * never followed.
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
struct lab_xmlsig; /* the library and the key that signs tickets; one for each process */

/*
 * Opens the library with an RSA key in a PEM file. Returns NULL and sets *err on failure.
 */
struct lab_xmlsig *lab_xmlsig_new(const char *key_file, struct err *err);
void lab_xmlsig_free(struct lab_xmlsig *x); /* NULL is allowed */

/*
 * Signs an element and appends it. The element has its id in the attribute id_name, and
 * an empty ds:Signature as its last child (lab_xmlsig_template()).
 */
bool lab_xmlsig_sign(struct lab_xmlsig *x, struct str text, const char *id_name,
    struct buf *out, struct err *err);
void lab_xmlsig_template(const char *id, struct buf *out);

/* Returns whether a signature was made here over the element with that id. */
bool lab_xmlsig_verify(struct lab_xmlsig *x, struct _xmlNode *signature, const char *id);
/* Like lab_xmlsig_verify(), for a signature with HMAC-SHA1 and a key. */
bool lab_xmlsig_verify_hmac(struct lab_xmlsig *x, struct _xmlNode *signature,
    const char *id, const uint8_t *key, size_t key_len);

#endif
