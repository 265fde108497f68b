/*
 * A transaction against a registrar that means ill: it holds a certificate that the
 * watcher trusts, and says what it likes. Nothing of that may last for ever, reach a log
 * as more than text, or bring credentials to a host that the administrator never named.
 */
#include <stdio.h>
#include <string.h>

#include "../../fakes/tlsserver.h"
#include "../cases.h"
#include "../tls/certs.h"
#include "base/text.h"
#include "loop/loop.h"
#include "txn_world.h"

#define SHORT_MS  300 /* budget of what is to run out of time */
#define AT	  "@" /* in an answer: IP address and port of the registrar */
#define CHALLENGE "WWW-Authenticate: TLS-DSK realm=\"r\", targetname=\"t\", version=4"

/* What the registrar says: each message without what ties it to the request. */
static const struct answer_case {
	const char *name;
	const char *status, *headers;
	const char *again; /* sent every millisecond, instead of an answer */
	bool brief;	   /* there is no end but that of the budget */
	enum step_id step;
	enum cause cause;
	const char *says;		/* in detail or said */
	const struct answer_case *then; /* on the next connection */
} answer_cases[] = {
	{ "provisional answers without end", .again = "SIP/2.0 100 Trying\r\n",
	    .step = STEP_CHALLENGE, .cause = CAUSE_PROTOCOL, .says = "none of them" },
	{ "requests without end", .again = "NOTIFY sip:alice@127.0.0.1 SIP/2.0\r\n",
	    .step = STEP_CHALLENGE, .cause = CAUSE_PROTOCOL, .says = "none of them" },
	{ "keep-alives without end", .again = "", .brief = true, .step = STEP_CHALLENGE,
	    .cause = CAUSE_TIMEOUT },
	{ "a realm with an escape", "401 x",
	    "WWW-Authenticate: TLS-DSK realm=\"a\\\"b\", targetname=\"t\"",
	    .step = STEP_CHALLENGE, .cause = CAUSE_PROTOCOL, .says = "realm" },
	{ "a targetname with a control character", "401 x",
	    "WWW-Authenticate: TLS-DSK realm=\"r\", targetname=\"\x1b[2J\"",
	    .step = STEP_CHALLENGE, .cause = CAUSE_PROTOCOL, .says = "targetname" },
	{ "a version that is none", "401 x",
	    "WWW-Authenticate: TLS-DSK realm=\"r\", targetname=\"t\", version=%n%n",
	    .step = STEP_CHALLENGE, .cause = CAUSE_PROTOCOL, .says = "version" },
	{ "certificates from another domain", "401 x",
	    CHALLENGE ", sts-uri=\"https://evil.example/x\"",
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_TRUST,
	    .says = "evil.example" },
	{ "certificates from a name that ends like ours", "401 x",
	    CHALLENGE ", sts-uri=\"https://evillab.example/x\"",
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_TRUST, .says = "evillab" },
	{ "certificates from an address", "401 x",
	    CHALLENGE ", sts-uri=\"https://[::1]/x\"", .step = STEP_CERTPROV_METADATA,
	    .cause = CAUSE_TRUST, .says = "::1" },
	{ "certificates without TLS", "401 x",
	    CHALLENGE ", sts-uri=\"http://pool.lab.example/x\"",
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_PROTOCOL, .says = "https" },
	{ "certificates from a URL with a user", "401 x",
	    CHALLENGE ", sts-uri=\"https://pool.lab.example@evil.example/x\"",
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_PROTOCOL, .says = "https" },
	{ "certificates from a URL with a control character", "401 x",
	    CHALLENGE ", sts-uri=\"https://pool.lab.example/\x1b[2J\"",
	    .step = STEP_CHALLENGE, .cause = CAUSE_PROTOCOL, .says = "sts-uri" },
	{ "a redirect to itself", "301 x", "Contact: <sip:" AT ";transport=tls>",
	    .step = STEP_CHALLENGE, .cause = CAUSE_REDIRECT, .says = "more than 3" },
	{ "a redirect to nowhere", "302 x", "Contact: <sip:@:>;q=%s%s",
	    .step = STEP_CHALLENGE, .cause = CAUSE_REDIRECT, .says = "no usable" },
	{ "a diagnosis that would clear the screen", "403 \x1b[2J%s%n",
	    "ms-diagnostics: 4004;reason=\"\x1b[2J\x07%s%n\xe2\x80\xae\"",
	    .step = STEP_CHALLENGE, .cause = CAUSE_AUTH, .says = "%s%n" },
	{ "a year that no clock knows", "403 x", "Date: Fri, 31 Dec 9999 23:59:59 GMT",
	    .step = STEP_CHALLENGE, .cause = CAUSE_SIP },
	{ "an answer to somebody else", "403 x\r\nCall-ID: other", "Subject: x",
	    .step = STEP_CHALLENGE, .cause = CAUSE_PROTOCOL, .says = "Call-ID" },
};

static struct txn_world world;
static struct tlsserver *server;
static struct tlsconn *conn;
static struct timer *ticks;
static char at[32]; /* 127.0.0.1:port */
static const struct answer_case *saying;
static struct buf ties; /* header lines that an answer takes from its request */

static void
add_line(struct str line, const char *name)
{
	if (!str_caseprefix(line, name))
		return;
	buf_str(&ties, line);
	buf_puts(&ties, "\r\n");
}

static void
tie(struct str request)
{
	static const char *const names[] = {
		"Via:", "From:", "To:", "Call-ID:", "CSeq:"
	};
	struct str line;

	buf_clear(&ties);
	while (request.p != NULL) {
		request = str_split(request, '\n', &line);
		for (size_t i = 0; i < NROWS(names); i++)
			add_line(str_trim(line), names[i]);
	}
}

/* One message; AT in its headers is where the registrar is. */
static void
say(const char *start, const char *headers)
{
	struct str before, after;
	struct buf b;

	buf_init(&b, 256 * 1024);
	buf_printf(&b, "%s", start);
	buf_str(&b, buf_view(&ties));
	after = str_split(str_of(headers), AT[0], &before);
	buf_str(&b, before);
	if (after.p != NULL) {
		buf_puts(&b, at);
		buf_str(&b, after);
	}
	buf_puts(&b, "\r\nContent-Length: 0\r\n\r\n");
	assert_false(b.failed);
	tlsconn_send(conn, buf_view(&b));
	buf_free(&b);
}

static void
on_tick(void *arg)
{
	(void)arg;
	if (saying->again[0] == 'N') {
		buf_clear(&ties);
		buf_puts(&ties, "From: <sip:x>\r\nTo: <sip:y>\r\nCall-ID: z\r\n"
				"CSeq: 1 NOTIFY\r\n");
	}
	if (saying->again[0] == '\0')
		tlsconn_send(conn, STR_LIT("\r\n\r\n"));
	else
		say(saying->again, "Subject: x");
	timer_set(ticks, 1000);
}

static size_t
on_data(void *arg, struct tlsconn *c, struct str octets)
{
	char start[128];

	(void)arg;
	if (octets.len < 4 || memcmp(octets.p + octets.len - 4, "\r\n\r\n", 4) != 0)
		return 0;
	conn = c;
	tie(octets);
	if (saying->then != NULL && tlsconn_number(c) > 1)
		saying = saying->then;
	if (saying->again != NULL) {
		timer_set(ticks, 1000);
	} else {
		snprintf(start, sizeof(start), "SIP/2.0 %s\r\n", saying->status);
		say(start, saying->headers);
	}
	return octets.len;
}

static void
start_server(void)
{
	struct cert_spec spec = { .cn = "registrar",
		.eku = "serverAuth",
		.san = "DNS:" WORLD_HOST ",IP:127.0.0.1" };
	/* The one that txn_world trusts. */
	X509 *ca = certs_make(
	    &(struct cert_spec){ .cn = "Test CA", .ca = 1 }, certs_key(0, 0), NULL, NULL);
	X509 *cert = certs_make(&spec, certs_key(1, 0), ca, certs_key(0, 0));
	struct tlsserver_settings s = { cert, certs_key(1, 0), on_data, NULL };

	server = tlsserver_new(world.env.loop, &s);
	X509_free(cert);
	X509_free(ca);
	snprintf(at, sizeof(at), "127.0.0.1:%u", tlsserver_port(server));
	world.spec.registrar_port = tlsserver_port(server);
}

static int
open_world(void **state)
{
	(void)state;
	txn_world_open(&world);
	buf_init(&ties, 65536);
	ticks = timer_new(world.env.loop, on_tick, NULL);
	start_server();
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	timer_free(ticks);
	tlsserver_free(server);
	buf_free(&ties);
	txn_world_close(&world);
	return 0;
}

static void
play(const struct answer_case *c)
{
	struct err err;

	saying = c;
	world.txn = txn_start(&world.env, &world.spec, &world.observer, &err);
	assert_non_null(world.txn);
	txn_world_wait(&world);
	timer_clear(ticks);
	assert_false(world.result.ok);
}

static void
expect_text(const char *text)
{
	char printable[4096];

	text_printable(printable, sizeof(printable), str_of(text));
	assert_string_equal(text, printable);
}

static void
expect_failure(const struct answer_case *c)
{
	const struct err *e = &world.result.err;

	assert_string_equal(cause_name(e->cause), cause_name(c->cause));
	assert_string_equal(step_name(e->step), step_name(c->step));
	if (c->says != NULL && strstr(e->said, c->says) == NULL)
		assert_non_null(strstr(e->detail, c->says));
	expect_text(e->detail);
	expect_text(e->said);
	expect_text(e->phrase);
	expect_text(world.result.provisioning_url);
}

static void
check_answer(void **state)
{
	const struct answer_case *c = *state;
	void *none = NULL;

	open_world(&none);
	if (c->brief)
		world.spec.timeout_ms = SHORT_MS;
	play(c);
	expect_failure(c);
	assert_true(tlsserver_accepted(server) <= 1 + TXN_REDIRECTS_MAX);
	close_world(&none);
}

/*
 * Whoever may send us elsewhere may not say that our credentials belong there: the host
 * of a redirect is nobody that the administrator knows.
 */
static void
a_redirect_makes_no_host_trusted(void **state)
{
	struct answer_case moved = { .status = "301 x",
		.headers = "Contact: <sip:" AT ";transport=tls>" };
	struct answer_case there = { .status = "401 x",
		.headers = CHALLENGE ", sts-uri=\"https://127.0.0.1:1/x\"",
		.step = STEP_CERTPROV_METADATA,
		.cause = CAUSE_TRUST,
		.says = "127.0.0.1" };

	(void)state;
	moved.then = &there;
	play(&moved);
	expect_failure(&there);
}

/* 64 KiB of schemes, none of them ours. */
static void
a_flood_of_schemes(void **state)
{
	struct answer_case c = { .status = "401 x",
		.step = STEP_CHALLENGE,
		.cause = CAUSE_NOT_OFFERED,
		.says = "a0" };
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	buf_puts(&b, "WWW-Authenticate: a0");
	for (unsigned i = 1; i < 10000; i++)
		buf_printf(&b, ",a%u", i);
	c.headers = b.data;
	play(&c);
	expect_failure(&c);
	buf_free(&b);
}

/* It is there, but of no use: not the same as one that is missing. */
static void
an_endless_provisioning_url(void **state)
{
	struct answer_case c = { .status = "401 x",
		.step = STEP_CHALLENGE,
		.cause = CAUSE_PROTOCOL,
		.says = "sts-uri" };
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	buf_puts(&b, CHALLENGE ", sts-uri=\"https://pool.lab.example/");
	for (unsigned i = 1; i < 10000; i++)
		buf_puts(&b, "x");
	buf_puts(&b, "\"");
	c.headers = b.data;
	play(&c);
	expect_failure(&c);
	buf_free(&b);
}

RUN_CASES(ROWS("answer", answer_cases, check_answer),
    TEST_WITH(a_redirect_makes_no_host_trusted, open_world, close_world),
    TEST_WITH(a_flood_of_schemes, open_world, close_world),
    TEST_WITH(an_endless_provisioning_url, open_world, close_world));
