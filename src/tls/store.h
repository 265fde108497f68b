/*
 * store - the X509_STORE of a CA file, parsed once however many pools name it.
 *
 * For tls/outer only, and for one thread. A file that has changed since is read again, so
 * a reload sees new certificates while connections in flight keep the store they began
 * with.
 */
#ifndef CSWATCH_TLS_STORE_H
#define CSWATCH_TLS_STORE_H
#include <openssl/x509.h>

struct ca_store;
struct err;

/*
 * Returns the store of a PEM file, or of the system's certificates if ca_file is NULL.
 * Returns NULL on failure, with *err naming the file. Release with ca_store_put().
 */
struct ca_store *ca_store_get(const char *ca_file, struct err *err);
void ca_store_put(struct ca_store *s); /* NULL is allowed */
X509_STORE *ca_store_x509(const struct ca_store *s);

#endif
