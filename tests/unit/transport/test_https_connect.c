/* transport/https: whom it connects to, and whom it trusts. */
#include <errno.h>
#include <string.h>

#include "../cases.h"
#include "../fds.h"
#include "../tls/certs.h"
#include "https_world.h"
#include "tls/outer.h"
#include "vocab/code.h"

static struct https_world world;

static void
serve(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	(void)arg;
	(void)rq;
	webserver_answer(c, "200 OK", "", STR_LIT("ok"));
}

static int
open_world(void **state)
{
	(void)state;
	https_world_open(&world, serve);
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	https_world_close(&world);
	return 0;
}

/* Literal addresses need neither a pin nor a resolver. */
static void
asks_literal_addresses(void **state)
{
	struct https_request rq;
	struct https_answer a;
	struct err err;
	char url[64];

	(void)state;
	snprintf(url, sizeof(url), "https://127.0.0.1:%u/", webserver_port(world.server));
	rq = (struct https_request){ .url = url };
	assert_false(https_world_ask(&world, &rq, &a, &err));
	assert_int_equal(err.cause, CAUSE_TRUST);
	assert_int_equal(err.code, CERT_OTHER_ADDRESS);
	snprintf(url, sizeof(url), "https://[::1]:1/");
	assert_false(https_world_ask(&world, &rq, &a, &err));
	assert_int_equal(err.cause, CAUSE_CONNECT);
}

/* The web service is not to blame for it. */
static void
no_descriptor_is_left(void **state)
{
	struct https_request rq = { .url = world.url };
	struct https_answer a;
	struct err err;
	rlim_t before = fds_none();
	bool asked = https_world_ask(&world, &rq, &a, &err);

	(void)state;
	fds_set_limit(before);
	assert_false(asked);
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(err.code, EMFILE);
	assert_true(https_world_ask(&world, &rq, &a, &err)); /* it passes */
}

static void
a_refused_port(void **state)
{
	struct https_request rq = { .url = "https://" WEB_HOST ":1/" };
	struct https_answer a;
	struct err err;

	(void)state;
	assert_false(https_world_ask(&world, &rq, &a, &err));
	assert_int_equal(err.cause, CAUSE_CONNECT);
	assert_int_equal(err.code, ECONNREFUSED);
	assert_non_null(strstr(err.detail, WEB_HOST ":1"));
}

/* Another server in the place of the world's own. */
static void
put_server(X509 *cert)
{
	webserver_free(world.server);
	world.server = webserver_new(world.loop, cert, https_world_key(), serve, &world);
	snprintf(world.url, sizeof(world.url), "https://" WEB_HOST ":%u/",
	    webserver_port(world.server));
}

static void
a_certificate_for_another_name(void **state)
{
	X509 *cert = https_world_cert(false);
	struct https_request rq = { .url = world.url };
	struct https_answer a;
	struct err err;

	(void)state;
	put_server(cert);
	assert_false(https_world_ask(&world, &rq, &a, &err));
	assert_int_equal(err.cause, CAUSE_TRUST);
	assert_int_equal(err.code, CERT_OTHER_NAME);
	assert_non_null(strstr(err.detail, "other.example"));
	assert_true(https_peer(world.https)->cert.known);
	assert_int_equal(webserver_requests(world.server), 0);
	X509_free(cert);
}

static void
a_certificate_of_nobody(void **state)
{
	X509 *cert =
	    certs_make(&(struct cert_spec){ .cn = WEB_HOST, .san = "DNS:" WEB_HOST },
		https_world_key(), NULL, NULL);
	struct https_request rq = { .url = world.url };
	struct https_answer a;
	struct err err;

	(void)state;
	put_server(cert);
	assert_false(https_world_ask(&world, &rq, &a, &err));
	assert_int_equal(err.cause, CAUSE_TRUST);
	assert_int_equal(err.code, CERT_SELF_SIGNED);
	assert_int_equal(webserver_requests(world.server), 0);
	X509_free(cert);
}

static size_t
greet_in_ssh(void *arg, struct tlsconn *c, struct str octets)
{
	(void)arg;
	tlsconn_send(c, STR_LIT("SSH-2.0-OpenSSH_9.2\r\n"));
	return octets.len;
}

static size_t
hang_up(void *arg, struct tlsconn *c, struct str octets)
{
	(void)arg;
	tlsconn_end(c, false);
	return octets.len;
}

static const struct raw_case {
	const char *name;
	size_t (*data)(void *arg, struct tlsconn *c, struct str octets);
	enum cause cause;
} raw_cases[] = {
	{ "not TLS", greet_in_ssh, CAUSE_TLS },
	{ "an end in the handshake", hang_up, CAUSE_CLOSED },
};

static void
check_raw(void **state)
{
	const struct raw_case *tc = *state;
	struct tlsserver *server;
	struct https_request rq;
	struct https_answer a;
	struct err err;
	char url[64];

	open_world(NULL);
	server =
	    tlsserver_new(world.loop, &(struct tlsserver_settings){ .data = tc->data });
	snprintf(url, sizeof(url), "https://" WEB_HOST ":%u/", tlsserver_port(server));
	rq = (struct https_request){ .url = url };
	assert_false(https_world_ask(&world, &rq, &a, &err));
	if (err.cause != tc->cause)
		fail_msg("%s: %s", cause_name(err.cause), err.detail);
	tlsserver_free(server);
	close_world(NULL);
}

#define CONNECT(function) TEST_WITH(function, open_world, close_world)

RUN_CASES(CONNECT(asks_literal_addresses), CONNECT(a_refused_port),
    CONNECT(no_descriptor_is_left), CONNECT(a_certificate_for_another_name),
    CONNECT(a_certificate_of_nobody), ROWS("raw server", raw_cases, check_raw));
