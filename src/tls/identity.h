/*
 * identity - a test user's RSA key and its certificate request.
 *
 * Making a key costs a hundred times a transaction: worker threads do it (identity_new()
 * touches no shared state). The PKCS#10 request is made with the key, once.
 */
#ifndef CSWATCH_TLS_IDENTITY_H
#define CSWATCH_TLS_IDENTITY_H
#include <stdatomic.h>
#include <stdbool.h>

#include "base/str.h"

struct err;
struct evp_pkey_st;
/* Immutable once made; references are counted, also across threads. */
struct identity;

#define IDENTITY_BITS 2048

/*
 * Makes an RSA key of 2048 bits and a PKCS#10 request: CN=address (UTF8String, no
 * scheme), no extensions, SHA-256 (spec 03 2.1). Gives up as soon as *stop is true (stop:
 * NULL is allowed), so that a program which ends does not wait for it. Returns NULL and
 * sets *err on failure. Release with identity_free().
 */
struct identity *identity_new(const char *address, atomic_bool *stop, struct err *err);
struct identity *identity_ref(struct identity *id);
/* Drops one reference; the last wipes the key. NULL is allowed. */
void identity_free(struct identity *id);
/* Returns the DER of the request, which lives as long as the identity. */
struct str identity_request(const struct identity *id);

/* Replaces the file at path, mode 0600. Returns false and sets *err on failure. */
bool identity_save(const struct identity *id, const char *path, struct err *err);
/*
 * Reads such a file. Returns NULL and sets *err on failure; also if others can read the
 * file, if the key has less than 2048 bits, and if it was made for another address.
 */
struct identity *identity_load(const char *path, const char *address, struct err *err);

/* Returns the key, which lives as long as the identity. For tls/ only. */
struct evp_pkey_st *identity_key(const struct identity *id);

#endif
