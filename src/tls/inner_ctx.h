/*
 * inner_ctx - what is set once for many inner handshakes: versions, suites, and the
 * server's certificate.
 */
#ifndef CSWATCH_TLS_INNER_CTX_H
#define CSWATCH_TLS_INNER_CTX_H
#include <stdbool.h>

struct err;
struct tls_inner_ctx; /* counted */
struct ssl_st;
struct x509_store_ctx_st;

/*
 * Makes the settings of clients. legacy sets security level 0, which TLS 1.0 with a
 * client certificate needs (facts 5.4). Returns NULL and sets *err on failure.
 */
struct tls_inner_ctx *tls_inner_client_ctx(bool legacy, struct err *err);
/*
 * Makes the settings of a server of the lab: its key and certificate as PEM files; TLS
 * 1.0 and up, AES-SHA suites. Returns NULL and sets *err on failure.
 */
struct tls_inner_ctx *tls_inner_server_ctx(
    const char *cert_file, const char *key_file, struct err *err);
struct tls_inner_ctx *tls_inner_ctx_ref(struct tls_inner_ctx *c);
void tls_inner_ctx_free(struct tls_inner_ctx *c);

/*
 * Returns a new SSL with a memory BIO on either side, not yet told its role, or NULL if
 * memory ran out. For tls/inner only. on_certificate judges the peer's certificate, see
 * SSL_CTX_set_cert_verify_callback(3); it is the same in every call.
 */
struct ssl_st *tls_inner_ctx_ssl(const struct tls_inner_ctx *c,
    int (*on_certificate)(struct x509_store_ctx_st *sc, void *arg));

#endif
