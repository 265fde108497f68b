/*
 * An SSL with a memory BIO on either side. Each leg is written into the one, then
 * SSL_do_handshake() runs until it wants more or is done, and what it wrote is taken out
 * of the other: that is the answer. A leg carries whole flights, so a handshake that
 * wants more and has written nothing can never complete, and fails at once.
 *
 * A failure may have written an alert that the peer should get: it is moved to the answer
 * in every case. Certificates are not judged during the handshake, except by the lab's
 * server: a client asks tls_inner_trusted() when it is established, because what becomes
 * of an untrusted inner certificate is configured.
 */
#include "tls/inner.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/buf.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "tls/certfacts.h"
#include "tls/credential.h"
#include "tls/tlserr.h"
#include "tls/outer.h"

/* [MS-SIPAE] 3.2.5.1: 128 bytes of the EAP key block, of which blocks 2 and 3 sign. */
#define KEY_LABEL      "client EAP encryption"
#define KEY_BLOCK_SIZE 128
#define KEY_CLIENT_AT  64
#define KEY_SERVER_AT  96

#define RECORD_HEAD	 5     /* RFC 5246 6.2.1: type, version, length */
#define RECORD_MAX	 16384 /* bytes of a plaintext record */
#define RECORD_HANDSHAKE 22

struct tls_inner {
	struct tls_inner_ctx *ctx;
	struct credential *cred; /* client only */
	SSL *ssl;
	bool server;
	enum tls_inner_state state;
	unsigned legs;
	int alert; /* number of a fatal one, or 0 */
	bool alert_sent;
	bool refused; /* accept() said no */
	bool (*accept)(void *arg, struct x509_st *cert);
	void *arg;
	struct cert_facts peer;
};

/*
 * Takes the place of OpenSSL's chain check. The client accepts any server here: whether
 * the certificate fits is checked later, by tls_inner_trusted(). The server asks
 * accept().
 */
static int
on_certificate(X509_STORE_CTX *sc, void *arg)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(sc, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_inner *m = SSL_get_app_data(ssl);
	X509 *cert = X509_STORE_CTX_get0_cert(sc);

	(void)arg;
	certfacts_read(cert, &m->peer);
	m->refused = m->accept != NULL && !m->accept(m->arg, cert);
	if (m->refused)
		X509_STORE_CTX_set_error(sc, X509_V_ERR_CERT_REVOKED);
	return m->refused ? 0 : 1;
}

static void
on_info(const SSL *ssl, int where, int what)
{
	struct tls_inner *m = SSL_get_app_data(ssl);

	if (!(where & SSL_CB_ALERT) || what >> 8 != SSL3_AL_FATAL || m->alert != 0)
		return;
	m->alert = what & 0xff;
	m->alert_sent = (where & SSL_CB_WRITE) != 0;
}

static struct tls_inner *
start(struct tls_inner_ctx *ctx, struct err *err)
{
	struct tls_inner *m = calloc(1, sizeof(*m));

	if (m == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	ERR_clear_error();
	m->ctx = tls_inner_ctx_ref(ctx);
	m->ssl = tls_inner_ctx_ssl(ctx, on_certificate);
	if (m->ssl == NULL) {
		ERR_clear_error();
		err_local(err, 0, "no inner TLS session could be made");
		tls_inner_free(m);
		return NULL;
	}
	SSL_set_app_data(m->ssl, m);
	SSL_set_info_callback(m->ssl, on_info);
	return m;
}

struct tls_inner *
tls_inner_client(struct tls_inner_ctx *ctx, struct credential *cred, struct err *err)
{
	struct tls_inner *m = start(ctx, err);
	struct tlserr te;

	if (m == NULL)
		return NULL;
	m->cred = credential_ref(cred);
	SSL_set_connect_state(m->ssl);
	if (SSL_use_certificate(m->ssl, credential_cert(cred)) == 1 &&
	    SSL_use_PrivateKey(m->ssl, credential_key(cred)) == 1)
		return m;
	tlserr_take(&te);
	err_local(err, 0, "the issued certificate cannot be used: %s", te.text);
	tls_inner_free(m);
	return NULL;
}

struct tls_inner *
tls_inner_server(struct tls_inner_ctx *ctx,
    bool (*accept)(void *arg, struct x509_st *cert), void *arg, struct err *err)
{
	struct tls_inner *m = start(ctx, err);

	if (m == NULL)
		return NULL;
	m->server = true;
	m->accept = accept;
	m->arg = arg;
	SSL_set_verify(m->ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_set_accept_state(m->ssl);
	return m;
}

void
tls_inner_free(struct tls_inner *m)
{
	if (m == NULL)
		return;
	SSL_free(m->ssl);
	credential_free(m->cred);
	tls_inner_ctx_free(m->ctx);
	free(m);
}

static unsigned
record_length(const unsigned char *p)
{
	return (unsigned)p[3] << 8 | p[4];
}

/* Returns the size of the record that starts at p, or 0 if it is not all there. */
static size_t
record_size(const unsigned char *p, size_t n)
{
	if (n < RECORD_HEAD || n - RECORD_HEAD < record_length(p))
		return 0;
	return RECORD_HEAD + record_length(p);
}

/*
 * Joins the handshake records that a flight begins with into one, as Windows sends them:
 * the real client cannot read a record that holds ServerHelloDone alone (spec 07 5.1).
 * They are plaintext up to ChangeCipherSpec, and record boundaries are not part of the
 * handshake hash.
 */
static void
join_records(struct buf *out, const unsigned char *p, size_t n)
{
	size_t joined = 0, end = 0, size;

	while ((size = record_size(p + end, n - end)) != 0 &&
	       p[end] == RECORD_HANDSHAKE && joined + size - RECORD_HEAD <= RECORD_MAX) {
		joined += size - RECORD_HEAD;
		end += size;
	}
	if (end > 0) {
		unsigned char head[RECORD_HEAD] = { RECORD_HANDSHAKE, p[1], p[2],
			(unsigned char)(joined >> 8), (unsigned char)(joined & 0xff) };

		buf_add(out, head, sizeof(head));
	}
	for (size_t at = 0; at < end; at += RECORD_HEAD + record_length(p + at))
		buf_add(out, p + at + RECORD_HEAD, record_length(p + at));
	buf_add(out, p + end, n - end);
}

/* Moves what OpenSSL wrote to out. Returns how many bytes that are. */
static size_t
drain(struct tls_inner *m, struct buf *out)
{
	BIO *bio = SSL_get_wbio(m->ssl);
	char *p = NULL;
	long n = BIO_get_mem_data(bio, &p);

	if (n > 0)
		join_records(out, (unsigned char *)p, (size_t)n);
	(void)BIO_reset(bio);
	return n > 0 ? (size_t)n : 0;
}

/* Names the legacy settings, with which most old servers can agree. */
static const char *
hint_for(const struct tls_inner *m, int alert)
{
	bool legacy = SSL_get_security_level(m->ssl) == 0;

	if (legacy ||
	    (alert != SSL_AD_PROTOCOL_VERSION && alert != SSL_AD_HANDSHAKE_FAILURE))
		return "";
	return "; if the server is old, set legacy_tls for this pool";
}

static void
explain(const struct tls_inner *m, struct err *err)
{
	struct tlserr te;
	int alert;

	tlserr_take(&te);
	alert = m->alert_sent ? tlserr_own_alert(&te, m->alert) : m->alert;
	if (m->alert != 0 && !m->alert_sent)
		err_set(err, CAUSE_HANDSHAKE, alert,
		    "the other side ended the inner handshake with alert %d (%s)%s",
		    alert, tlserr_alert_text(alert), hint_for(m, alert));
	else if (m->refused)
		err_set(err, CAUSE_HANDSHAKE, alert,
		    "the certificate (%.100s) is refused", m->peer.subject);
	else
		err_set(err, CAUSE_HANDSHAKE, alert, "the inner handshake failed: %s%s",
		    te.any ? te.text : "no reason known", hint_for(m, alert));
}

static enum tls_inner_state
fail(struct tls_inner *m)
{
	m->state = TLS_INNER_FAILED;
	return TLS_INNER_FAILED;
}

/* Returns false and sets *err if this leg is refused without being read. */
static bool
accept_leg(const struct tls_inner *m, struct str in, struct err *err)
{
	if (m->state != TLS_INNER_MORE) {
		err_set(err, CAUSE_HANDSHAKE, 0, "the inner handshake was over already");
		return false;
	}
	if (m->legs >= TLS_INNER_LEGS_MAX) {
		err_set(err, CAUSE_HANDSHAKE, 0,
		    "no end of the inner handshake after %d legs", TLS_INNER_LEGS_MAX);
		return false;
	}
	if (in.len > TLS_INNER_LEG_MAX) {
		err_set(err, CAUSE_LIMIT, TLS_INNER_LEG_MAX,
		    "a leg of %zu octets, at most %d are allowed", in.len,
		    TLS_INNER_LEG_MAX);
		return false;
	}
	return true;
}

/* Evaluates what SSL_do_handshake() returned; written: bytes of our answer. */
static enum tls_inner_state
evaluate_leg(
    struct tls_inner *m, int rc, size_t written, const struct buf *out, struct err *err)
{
	if (rc != 1 && SSL_get_error(m->ssl, rc) != SSL_ERROR_WANT_READ) {
		explain(m, err);
		return fail(m);
	}
	if (out->failed || written > TLS_INNER_LEG_MAX) {
		err_set(err, CAUSE_LIMIT, TLS_INNER_LEG_MAX,
		    "our leg of %zu octets is too long", written);
		return fail(m);
	}
	if (rc == 1)
		return m->state = TLS_INNER_ESTABLISHED;
	if (written == 0) {
		/* Legs carry whole flights: nothing would ever complete this one. */
		err_set(
		    err, CAUSE_HANDSHAKE, 0, "the leg ends in the middle of a flight");
		return fail(m);
	}
	return TLS_INNER_MORE;
}

enum tls_inner_state
tls_inner_leg(struct tls_inner *m, struct str in, struct buf *out, struct err *err)
{
	enum tls_inner_state state;
	size_t written;
	int rc;

	if (!accept_leg(m, in, err))
		return fail(m);
	m->legs++;
	ERR_clear_error();
	if (in.len > 0 &&
	    BIO_write(SSL_get_rbio(m->ssl), in.p, (int)in.len) != (int)in.len) {
		err_local(err, 0, "out of memory");
		return fail(m);
	}
	rc = SSL_do_handshake(m->ssl);
	written = drain(m, out);
	state = evaluate_leg(m, rc, written, out, err);
	ERR_clear_error();
	return state;
}

/*
 * Finds the hash of the suite's MAC; an AEAD suite has none, and then our own rule is its
 * PRF hash.
 */
static bool
mac_digest(const SSL *ssl, enum digest *ret)
{
	const SSL_CIPHER *suite = SSL_get_current_cipher(ssl);
	int nid = SSL_CIPHER_is_aead(suite)
		      ? EVP_MD_get_type(SSL_CIPHER_get_handshake_digest(suite))
		      : SSL_CIPHER_get_digest_nid(suite);

	switch (nid) {
	case NID_md5:
		*ret = DIGEST_MD5;
		return true;
	case NID_sha1:
		*ret = DIGEST_SHA1;
		return true;
	case NID_sha256:
		*ret = DIGEST_SHA256;
		return true;
	case NID_sha384:
		*ret = DIGEST_SHA384;
		return true;
	default:
		return false;
	}
}

/*
 * RFC 5705 without a context is exactly the PRF of [MS-SIPAE]; use_context 1 would not
 * be.
 */
bool
tls_inner_keys(const struct tls_inner *m, struct tls_inner_keys *ret, struct err *err)
{
	unsigned char block[KEY_BLOCK_SIZE];
	enum digest mac;
	bool ok;

	if (m->state != TLS_INNER_ESTABLISHED) {
		err_set(err, CAUSE_HANDSHAKE, 0, "the inner handshake is not complete");
		return false;
	}
	ERR_clear_error();
	ok = mac_digest(m->ssl, &mac) &&
	     SSL_export_keying_material(m->ssl, block, sizeof(block), KEY_LABEL,
		 sizeof(KEY_LABEL) - 1, NULL, 0, 0) == 1;
	if (ok) {
		memcpy(ret->client, block + KEY_CLIENT_AT, TLS_INNER_KEY_SIZE);
		memcpy(ret->server, block + KEY_SERVER_AT, TLS_INNER_KEY_SIZE);
		ret->mac = mac;
	} else {
		err_set(err, CAUSE_HANDSHAKE, 0, "no signing keys from suite %s",
		    SSL_get_cipher_name(m->ssl));
	}
	secret_wipe(block, sizeof(block));
	ERR_clear_error();
	return ok;
}

void
tls_inner_peer(const struct tls_inner *m, struct cert_facts *ret)
{
	*ret = m->peer;
}

bool
tls_inner_check_by_name(struct str name, enum tls_inner_check *ret)
{
	static const char *const names[TLS_INNER_CHECK_COUNT] = { [TLS_INNER_LOG] = "log",
		[TLS_INNER_STRICT] = "strict",
		[TLS_INNER_OFF] = "off" };

	for (unsigned i = 0; i < TLS_INNER_CHECK_COUNT; i++) {
		if (str_eq(name, names[i])) {
			*ret = (enum tls_inner_check)i;
			return true;
		}
	}
	return false;
}

bool
tls_inner_trusted(const struct tls_inner *m, struct tls_outer *o, const char *host,
    const char *targetname, struct err *err)
{
	X509 *cert = SSL_get0_peer_certificate(m->ssl);

	if (cert == NULL) {
		err_set(err, CAUSE_TRUST, CERT_MISSING,
		    "the registrar showed no certificate");
		return false;
	}
	return tls_outer_judge(o, cert, SSL_get_peer_cert_chain(m->ssl),
	    (const char *const[]){ host, targetname }, "registrar", err);
}

void
tls_inner_describe(const struct tls_inner *m, char *dst, size_t size)
{
	const SSL_CIPHER *suite = SSL_get_current_cipher(m->ssl);

	if (suite == NULL)
		snprintf(dst, size, "no TLS agreed");
	else
		snprintf(dst, size, "%s %s", SSL_get_version(m->ssl),
		    SSL_CIPHER_get_name(suite));
}
