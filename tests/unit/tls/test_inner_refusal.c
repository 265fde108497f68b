/* tls/inner: peers that cannot agree, refuse, lie or break off. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "inner_peers.h"

/* An error is kept in the queue of the thread; the next connection must not see it. */
static void
an_old_error_does_no_harm(void **state)
{
	struct tls_inner *m = peers_client(false);
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, TLS_INNER_LEG_MAX);
	ERR_raise(ERR_LIB_SSL, SSL_R_BAD_LENGTH);
	assert_int_equal(tls_inner_leg(m, STR_NULL, &out, &err), TLS_INNER_MORE);
	assert_int_equal(ERR_peek_error(), 0);
	buf_free(&out);
	tls_inner_free(m);
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
	struct tls_inner *m = peers_client(c->legacy);
	struct tls_inner_keys keys, untouched;
	enum tls_inner_state got;
	struct err err;
	SSL *raw = raw_new(&c->raw);

	memset(&keys, 0x5a, sizeof(keys));
	untouched = keys;
	raw_converse(m, raw, false, &got, &err);
	assert_int_equal(got, TLS_INNER_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	if (err.code != c->code || strstr(err.detail, c->says) == NULL)
		fail_msg("%ld: %s", err.code, err.detail);
	assert_false(tls_inner_keys(m, &keys, &err));
	assert_memory_equal(&keys, &untouched, sizeof(keys));
	SSL_free(raw);
	tls_inner_free(m);
}

/* TLS 1.3 has other flights and another exporter: never offered, never taken. */
static void
tls_1_3_is_not_for_us(void **state)
{
	struct raw_spec spec = { false, TLS1_3_VERSION, "AES128-SHA", false, false };
	unsigned asked = 0;
	struct tls_inner *m = peers_server(&asked);
	enum tls_inner_state got;
	struct err err;
	SSL *raw = raw_new(&spec);

	(void)state;
	raw_converse(m, raw, true, &got, &err);
	assert_int_equal(got, TLS_INNER_FAILED);
	assert_int_equal(err.code, SSL_AD_PROTOCOL_VERSION);
	SSL_free(raw);
	tls_inner_free(m);
}

static void
a_client_without_certificate_is_refused(void **state)
{
	struct raw_spec spec = { false, TLS1_VERSION, "AES128-SHA", true, false };
	unsigned asked = 0;
	struct tls_inner *m = peers_server(&asked);
	enum tls_inner_state got;
	struct err err;
	SSL *raw = raw_new(&spec);

	(void)state;
	raw_converse(m, raw, true, &got, &err);
	assert_int_equal(got, TLS_INNER_FAILED);
	assert_int_equal(err.code, SSL_AD_HANDSHAKE_FAILURE);
	assert_int_equal(asked, 0);
	SSL_free(raw);
	tls_inner_free(m);
}

static bool
accept_nobody(void *arg, X509 *cert)
{
	(void)arg;
	(void)cert;
	return false;
}

static void
both_ends_know_why_a_certificate_was_refused(void **state)
{
	struct tls_inner *client = peers_client(true), *server;
	struct buf a, b;
	struct err err;

	(void)state;
	server = tls_inner_server(peers()->pool, accept_nobody, NULL, &err);
	buf_init(&a, TLS_INNER_LEG_MAX);
	buf_init(&b, TLS_INNER_LEG_MAX);
	tls_inner_leg(client, STR_NULL, &a, &err);
	tls_inner_leg(server, buf_view(&a), &b, &err);
	buf_clear(&a);
	tls_inner_leg(client, buf_view(&b), &a, &err);
	buf_clear(&b);
	assert_int_equal(tls_inner_leg(server, buf_view(&a), &b, &err), TLS_INNER_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	assert_int_equal(err.code, SSL_AD_CERTIFICATE_REVOKED);
	assert_non_null(
	    strstr(err.detail, "the certificate (CN=" PEERS_ALICE ") is refused"));
	buf_clear(&a);
	assert_int_equal(tls_inner_leg(client, buf_view(&b), &a, &err), TLS_INNER_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	assert_int_equal(err.code, SSL_AD_CERTIFICATE_REVOKED);
	assert_non_null(strstr(err.detail, "with alert 44 (certificate revoked)"));
	buf_free(&a);
	buf_free(&b);
	tls_inner_free(client);
	tls_inner_free(server);
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
	struct tls_inner *m = peers_client(true);
	struct buf out;
	struct err err;

	buf_init(&out, TLS_INNER_LEG_MAX);
	assert_int_equal(tls_inner_leg(m, STR_NULL, &out, &err), TLS_INNER_MORE);
	assert_int_equal(tls_inner_leg(m, c->in, &out, &err), TLS_INNER_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	if (err.code != c->code || strstr(err.detail, c->says) == NULL)
		fail_msg("%ld: %s", err.code, err.detail);
	assert_int_equal(ERR_peek_error(), 0);
	/* And that is final. */
	assert_int_equal(tls_inner_leg(m, c->in, &out, &err), TLS_INNER_FAILED);
	assert_non_null(strstr(err.detail, "over already"));
	buf_free(&out);
	tls_inner_free(m);
}

static void
a_leg_has_a_limit(void **state)
{
	static char noise[TLS_INNER_LEG_MAX + 1];
	unsigned asked = 0;
	struct tls_inner *m = peers_server(&asked);
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, TLS_INNER_LEG_MAX);
	assert_int_equal(
	    tls_inner_leg(m, (struct str){ noise, sizeof(noise) }, &out, &err),
	    TLS_INNER_FAILED);
	assert_int_equal(err.cause, CAUSE_LIMIT);
	assert_int_equal(err.code, TLS_INNER_LEG_MAX);
	tls_inner_free(m);
	m = peers_server(&asked);
	assert_int_equal(
	    tls_inner_leg(m, (struct str){ noise, sizeof(noise) - 1 }, &out, &err),
	    TLS_INNER_FAILED);
	assert_int_equal(err.cause, CAUSE_HANDSHAKE);
	tls_inner_free(m);
	buf_free(&out);
}

static void
an_answer_that_does_not_fit_is_a_failure(void **state)
{
	struct tls_inner *m = peers_client(false);
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, 20);
	assert_int_equal(tls_inner_leg(m, STR_NULL, &out, &err), TLS_INNER_FAILED);
	assert_int_equal(err.cause, CAUSE_LIMIT);
	buf_free(&out);
	tls_inner_free(m);
}

static void
what_is_in_the_buffer_stays(void **state)
{
	struct tls_inner *m = peers_client(false);
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, TLS_INNER_LEG_MAX);
	buf_puts(&out, "before");
	assert_int_equal(tls_inner_leg(m, STR_NULL, &out, &err), TLS_INNER_MORE);
	assert_memory_equal(out.data, "before\x16\x03", 8);
	buf_free(&out);
	tls_inner_free(m);
}

/* The server's first flight, made for one client; others can read it up to the Finished.
 */
static void
server_flight(struct buf *ret)
{
	unsigned asked = 0;
	struct tls_inner *client = peers_client(true), *server = peers_server(&asked);
	struct buf hello;
	struct err err;

	buf_init(&hello, TLS_INNER_LEG_MAX);
	buf_init(ret, TLS_INNER_LEG_MAX);
	tls_inner_leg(client, STR_NULL, &hello, &err);
	assert_int_equal(
	    tls_inner_leg(server, buf_view(&hello), ret, &err), TLS_INNER_MORE);
	buf_free(&hello);
	tls_inner_free(client);
	tls_inner_free(server);
}

static enum tls_inner_state
feed_new_client(struct str in, struct err *err)
{
	struct tls_inner *m = peers_client(true);
	enum tls_inner_state got;
	struct buf out;

	buf_init(&out, TLS_INNER_LEG_MAX);
	tls_inner_leg(m, STR_NULL, &out, err);
	*err = (struct err){ .cause = CAUSE_NONE };
	got = tls_inner_leg(m, in, &out, err);
	buf_free(&out);
	tls_inner_free(m);
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
		    TLS_INNER_FAILED);
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
		assert_int_not_equal(
		    feed_new_client(buf_view(&flight), &err), TLS_INNER_ESTABLISHED);
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
		struct tls_inner *client = peers_client(true),
				 *server = peers_server(&asked);
		struct buf a, b;
		struct err err;
		size_t at;

		buf_init(&a, TLS_INNER_LEG_MAX);
		buf_init(&b, TLS_INNER_LEG_MAX);
		tls_inner_leg(client, STR_NULL, &a, &err);
		tls_inner_leg(server, buf_view(&a), &b, &err);
		buf_clear(&a);
		assert_int_equal(
		    tls_inner_leg(client, buf_view(&b), &a, &err), TLS_INNER_MORE);
		buf_clear(&b);
		at = a.len * part / 40;
		a.data[at] = (char)(a.data[at] ^ 0x01);
		assert_int_equal(
		    tls_inner_leg(server, buf_view(&a), &b, &err), TLS_INNER_FAILED);
		buf_free(&a);
		buf_free(&b);
		tls_inner_free(client);
		tls_inner_free(server);
	}
}

RUN_CASES(TEST(an_old_error_does_no_harm),
    ROWS("client refused", refuse_cases, check_refuse), TEST(tls_1_3_is_not_for_us),
    TEST(a_client_without_certificate_is_refused),
    TEST(both_ends_know_why_a_certificate_was_refused),
    ROWS("leg", garbage_cases, check_garbage), TEST(a_leg_has_a_limit),
    TEST(an_answer_that_does_not_fit_is_a_failure), TEST(what_is_in_the_buffer_stays),
    TEST(a_cut_flight_is_refused), TEST(a_broken_flight_never_succeeds),
    TEST(a_broken_answer_never_succeeds));
