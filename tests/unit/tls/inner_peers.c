#include "inner_peers.h"

#include <string.h>
#include <time.h>

#include <openssl/err.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "certs.h"

static struct peers all;

static void
free_all(void)
{
	credential_free(all.alice);
	X509_free(all.ca);
	X509_free(all.server);
	tls_inner_ctx_free(all.client);
	tls_inner_ctx_free(all.legacy);
	tls_inner_ctx_free(all.pool);
}

static void make_all(void);

struct credential *
peers_issue(struct identity *id, bool sha1)
{
	struct cert_spec spec = { .cn = PEERS_ALICE, .eku = "clientAuth", .sha1 = sha1 };
	struct str request = identity_request(id);
	const unsigned char *p = (const unsigned char *)request.p;
	X509_REQ *req = d2i_X509_REQ(NULL, &p, (long)request.len);
	EVP_PKEY *key = X509_REQ_get_pubkey(req);
	unsigned char *der = NULL;
	struct credential *c;
	struct err err;
	X509 *cert;
	bool odd;
	int n;

	make_all();
	cert = certs_make(&spec, key, all.ca, certs_key(CA_KEY, 0));
	n = i2d_X509(cert, &der);
	c = credential_new(id, (struct str){ (char *)der, (size_t)n }, PEERS_ALICE,
	    time(NULL), &odd, &err);
	assert_non_null(c);
	OPENSSL_free(der);
	X509_free(cert);
	EVP_PKEY_free(key);
	X509_REQ_free(req);
	return c;
}

static void
make_all(void)
{
	struct cert_spec ca = { .cn = "Communications Server", .ca = 1 };
	struct cert_spec server = { .cn = PEERS_SERVER, .san = "DNS:" PEERS_SERVER };
	const char *cert_file = certs_path(0, "server.pem");
	const char *key_file = certs_path(1, "server.key");
	struct identity *id;
	struct err err;

	if (all.ca != NULL)
		return;
	atexit(free_all);
	all.ca = certs_make(&ca, certs_key(CA_KEY, 0), NULL, NULL);
	all.server = certs_make(&server, certs_key(SERVER_KEY, 2048), NULL, NULL);
	certs_write_cert(cert_file, all.server);
	certs_write_key(key_file, certs_key(SERVER_KEY, 2048));
	id = identity_new(PEERS_ALICE, NULL, &err);
	all.alice = peers_issue(id, false);
	identity_free(id);
	all.client = tls_inner_client_ctx(false, &err);
	all.legacy = tls_inner_client_ctx(true, &err);
	all.pool = tls_inner_server_ctx(cert_file, key_file, &err);
	assert_true(all.client != NULL && all.legacy != NULL && all.pool != NULL);
}

const struct peers *
peers(void)
{
	make_all();
	return &all;
}

static bool
accept_alice(void *arg, X509 *cert)
{
	unsigned *asked = arg;

	++*asked;
	return X509_cmp(cert, credential_cert(all.alice)) == 0;
}

struct tls_inner *
peers_client(bool legacy)
{
	struct err err;
	struct tls_inner *m;

	make_all();
	m = tls_inner_client(legacy ? all.legacy : all.client, all.alice, &err);
	assert_non_null(m);
	return m;
}

struct tls_inner *
peers_server(unsigned *asked)
{
	struct err err;
	struct tls_inner *m;

	make_all();
	m = tls_inner_server(all.pool, accept_alice, asked, &err);
	assert_non_null(m);
	return m;
}

SSL *
raw_new(const struct raw_spec *s)
{
	SSL_CTX *ctx = SSL_CTX_new(s->server ? TLS_server_method() : TLS_client_method());
	SSL *ssl;

	make_all();
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, s->version == 0 ? TLS1_VERSION : s->version);
	SSL_CTX_set_max_proto_version(ctx, s->version == 0 ? TLS1_2_VERSION : s->version);
	assert_int_equal(SSL_CTX_set_cipher_list(ctx, s->suites), 1);
	if (s->no_ems)
		SSL_CTX_set_options(ctx, SSL_OP_NO_EXTENDED_MASTER_SECRET);
	/* The CA is known, so that the chain is really checked. */
	X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), s->server ? all.ca : all.server);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	if (!s->no_cert) {
		SSL_CTX_use_certificate(
		    ctx, s->server ? all.server : credential_cert(all.alice));
		SSL_CTX_use_PrivateKey(ctx,
		    s->server ? certs_key(SERVER_KEY, 2048) : credential_key(all.alice));
	}
	ssl = SSL_new(ctx);
	SSL_CTX_free(ctx);
	assert_non_null(ssl);
	SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	if (s->server)
		SSL_set_accept_state(ssl);
	else
		SSL_set_connect_state(ssl);
	return ssl;
}

/* One leg of the raw end; out is replaced. */
static int
raw_leg(SSL *ssl, struct buf *in, struct buf *out)
{
	char *p;
	long n;
	int rc;

	if (in->len > 0)
		assert_int_equal(
		    BIO_write(SSL_get_rbio(ssl), in->data, (int)in->len), in->len);
	ERR_clear_error();
	rc = SSL_do_handshake(ssl);
	n = BIO_get_mem_data(SSL_get_wbio(ssl), &p);
	buf_clear(out);
	buf_add(out, p, n > 0 ? (size_t)n : 0);
	(void)BIO_reset(SSL_get_wbio(ssl));
	ERR_clear_error();
	return rc;
}

unsigned
raw_converse(struct tls_inner *m, SSL *raw, bool raw_first, enum tls_inner_state *ret,
    struct err *err)
{
	struct buf in, out;
	unsigned legs = 0;

	buf_init(&in, TLS_INNER_LEG_MAX);
	buf_init(&out, TLS_INNER_LEG_MAX);
	if (raw_first)
		raw_leg(raw, &out, &in);
	do {
		buf_clear(&out);
		*ret = tls_inner_leg(m, buf_view(&in), &out, err);
		legs++;
		raw_leg(raw, &out, &in);
	} while (*ret == TLS_INNER_MORE && legs < 10);
	buf_free(&in);
	buf_free(&out);
	return legs;
}

/* Records of a flight: their types, and the messages in the first plaintext ones. */
struct flight {
	unsigned nrecords, nmessages;
	uint8_t records[16], messages[16];
	unsigned version;
};

static void
parse_flight(struct str s, struct flight *ret)
{
	const uint8_t *p = (const uint8_t *)s.p;
	bool plain = true;

	*ret = (struct flight){ .version = (unsigned)(p[1] << 8 | p[2]) };
	for (size_t at = 0; at < s.len;) {
		size_t len = (size_t)(p[at + 3] << 8 | p[at + 4]), end = at + 5 + len;

		assert_true(end <= s.len);
		assert_true(ret->nrecords < 16);
		ret->records[ret->nrecords++] = p[at];
		plain = plain && p[at] == HANDSHAKE;
		for (at += 5; plain && at < end; ret->nmessages++) {
			ret->messages[ret->nmessages] = p[at];
			at += 4 + (size_t)(p[at + 1] << 16 | p[at + 2] << 8 | p[at + 3]);
			assert_true(at <= end);
		}
		at = end;
	}
}

void
assert_flight(struct str s, unsigned version, struct str records, struct str messages)
{
	struct flight f;

	parse_flight(s, &f);
	assert_int_equal(f.version, version);
	assert_int_equal(f.nrecords, records.len);
	assert_memory_equal(f.records, records.p, records.len);
	assert_int_equal(f.nmessages, messages.len);
	assert_memory_equal(f.messages, messages.p, messages.len);
}
