#include "tls/memtls.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/buf.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "tls/certfacts.h"
#include "tls/identity.h"
#include "tls/tlserr.h"
#include "tls/trust.h"

/* [MS-SIPAE] 3.2.5.1: 128 octets of the EAP key block, of which blocks 2 and 3 sign. */
#define KEY_LABEL      "client EAP encryption"
#define KEY_BLOCK_SIZE 128
#define KEY_CLIENT_AT  64
#define KEY_SERVER_AT  96

#define RECORD_HEAD	 5     /* RFC 5246 6.2.1: type, version, length */
#define RECORD_MAX	 16384 /* octets of a plaintext record */
#define RECORD_HANDSHAKE 22

struct memtls {
	struct memtls_ctx *ctx;
	struct credential *cred; /* client only */
	SSL *ssl;
	bool server;
	enum memtls_state state;
	unsigned legs;
	int alert; /* of a fatal one; 0: none */
	bool alert_sent;
	bool refused; /* accept() said no */
	bool (*accept)(void *arg, struct x509_st *cert);
	void *arg;
	struct cert_facts peer;
};

/*
 * Takes the place of OpenSSL's chain check. The client takes any server here: whether the
 * certificate fits is asked later, by memtls_trusted(). The server asks accept().
 */
static int
on_certificate(X509_STORE_CTX *sc, void *arg)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(sc, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct memtls *m = SSL_get_app_data(ssl);
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
	struct memtls *m = SSL_get_app_data(ssl);

	if (!(where & SSL_CB_ALERT) || what >> 8 != SSL3_AL_FATAL || m->alert != 0)
		return;
	m->alert = what & 0xff;
	m->alert_sent = (where & SSL_CB_WRITE) != 0;
}

static struct memtls *
start(struct memtls_ctx *ctx, struct err *err)
{
	struct memtls *m = calloc(1, sizeof(*m));

	if (m == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	ERR_clear_error();
	m->ctx = memtls_ctx_ref(ctx);
	m->ssl = memtls_ctx_ssl(ctx, on_certificate);
	if (m->ssl == NULL) {
		ERR_clear_error();
		err_local(err, 0, "no inner TLS session could be made");
		memtls_free(m);
		return NULL;
	}
	SSL_set_app_data(m->ssl, m);
	SSL_set_info_callback(m->ssl, on_info);
	return m;
}

struct memtls *
memtls_client(struct memtls_ctx *ctx, struct credential *cred, struct err *err)
{
	struct memtls *m = start(ctx, err);
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
	memtls_free(m);
	return NULL;
}

struct memtls *
memtls_server(struct memtls_ctx *ctx, bool (*accept)(void *arg, struct x509_st *cert),
    void *arg, struct err *err)
{
	struct memtls *m = start(ctx, err);

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
memtls_free(struct memtls *m)
{
	if (m == NULL)
		return;
	SSL_free(m->ssl);
	credential_free(m->cred);
	memtls_ctx_free(m->ctx);
	free(m);
}

static unsigned
record_length(const unsigned char *p)
{
	return (unsigned)p[3] << 8 | p[4];
}

/* Octets of the record that starts at p; 0 if it is not all there. */
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

/* Moves what OpenSSL wrote to out; octets moved. */
static size_t
drain(struct memtls *m, struct buf *out)
{
	BIO *bio = SSL_get_wbio(m->ssl);
	char *p = NULL;
	long n = BIO_get_mem_data(bio, &p);

	if (n > 0)
		join_records(out, (unsigned char *)p, (size_t)n);
	(void)BIO_reset(bio);
	return n > 0 ? (size_t)n : 0;
}

/* Most of what an old server cannot agree to, the legacy settings can. */
static const char *
hint(const struct memtls *m, int alert)
{
	bool legacy = SSL_get_security_level(m->ssl) == 0;

	if (legacy ||
	    (alert != SSL_AD_PROTOCOL_VERSION && alert != SSL_AD_HANDSHAKE_FAILURE))
		return "";
	return "; if the server is old, set legacy_tls for this pool";
}

static void
explain(const struct memtls *m, struct err *err)
{
	struct tlserr te;
	int alert;

	tlserr_take(&te);
	alert = m->alert_sent ? tlserr_own_alert(&te, m->alert) : m->alert;
	if (m->alert != 0 && !m->alert_sent)
		err_set(err, CAUSE_HANDSHAKE, alert,
		    "the other side ended the inner handshake with alert %d (%s)%s",
		    alert, tlserr_alert_text(alert), hint(m, alert));
	else if (m->refused)
		err_set(err, CAUSE_HANDSHAKE, alert,
		    "the certificate (%.100s) is refused", m->peer.subject);
	else
		err_set(err, CAUSE_HANDSHAKE, alert, "the inner handshake failed: %s%s",
		    te.any ? te.text : "no reason known", hint(m, alert));
}

static enum memtls_state
fail(struct memtls *m)
{
	m->state = MEMTLS_FAILED;
	return MEMTLS_FAILED;
}

/* False: this leg is not even looked at. */
static bool
admit(const struct memtls *m, struct str in, struct err *err)
{
	if (m->state != MEMTLS_MORE) {
		err_set(err, CAUSE_HANDSHAKE, 0, "the inner handshake was over already");
		return false;
	}
	if (m->legs >= MEMTLS_LEGS_MAX) {
		err_set(err, CAUSE_HANDSHAKE, 0,
		    "no end of the inner handshake after %d legs", MEMTLS_LEGS_MAX);
		return false;
	}
	if (in.len > MEMTLS_LEG_MAX) {
		err_set(err, CAUSE_LIMIT, MEMTLS_LEG_MAX,
		    "a leg of %zu octets, at most %d are allowed", in.len,
		    MEMTLS_LEG_MAX);
		return false;
	}
	return true;
}

/* What SSL_do_handshake() came to; written: octets of our answer. */
static enum memtls_state
judge(struct memtls *m, int rc, size_t written, const struct buf *out, struct err *err)
{
	if (rc != 1 && SSL_get_error(m->ssl, rc) != SSL_ERROR_WANT_READ) {
		explain(m, err);
		return fail(m);
	}
	if (out->failed || written > MEMTLS_LEG_MAX) {
		err_set(err, CAUSE_LIMIT, MEMTLS_LEG_MAX,
		    "our leg of %zu octets is too long", written);
		return fail(m);
	}
	if (rc == 1)
		return m->state = MEMTLS_ESTABLISHED;
	if (written == 0) {
		/* Legs carry whole flights: nothing would ever complete this one. */
		err_set(
		    err, CAUSE_HANDSHAKE, 0, "the leg ends in the middle of a flight");
		return fail(m);
	}
	return MEMTLS_MORE;
}

enum memtls_state
memtls_leg(struct memtls *m, struct str in, struct buf *out, struct err *err)
{
	enum memtls_state state;
	size_t written;
	int rc;

	if (!admit(m, in, err))
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
	state = judge(m, rc, written, out, err);
	ERR_clear_error();
	return state;
}

/*
 * The hash of the suite's MAC; an AEAD suite has none, and then our own rule is its PRF
 * hash.
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
memtls_keys(const struct memtls *m, struct memtls_keys *ret, struct err *err)
{
	unsigned char block[KEY_BLOCK_SIZE];
	enum digest mac;
	bool ok;

	if (m->state != MEMTLS_ESTABLISHED) {
		err_set(err, CAUSE_HANDSHAKE, 0, "the inner handshake is not complete");
		return false;
	}
	ERR_clear_error();
	ok = mac_digest(m->ssl, &mac) &&
	     SSL_export_keying_material(m->ssl, block, sizeof(block), KEY_LABEL,
		 sizeof(KEY_LABEL) - 1, NULL, 0, 0) == 1;
	if (ok) {
		memcpy(ret->client, block + KEY_CLIENT_AT, MEMTLS_KEY_SIZE);
		memcpy(ret->server, block + KEY_SERVER_AT, MEMTLS_KEY_SIZE);
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
memtls_peer(const struct memtls *m, struct cert_facts *ret)
{
	*ret = m->peer;
}

bool
memtls_check_by_name(struct str name, enum memtls_check *ret)
{
	static const char *const names[MEMTLS_CHECK_COUNT] = {
		[MEMTLS_LOG] = "log", [MEMTLS_STRICT] = "strict", [MEMTLS_OFF] = "off"
	};

	for (unsigned i = 0; i < MEMTLS_CHECK_COUNT; i++) {
		if (str_eq(name, names[i])) {
			*ret = (enum memtls_check)i;
			return true;
		}
	}
	return false;
}

bool
memtls_trusted(const struct memtls *m, struct tls_outer *o, const char *host,
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
memtls_describe(const struct memtls *m, char *dst, size_t size)
{
	const SSL_CIPHER *suite = SSL_get_current_cipher(m->ssl);

	if (suite == NULL)
		snprintf(dst, size, "no TLS agreed");
	else
		snprintf(dst, size, "%s %s", SSL_get_version(m->ssl),
		    SSL_CIPHER_get_name(suite));
}
