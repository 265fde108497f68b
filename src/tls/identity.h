/*
 * identity - a test user's RSA key, its certificate request, and the certificate issued
 * for it.
 *
 * Making a key costs a hundred times a transaction: worker threads do it (identity_new()
 * touches no shared state). The PKCS#10 request is made with the key, once.
 */
#ifndef CSWATCH_TLS_IDENTITY_H
#define CSWATCH_TLS_IDENTITY_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "vocab/result.h"
#include "base/str.h"

struct err;
/* key and request; immutable once made; counted, thread-safe counting */
struct identity;
/* an identity and the certificate issued for it; counted */
struct credential;
struct evp_pkey_st;
struct x509_st;

#define IDENTITY_BITS 2048

/*
 * RSA 2048 and a PKCS#10: CN=address (UTF8String, no scheme), no extensions, SHA-256
 * (spec 03 2.1). Given up as soon as *stop is true (NULL: never): a program that ends
 * does not wait for it.
 */
struct identity *identity_new(const char *address, atomic_bool *stop, struct err *err);
struct identity *identity_ref(struct identity *id);
/* NULL is fine; the key is wiped with the last reference */
void identity_free(struct identity *id);
/* DER of the request, borrowed. */
struct str identity_request(const struct identity *id);

/* Atomic, mode 0600. */
bool identity_save(const struct identity *id, const char *path, struct err *err);
/*
 * Refuses a file that others can read, a key below 2048 bits, and one made for another
 * address.
 */
struct identity *identity_load(const char *path, const char *address, struct err *err);

/*
 * Reads what GetAndPublishCert returned (DER X.509; a PKCS#7 package is searched for our
 * key) and checks it (spec 03 3.2): our public key, valid now (five minutes grace), CN or
 * SAN is the address, EKU allows clientAuth. now is seconds since the epoch. *ret_odd:
 * life shorter than an hour or longer than 8760 h. NULL: *err is CAUSE_CERTIFICATE or
 * CAUSE_PROTOCOL.
 */
struct credential *credential_new(struct identity *id, struct str der,
    const char *address, int64_t now, bool *ret_odd, struct err *err);
struct credential *credential_ref(struct credential *c);
void credential_free(struct credential *c);
const struct cert_facts *credential_facts(const struct credential *c);
/* For tls/ only. Borrowed. */
struct evp_pkey_st *credential_key(const struct credential *c);
struct x509_st *credential_cert(const struct credential *c);

#endif
