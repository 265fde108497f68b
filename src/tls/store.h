/*
 * store - the X509_STORE of a CA file, parsed once however many pools name it.
 *
 * For tls/trust only, and for one thread. A file that has changed since is read again, so
 * a reload sees new certificates while connections in flight keep the store they began
 * with.
 */
#ifndef CSWATCH_TLS_STORE_H
#define CSWATCH_TLS_STORE_H
#include <openssl/x509.h>

struct ca_store;
struct err;

/*
 * ca_file: PEM; NULL: the system's certificates. NULL on failure, with *err naming the
 * file.
 */
struct ca_store *ca_store_get(const char *ca_file, struct err *err);
void ca_store_put(struct ca_store *s); /* NULL is fine */
X509_STORE *ca_store_x509(const struct ca_store *s);

#endif
