/*
 * tls/memtls: both ends against OpenSSL driven by hand, their keys against a PRF of our
 * own, and the flights of a real client.
 */
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "../cases.h"
#include "base/buf.h"
#include "base/err.h"
#include "certs.h"
#include "flights.h"
#include "prf.h"
#include "tls/identity.h"
#include "tls/memtls.h"

#define ALICE  "alice@lab.example"
#define SERVER "pool.lab.example"
#define LABEL  "client EAP encryption"

enum key_slot { CA_KEY, SERVER_KEY, OTHER_KEY };
enum record { CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22 };

/* What all tests share: making keys takes longer than all the rest. */
static struct {
	struct credential *alice;
	X509 *ca, *server;
	struct memtls_ctx *client, *legacy, *pool;
} all;

static void
free_all(void)
{
	credential_free(all.alice);
	X509_free(all.ca);
	X509_free(all.server);
	memtls_ctx_free(all.client);
	memtls_ctx_free(all.legacy);
	memtls_ctx_free(all.pool);
}

static struct credential *
issue(struct identity *id, bool sha1)
{
	struct cert_spec spec = { .cn = ALICE, .eku = "clientAuth", .sha1 = sha1 };
	struct str request = identity_request(id);
	const unsigned char *p = (const unsigned char *)request.p;
	X509_REQ *req = d2i_X509_REQ(NULL, &p, (long)request.len);
	EVP_PKEY *key = X509_REQ_get_pubkey(req);
	X509 *cert = certs_make(&spec, key, all.ca, certs_key(CA_KEY, 0));
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);
	struct credential *c;
	struct err err;
	bool odd;

	c = credential_new(
	    id, (struct str){ (char *)der, (size_t)n }, ALICE, time(NULL), &odd, &err);
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
	struct cert_spec server = { .cn = SERVER, .san = "DNS:" SERVER };
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
	id = identity_new(ALICE, &err);
	all.alice = issue(id, false);
	identity_free(id);
	all.client = memtls_client_ctx(false, &err);
	all.legacy = memtls_client_ctx(true, &err);
	all.pool = memtls_server_ctx(cert_file, key_file, &err);
	assert_true(all.client != NULL && all.legacy != NULL && all.pool != NULL);
}

static bool
accept_alice(void *arg, X509 *cert)
{
	unsigned *asked = arg;

	++*asked;
	return X509_cmp(cert, credential_cert(all.alice)) == 0;
}

static bool
accept_nobody(void *arg, X509 *cert)
{
	(void)arg;
	(void)cert;
	return false;
}

static struct memtls *
our_client(bool legacy)
{
	struct err err;
	struct memtls *m;

	make_all();
	m = memtls_client(legacy ? all.legacy : all.client, all.alice, &err);
	assert_non_null(m);
	return m;
}

static struct memtls *
our_server(unsigned *asked)
{
	struct err err;
	struct memtls *m;

	make_all();
	m = memtls_server(all.pool, accept_alice, asked, &err);
	assert_non_null(m);
	return m;
}

/* The other end, made of OpenSSL alone. version 0: any up to 1.2. */
struct raw_spec {
	bool server;
	int version;
	const char *suites;
	bool no_cert, no_ems;
};

static SSL *
raw_new(const struct raw_spec *s)
{
	SSL_CTX *ctx = SSL_CTX_new(s->server ? TLS_server_method() : TLS_client_method());
	SSL *ssl;

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

/* Ours and the raw end, until ours is not MORE any longer; number of our legs. */
static unsigned
converse(
    struct memtls *m, SSL *raw, bool raw_first, enum memtls_state *ret, struct err *err)
{
	struct buf in, out;
	unsigned legs = 0;

	buf_init(&in, MEMTLS_LEG_MAX);
	buf_init(&out, MEMTLS_LEG_MAX);
	if (raw_first)
		raw_leg(raw, &out, &in);
	do {
		buf_clear(&out);
		*ret = memtls_leg(m, buf_view(&in), &out, err);
		legs++;
		raw_leg(raw, &out, &in);
	} while (*ret == MEMTLS_MORE && legs < 10);
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

static void
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

static const struct prf_case {
	const char *name;
	enum prf which;
	const char *secret, *label, *random1, *random2, *want;
} prf_cases[] = {
	{ "TLS 1.2, SHA-256", PRF_SHA256, "9bbe436ba940f017b17652849a71db35",
	    "test label", "a0ba9f936cda311827a6f796ffd5198c", "",
	    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d"
	    "35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f"
	    "796789baa48082d122ee42c5a72e5a5110fff70187347b66" },
	{ "TLS 1.0 master secret", PRF_OLD,
	    "bded7fa5c1699c010be23dd06ada3a48349f21e5f86263d512c0c5cc379f0e780ec55d9844b2"
	    "f1db02a96453513568d0",
	    "master secret",
	    "e5acaf549cd25c22d964c0d930fa4b5261d2507fad84c33715b7b9a864020693",
	    "135e4d557fdf3aa6406d82975d5c606a9734c9334b42136e96990fbd5358cdb2",
	    "2f6962dfbc744c4b2138bb6b3d33054c5ecc14f24851d9896395a44ab3964efc2090c5bf51a0"
	    "891209f46c1e1e998f62" },
	{ "exporter of TLS 1.0, extended master secret", PRF_OLD,
	    "cf6425726f1c4c23c8fd0cb39e77e92f8581bc57a3a8bd4663c586febc97bd2c71113f8c6ee3"
	    "8e6aaeacdfa5d9396a37",
	    LABEL, "31119b9d01f8dacbfdd26721711d9bb046f7b52348871b570a8dc065d29eacf1",
	    "ce419f899f69ea441e9dfab9eb4da2c2c5735e06b694e67d4be46007a3bc6dbd",
	    "ee8bfde723d4aa4c304b9be533095d1a21df297b44a2aca81868db5e8cca309a72452bf560fb"
	    "15e53dd0e5954372c6616abf1ed2506ef946ab6f4da88b9ebcde744ed2783952fb49ce654d56"
	    "4322270ecd690d1761abf519e1d38e651bfdc120517e6cd8e8ea3ad4a84686be00b70e53c2ee"
	    "5b26a2f5e316510cd6a8a06db648" },
	{ "exporter of TLS 1.2, AES256-SHA", PRF_SHA256,
	    "3598f40c04c17e9fa11a2eaa5e58211c55dd3c46b85b992207787efc7a639201a765ba650d50"
	    "6a5183a774137bd7233e",
	    LABEL, "9447c214fcda16028d451f6bbb7c7a269897d96e00bd78c7eb00f77cccb2de0b",
	    "c7e479fbc417ba408e965cf28fa96135740219ea9a28551bc2af3a58d8169e5f",
	    "b98f6505c3d77734cee89c4d19e8d9fec5c2113a64afa3e8f59f688dcd43d3e78929f48a7735"
	    "9dc8b38ddf5ba21ec330c84d8cef074d4ea6f2376e82052af51215356a1533ecb5e5f5498ffe"
	    "443bb3c590ee38c1058d39c503ec88b31ea1f1fe50c9d2d0891f6ae8f85c08e9d40f53300b3b"
	    "8a63e08f2289b2a309ba4b7f6971" },
	{ "keys of the real client", PRF_OLD,
	    "8d5856f5f245105d3aa7f66b1eef1de09569f56dc48be2dfcd88621f899826cf7e492024a1b5"
	    "33d06bae162f26ec950e",
	    LABEL, "6b02f6fbb6c1151c59bbb8a2222d0dfd7f568f29e3836d121c5d0e7fb712e761",
	    "a8b99c038437033169c0c07b26c486f6ec19227c7bb3e448444f574e47524400",
	    "2f78b61b66a4f98379a7b5f0c7690eeee35ae86eb8f28e474b418f5f1e60be8ab04b56301da3"
	    "2f6f5380f94beda7fc648e727f25a35384705dea404d762c0e013d18c2b4f7f29d7d6890a9b1"
	    "f5b0cac311da32c0b584566524fb561620d67594e648b8fab9f2fe5c5bf645aec8300f95f41a"
	    "ad2f97980be70001ba1292397bae" },
};

/* The dossier's made-up key block: secret 00..2f, randoms of one octet each. */
static const struct block_case {
	const char *name;
	enum prf which;
	const char *client, *server;
} block_cases[] = {
	{ "TLS 1.0 and 1.1", PRF_OLD,
	    "6c900b943881087ed3a01e3b189ef666007f05006b5c23feaa764cb665b98e42",
	    "a09e85e53612d26747861f62f5c77cbd3cf75f43306275b1ee9b74f8ac0baa38" },
	{ "TLS 1.2, SHA-256", PRF_SHA256,
	    "51c341f2178cd4bad5a8adb979a745139a9ec547c5f6fb5179334118d59cf933",
	    "d658fe2ca5e4d4dc8c30048952d9b0cac6d8cbe389313acc3a8b2ba6163b6dba" },
	{ "TLS 1.2, SHA-384", PRF_SHA384,
	    "0d06ae589817e1192148a08a59e174e2fbc8349b9dc6b12838010418b1922fcb",
	    "5e0f4d9e6efb81bd59655c452850916814c4732dc1453558becf8634d7d26371" },
};

static size_t
unhex(const char *hex, uint8_t *ret)
{
	size_t n = strlen(hex) / 2;

	assert_true(crypto_unhex(str_of(hex), ret, n));
	return n;
}

static void
check_prf(void **state)
{
	const struct prf_case *c = *state;
	uint8_t secret[64], r1[32], r2[32] = { 0 }, want[128], got[128];
	size_t secret_len = unhex(c->secret, secret), n = unhex(c->want, want);
	size_t random_len = unhex(c->random1, r1);

	/* The first vector has one seed of 16 octets: the halves of it are our two
	 * randoms. */
	if (c->random2[0] == '\0') {
		random_len /= 2;
		memcpy(r2, r1 + random_len, random_len);
	} else {
		unhex(c->random2, r2);
	}
	prf(c->which, secret, secret_len, c->label, r1, r2, random_len, got, n);
	assert_memory_equal(got, want, n);
}

static void
check_block(void **state)
{
	const struct block_case *c = *state;
	uint8_t secret[48], r1[32], r2[32], want[32], got[128];

	for (unsigned i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)i;
	memset(r1, 0xc0, sizeof(r1));
	memset(r2, 0x50, sizeof(r2));
	prf(c->which, secret, sizeof(secret), LABEL, r1, r2, 32, got, sizeof(got));
	unhex(c->client, want);
	assert_memory_equal(got + 64, want, 32);
	unhex(c->server, want);
	assert_memory_equal(got + 96, want, 32);
}

static const struct agree_case {
	const char *name;
	int version;
	const char *suite;
	const char *describes;
	bool modern;			/* ours is not the legacy client */
	bool no_ems;
} agree_cases[] = {
	{ "TLS 1.0, AES128-SHA", TLS1_VERSION, "AES128-SHA", "TLSv1 AES128-SHA", false,
	    false },
	{ "TLS 1.0, AES256-SHA, no extended master secret", TLS1_VERSION, "AES256-SHA",
	    "TLSv1 AES256-SHA", false, true },
	{ "TLS 1.0, ECDHE", TLS1_VERSION, "ECDHE-RSA-AES256-SHA",
	    "TLSv1 ECDHE-RSA-AES256-SHA", false, false },
	{ "TLS 1.1, AES128-SHA", TLS1_1_VERSION, "AES128-SHA", "TLSv1.1 AES128-SHA",
	    false, false },
	{ "TLS 1.1, ECDHE, no extended master secret", TLS1_1_VERSION,
	    "ECDHE-RSA-AES128-SHA", "TLSv1.1 ECDHE-RSA-AES128-SHA", false, true },
	{ "TLS 1.2, AES128-SHA", TLS1_2_VERSION, "AES128-SHA", "TLSv1.2 AES128-SHA", true,
	    false },
	{ "TLS 1.2, AES256-SHA, no extended master secret", TLS1_2_VERSION, "AES256-SHA",
	    "TLSv1.2 AES256-SHA", true, true },
	{ "TLS 1.2, ECDHE", TLS1_2_VERSION, "ECDHE-RSA-AES256-SHA",
	    "TLSv1.2 ECDHE-RSA-AES256-SHA", true, false },
	{ "TLS 1.2, AES128-SHA, legacy", TLS1_2_VERSION, "AES128-SHA",
	    "TLSv1.2 AES128-SHA", false, false },
};

/* Our keys are those of the raw end's exporter, and those of the PRF from its master
 * secret. */
static void
assert_same_keys(const struct memtls *m, SSL *raw, int version)
{
	uint8_t master[48], r1[32], r2[32], computed[128], exported[128];
	struct memtls_keys keys;
	struct err err;

	assert_true(memtls_keys(m, &keys, &err));
	assert_int_equal(keys.mac, DIGEST_SHA1);
	assert_int_equal(SSL_export_keying_material(raw, exported, sizeof(exported),
			     LABEL, strlen(LABEL), NULL, 0, 0),
	    1);
	assert_memory_equal(keys.client, exported + 64, 32);
	assert_memory_equal(keys.server, exported + 96, 32);
	assert_int_equal(
	    SSL_SESSION_get_master_key(SSL_get0_session(raw), master, 48), 48);
	assert_int_equal(SSL_get_client_random(raw, r1, 32), 32);
	assert_int_equal(SSL_get_server_random(raw, r2, 32), 32);
	prf(version == TLS1_2_VERSION ? PRF_SHA256 : PRF_OLD, master, 48, LABEL, r1, r2,
	    32, computed, sizeof(computed));
	assert_memory_equal(exported, computed, sizeof(computed));
	assert_memory_not_equal(keys.client, keys.server, 32);
}

static void
assert_agreed(const struct memtls *m, SSL *raw, const struct agree_case *c)
{
	char text[64];

	assert_true(SSL_is_init_finished(raw));
	assert_same_keys(m, raw, c->version);
	memtls_describe(m, text, sizeof(text));
	assert_string_equal(text, c->describes);
}

static void
check_client(void **state)
{
	const struct agree_case *c = *state;
	struct raw_spec spec = { true, c->version, c->suite, false, c->no_ems };
	struct memtls *m = our_client(!c->modern);
	struct cert_facts peer;
	enum memtls_state got;
	struct err err;
	SSL *raw = raw_new(&spec);

	memtls_peer(m, &peer);
	assert_false(peer.known);
	assert_int_equal(converse(m, raw, false, &got, &err), 3);
	assert_int_equal(got, MEMTLS_ESTABLISHED);
	assert_agreed(m, raw, c);
	memtls_peer(m, &peer);
	assert_true(peer.known);
	assert_string_equal(peer.subject, "CN=" SERVER);
	SSL_free(raw);
	memtls_free(m);
}

static void
check_server(void **state)
{
	const struct agree_case *c = *state;
	struct raw_spec spec = { false, c->version, c->suite, false, c->no_ems };
	unsigned asked = 0;
	struct memtls *m = our_server(&asked);
	struct cert_facts peer;
	enum memtls_state got;
	struct err err;
	SSL *raw = raw_new(&spec);

	assert_int_equal(converse(m, raw, true, &got, &err), 2);
	assert_int_equal(got, MEMTLS_ESTABLISHED);
	assert_int_equal(asked, 1);
	assert_agreed(m, raw, c);
	memtls_peer(m, &peer);
	assert_string_equal(peer.subject, "CN=" ALICE);
	SSL_free(raw);
	memtls_free(m);
}

/* Both ends ours, all four legs looked at. */
static void
each_leg_is_as_windows_sends_it(void **state)
{
	unsigned asked = 0;
	struct memtls *client = our_client(false), *server = our_server(&asked);
	struct memtls_keys a, b;
	struct buf to_server, to_client;
	struct err err;

	(void)state;
	buf_init(&to_server, MEMTLS_LEG_MAX);
	buf_init(&to_client, MEMTLS_LEG_MAX);
	assert_int_equal(memtls_leg(client, STR_NULL, &to_server, &err), MEMTLS_MORE);
	assert_flight(
	    buf_view(&to_server), TLS1_VERSION, STR_LIT("\x16"), STR_LIT("\x01"));
	/* Nothing to resume: the session id is empty. */
	assert_int_equal(to_server.data[5 + 4 + 2 + 32], 0);
	assert_int_equal(
	    memtls_leg(server, buf_view(&to_server), &to_client, &err), MEMTLS_MORE);
	/* ServerHello, Certificate, ServerKeyExchange, CertificateRequest,
	 * ServerHelloDone */
	assert_flight(buf_view(&to_client), TLS1_2_VERSION, STR_LIT("\x16"),
	    STR_LIT("\x02\x0b\x0c\x0d\x0e"));
	buf_clear(&to_server);
	assert_int_equal(
	    memtls_leg(client, buf_view(&to_client), &to_server, &err), MEMTLS_MORE);
	/* Certificate, ClientKeyExchange, CertificateVerify; ChangeCipherSpec; Finished
	 */
	assert_flight(buf_view(&to_server), TLS1_2_VERSION, STR_LIT("\x16\x14\x16"),
	    STR_LIT("\x0b\x10\x0f"));
	buf_clear(&to_client);
	assert_int_equal(memtls_leg(server, buf_view(&to_server), &to_client, &err),
	    MEMTLS_ESTABLISHED);
	assert_flight(
	    buf_view(&to_client), TLS1_2_VERSION, STR_LIT("\x14\x16"), STR_LIT(""));
	buf_clear(&to_server);
	assert_false(memtls_keys(client, &a, &err));
	assert_int_equal(memtls_leg(client, buf_view(&to_client), &to_server, &err),
	    MEMTLS_ESTABLISHED);
	assert_int_equal(to_server.len, 0);
	assert_true(memtls_keys(client, &a, &err) && memtls_keys(server, &b, &err));
	assert_memory_equal(a.client, b.client, sizeof(a.client));
	assert_memory_equal(a.server, b.server, sizeof(a.server));
	buf_free(&to_server);
	buf_free(&to_client);
	memtls_free(client);
	memtls_free(server);
}

static void
decode(const char *base64, struct buf *ret)
{
	buf_init(ret, MEMTLS_LEG_MAX);
	assert_true(crypto_unbase64(str_of(base64), ret));
}

static void
the_real_clients_hello_is_answered(void **state)
{
	unsigned asked = 0;
	struct memtls *server = our_server(&asked);
	struct buf hello, out;
	struct err err;

	(void)state;
	decode(FLIGHT_CLIENT_1, &hello);
	buf_init(&out, MEMTLS_LEG_MAX);
	assert_int_equal(memtls_leg(server, buf_view(&hello), &out, &err), MEMTLS_MORE);
	assert_flight(buf_view(&out), TLS1_VERSION, STR_LIT("\x16"),
	    STR_LIT("\x02\x0b\x0d\x0e"));
	/* The suite behind the session id: 0x002f, AES128-SHA. */
	assert_memory_equal(out.data + 44 + out.data[43], "\x00\x2f\x00", 3);
	buf_free(&hello);
	buf_free(&out);
	memtls_free(server);
}

/* Where the server's random ends with the mark of RFC 8446 4.1.3 for "I could do better".
 */
#define DOWNGRADE_AT (5 + 4 + 2 + 24)

static void
feed_recorded_flight(
    bool keep_mark, enum memtls_state want, struct buf *out, struct err *err)
{
	struct memtls *client = our_client(true);
	struct buf flight;

	decode(FLIGHT_SERVER_1, &flight);
	assert_flight(buf_view(&flight), TLS1_VERSION, STR_LIT("\x16"),
	    STR_LIT("\x02\x0b\x0d\x0e"));
	if (!keep_mark)
		memset(flight.data + DOWNGRADE_AT, 0x11, 8);
	assert_int_equal(memtls_leg(client, STR_NULL, out, err), MEMTLS_MORE);
	buf_clear(out);
	assert_int_equal(memtls_leg(client, buf_view(&flight), out, err), want);
	buf_free(&flight);
	memtls_free(client);
}

static void
a_flight_in_one_record_is_read(void **state)
{
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, MEMTLS_LEG_MAX);
	feed_recorded_flight(false, MEMTLS_MORE, &out, &err);
	assert_flight(buf_view(&out), TLS1_VERSION, STR_LIT("\x16\x14\x16"),
	    STR_LIT("\x0b\x10\x0f"));
	buf_free(&out);
}

/* That server could do TLS 1.2 and so could we: somebody in between would have had a hand
 * in it. */
static void
a_downgrade_is_noticed(void **state)
{
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, MEMTLS_LEG_MAX);
	feed_recorded_flight(true, MEMTLS_FAILED, &out, &err);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	assert_int_equal(err.code, SSL_AD_ILLEGAL_PARAMETER);
	assert_int_equal(out.len, 7);
	assert_int_equal(out.data[0], ALERT);
	assert_memory_equal(out.data + 5, "\x02\x2f", 2);
	buf_free(&out);
}

/* An error is kept in the queue of the thread; the next connection must not see it. */
static void
an_old_error_does_no_harm(void **state)
{
	struct memtls *m = our_client(false);
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, MEMTLS_LEG_MAX);
	ERR_raise(ERR_LIB_SSL, SSL_R_BAD_LENGTH);
	assert_int_equal(memtls_leg(m, STR_NULL, &out, &err), MEMTLS_MORE);
	assert_int_equal(ERR_peek_error(), 0);
	buf_free(&out);
	memtls_free(m);
}

static const struct refuse_case {
	const char *name;
	struct raw_spec raw;
	bool legacy;
	long code;
	const char *says;
} refuse_cases[] = {
	{ "TLS 1.0 server, not legacy",
	    { true, TLS1_VERSION, "AES128-SHA", false, false }, false,
	    SSL_AD_PROTOCOL_VERSION,
	    "unsupported protocol; if the server is old, set legacy_tls" },
	{ "TLS 1.1 server, not legacy",
	    { true, TLS1_1_VERSION, "AES128-SHA", false, false }, false,
	    SSL_AD_PROTOCOL_VERSION,
	    "unsupported protocol; if the server is old, set legacy_tls" },
	{ "AEAD suites only", { true, TLS1_2_VERSION, "AES128-GCM-SHA256", false, false },
	    true, SSL_AD_HANDSHAKE_FAILURE, "alert 40 (handshake failure)" },
	{ "SHA-256 MACs only", { true, TLS1_2_VERSION, "AES128-SHA256", false, false },
	    true, SSL_AD_HANDSHAKE_FAILURE, "alert 40" },
};

static void
check_refuse(void **state)
{
	const struct refuse_case *c = *state;
	struct memtls *m = our_client(c->legacy);
	struct memtls_keys keys, untouched;
	enum memtls_state got;
	struct err err;
	SSL *raw = raw_new(&c->raw);

	memset(&keys, 0x5a, sizeof(keys));
	untouched = keys;
	converse(m, raw, false, &got, &err);
	assert_int_equal(got, MEMTLS_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	if (err.code != c->code || strstr(err.detail, c->says) == NULL)
		fail_msg("%ld: %s", err.code, err.detail);
	assert_false(memtls_keys(m, &keys, &err));
	assert_memory_equal(&keys, &untouched, sizeof(keys));
	SSL_free(raw);
	memtls_free(m);
}

/* TLS 1.3 has other flights and another exporter: never offered, never taken. */
static void
tls_1_3_is_not_for_us(void **state)
{
	struct raw_spec spec = { false, TLS1_3_VERSION, "AES128-SHA", false, false };
	unsigned asked = 0;
	struct memtls *m = our_server(&asked);
	enum memtls_state got;
	struct err err;
	SSL *raw = raw_new(&spec);

	(void)state;
	converse(m, raw, true, &got, &err);
	assert_int_equal(got, MEMTLS_FAILED);
	assert_int_equal(err.code, SSL_AD_PROTOCOL_VERSION);
	SSL_free(raw);
	memtls_free(m);
}

static void
a_client_without_certificate_is_refused(void **state)
{
	struct raw_spec spec = { false, TLS1_VERSION, "AES128-SHA", true, false };
	unsigned asked = 0;
	struct memtls *m = our_server(&asked);
	enum memtls_state got;
	struct err err;
	SSL *raw = raw_new(&spec);

	(void)state;
	converse(m, raw, true, &got, &err);
	assert_int_equal(got, MEMTLS_FAILED);
	assert_int_equal(err.code, SSL_AD_HANDSHAKE_FAILURE);
	assert_int_equal(asked, 0);
	SSL_free(raw);
	memtls_free(m);
}

static void
both_ends_know_why_a_certificate_was_refused(void **state)
{
	struct memtls *client = our_client(true), *server;
	struct buf a, b;
	struct err err;

	(void)state;
	server = memtls_server(all.pool, accept_nobody, NULL, &err);
	buf_init(&a, MEMTLS_LEG_MAX);
	buf_init(&b, MEMTLS_LEG_MAX);
	memtls_leg(client, STR_NULL, &a, &err);
	memtls_leg(server, buf_view(&a), &b, &err);
	buf_clear(&a);
	memtls_leg(client, buf_view(&b), &a, &err);
	buf_clear(&b);
	assert_int_equal(memtls_leg(server, buf_view(&a), &b, &err), MEMTLS_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	assert_int_equal(err.code, SSL_AD_CERTIFICATE_REVOKED);
	assert_non_null(strstr(err.detail, "the certificate (CN=" ALICE ") is refused"));
	buf_clear(&a);
	assert_int_equal(memtls_leg(client, buf_view(&b), &a, &err), MEMTLS_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	assert_int_equal(err.code, SSL_AD_CERTIFICATE_REVOKED);
	assert_non_null(strstr(err.detail, "with alert 44 (certificate revoked)"));
	buf_free(&a);
	buf_free(&b);
	memtls_free(client);
	memtls_free(server);
}

/* An old pool may sign with SHA-1 what it issues; presenting it is not for level 2 to
 * judge. */
static void
our_own_certificate_may_be_weak(void **state)
{
	struct raw_spec spec = { true, TLS1_2_VERSION, "AES128-SHA", false, false };
	struct identity *id;
	struct credential *weak;
	struct memtls *m;
	enum memtls_state got;
	struct err err;
	SSL *raw;

	(void)state;
	make_all();
	id = identity_new(ALICE, &err);
	weak = issue(id, true);
	m = memtls_client(all.client, weak, &err);
	assert_non_null(m);
	raw = raw_new(&spec);
	converse(m, raw, false, &got, &err);
	assert_int_equal(got, MEMTLS_ESTABLISHED);
	SSL_free(raw);
	memtls_free(m);
	credential_free(weak);
	identity_free(id);
}

static const struct garbage_case {
	const char *name;
	struct str in;
	long code;
	const char *says;
} garbage_cases[] = {
	{ "nothing", { "", 0 }, 0, "middle of a flight" },
	{ "part of a head", STR_LIT("\x16\x03"), 0, "middle of a flight" },
	{ "text", STR_LIT("HTTP/1.1 400 Bad Request\r\n\r\n"), 0,
	    "wrong version number" },
	{ "a length that lies", STR_LIT("\x16\x03\x03\xff\xff\x02"), 22, "length" },
	{ "alert 40", STR_LIT("\x15\x03\x03\x00\x02\x02\x28"), 40,
	    "alert 40 (handshake failure)" },
	{ "alert 48", STR_LIT("\x15\x03\x03\x00\x02\x02\x30"), 48,
	    "alert 48 (unknown CA)" },
	{ "close_notify", STR_LIT("\x15\x03\x03\x00\x02\x01\x00"), 0,
	    "inner handshake failed" },
	{ "ChangeCipherSpec too early", STR_LIT("\x14\x03\x03\x00\x01\x01"), 10,
	    "unexpected" },
	{ "data too early", STR_LIT("\x17\x03\x03\x00\x01x"), 10, "" },
	{ "a message too long", STR_LIT("\x16\x03\x03\x00\x04\x02\xff\xff\xff"), 47,
	    "excessive" },
};

static void
check_garbage(void **state)
{
	const struct garbage_case *c = *state;
	struct memtls *m = our_client(true);
	struct buf out;
	struct err err;

	buf_init(&out, MEMTLS_LEG_MAX);
	assert_int_equal(memtls_leg(m, STR_NULL, &out, &err), MEMTLS_MORE);
	assert_int_equal(memtls_leg(m, c->in, &out, &err), MEMTLS_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	if (err.code != c->code || strstr(err.detail, c->says) == NULL)
		fail_msg("%ld: %s", err.code, err.detail);
	assert_int_equal(ERR_peek_error(), 0);
	/* And that is final. */
	assert_int_equal(memtls_leg(m, c->in, &out, &err), MEMTLS_FAILED);
	assert_non_null(strstr(err.detail, "over already"));
	buf_free(&out);
	memtls_free(m);
}

static void
a_leg_has_a_limit(void **state)
{
	static char noise[MEMTLS_LEG_MAX + 1];
	unsigned asked = 0;
	struct memtls *m = our_server(&asked);
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, MEMTLS_LEG_MAX);
	assert_int_equal(memtls_leg(m, (struct str){ noise, sizeof(noise) }, &out, &err),
	    MEMTLS_FAILED);
	assert_int_equal(err.cause, CAUSE_LIMIT);
	assert_int_equal(err.code, MEMTLS_LEG_MAX);
	memtls_free(m);
	m = our_server(&asked);
	assert_int_equal(
	    memtls_leg(m, (struct str){ noise, sizeof(noise) - 1 }, &out, &err),
	    MEMTLS_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	memtls_free(m);
	buf_free(&out);
}

static void
an_answer_that_does_not_fit_is_a_failure(void **state)
{
	struct memtls *m = our_client(false);
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, 20);
	assert_int_equal(memtls_leg(m, STR_NULL, &out, &err), MEMTLS_FAILED);
	assert_int_equal(err.cause, CAUSE_LIMIT);
	buf_free(&out);
	memtls_free(m);
}

static void
what_is_in_the_buffer_stays(void **state)
{
	struct memtls *m = our_client(false);
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, MEMTLS_LEG_MAX);
	buf_puts(&out, "before");
	assert_int_equal(memtls_leg(m, STR_NULL, &out, &err), MEMTLS_MORE);
	assert_memory_equal(out.data, "before\x16\x03", 8);
	buf_free(&out);
	memtls_free(m);
}

/* The server's first flight, made for one client; others can read it up to the Finished.
 */
static void
server_flight(struct buf *ret)
{
	unsigned asked = 0;
	struct memtls *client = our_client(true), *server = our_server(&asked);
	struct buf hello;
	struct err err;

	buf_init(&hello, MEMTLS_LEG_MAX);
	buf_init(ret, MEMTLS_LEG_MAX);
	memtls_leg(client, STR_NULL, &hello, &err);
	assert_int_equal(memtls_leg(server, buf_view(&hello), ret, &err), MEMTLS_MORE);
	buf_free(&hello);
	memtls_free(client);
	memtls_free(server);
}

static enum memtls_state
feed_new_client(struct str in, struct err *err)
{
	struct memtls *m = our_client(true);
	enum memtls_state got;
	struct buf out;

	buf_init(&out, MEMTLS_LEG_MAX);
	memtls_leg(m, STR_NULL, &out, err);
	*err = (struct err){ .cause = CAUSE_NONE };
	got = memtls_leg(m, in, &out, err);
	buf_free(&out);
	memtls_free(m);
	return got;
}

static void
a_cut_flight_is_refused(void **state)
{
	struct buf flight;
	struct err err;

	(void)state;
	server_flight(&flight);
	for (size_t n = 0; n < flight.len; n += 11) {
		assert_int_equal(feed_new_client((struct str){ flight.data, n }, &err),
		    MEMTLS_FAILED);
		assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	}
	buf_free(&flight);
}

static void
a_broken_flight_never_succeeds(void **state)
{
	struct buf flight;
	struct err err;

	(void)state;
	server_flight(&flight);
	for (size_t at = 0; at < flight.len; at += 7) {
		flight.data[at] = (char)(flight.data[at] ^ 0xff);
		assert_int_not_equal(feed_new_client(buf_view(&flight), &err),
		    MEMTLS_ESTABLISHED);
		flight.data[at] = (char)(flight.data[at] ^ 0xff);
	}
	buf_free(&flight);
}

/* Any octet of the client's second flight changed: the server must not come to an
 * agreement. */
static void
a_broken_answer_never_succeeds(void **state)
{
	(void)state;
	for (unsigned part = 0; part < 40; part++) {
		unsigned asked = 0;
		struct memtls *client = our_client(true), *server = our_server(&asked);
		struct buf a, b;
		struct err err;
		size_t at;

		buf_init(&a, MEMTLS_LEG_MAX);
		buf_init(&b, MEMTLS_LEG_MAX);
		memtls_leg(client, STR_NULL, &a, &err);
		memtls_leg(server, buf_view(&a), &b, &err);
		buf_clear(&a);
		assert_int_equal(memtls_leg(client, buf_view(&b), &a, &err), MEMTLS_MORE);
		buf_clear(&b);
		at = a.len * part / 40;
		a.data[at] = (char)(a.data[at] ^ 0x01);
		assert_int_equal(
		    memtls_leg(server, buf_view(&a), &b, &err), MEMTLS_FAILED);
		buf_free(&a);
		buf_free(&b);
		memtls_free(client);
		memtls_free(server);
	}
}

static const struct files_case {
	const char *name, *cert, *key, *names;
} files_cases[] = {
	{ "no certificate file", "missing.pem", "server.key", "missing.pem" },
	{ "no key file", "server.pem", "missing.key", "missing.key" },
	{ "no certificate in it", "server.key", "server.key", "server.key" },
	{ "key of another certificate", "server.pem", "other.key", "other.key" },
};

static void
check_files(void **state)
{
	const struct files_case *c = *state;
	struct err err = { .cause = CAUSE_NONE };

	make_all();
	certs_write_key(certs_path(0, "other.key"), certs_key(OTHER_KEY, 1024));
	assert_null(
	    memtls_server_ctx(certs_path(0, c->cert), certs_path(1, c->key), &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_non_null(strstr(err.detail, c->names));
	assert_int_equal(ERR_peek_error(), 0);
}

static void
contexts_are_counted(void **state)
{
	struct err err;
	struct memtls_ctx *c = memtls_client_ctx(false, &err);
	struct memtls *m;
	char text[32];

	(void)state;
	make_all();
	m = memtls_client(c, all.alice, &err);
	memtls_ctx_free(memtls_ctx_ref(c));
	memtls_ctx_free(c);
	memtls_describe(m, text, sizeof(text));		/* m still has it */
	assert_string_equal(text, "no TLS agreed");
	memtls_free(m);
	memtls_free(NULL);
	memtls_ctx_free(NULL);
}

RUN_CASES(ROWS("PRF", prf_cases, check_prf), ROWS("key block", block_cases, check_block),
    ROWS("client", agree_cases, check_client), ROWS("server", agree_cases, check_server),
    TEST(each_leg_is_as_windows_sends_it), TEST(the_real_clients_hello_is_answered),
    TEST(a_flight_in_one_record_is_read), TEST(a_downgrade_is_noticed),
    TEST(an_old_error_does_no_harm), ROWS("client refused", refuse_cases, check_refuse),
    TEST(tls_1_3_is_not_for_us), TEST(a_client_without_certificate_is_refused),
    TEST(both_ends_know_why_a_certificate_was_refused),
    TEST(our_own_certificate_may_be_weak), ROWS("leg", garbage_cases, check_garbage),
    TEST(a_leg_has_a_limit), TEST(an_answer_that_does_not_fit_is_a_failure),
    TEST(what_is_in_the_buffer_stays), TEST(a_cut_flight_is_refused),
    TEST(a_broken_flight_never_succeeds), TEST(a_broken_answer_never_succeeds),
    ROWS("files", files_cases, check_files), TEST(contexts_are_counted));
