/*
 * tls/inner: both ends against OpenSSL driven by hand, their keys against a PRF of our
 * own, and the flights of a real client.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "certs.h"
#include "flights.h"
#include "inner_peers.h"
#include "prf.h"

static const struct agree_case {
	const char *name;
	int version;
	const char *suite;
	const char *describes;
	bool modern; /* ours is not the legacy client */
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
assert_same_keys(const struct tls_inner *m, SSL *raw, int version)
{
	uint8_t master[48], r1[32], r2[32], computed[128], exported[128];
	struct tls_inner_keys keys;
	struct err err;

	assert_true(tls_inner_keys(m, &keys, &err));
	assert_int_equal(keys.mac, DIGEST_SHA1);
	assert_int_equal(SSL_export_keying_material(raw, exported, sizeof(exported),
			     PEERS_LABEL, strlen(PEERS_LABEL), NULL, 0, 0),
	    1);
	assert_memory_equal(keys.client, exported + 64, 32);
	assert_memory_equal(keys.server, exported + 96, 32);
	assert_int_equal(
	    SSL_SESSION_get_master_key(SSL_get0_session(raw), master, 48), 48);
	assert_int_equal(SSL_get_client_random(raw, r1, 32), 32);
	assert_int_equal(SSL_get_server_random(raw, r2, 32), 32);
	prf(version == TLS1_2_VERSION ? PRF_SHA256 : PRF_OLD, master, 48, PEERS_LABEL, r1,
	    r2, 32, computed, sizeof(computed));
	assert_memory_equal(exported, computed, sizeof(computed));
	assert_memory_not_equal(keys.client, keys.server, 32);
}

static void
assert_agreed(const struct tls_inner *m, SSL *raw, const struct agree_case *c)
{
	char text[64];

	assert_true(SSL_is_init_finished(raw));
	assert_same_keys(m, raw, c->version);
	tls_inner_describe(m, text, sizeof(text));
	assert_string_equal(text, c->describes);
}

static void
check_client(void **state)
{
	const struct agree_case *c = *state;
	struct raw_spec spec = { true, c->version, c->suite, false, c->no_ems };
	struct tls_inner *m = peers_client(!c->modern);
	struct cert_facts peer;
	enum tls_inner_state got;
	struct err err;
	SSL *raw = raw_new(&spec);

	tls_inner_peer(m, &peer);
	assert_false(peer.known);
	assert_int_equal(raw_converse(m, raw, false, &got, &err), 3);
	assert_int_equal(got, TLS_INNER_ESTABLISHED);
	assert_agreed(m, raw, c);
	tls_inner_peer(m, &peer);
	assert_true(peer.known);
	assert_string_equal(peer.subject, "CN=" PEERS_SERVER);
	SSL_free(raw);
	tls_inner_free(m);
}

static void
check_server(void **state)
{
	const struct agree_case *c = *state;
	struct raw_spec spec = { false, c->version, c->suite, false, c->no_ems };
	unsigned asked = 0;
	struct tls_inner *m = peers_server(&asked);
	struct cert_facts peer;
	enum tls_inner_state got;
	struct err err;
	SSL *raw = raw_new(&spec);

	assert_int_equal(raw_converse(m, raw, true, &got, &err), 2);
	assert_int_equal(got, TLS_INNER_ESTABLISHED);
	assert_int_equal(asked, 1);
	assert_agreed(m, raw, c);
	tls_inner_peer(m, &peer);
	assert_string_equal(peer.subject, "CN=" PEERS_ALICE);
	SSL_free(raw);
	tls_inner_free(m);
}

/* Both ends ours, all four legs looked at. */
static void
each_leg_is_as_windows_sends_it(void **state)
{
	unsigned asked = 0;
	struct tls_inner *client = peers_client(false), *server = peers_server(&asked);
	struct tls_inner_keys a, b;
	struct buf to_server, to_client;
	struct err err;

	(void)state;
	buf_init(&to_server, TLS_INNER_LEG_MAX);
	buf_init(&to_client, TLS_INNER_LEG_MAX);
	assert_int_equal(
	    tls_inner_leg(client, STR_NULL, &to_server, &err), TLS_INNER_MORE);
	assert_flight(
	    buf_view(&to_server), TLS1_VERSION, STR_LIT("\x16"), STR_LIT("\x01"));
	/* Nothing to resume: the session id is empty. */
	assert_int_equal(to_server.data[5 + 4 + 2 + 32], 0);
	assert_int_equal(tls_inner_leg(server, buf_view(&to_server), &to_client, &err),
	    TLS_INNER_MORE);
	/* ServerHello, Certificate, ServerKeyExchange, CertificateRequest,
	 * ServerHelloDone */
	assert_flight(buf_view(&to_client), TLS1_2_VERSION, STR_LIT("\x16"),
	    STR_LIT("\x02\x0b\x0c\x0d\x0e"));
	buf_clear(&to_server);
	assert_int_equal(tls_inner_leg(client, buf_view(&to_client), &to_server, &err),
	    TLS_INNER_MORE);
	/* Certificate, ClientKeyExchange, CertificateVerify; ChangeCipherSpec; Finished
	 */
	assert_flight(buf_view(&to_server), TLS1_2_VERSION, STR_LIT("\x16\x14\x16"),
	    STR_LIT("\x0b\x10\x0f"));
	buf_clear(&to_client);
	assert_int_equal(tls_inner_leg(server, buf_view(&to_server), &to_client, &err),
	    TLS_INNER_ESTABLISHED);
	assert_flight(
	    buf_view(&to_client), TLS1_2_VERSION, STR_LIT("\x14\x16"), STR_LIT(""));
	buf_clear(&to_server);
	assert_false(tls_inner_keys(client, &a, &err));
	assert_int_equal(tls_inner_leg(client, buf_view(&to_client), &to_server, &err),
	    TLS_INNER_ESTABLISHED);
	assert_int_equal(to_server.len, 0);
	assert_true(tls_inner_keys(client, &a, &err) && tls_inner_keys(server, &b, &err));
	assert_memory_equal(a.client, b.client, sizeof(a.client));
	assert_memory_equal(a.server, b.server, sizeof(a.server));
	buf_free(&to_server);
	buf_free(&to_client);
	tls_inner_free(client);
	tls_inner_free(server);
}

static void
decode(const char *base64, struct buf *ret)
{
	buf_init(ret, TLS_INNER_LEG_MAX);
	assert_true(crypto_unbase64(str_of(base64), ret));
}

static void
the_real_clients_hello_is_answered(void **state)
{
	unsigned asked = 0;
	struct tls_inner *server = peers_server(&asked);
	struct buf hello, out;
	struct err err;

	(void)state;
	decode(FLIGHT_CLIENT_1, &hello);
	buf_init(&out, TLS_INNER_LEG_MAX);
	assert_int_equal(
	    tls_inner_leg(server, buf_view(&hello), &out, &err), TLS_INNER_MORE);
	assert_flight(
	    buf_view(&out), TLS1_VERSION, STR_LIT("\x16"), STR_LIT("\x02\x0b\x0d\x0e"));
	/* The suite behind the session id: 0x002f, AES128-SHA. */
	assert_memory_equal(out.data + 44 + out.data[43], "\x00\x2f\x00", 3);
	buf_free(&hello);
	buf_free(&out);
	tls_inner_free(server);
}

/* Where the server's random ends with the mark of RFC 8446 4.1.3 for "I could do better".
 */
#define DOWNGRADE_AT (5 + 4 + 2 + 24)

static void
feed_recorded_flight(
    bool keep_mark, enum tls_inner_state want, struct buf *out, struct err *err)
{
	struct tls_inner *client = peers_client(true);
	struct buf flight;

	decode(FLIGHT_SERVER_1, &flight);
	assert_flight(buf_view(&flight), TLS1_VERSION, STR_LIT("\x16"),
	    STR_LIT("\x02\x0b\x0d\x0e"));
	if (!keep_mark)
		memset(flight.data + DOWNGRADE_AT, 0x11, 8);
	assert_int_equal(tls_inner_leg(client, STR_NULL, out, err), TLS_INNER_MORE);
	buf_clear(out);
	assert_int_equal(tls_inner_leg(client, buf_view(&flight), out, err), want);
	buf_free(&flight);
	tls_inner_free(client);
}

static void
a_flight_in_one_record_is_read(void **state)
{
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, TLS_INNER_LEG_MAX);
	feed_recorded_flight(false, TLS_INNER_MORE, &out, &err);
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
	buf_init(&out, TLS_INNER_LEG_MAX);
	feed_recorded_flight(true, TLS_INNER_FAILED, &out, &err);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	assert_int_equal(err.code, SSL_AD_ILLEGAL_PARAMETER);
	assert_int_equal(out.len, 7);
	assert_int_equal(out.data[0], ALERT);
	assert_memory_equal(out.data + 5, "\x02\x2f", 2);
	buf_free(&out);
}

/* An old pool may sign with SHA-1 what it issues; presenting it is not for level 2 to
 * judge. */
static void
our_own_certificate_may_be_weak(void **state)
{
	struct raw_spec spec = { true, TLS1_2_VERSION, "AES128-SHA", false, false };
	struct identity *id;
	struct credential *weak;
	struct tls_inner *m;
	enum tls_inner_state got;
	struct err err;
	SSL *raw;

	(void)state;
	id = identity_new(PEERS_ALICE, NULL, &err);
	weak = peers_issue(id, true);
	m = tls_inner_client(peers()->client, weak, &err);
	assert_non_null(m);
	raw = raw_new(&spec);
	raw_converse(m, raw, false, &got, &err);
	assert_int_equal(got, TLS_INNER_ESTABLISHED);
	SSL_free(raw);
	tls_inner_free(m);
	credential_free(weak);
	identity_free(id);
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

	certs_write_key(certs_path(0, "other.key"), certs_key(OTHER_KEY, 1024));
	assert_null(
	    tls_inner_server_ctx(certs_path(0, c->cert), certs_path(1, c->key), &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_non_null(strstr(err.detail, c->names));
	assert_int_equal(ERR_peek_error(), 0);
}

static void
contexts_are_counted(void **state)
{
	struct err err;
	struct tls_inner_ctx *c = tls_inner_client_ctx(false, &err);
	struct tls_inner *m;
	char text[32];

	(void)state;
	m = tls_inner_client(c, peers()->alice, &err);
	tls_inner_ctx_free(tls_inner_ctx_ref(c));
	tls_inner_ctx_free(c);
	tls_inner_describe(m, text, sizeof(text)); /* m still has it */
	assert_string_equal(text, "no TLS agreed");
	tls_inner_free(m);
	tls_inner_free(NULL);
	tls_inner_ctx_free(NULL);
}

RUN_CASES(ROWS("client", agree_cases, check_client),
    ROWS("server", agree_cases, check_server), TEST(each_leg_is_as_windows_sends_it),
    TEST(the_real_clients_hello_is_answered), TEST(a_flight_in_one_record_is_read),
    TEST(a_downgrade_is_noticed), TEST(our_own_certificate_may_be_weak),
    ROWS("files", files_cases, check_files), TEST(contexts_are_counted));
