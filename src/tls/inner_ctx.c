#include "tls/inner_ctx.h"

#include <errno.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "vocab/err.h"
#include "tls/tlserr.h"

/*
 * Versions and suites of the inner handshake: all of them are decided here.
 *
 * Only suites whose MAC is SHA-1, because only HMAC-MD5 and HMAC-SHA1 signatures are
 * known to work with real servers (spec 04 6.3, 6.6). TLS 1.3 is impossible: its flights,
 * labels and exporter differ ([MS-SIPAE] 3.1). Which versions real servers accept inside
 * is not known for certain: the one third-party client in the field offers TLS 1.0 alone,
 * hence `legacy`. TLS 1.0 with a client certificate needs security level 0, because
 * CertificateVerify signs MD5 and SHA-1.
 */
#define SUITES "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:AES256-SHA:AES128-SHA"

enum kind { CLIENT, CLIENT_LEGACY, SERVER };

static const struct {
	int min, max;
	const char *suites;
} kinds[] = {
	[CLIENT] = { TLS1_2_VERSION, TLS1_2_VERSION, SUITES },
	[CLIENT_LEGACY] = { TLS1_VERSION, TLS1_2_VERSION, SUITES ":@SECLEVEL=0" },
	[SERVER] = { TLS1_VERSION, TLS1_2_VERSION, SUITES ":@SECLEVEL=0" },
};

struct tls_inner_ctx {
	unsigned refs;
	SSL_CTX *ctx;
};

/* OpenSSL's own check, to which every other question is passed on. */
static int (*judge)(const SSL *, const SSL_CTX *, int, int, int, void *, void *);

/*
 * Accepts our own certificate whatever its strength, which is up to the server: an old
 * pool may sign it with SHA-1, which level 2 would keep us from even presenting.
 */
static int
on_security(
    const SSL *s, const SSL_CTX *ctx, int op, int bits, int nid, void *other, void *ex)
{
	switch (op) {
	case SSL_SECOP_EE_KEY: /* without SSL_SECOP_PEER: our own */
	case SSL_SECOP_CA_KEY:
	case SSL_SECOP_CA_MD:
		return 1;
	default:
		return judge(s, ctx, op, bits, nid, other, ex);
	}
}

static bool
settle(SSL_CTX *ctx, enum kind kind)
{
	judge = SSL_CTX_get_security_callback(ctx);
	SSL_CTX_set_security_callback(ctx, on_security);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	/*
	 * A resumed session would skip the client certificate and change the number of
	 * legs.
	 */
	SSL_CTX_set_options(
	    ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	/*
	 * Old Windows has no secure renegotiation; there is nothing to renegotiate here.
	 */
	if (kind != SERVER)
		SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	return SSL_CTX_set_min_proto_version(ctx, kinds[kind].min) == 1 &&
	       SSL_CTX_set_max_proto_version(ctx, kinds[kind].max) == 1 &&
	       SSL_CTX_set_cipher_list(ctx, kinds[kind].suites) == 1;
}

static struct tls_inner_ctx *
ctx_new(enum kind kind, struct err *err)
{
	struct tls_inner_ctx *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		err_local(err, ENOMEM, "out of memory");
		return NULL;
	}
	ERR_clear_error();
	c->refs = 1;
	c->ctx = SSL_CTX_new(kind == SERVER ? TLS_server_method() : TLS_client_method());
	if (c->ctx == NULL || !settle(c->ctx, kind)) {
		ERR_clear_error();
		err_local(err, 0, "OpenSSL cannot be set up for the inner handshake");
		tls_inner_ctx_free(c);
		return NULL;
	}
	return c;
}

struct tls_inner_ctx *
tls_inner_client_ctx(bool legacy, struct err *err)
{
	return ctx_new(legacy ? CLIENT_LEGACY : CLIENT, err);
}

struct tls_inner_ctx *
tls_inner_server_ctx(const char *cert_file, const char *key_file, struct err *err)
{
	struct tls_inner_ctx *c = ctx_new(SERVER, err);
	const char *at = cert_file;
	struct tlserr te;

	if (c == NULL)
		return NULL;
	if (SSL_CTX_use_certificate_chain_file(c->ctx, cert_file) == 1) {
		at = key_file;
		if (SSL_CTX_use_PrivateKey_file(c->ctx, key_file, SSL_FILETYPE_PEM) == 1)
			return c;
	}
	tlserr_take(&te);
	err_local(err, 0, "%s: %s", at, te.text);
	tls_inner_ctx_free(c);
	return NULL;
}

struct tls_inner_ctx *
tls_inner_ctx_ref(struct tls_inner_ctx *c)
{
	c->refs++;
	return c;
}

void
tls_inner_ctx_free(struct tls_inner_ctx *c)
{
	if (c == NULL || --c->refs > 0)
		return;
	SSL_CTX_free(c->ctx);
	free(c);
}

struct ssl_st *
tls_inner_ctx_ssl(const struct tls_inner_ctx *c,
    int (*on_certificate)(struct x509_store_ctx_st *sc, void *arg))
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	SSL *ssl;

	SSL_CTX_set_cert_verify_callback(c->ctx, on_certificate, NULL);
	ssl = SSL_new(c->ctx);
	if (ssl == NULL || in == NULL || out == NULL) {
		BIO_free(in);
		BIO_free(out);
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_bio(ssl, in, out);
	return ssl;
}
