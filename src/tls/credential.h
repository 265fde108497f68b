/* credential - an identity and the certificate that a server issued for it. */
#ifndef CSWATCH_TLS_CREDENTIAL_H
#define CSWATCH_TLS_CREDENTIAL_H
#include <stdbool.h>
#include <stdint.h>

#include "vocab/result.h"
#include "base/str.h"

struct credential; /* references are counted */
struct err;
struct evp_pkey_st;
struct identity;
struct x509_st;

/*
 * Reads what GetAndPublishCert returned (DER X.509; a PKCS#7 package is searched for our
 * key) and checks it (spec 03 3.2): our public key, valid now (five minutes grace), CN or
 * SAN is the address, EKU allows clientAuth. now is seconds since the epoch. *ret_odd
 * becomes whether its life is shorter than an hour or longer than 8760 h. Returns NULL
 * and sets *err to CAUSE_CERTIFICATE or CAUSE_PROTOCOL on failure. Release with
 * credential_free().
 */
struct credential *credential_new(struct identity *id, struct str der,
    const char *address, int64_t now, bool *ret_odd, struct err *err);
struct credential *credential_ref(struct credential *c);
void credential_free(struct credential *c); /* drops one reference; NULL is allowed */
const struct cert_facts *credential_facts(const struct credential *c);
/* Return key and certificate, which live as long as the credential. For tls/ only. */
struct evp_pkey_st *credential_key(const struct credential *c);
struct x509_st *credential_cert(const struct credential *c);

#endif
