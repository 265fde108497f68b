/*
 * tls/outer: every way in which a registrar's TLS can be wrong has its own cause and
 * words.
 *
 * The handshakes run against OpenSSL itself over memory, through both doors: an SSL of
 * our own, and an SSL_CTX as libcurl hands it over.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "../cases.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "certs.h"
#include "tls/outer.h"

#define HOST "pool.lab.example"

enum chain { LEAF_ONLY, WITH_ISSUING, WITH_ROOT };
enum key_slot { ROOT_KEY, ISSUING_KEY, LEAF_KEY, WEAK_KEY, OTHER_KEY };
enum manner { NORMAL, HANG_UP, NOT_TLS, OLD_HELLO };

static const struct trust_case {
	const char *name;
	struct cert_spec leaf;
	struct cert_spec root, issuing; /* cn NULL: the usual one */
	enum chain chain;		/* what the server sends */
	bool unknown;			/* its root is not in the CA file */
	bool self_signed, weak_key, no_issuing;
	enum manner manner;
	int server_max; /* TLS version; 0: the newest */
	const char *server_ciphers;
	int asks;	  /* for a client certificate: SSL_VERIFY_* */
	const char *host; /* NULL: HOST */
	/* TLS_1_0 in the table means TLS_1_2, see `old` */
	enum tls_version min;
	bool old, legacy; /* old: min really is TLS_1_0 */
	enum cause cause; /* CAUSE_NONE: accepted */
	long code;
	const char *says[3];
} trust_cases[] = {
	{ "accepted", .leaf = { .cn = HOST, .san = "DNS:" HOST, .eku = "serverAuth" } },
	{ "accepted by its CN alone", .leaf = { .cn = HOST } },
	{ "accepted by a wildcard", .leaf = { .cn = "x", .san = "DNS:*.lab.example" } },
	{ "accepted by one of many names",
	    .leaf = { .cn = "x", .san = "DNS:a.example,DNS:" HOST ",DNS:b.example" } },
	{ "accepted with a chain", .leaf = { .cn = HOST }, .chain = WITH_ISSUING },
	{ "accepted by its address", .leaf = { .cn = "x", .san = "IP:192.0.2.7" },
	    .host = "192.0.2.7" },
	{ "accepted by its IPv6 address", .leaf = { .cn = "x", .san = "IP:2001:db8::1" },
	    .host = "2001:db8::1" },
	{ "accepted for an absolute name", .leaf = { .cn = HOST, .san = "DNS:" HOST },
	    .host = HOST "." },
	{ "accepted in any case", .leaf = { .cn = HOST, .san = "DNS:POOL.Lab.Example" } },

	{ "expired",
	    .leaf = { .cn = HOST,
		.san = "DNS:a.example,DNS:" HOST,
		.from_at = 1500000000,
		.to_at = 1704067200 },
	    .cause = CAUSE_TRUST, .code = CERT_EXPIRED,
	    .says = { "the registrar's certificate (CN=" HOST ", for a.example " HOST ")",
		"ended on 2024-01-01" } },
	{ "not yet valid",
	    .leaf = { .cn = HOST, .from_at = 4102444800, .to_at = 4133980800 },
	    .cause = CAUSE_TRUST, .code = CERT_NOT_YET,
	    .says = { "begins only on 2100-01-01" } },
	{ "issuer expired", .leaf = { .cn = HOST }, .chain = WITH_ISSUING,
	    .issuing = { .cn = "Lab Issuing CA",
		.ca = 1,
		.from_at = 1500000000,
		.to_at = 1704067200 },
	    .cause = CAUSE_TRUST, .code = CERT_EXPIRED,
	    .says = { "depends on CN=Lab Issuing CA", "ended on 2024-01-01" } },
	{ "another name", .leaf = { .cn = "x", .san = "DNS:a.example,DNS:b.example" },
	    .cause = CAUSE_TRUST, .code = CERT_OTHER_NAME,
	    .says = { "is for a.example b.example, not for " HOST } },
	{ "the CN does not count beside a SAN",
	    .leaf = { .cn = HOST, .san = "DNS:a.example" }, .cause = CAUSE_TRUST,
	    .code = CERT_OTHER_NAME, .says = { "is for a.example, not for" } },
	{ "a partial wildcard", .leaf = { .cn = "x", .san = "DNS:po*.lab.example" },
	    .cause = CAUSE_TRUST, .code = CERT_OTHER_NAME },
	{ "a wildcard over two labels", .leaf = { .cn = "x", .san = "DNS:*.example" },
	    .cause = CAUSE_TRUST, .code = CERT_OTHER_NAME },
	{ "another address", .leaf = { .cn = "x", .san = "IP:192.0.2.8" },
	    .host = "192.0.2.7", .cause = CAUSE_TRUST, .code = CERT_OTHER_ADDRESS,
	    .says = { "is for 192.0.2.8, not for 192.0.2.7" } },
	{ "an address as a DNS name", .leaf = { .cn = "x", .san = "DNS:192.0.2.7" },
	    .host = "192.0.2.7", .cause = CAUSE_TRUST, .code = CERT_OTHER_ADDRESS },
	{ "self-signed", .leaf = { .cn = HOST }, .self_signed = true,
	    .cause = CAUSE_TRUST, .code = CERT_SELF_SIGNED,
	    .says = { "(CN=" HOST, "is self-signed and not among the trusted ones "
				   "(ca_file)" } },
	{ "unknown issuer", .leaf = { .cn = HOST }, .unknown = true, .cause = CAUSE_TRUST,
	    .code = CERT_NO_ISSUER,
	    .says = { "is issued by CN=Lab Issuing CA, which neither the server sent "
		      "nor ca_file has" } },
	{ "issuing certificate not sent", .leaf = { .cn = HOST }, .no_issuing = true,
	    .cause = CAUSE_TRUST, .code = CERT_NO_ISSUER,
	    .says = { "is issued by CN=Lab Issuing CA, which neither the server sent "
		      "nor ca_file has" } },
	{ "unknown root behind a chain", .leaf = { .cn = HOST }, .unknown = true,
	    .chain = WITH_ISSUING, .cause = CAUSE_TRUST, .code = CERT_NO_ISSUER,
	    .says = { "leads to CN=Lab Root, which is not among the trusted CAs "
		      "(ca_file)" } },
	{ "unknown root, sent along", .leaf = { .cn = HOST }, .unknown = true,
	    .chain = WITH_ROOT, .cause = CAUSE_TRUST, .code = CERT_UNTRUSTED_ROOT,
	    .says = { "leads to CN=Lab Root, which is not among the trusted CAs "
		      "(ca_file)" } },
	{ "issued by what is no CA", .leaf = { .cn = HOST }, .chain = WITH_ISSUING,
	    .issuing = { .cn = "Some Server" }, .cause = CAUSE_TRUST, .code = CERT_NOT_CA,
	    .says = { "was not accepted" } },
	{ "a certificate for clients", .leaf = { .cn = HOST, .eku = "clientAuth" },
	    .cause = CAUSE_TRUST, .code = CERT_PURPOSE, .says = { "was not accepted" } },

	{ "short key", .leaf = { .cn = HOST }, .weak_key = true, .cause = CAUSE_TRUST,
	    .code = CERT_SHORT_KEY, .says = { "is too weak: its key is too short" } },
	{ "short key, legacy", .leaf = { .cn = HOST }, .weak_key = true, .legacy = true },
	{ "short key, old TLS allowed", .leaf = { .cn = HOST }, .weak_key = true,
	    .old = true, .cause = CAUSE_TRUST, .code = CERT_SHORT_KEY,
	    .says = { "is too weak" } },
	{ "SHA-1", .leaf = { .cn = HOST, .sha1 = 1 }, .cause = CAUSE_TRUST,
	    .code = CERT_OLD_DIGEST,
	    .says = { "is too weak: it is signed with an old digest such as SHA-1" } },
	{ "SHA-1 in the chain", .leaf = { .cn = HOST }, .chain = WITH_ISSUING,
	    .issuing = { .cn = "Lab Issuing CA", .ca = 1, .sha1 = 1 },
	    .cause = CAUSE_TRUST, .code = CERT_OLD_DIGEST,
	    .says = { "depends on CN=Lab Issuing CA, which is too weak: it is signed" } },
	{ "SHA-1, legacy", .leaf = { .cn = HOST, .sha1 = 1 }, .legacy = true },
	{ "short key and expired, legacy",
	    .leaf = { .cn = HOST, .from_at = 1500000000, .to_at = 1704067200 },
	    .weak_key = true, .legacy = true, .cause = CAUSE_TRUST,
	    .code = CERT_EXPIRED },

	{ "TLS 1.2 server", .leaf = { .cn = HOST }, .server_max = TLS1_2_VERSION },
	{ "TLS 1.1 server", .leaf = { .cn = HOST }, .server_max = TLS1_1_VERSION,
	    .cause = CAUSE_TLS, .code = SSL_AD_PROTOCOL_VERSION,
	    .says = { "alert 70 (protocol version)" } },
	{ "answers in an older TLS", .leaf = { .cn = HOST }, .manner = OLD_HELLO,
	    .cause = CAUSE_TLS, .code = SSL_AD_PROTOCOL_VERSION,
	    .says = { "TLS with the registrar", "unsupported protocol" } },
	{ "TLS 1.0 server, allowed", .leaf = { .cn = HOST }, .server_max = TLS1_VERSION,
	    .old = true },
	{ "TLS 1.1 server, allowed", .leaf = { .cn = HOST }, .server_max = TLS1_1_VERSION,
	    .old = true },
	{ "TLS 1.0 server, legacy alone does not do", .leaf = { .cn = HOST },
	    .server_max = TLS1_VERSION, .legacy = true, .cause = CAUSE_TLS,
	    .code = SSL_AD_PROTOCOL_VERSION },
	{ "TLS 1.0 server, legacy, allowed", .leaf = { .cn = HOST },
	    .server_max = TLS1_VERSION, .old = true, .legacy = true },
	{ "TLS 1.2 server, 1.3 demanded", .leaf = { .cn = HOST },
	    .server_max = TLS1_2_VERSION, .min = TLS_1_3, .cause = CAUSE_TLS,
	    .code = SSL_AD_PROTOCOL_VERSION },
	{ "no common cipher", .leaf = { .cn = HOST }, .server_max = TLS1_2_VERSION,
	    .server_ciphers = "AES128-SHA", .cause = CAUSE_TLS,
	    .code = SSL_AD_HANDSHAKE_FAILURE,
	    .says = { "refused TLS with alert 40 (handshake failure)",
		"no TLS version or cipher in common" } },
	{ "asks for a client certificate", .leaf = { .cn = HOST },
	    .asks = SSL_VERIFY_PEER },
	{ "demands a client certificate", .leaf = { .cn = HOST },
	    .asks = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
	    .server_max = TLS1_2_VERSION, .cause = CAUSE_TLS,
	    .code = SSL_AD_CERTIFICATE_REQUIRED,
	    .says = { "demands a client certificate", "alert 40 (handshake failure)" } },
	{ "hangs up", .leaf = { .cn = HOST }, .manner = HANG_UP, .cause = CAUSE_CLOSED,
	    .says = { "the registrar at " HOST " ended the connection during the TLS "
		      "handshake" } },
	{ "does not speak TLS", .leaf = { .cn = HOST }, .manner = NOT_TLS,
	    .cause = CAUSE_TLS, .says = { "wrong version number", "wrong port?" } },
};

struct pki {
	X509 *root, *issuing, *leaf;
};

static struct cert_spec
or_usual(const struct cert_spec *s, const char *cn)
{
	return s->cn != NULL ? *s : (struct cert_spec){ .cn = cn, .ca = 1 };
}

static struct pki
make_pki(const struct trust_case *tc)
{
	struct cert_spec root = or_usual(&tc->root, "Lab Root");
	struct cert_spec issuing = or_usual(&tc->issuing, "Lab Issuing CA");
	EVP_PKEY *key = tc->weak_key ? certs_key(WEAK_KEY, 1024) : certs_key(LEAF_KEY, 0);
	struct pki p;

	p.root = certs_make(&root, certs_key(ROOT_KEY, 0), NULL, NULL);
	p.issuing = certs_make(
	    &issuing, certs_key(ISSUING_KEY, 0), p.root, certs_key(ROOT_KEY, 0));
	p.leaf = tc->self_signed
		     ? certs_make(&tc->leaf, key, NULL, NULL)
		     : certs_make(&tc->leaf, key, p.issuing, certs_key(ISSUING_KEY, 0));
	return p;
}

static void
free_pki(struct pki *p)
{
	X509_free(p->leaf);
	X509_free(p->issuing);
	X509_free(p->root);
}

/* The CA file: the root, and the issuing CA unless the server has to send that. */
static void
write_ca(const struct trust_case *tc, const struct pki *p, const char *path)
{
	struct cert_spec other = { .cn = "Some Other Root", .ca = 1 };
	X509 *stranger;

	if (tc->unknown) {
		stranger = certs_make(&other, certs_key(OTHER_KEY, 0), NULL, NULL);
		certs_write_cert(path, stranger);
		X509_free(stranger);
	} else {
		bool sent = tc->chain != LEAF_ONLY || tc->no_issuing;

		certs_write_cert(path, sent ? p->root : p->issuing);
	}
}

static SSL_CTX *
server_ctx(const struct trust_case *tc, const struct pki *p)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	assert_non_null(ctx);
	SSL_CTX_set_security_level(ctx, 0);
	assert_int_equal(SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION), 1);
	assert_int_equal(SSL_CTX_set_max_proto_version(ctx, tc->server_max), 1);
	if (tc->server_ciphers != NULL)
		assert_int_equal(SSL_CTX_set_cipher_list(ctx, tc->server_ciphers), 1);
	SSL_CTX_set_verify(ctx, tc->asks, NULL);
	assert_int_equal(SSL_CTX_use_certificate(ctx, p->leaf), 1);
	assert_int_equal(
	    SSL_CTX_use_PrivateKey(
		ctx, tc->weak_key ? certs_key(WEAK_KEY, 0) : certs_key(LEAF_KEY, 0)),
	    1);
	if (tc->chain >= WITH_ISSUING)
		assert_int_equal(SSL_CTX_add1_chain_cert(ctx, p->issuing), 1);
	if (tc->chain == WITH_ROOT)
		assert_int_equal(SSL_CTX_add1_chain_cert(ctx, p->root), 1);
	return ctx;
}

/* Moves all that one side wrote to the other. */
static int
carry(SSL *from, SSL *to)
{
	char *p;
	long n = BIO_get_mem_data(SSL_get_wbio(from), &p);

	if (n > 0)
		assert_int_equal(BIO_write(SSL_get_rbio(to), p, (int)n), n);
	(void)BIO_reset(SSL_get_wbio(from));
	return n > 0;
}

/* The client's end of the story: 1, or what SSL_do_handshake() said last. */
static int
handshake(SSL *client, SSL *server)
{
	bool hung_up = false;
	int rc;

	for (unsigned i = 0; i < 10; i++) {
		ERR_clear_error();
		if (SSL_do_handshake(server) != 1 &&
		    SSL_get_error(server, -1) == SSL_ERROR_SSL)
			hung_up = true;
		carry(server, client);
		if (hung_up)
			BIO_set_mem_eof_return(SSL_get_rbio(client), 0);
		ERR_clear_error();
		rc = SSL_do_handshake(client);
		if (rc == 1 || SSL_get_error(client, rc) != SSL_ERROR_WANT_READ)
			return rc;
		carry(client, server);
	}
	fail_msg("the handshake does not end");
	return -1;
}

static int
bad_server(const struct trust_case *tc, SSL *client)
{
	static const char html[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	/* A ServerHello of TLS 1.0: AES128-SHA, no extensions (RFC 2246 7.4.1.3). */
	static const unsigned char hello[5 + 4 + 38] = { 22, 3, 1, 0, 42, 2, 0, 0, 38, 3,
		1, [44] = 0x2f };

	if (tc->manner == NOT_TLS)
		BIO_write(SSL_get_rbio(client), html, sizeof(html) - 1);
	if (tc->manner == OLD_HELLO)
		BIO_write(SSL_get_rbio(client), hello, sizeof(hello));
	BIO_set_mem_eof_return(SSL_get_rbio(client), 0);
	ERR_clear_error();
	return SSL_do_handshake(client);
}

static void
give_bios(SSL *ssl)
{
	SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
}

/* As libcurl does it: a fresh context, the callback, then the session and its SNI. */
static SSL *
curl_ssl(struct tls_outer *o, const char *host, struct tls_peer *peer)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl;

	assert_non_null(ctx);
	assert_true(tls_outer_apply(o, ctx, host, peer));
	ssl = SSL_new(ctx);
	SSL_CTX_free(ctx);
	assert_non_null(ssl);
	SSL_set_connect_state(ssl);
	return ssl;
}

static void
check_words(const struct trust_case *tc, const struct err *err)
{
	for (unsigned i = 0; i < 3 && tc->says[i] != NULL; i++)
		if (strstr(err->detail, tc->says[i]) == NULL)
			fail_msg("\"%s\" is not in \"%s\"", tc->says[i], err->detail);
}

static void
check_facts(const struct trust_case *tc, const struct tls_peer *peer)
{
	assert_int_equal(peer->done, tc->cause == CAUSE_NONE);
	if (tc->cause == CAUSE_NONE) {
		assert_int_equal(peer->verify_error, X509_V_OK);
		assert_int_equal(peer->old_version,
		    tc->server_max == TLS1_VERSION || tc->server_max == TLS1_1_VERSION);
		assert_memory_equal(peer->version, "TLSv1", 5);
	}
	if (tc->cause == CAUSE_NONE || tc->cause == CAUSE_TRUST) {
		assert_true(peer->cert.known);
		assert_memory_equal(peer->cert.subject, "CN=", 3);
		assert_string_equal(peer->cert.subject + 3, tc->leaf.cn);
		assert_int_equal(strlen(peer->cert.sha1), 40);
		assert_memory_equal(peer->cert.serial, "1A2B", 4);
		assert_true(peer->cert.not_before < peer->cert.not_after);
	} else if (tc->manner != NORMAL || (tc->server_max != 0 && tc->asks == 0)) {
		assert_false(peer->cert.known);
	}
}

static void
run_case(const struct trust_case *tc, bool curl)
{
	const char *ca = certs_path(0, "ca.pem"),
		   *host = tc->host != NULL ? tc->host : HOST;
	enum tls_version min = tc->old || tc->min != TLS_1_0 ? tc->min : TLS_1_2;
	struct tls_settings settings = { ca, min, tc->legacy };
	struct err err = { .cause = CAUSE_NONE };
	struct pki p = make_pki(tc);
	SSL_CTX *ctx = server_ctx(tc, &p);
	struct tls_outer *o;
	struct tls_peer peer;
	SSL *client, *server = SSL_new(ctx);
	int rc;

	write_ca(tc, &p, ca);
	o = tls_outer_new(&settings, &err);
	assert_non_null(o);
	client = curl ? curl_ssl(o, host, &peer) : tls_outer_ssl(o, host, &peer, &err);
	assert_non_null(client);
	give_bios(client);
	give_bios(server);
	SSL_set_accept_state(server);
	rc = tc->manner == NORMAL ? handshake(client, server) : bad_server(tc, client);
	assert_int_equal(rc == 1, tc->cause == CAUSE_NONE);
	if (rc != 1) {
		if (curl) { /* libcurl has read the queue by now, and made errors */
			ERR_get_error();
			(void)SSL_shutdown(client);
		}
		tls_outer_error(&peer, host, "registrar", &err);
		assert_int_equal(ERR_peek_error(), 0);
	}
	if (err.cause != tc->cause || err.code != tc->code)
		fail_msg("%s %ld: %s", cause_name(err.cause), err.code, err.detail);
	check_words(tc, &err);
	check_facts(tc, &peer);
	SSL_free(client);
	SSL_free(server);
	SSL_CTX_free(ctx);
	tls_outer_free(o);
	free_pki(&p);
}

static void
check_own(void **state)
{
	run_case(*state, false);
}

static void
check_curl(void **state)
{
	run_case(*state, true);
}

/* libcurl reads the error queue itself; what the callbacks noted must be enough. */
static void
an_alert_is_known_without_the_queue(void **state)
{
	struct tls_peer peer = { .alert = SSL_AD_HANDSHAKE_FAILURE };
	struct err err;

	(void)state;
	ERR_clear_error();
	tls_outer_error(&peer, HOST, "web service", &err);
	assert_int_equal(err.cause, CAUSE_TLS);
	assert_int_equal(err.code, SSL_AD_HANDSHAKE_FAILURE);
	assert_non_null(strstr(err.detail, "the web service at " HOST " refused TLS"));
	peer.alert_sent = true;
	tls_outer_error(&peer, HOST, "web service", &err);
	assert_int_equal(err.cause, CAUSE_TLS);
	assert_non_null(
	    strstr(err.detail, "TLS with the web service at " HOST " failed"));
}

/* TLS 1.3 tells a client only after its handshake that it lacks a certificate. */
static void
a_demand_after_the_handshake(void **state)
{
	struct tls_peer peer = { .alert = SSL_AD_CERTIFICATE_REQUIRED };
	struct err err;

	(void)state;
	ERR_clear_error();
	tls_outer_error(&peer, HOST, "registrar", &err);
	assert_int_equal(err.cause, CAUSE_TLS);
	assert_int_equal(err.code, SSL_AD_CERTIFICATE_REQUIRED);
	assert_non_null(strstr(err.detail, "the registrar at " HOST " demands a client "
					   "certificate"));
	assert_non_null(strstr(err.detail, "alert 116 (certificate required)"));
	/* GnuTLS calls the empty list of certificates undecodable. */
	peer = (struct tls_peer){ .alert = SSL_AD_DECODE_ERROR };
	tls_outer_error(&peer, HOST, "registrar", &err);
	assert_int_equal(err.code, SSL_AD_DECODE_ERROR);
	peer.wants_certificate = true;
	tls_outer_error(&peer, HOST, "registrar", &err);
	assert_int_equal(err.code, SSL_AD_CERTIFICATE_REQUIRED);
	/* Hanging up without an alert is a server's way, too. */
	peer = (struct tls_peer){ .wants_certificate = true };
	tls_outer_error(&peer, HOST, "registrar", &err);
	assert_int_equal(err.cause, CAUSE_CLOSED);
	assert_non_null(strstr(err.detail, "after it asked for a client certificate"));
}

/* IIS asks for client certificates that way, when a directory only accepts them. */
static void
the_server_may_handshake_again(void **state)
{
	struct trust_case tc = { "again", .leaf = { .cn = HOST },
		.server_max = TLS1_2_VERSION };
	struct tls_settings settings = { certs_path(0, "ca.pem"), TLS_1_2, false };
	struct pki p = make_pki(&tc);
	SSL_CTX *ctx = server_ctx(&tc, &p);
	SSL *client, *server = SSL_new(ctx);
	struct tls_outer *o;
	struct tls_peer peer;
	struct err err;
	char got[8];

	(void)state;
	write_ca(&tc, &p, settings.ca_file);
	o = tls_outer_new(&settings, &err);
	client = tls_outer_ssl(o, HOST, &peer, &err);
	give_bios(client);
	give_bios(server);
	SSL_set_accept_state(server);
	assert_int_equal(handshake(client, server), 1);
	SSL_set_verify(server, SSL_VERIFY_PEER, NULL);
	assert_int_equal(SSL_set_session_id_context(server, (const uint8_t *)"x", 1), 1);
	assert_int_equal(SSL_renegotiate(server), 1);
	assert_int_equal(SSL_do_handshake(server), 1); /* its request is on the way */
	for (unsigned i = 0; i < 5; i++) {
		carry(server, client);
		assert_int_equal(SSL_read(client, got, sizeof(got)), -1);
		assert_int_equal(SSL_get_error(client, -1), SSL_ERROR_WANT_READ);
		carry(client, server);
		assert_int_equal(SSL_read(server, got, sizeof(got)), -1);
		assert_int_equal(SSL_get_error(server, -1), SSL_ERROR_WANT_READ);
	}
	assert_true(peer.wants_certificate);
	assert_int_equal(SSL_write(server, "after", 5), 5);
	carry(server, client);
	assert_int_equal(SSL_read(client, got, sizeof(got)), 5);
	SSL_free(client);
	SSL_free(server);
	SSL_CTX_free(ctx);
	tls_outer_free(o);
	free_pki(&p);
}

static void
many_names_are_cut(void **state)
{
	char san[4000] = "", *at = san;
	struct trust_case tc = { "many names", .leaf = { .cn = "x", .san = san },
		.cause = CAUSE_TRUST, .code = CERT_OTHER_NAME,
		.says = { "...", "not for " HOST } };

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		at += snprintf(
		    at, 48, "%sDNS:a-rather-long-name-%03u.example", i > 0 ? "," : "", i);
	tc.says[0] =
	    "is for a-rather-long-name-000.example a-rather-long-name-001.example";
	run_case(&tc, false);
}

static struct stack_st_X509 *
sent_chain(const struct trust_case *tc, const struct pki *p)
{
	struct stack_st_X509 *chain = sk_X509_new_null();

	sk_X509_push(chain, p->leaf);
	if (tc->chain >= WITH_ISSUING)
		sk_X509_push(chain, p->issuing);
	if (tc->chain == WITH_ROOT)
		sk_X509_push(chain, p->root);
	return chain;
}

/* The judgement without a handshake is the same as with one, by either name. */
static void
check_judge(void **state)
{
	const struct trust_case *tc = *state;
	const char *host = tc->host != NULL ? tc->host : HOST;
	const char *const names[][2] = { { host, host }, { "other.example", host } };
	const char *ca = certs_path(0, "ca.pem");
	struct tls_settings settings = { ca, tc->min < TLS_1_2 ? TLS_1_2 : tc->min,
		tc->legacy };
	struct pki p = make_pki(tc);
	struct stack_st_X509 *chain = sent_chain(tc, &p);
	struct tls_outer *o;
	struct err err;

	write_ca(tc, &p, ca);
	o = tls_outer_new(&settings, &err);
	assert_non_null(o);
	for (unsigned i = 0;
	    i < 2 && (tc->cause == CAUSE_NONE || tc->cause == CAUSE_TRUST); i++) {
		bool literal = strpbrk(host, ":") != NULL || host[0] == '1';

		if (literal && i == 1)
			break; /* the second is always a name */
		err = (struct err){ .cause = CAUSE_NONE };
		assert_int_equal(
		    tls_outer_judge(o, p.leaf, chain, names[i], "registrar", &err),
		    tc->cause == CAUSE_NONE);
		if (err.cause != tc->cause || err.code != tc->code)
			fail_msg(
			    "%s %ld: %s", cause_name(err.cause), err.code, err.detail);
		if (i == 0)
			check_words(tc, &err);
		assert_int_equal(ERR_peek_error(), 0);
	}
	tls_outer_free(o);
	sk_X509_free(chain);
	free_pki(&p);
}

/* Whatever OpenSSL calls it, the number is ours. */
static const struct code_case {
	const char *name;
	long verify_error;
	enum cert_code code;
} code_cases[] = {
	{ "unspecified", X509_V_ERR_UNSPECIFIED, CERT_OTHER },
	{ "out of memory", X509_V_ERR_OUT_OF_MEM, CERT_OTHER },
	{ "number of a later version", 1000, CERT_OTHER },
	{ "signature wrong", X509_V_ERR_CERT_SIGNATURE_FAILURE, CERT_FORGED },
	{ "signature unreadable", X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE,
	    CERT_FORGED },
	{ "not yet valid", X509_V_ERR_CERT_NOT_YET_VALID, CERT_NOT_YET },
	{ "expired", X509_V_ERR_CERT_HAS_EXPIRED, CERT_EXPIRED },
	{ "begin malformed", X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, CERT_BAD_DATE },
	{ "end malformed", X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, CERT_BAD_DATE },
	{ "self-signed", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CERT_SELF_SIGNED },
	{ "self-signed root", X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CERT_UNTRUSTED_ROOT },
	{ "no issuer", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CERT_NO_ISSUER },
	{ "no issuer here", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	    CERT_NO_ISSUER },
	{ "nothing but the leaf", X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	    CERT_NO_ISSUER },
	{ "revoked", X509_V_ERR_CERT_REVOKED, CERT_REVOKED },
	{ "chain too long", X509_V_ERR_CERT_CHAIN_TOO_LONG, CERT_BAD_PATH },
	{ "path too long", X509_V_ERR_PATH_LENGTH_EXCEEDED, CERT_BAD_PATH },
	{ "purpose", X509_V_ERR_INVALID_PURPOSE, CERT_PURPOSE },
	{ "extension malformed", X509_V_ERR_INVALID_EXTENSION, CERT_BAD_EXTENSION },
	{ "extension unknown", X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION,
	    CERT_BAD_EXTENSION },
	{ "host name", X509_V_ERR_HOSTNAME_MISMATCH, CERT_OTHER_NAME },
	{ "address", X509_V_ERR_IP_ADDRESS_MISMATCH, CERT_OTHER_ADDRESS },
	{ "short key", X509_V_ERR_EE_KEY_TOO_SMALL, CERT_SHORT_KEY },
	{ "short key of a CA", X509_V_ERR_CA_KEY_TOO_SMALL, CERT_SHORT_CA_KEY },
	{ "old digest", X509_V_ERR_CA_MD_TOO_WEAK, CERT_OLD_DIGEST },
	{ "not a CA", X509_V_ERR_INVALID_CA, CERT_NOT_CA },
	{ "a CA where none may be", X509_V_ERR_INVALID_NON_CA, CERT_NOT_CA },
};

static void
check_code(void **state)
{
	const struct code_case *c = *state;
	struct tls_peer peer = { .verify_error = c->verify_error };
	struct err err = { .cause = CAUSE_NONE };

	tls_outer_error(&peer, HOST, "registrar", &err);
	assert_int_equal(err.cause, CAUSE_TRUST);
	assert_int_equal(err.code, c->code);
}

RUN_CASES(ROWS("handshake", trust_cases, check_own),
    ROWS("judged without one", trust_cases, check_judge),
    ROWS("through libcurl's door", trust_cases, check_curl),
    ROWS("code", code_cases, check_code), TEST(an_alert_is_known_without_the_queue),
    TEST(a_demand_after_the_handshake), TEST(the_server_may_handshake_again),
    TEST(many_names_are_cut));
