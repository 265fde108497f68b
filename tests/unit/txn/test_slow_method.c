/*
 * txn: a web ticket for an account whose method takes its time. What it says of the
 * account and of the scheme, that it fails as the method says, and that the transaction
 * can be ended while it waits.
 */
#include <string.h>

#include "../../fakes/gate.h"
#include "../../fakes/slow_method.h"
#include "../../fakes/webserver.h"
#include "../cases.h"
#include "../tls/certs.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn_world.h"

#define PATIENCE_US (120 * 1000000) /* an upper limit; nothing waits for it */

static struct txn_world world;
static struct webserver *server;
static const char *offer; /* WWW-Authenticate of every answer, which is a 401 */

static void
serve(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	char header[128];

	(void)arg;
	(void)rq;
	snprintf(header, sizeof(header), "WWW-Authenticate: %s\r\n", offer);
	webserver_answer(c, "401 No", header, STR_NULL);
}

static int
open_world(void **state)
{
	struct cert_spec ca_spec = { .cn = "Test CA", .ca = 1 };
	struct cert_spec spec = {
		.cn = WORLD_HOST, .san = "DNS:" WORLD_HOST, .eku = "serverAuth"
	};
	X509 *ca = certs_make(&ca_spec, certs_key(0, 0), NULL, NULL);
	X509 *cert = certs_make(&spec, certs_key(1, 0), ca, certs_key(0, 0));

	(void)state;
	txn_world_open(&world);
	world.account.method = &auth_slow;
	server = webserver_new(world.env.loop, cert, certs_key(1, 0), serve, NULL);
	X509_free(ca);
	X509_free(cert);
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	webserver_free(server);
	txn_world_close(&world);
	slow_method_close();
	return 0;
}

/* Stands for the steps before: the metadata have said this. */
static enum step_move
start_before(struct txn *t)
{
	struct facts *f = txn_facts(t);

	snprintf(f->ticket_url, sizeof(f->ticket_url), "https://" WORLD_HOST ":%u/slow",
	    webserver_port(server));
	str_copy(f->certprov.service, sizeof(f->certprov.service), str_of(f->ticket_url));
	return MOVE_NEXT;
}

static void
start(const char *schemes, const enum auth_next *script)
{
	static const struct step step_before = {
		.id = STEP_TICKET_METADATA, .budget_ms = 60000, .start = start_before
	};
	static const struct step *const plan[] = { &step_before, &step_web_ticket, NULL };
	struct err err;

	offer = schemes;
	slow_method_open(world.worker, script, true);
	world.txn = txn_start_plan(&world.env, &world.spec, plan, &world.observer, &err);
	assert_non_null(world.txn);
}

static const struct slow_case {
	const char *name, *offer;
	enum auth_next script[3];
	enum cause cause;
	const char *says;
} cases[] = {
	{ "refused", SLOW_SCHEME, { AUTH_WAIT, AUTH_PROOF }, CAUSE_AUTH,
	    "HTTP 401 after Slow as LAB\\alice" },
	{ "the method fails", SLOW_SCHEME, { AUTH_WAIT, AUTH_FAILED }, CAUSE_TIMEOUT,
	    "the server of tickets is silent" },
	{ "not offered", "NTLM", { AUTH_FAILED }, CAUSE_NOT_OFFERED,
	    "the web ticket service offers NTLM, not Slow" },
	{ "offered without a challenge", SLOW_SCHEME, { AUTH_WAIT, AUTH_MORE },
	    CAUSE_NOT_OFFERED,
	    "the web ticket service offers Slow, but answers Slow in it with HTTP 401 "
	    "and no challenge" },
};

static void
check(void **state)
{
	const struct slow_case *c = *state;

	open_world(NULL);
	start(c->offer, c->script);
	txn_world_wait(&world);
	assert_int_equal(world.result.err.step, STEP_WEB_TICKET);
	assert_int_equal(world.result.err.cause, c->cause);
	assert_string_equal(world.result.err.detail, c->says);
	assert_non_null(strstr(
	    world.notes.data, "Using NTLM/Kerb auth. (Slow, account LAB\\alice)\n"));
	close_world(NULL);
}

static void
lose_patience(void *arg)
{
	(void)arg;
	fputs("the method is never asked\n", stderr);
	abort();
}

static void
stop(void *arg)
{
	loop_stop(arg);
}

/* Runs until the transaction waits for its method, whose worker is busy. */
static void
start_and_wait(void)
{
	static const enum auth_next script[] = { AUTH_WAIT, AUTH_PROOF };
	struct timer *patience = timer_new(world.env.loop, lose_patience, NULL);
	struct timer *look = timer_new(world.env.loop, stop, world.env.loop);

	assert_true(patience != NULL && look != NULL);
	timer_set(patience, PATIENCE_US);
	gate_block(world.worker);
	start(SLOW_SCHEME, script);
	while (slow_method.script == script) {
		timer_set(look, 1000);
		await_loop(world.env.loop, "the method of authentication");
	}
	timer_free(look);
	timer_free(patience);
	assert_int_equal(world.done, 0);
}

static void
cancelled_while_it_waits(void **state)
{
	(void)state;
	start_and_wait();
	txn_cancel(world.txn);
	txn_world_wait(&world);
	assert_int_equal(world.result.err.step, STEP_WEB_TICKET);
	assert_int_equal(world.result.err.cause, CAUSE_CANCELLED);
	assert_string_equal(
	    slow_method.log.data, "begin LAB\\alice@" WORLD_HOST " next() free ");
	assert_int_equal(webserver_requests(server), 1);
}

static void
abandoned_while_it_waits(void **state)
{
	(void)state;
	start_and_wait();
	txn_abandon(world.txn);
	world.txn = NULL;
	assert_string_equal(
	    slow_method.log.data, "begin LAB\\alice@" WORLD_HOST " next() free ");
}

#define WORLD(function) TEST_WITH(function, open_world, close_world)

RUN_CASES(ROWS("ticket", cases, check), WORLD(cancelled_while_it_waits),
    WORLD(abandoned_while_it_waits));
