/*
 * Both transports make their connections with the settings of a struct tls_outer: SIP by
 * an SSL of its own SSL_CTX, HTTPS by the SSL_CTX that libcurl makes for each connection.
 * Either keeps a pointer to a struct tls_peer, and callbacks note in it what OpenSSL
 * otherwise forgets: on_verify() which certificate was refused and why, on_info() alerts
 * and the error that ended the handshake. They decide nothing.
 *
 * When a handshake has failed tls_outer_error() (outer_error.c) makes the struct err of
 * these notes: first of the certificate, then of the alert, then of the error queue.
 */
#include "tls/outer.h"

#include <errno.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "vocab/err.h"
#include "base/text.h"
#include "tls/certfacts.h"
#include "tls/store.h"

#define HOST_MAX 256 /* bytes of a host name with its NUL (RFC 1035) */

struct tls_outer {
	unsigned refs;
	enum tls_version min;
	bool legacy;
	struct ca_store *store;
	SSL_CTX *ctx; /* of the connections that tls_outer_ssl() makes */
};

static const struct {
	const char *name;
	int number;
} versions[TLS_VERSION_COUNT] = {
	[TLS_1_0] = { "1.0", TLS1_VERSION },
	[TLS_1_1] = { "1.1", TLS1_1_VERSION },
	[TLS_1_2] = { "1.2", TLS1_2_VERSION },
	[TLS_1_3] = { "1.3", TLS1_3_VERSION },
};

/*
 * Where an SSL (ours) or an SSL_CTX (libcurl's, one per connection) keeps its struct
 * tls_peer.
 */
static int ssl_peer_index = -1, ctx_peer_index = -1;

bool
tls_version_by_name(struct str name, enum tls_version *ret)
{
	for (unsigned i = 0; i < TLS_VERSION_COUNT; i++) {
		if (str_eq(name, versions[i].name)) {
			*ret = (enum tls_version)i;
			return true;
		}
	}
	return false;
}

static struct tls_peer *
peer_of(const SSL *ssl)
{
	struct tls_peer *peer = SSL_get_ex_data(ssl, ssl_peer_index);

	if (peer == NULL)
		peer = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ctx_peer_index);
	return peer;
}

static void
note_version(struct tls_peer *peer, const SSL *ssl)
{
	(void)str_copy(
	    peer->version, sizeof(peer->version), str_of(SSL_get_version(ssl)));
	peer->old_version = SSL_version(ssl) < TLS1_2_VERSION;
}

static void
note_refused(struct tls_peer *peer, X509_STORE_CTX *sc)
{
	const X509 *cert = X509_STORE_CTX_get_current_cert(sc);

	peer->verify_error = X509_STORE_CTX_get_error(sc);
	peer->verify_depth = X509_STORE_CTX_get_error_depth(sc);
	if (cert == NULL)
		return;
	certfacts_name(X509_get_subject_name(cert), peer->verify_subject,
	    sizeof(peer->verify_subject));
	certfacts_name(
	    X509_get_issuer_name(cert), peer->verify_issuer, sizeof(peer->verify_issuer));
	(void)certfacts_time(X509_get0_notBefore(cert), &peer->verify_not_before);
	(void)certfacts_time(X509_get0_notAfter(cert), &peer->verify_not_after);
}

/*
 * Notes why a certificate is refused. Called for every certificate of the chain and every
 * objection to one; decides nothing itself.
 */
static int
on_verify(int ok, X509_STORE_CTX *sc)
{
	const SSL *ssl =
	    X509_STORE_CTX_get_ex_data(sc, SSL_get_ex_data_X509_STORE_CTX_idx());
	const X509 *leaf = X509_STORE_CTX_get0_cert(sc);
	struct tls_peer *peer = peer_of(ssl);

	if (peer == NULL)
		return 0;
	if (!peer->cert.known && leaf != NULL) {
		certfacts_read(leaf, &peer->cert);
		certfacts_hosts(leaf, peer->names, sizeof(peer->names));
		note_version(peer, ssl);
	}
	if (!ok && peer->verify_error == X509_V_OK)
		note_refused(peer, sc);
	return ok;
}

static void
on_info(const SSL *ssl, int where, int what)
{
	struct tls_peer *peer = peer_of(ssl);

	if (peer == NULL)
		return;
	if (where & SSL_CB_HANDSHAKE_DONE) {
		note_version(peer, ssl);
		peer->done = true;
	}
	if ((where & SSL_CB_LOOP) && SSL_get_state(ssl) == TLS_ST_CR_CERT_REQ)
		peer->wants_certificate = true;
	/* libcurl removes the error from the queue before others can read it. */
	if ((where & SSL_CB_EXIT) && what <= 0 && peer->error == 0)
		peer->error = ERR_peek_error();
	if ((where & SSL_CB_ALERT) && what >> 8 == SSL3_AL_FATAL && peer->alert == 0) {
		peer->alert = what & 0xff;
		peer->alert_sent = (where & SSL_CB_WRITE) != 0;
	}
}

/*
 * TLS 1.0 and 1.1 sign with MD5 and SHA-1, which OpenSSL 3 allows at level 0 only.
 * Certificates are held to the level that was set before, unless legacy lowers that too.
 */
static void
set_level(const struct tls_outer *o, SSL_CTX *ctx)
{
	if (!o->legacy && o->min >= TLS_1_2)
		return;
	X509_VERIFY_PARAM_set_auth_level(
	    SSL_CTX_get0_param(ctx), o->legacy ? 0 : SSL_CTX_get_security_level(ctx));
	SSL_CTX_set_security_level(ctx, 0);
}

/*
 * Applies what both transports share. Sessions are never resumed: every handshake is a
 * full one, and nothing links two users. A server may handshake again (RFC 5746 only):
 * IIS asks for client certificates so, and chain and name are checked again. IIS often
 * closes without close_notify; HTTP and SIP both know the length of a message, so a cut
 * is noticed anyway (SSL_OP_IGNORE_UNEXPECTED_EOF makes it a plain end).
 */
static bool
apply_settings(const struct tls_outer *o, SSL_CTX *ctx)
{
	set_level(o, ctx);
	SSL_CTX_set1_cert_store(ctx, ca_store_x509(o->store));
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_verify);
	SSL_CTX_set_info_callback(ctx, on_info);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
	if (o->legacy)
		SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
	else
		SSL_CTX_clear_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	return SSL_CTX_set_min_proto_version(ctx, versions[o->min].number) == 1 &&
	       SSL_CTX_set_max_proto_version(ctx, 0) == 1;
}

/* Returns the strength that OpenSSL asks of certificates in a handshake. */
static int
certificate_level(SSL_CTX *ctx)
{
	int level = X509_VERIFY_PARAM_get_auth_level(SSL_CTX_get0_param(ctx));

	return level >= 0 ? level : SSL_CTX_get_security_level(ctx);
}

static bool
make_indexes(void)
{
	if (ssl_peer_index < 0)
		ssl_peer_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	if (ctx_peer_index < 0)
		ctx_peer_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	return ssl_peer_index >= 0 && ctx_peer_index >= 0;
}

struct tls_outer *
tls_outer_new(const struct tls_settings *s, struct err *err)
{
	struct tls_outer *o = calloc(1, sizeof(*o));

	if (o == NULL) {
		err_local(err, ENOMEM, "out of memory");
		return NULL;
	}
	o->refs = 1;
	o->min = s->min;
	o->legacy = s->legacy;
	o->store = ca_store_get(s->ca_file, err);
	if (o->store == NULL)
		goto fail;
	o->ctx = SSL_CTX_new(TLS_client_method());
	if (o->ctx == NULL || !make_indexes() || !apply_settings(o, o->ctx)) {
		ERR_clear_error();
		err_local(
		    err, 0, "OpenSSL cannot be set up for TLS %s", versions[s->min].name);
		goto fail;
	}
	SSL_CTX_set_mode(
	    o->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return o;
fail:
	tls_outer_free(o);
	return NULL;
}

struct tls_outer *
tls_outer_ref(struct tls_outer *o)
{
	o->refs++;
	return o;
}

void
tls_outer_free(struct tls_outer *o)
{
	if (o == NULL || --o->refs > 0)
		return;
	SSL_CTX_free(o->ctx);
	ca_store_put(o->store);
	free(o);
}

bool
tls_outer_legacy(const struct tls_outer *o)
{
	return o->legacy;
}

/* Copies the name without a dot at its end: certificates and SNI have none. */
static bool
plain_host(const char *host, char dst[HOST_MAX])
{
	struct str s = str_of(host);

	if (s.len > 0 && s.p[s.len - 1] == '.')
		s.len--;
	return s.len > 0 && str_copy(dst, HOST_MAX, s);
}

/*
 * Sets the name to check (RFC 6125). *ret_literal: host is an address, which SNI must not
 * carry (RFC 6066 section 3).
 */
static bool
expect_host(X509_VERIFY_PARAM *param, const char *host, bool *ret_literal)
{
	*ret_literal = X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
	if (*ret_literal)
		return true;
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

struct ssl_st *
tls_outer_ssl(
    struct tls_outer *o, const char *host, struct tls_peer *peer, struct err *err)
{
	char name[HOST_MAX];
	bool literal;
	SSL *ssl;

	*peer = (struct tls_peer){ .verify_error = X509_V_OK };
	if (!plain_host(host, name)) {
		err_local(err, 0, "\"%.64s\" is no host name", host);
		return NULL;
	}
	ERR_clear_error();
	ssl = SSL_new(o->ctx);
	if (ssl == NULL || SSL_set_ex_data(ssl, ssl_peer_index, peer) != 1 ||
	    !expect_host(SSL_get0_param(ssl), name, &literal) ||
	    (!literal && SSL_set_tlsext_host_name(ssl, name) != 1)) {
		ERR_clear_error();
		SSL_free(ssl);
		err_local(err, 0, "no TLS session could be made for %.64s", host);
		return NULL;
	}
	/* Trying a name as an address leaves an error in the queue. */
	ERR_clear_error();
	SSL_set_connect_state(ssl);
	return ssl;
}

bool
tls_outer_apply(
    struct tls_outer *o, struct ssl_ctx_st *ctx, const char *host, struct tls_peer *peer)
{
	char name[HOST_MAX];
	bool literal, ok;

	*peer = (struct tls_peer){ .verify_error = X509_V_OK, .foreign = true };
	ok = plain_host(host, name) && apply_settings(o, ctx) &&
	     SSL_CTX_set_ex_data(ctx, ctx_peer_index, peer) == 1 &&
	     expect_host(SSL_CTX_get0_param(ctx), name, &literal);
	ERR_clear_error();
	return ok;
}

/* Sets two names, one of which has to fit. Returns false if no check could be made. */
static bool
expect_names(X509_VERIFY_PARAM *param, const char *const names[2])
{
	char name[HOST_MAX];
	bool literal;

	if (!plain_host(names[0], name) || !expect_host(param, name, &literal))
		return false;
	/* OpenSSL takes a dot in front as any name below it. */
	return literal || !plain_host(names[1], name) || !text_is_host(str_of(name)) ||
	       X509_VERIFY_PARAM_add1_host(param, name, 0) == 1;
}

bool
tls_outer_judge(struct tls_outer *o, struct x509_st *cert, struct stack_st_X509 *chain,
    const char *const names[2], const char *what, struct err *err)
{
	struct tls_peer peer = { .verify_error = X509_V_OK };
	X509_STORE_CTX *sc = X509_STORE_CTX_new();
	bool ok = false;

	ERR_clear_error();
	if (sc == NULL ||
	    X509_STORE_CTX_init(sc, ca_store_x509(o->store), cert, chain) != 1 ||
	    X509_STORE_CTX_set_default(sc, "ssl_server") != 1 ||
	    !expect_names(X509_STORE_CTX_get0_param(sc), names)) {
		err_local(
		    err, 0, "no certificate check could be made for %.64s", names[0]);
		goto out;
	}
	X509_VERIFY_PARAM_set_auth_level(
	    X509_STORE_CTX_get0_param(sc), certificate_level(o->ctx));
	ok = X509_verify_cert(sc) == 1;
	if (ok)
		goto out;
	certfacts_read(cert, &peer.cert);
	certfacts_hosts(cert, peer.names, sizeof(peer.names));
	note_refused(&peer, sc);
	tls_outer_error(&peer, names[0], what, err);
out:
	X509_STORE_CTX_free(sc);
	ERR_clear_error();
	return ok;
}
