/*
 * memtls_ctx - what is set once for many inner handshakes. For tls/memtls only.
 */
#ifndef CSWATCH_TLS_MEMTLS_CTX_H
#define CSWATCH_TLS_MEMTLS_CTX_H
#include <openssl/ssl.h>

struct memtls_ctx;

/*
 * A fresh SSL with a memory BIO on either side, not yet told its role. NULL: out of
 * memory.
 */
SSL *memtls_ctx_ssl(const struct memtls_ctx *c);
/* In memtls.c: judges the peer's certificate (SSL_CTX_set_cert_verify_callback). */
int memtls_on_certificate(X509_STORE_CTX *sc, void *arg);

#endif
