/*
 * memtls_ctx - what is set once for many inner handshakes: versions, suites, and the
 * server's certificate.
 */
#ifndef CSWATCH_TLS_MEMTLS_CTX_H
#define CSWATCH_TLS_MEMTLS_CTX_H
#include <stdbool.h>

struct err;
struct memtls_ctx; /* counted */
struct ssl_st;
struct x509_store_ctx_st;

/*
 * Client settings. legacy: security level 0, as TLS 1.0 with a client certificate needs
 * (facts 5.4).
 */
struct memtls_ctx *memtls_client_ctx(bool legacy, struct err *err);
/*
 * Server settings for the lab: its key and certificate as PEM files; TLS 1.0 and up,
 * AES-SHA suites.
 */
struct memtls_ctx *memtls_server_ctx(
    const char *cert_file, const char *key_file, struct err *err);
struct memtls_ctx *memtls_ctx_ref(struct memtls_ctx *c);
void memtls_ctx_free(struct memtls_ctx *c);

/*
 * For tls/memtls only: returns a fresh SSL with a memory BIO on either side, not yet told
 * its role, or NULL if memory is short. on_certificate judges the peer's certificate, see
 * SSL_CTX_set_cert_verify_callback(3); it is the same in every call.
 */
struct ssl_st *memtls_ctx_ssl(const struct memtls_ctx *c,
    int (*on_certificate)(struct x509_store_ctx_st *sc, void *arg));

#endif
