/*
 * keypair - the key inside an identity. For tls/ only.
 */
#ifndef CSWATCH_TLS_KEYPAIR_H
#define CSWATCH_TLS_KEYPAIR_H

struct evp_pkey_st;
struct identity;

/* Borrowed. */
struct evp_pkey_st *identity_key(const struct identity *id);

#endif
