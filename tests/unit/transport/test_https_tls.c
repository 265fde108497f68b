/*
 * transport/https: what goes wrong in TLS has the same cause and words as at the
 * registrar, although libcurl does the talking.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../cases.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "tls/outer.h"
#include "tls_server.h"
#include "transport/https.h"

/* of a test that hangs */
#define DEADLINE_US (20 * 1000000u)

/* Reads the ClientHello, so that closing is an end and not a reset. */
static void
answer_hello(int fd, const void *answer, size_t len)
{
	char hello[4096];

	if (read(fd, hello, sizeof(hello)) > 0 && write(fd, answer, len) < 0)
		abort();
}

static void
alert_40(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)ssl;
	answer_hello(fd, "\x15\x03\x03\x00\x02\x02\x28", 7);
}

static void
alert_70(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)ssl;
	answer_hello(fd, "\x15\x03\x03\x00\x02\x02\x46", 7);
}

static void
plain_http(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)ssl;
	answer_hello(fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
}

static void
goes_away(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)ssl;
	answer_hello(fd, "", 0);
}

static void
demand(int fd, int version)
{
	SSL_CTX *ctx = tls_server_ctx();
	char rest[4096];
	SSL *ssl;

	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_max_proto_version(ctx, version);
	ssl = SSL_new(ctx);
	SSL_CTX_free(ctx);
	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1 || SSL_accept(ssl) == 1)
		abort();
	/* Closing before all is read would be a reset. */
	shutdown(fd, SHUT_WR);
	while (read(fd, rest, sizeof(rest)) > 0)
		;
	SSL_free(ssl);
}

static void
demand_1_2(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)ssl;
	demand(fd, TLS1_2_VERSION);
}

static void
demand_1_3(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)ssl;
	demand(fd, TLS1_3_VERSION);
}

static const struct tls_case {
	const char *name;
	tls_script script;
	enum cause cause;
	long code;
	const char *says;
} tls_cases[] = {
	{ "alert 40", alert_40, CAUSE_TLS, 40,
	    "the web service at " TLS_SERVER_HOST " refused TLS with alert 40" },
	{ "alert 70", alert_70, CAUSE_TLS, 70,
	    "refused TLS with alert 70 (protocol version)" },
	{ "not TLS", plain_http, CAUSE_TLS, 0, "wrong version number" },
	{ "goes away", goes_away, CAUSE_CLOSED, 0,
	    "the web service at " TLS_SERVER_HOST
	    " ended the connection during the TLS handshake" },
	{ "demands a client certificate", demand_1_2, CAUSE_TLS, 116,
	    "demands a client certificate" },
	{ "demands a client certificate, after the handshake", demand_1_3, CAUSE_TLS, 116,
	    "demands a client certificate" },
};

static void
on_done(void *arg)
{
	loop_stop(arg);
}

static void
on_deadline(void *arg)
{
	(void)arg;
	fprintf(stderr, "the test hangs\n");
	abort();
}

static void
ask(const struct tls_case *c, struct loop *l, uint16_t port)
{
	struct tls_settings settings = { tls_server_ca(), TLS_1_2, false };
	struct err err = { .cause = CAUSE_NONE };
	struct resolver *r = resolver_new(l, NULL, &err);
	struct tls_outer *tls = tls_outer_new(&settings, &err);
	struct https *h = https_new(l, r, tls, TLS_SERVER_HOST, "127.0.0.1", on_done, l);
	struct https_answer answer;
	char url[64];

	assert_non_null(h);
	snprintf(url, sizeof(url), "https://" TLS_SERVER_HOST ":%u/", port);
	assert_true(https_start(h, &(struct https_request){ .url = url }, &err));
	await_loop(l, "the end of the request");
	assert_false(https_answer(h, &answer, &err));
	if (err.cause != c->cause || err.code != c->code ||
	    strstr(err.detail, c->says) == NULL)
		fail_msg("%s %ld: %s", cause_name(err.cause), err.code, err.detail);
	https_free(h);
	tls_outer_free(tls);
	resolver_free(r);
}

static void
check_tls(void **state)
{
	const struct tls_case *c = *state;
	struct tls_server *s = tls_server_start(c->script, false);
	struct err err;
	struct loop *l = loop_new(&err);
	struct timer *deadline = timer_new(l, on_deadline, NULL);
	struct addr addr;

	assert_non_null(deadline);
	timer_set(deadline, DEADLINE_US);
	assert_true(https_global_init(&err));
	tls_server_addr(s, &addr);
	ask(c, l, addr_port(&addr));
	tls_server_stop(s);
	https_global_cleanup();
	timer_free(deadline);
	loop_free(l);
}

RUN_CASES(ROWS("TLS", tls_cases, check_tls));
