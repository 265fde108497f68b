/*
 * transport/https: the legs of a method that makes its tokens in its own time. The logon
 * waits for it, can be dropped while it waits, and what comes late is not used.
 */
#include <string.h>

#include "../../fakes/accounts.h"
#include "../../fakes/gate.h"
#include "../../fakes/slow_method.h"
#include "../cases.h"
#include "https_world.h"
#include "loop/loop.h"
#include "loop/worker.h"

/* base64: "more", "proof", "challenge", "done" */
#define MORE	  SLOW_SCHEME " bW9yZQ=="
#define PROOF	  SLOW_SCHEME " cHJvb2Y="
#define CHALLENGE SLOW_SCHEME " Y2hhbGxlbmdl"
#define DONE	  SLOW_SCHEME " ZG9uZQ=="

#define ANSWERS_MAX 4
#define SCRIPT_MAX  6
#define PATIENCE_US (120 * 1000000) /* an upper limit; nothing waits for it */

static struct https_world world;
static struct worker *worker;
static struct account account;
static const char *const *answers; /* WWW-Authenticate, after the status; in turn */
static struct buf seen;		   /* Authorization of each request */

static void
serve(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	struct str auth = web_request_header(rq, "Authorization"), status, scheme;
	char header[256] = "";

	(void)arg;
	buf_printf(&seen, "[%.*s] ", (int)auth.len, auth.len > 0 ? auth.p : "");
	scheme = str_split(str_of(*answers++), ' ', &status);
	if (scheme.len > 0)
		snprintf(header, sizeof(header), "WWW-Authenticate: %.*s\r\n",
		    (int)scheme.len, scheme.p);
	webserver_answer(
	    c, str_eq(status, "200") ? "200 OK" : "401 No", header, STR_NULL);
}

static int
open_world(void **state)
{
	struct err err;

	(void)state;
	buf_init(&seen, 4096);
	https_world_open(&world, serve);
	worker = worker_new(world.loop, &err);
	assert_non_null(worker);
	account = accounts_ntlm("LAB\\alice", "secret");
	account.method = &auth_slow;
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	gate_open();
	worker_free(worker);
	gate_free();
	https_world_close(&world);
	slow_method_close();
	account_clear(&account);
	buf_free(&seen);
	return 0;
}

static const struct auth_case {
	const char *name;
	enum auth_next script[SCRIPT_MAX];
	const char *answers[ANSWERS_MAX];
	const char *requests, *log; /* seen by the server, and by the method */
	unsigned status;	    /* 0: no answer, a TIMEOUT of the method */
	bool proven, confirms, confirmed;
} cases[] = {
	{ "one token, at once", { AUTH_PROOF }, { "401 " SLOW_SCHEME, "200 " DONE },
	    "[] [" PROOF "] ", "next() confirm(done) ", .status = 200, .proven = true,
	    .confirms = true, .confirmed = true },
	{ "the token comes later", { AUTH_WAIT, AUTH_PROOF },
	    { "401 " SLOW_SCHEME, "200 " DONE }, "[] [" PROOF "] ",
	    "next() next() confirm(done) ", .status = 200, .proven = true,
	    .confirms = true, .confirmed = true },
	{ "each comes later, and one twice so",
	    { AUTH_WAIT, AUTH_MORE, AUTH_WAIT, AUTH_WAIT, AUTH_PROOF },
	    { "401 " SLOW_SCHEME, "401 " CHALLENGE, "200 " DONE },
	    "[] [" MORE "] [" PROOF "] ",
	    "next() next() next(challenge) next(challenge) next(challenge) "
	    "confirm(done) ",
	    .status = 200, .proven = true, .confirms = true, .confirmed = true },
	{ "none can be had", { AUTH_FAILED }, { "401 " SLOW_SCHEME }, "[] ", "next() ",
	    .status = 0 },
	{ "none can be had, as it turns out", { AUTH_WAIT, AUTH_FAILED },
	    { "401 " SLOW_SCHEME }, "[] ", "next() next() ", .status = 0 },
	{ "none for the challenge", { AUTH_MORE, AUTH_WAIT, AUTH_FAILED },
	    { "401 " SLOW_SCHEME, "401 " CHALLENGE }, "[] [" MORE "] ",
	    "next() next(challenge) next(challenge) ", .status = 0 },
	{ "the proof is refused", { AUTH_WAIT, AUTH_PROOF },
	    { "401 " SLOW_SCHEME, "401 " SLOW_SCHEME }, "[] [" PROOF "] ",
	    "next() next() ", .status = 401, .proven = true, .confirms = true },
	{ "no challenge comes", { AUTH_MORE }, { "401 " SLOW_SCHEME, "401 " SLOW_SCHEME },
	    "[] [" MORE "] ", "next() ", .status = 401 },
	{ "the scheme is not offered", { AUTH_PROOF }, { "401 NTLM" }, "[] ", NULL,
	    .status = 401 },
	{ "nobody is asked", { AUTH_PROOF }, { "200" }, "[] ", NULL, .status = 200 },
	{ "the server proves nothing", { AUTH_PROOF }, { "401 " SLOW_SCHEME, "200" },
	    "[] [" PROOF "] ", "next() confirm() ", .status = 200, .proven = true },
	{ "what proves the server is wrong", { AUTH_PROOF },
	    { "401 " SLOW_SCHEME, "200 " DONE }, "[] [" PROOF "] ",
	    "next() confirm(done) ", .status = 200, .proven = true },
	{ "what proves the server is not base64", { AUTH_PROOF },
	    { "401 " SLOW_SCHEME, "200 " SLOW_SCHEME " !" }, "[] [" PROOF "] ", "next() ",
	    .status = 200, .proven = true, .confirms = true },
};

static struct https_request
post(void)
{
	return (struct https_request){ .url = world.url,
		.soap_action = "a",
		.body = STR_LIT("b"),
		.account = &account };
}

/* The log of a logon that has begun, and ended. */
static void
assert_log(const char *want)
{
	char log[512] = "";

	if (want != NULL)
		snprintf(log, sizeof(log), "begin LAB\\alice@" WEB_HOST " %sfree ", want);
	assert_string_equal(buf_view(&slow_method.log).p, log);
}

static void
check(void **state)
{
	const struct auth_case *c = *state;
	struct https_answer a = { .status = 0 };
	struct https_request rq;
	struct err err = { .cause = CAUSE_NONE };

	open_world(NULL);
	answers = c->answers;
	slow_method_open(worker, c->script, c->confirms);
	rq = post();
	assert_int_equal(https_world_ask(&world, &rq, &a, &err), c->status != 0);
	assert_int_equal(a.status, c->status);
	assert_int_equal(a.proven, c->proven);
	assert_int_equal(a.confirmed, c->confirmed);
	if (c->status == 0) {
		assert_int_equal(err.cause, CAUSE_TIMEOUT);
		assert_int_equal(err.code, 42);
	}
	assert_string_equal(seen.data, c->requests);
	assert_log(c->log);
	close_world(NULL);
}

static void
lose_patience(void *arg)
{
	(void)arg;
	fprintf(stderr, "nothing happens any more: %s\n", slow_method.log.data);
	abort();
}

static void
stop(void *arg)
{
	loop_stop(arg);
}

/* Runs the loop until *at is no longer was; aborts when that never happens. */
static void
run_until_changed(const void *at, const void *was, size_t size)
{
	struct timer *patience = timer_new(world.loop, lose_patience, NULL);
	struct timer *look = timer_new(world.loop, stop, world.loop);

	assert_true(patience != NULL && look != NULL);
	timer_set(patience, PATIENCE_US);
	while (memcmp(at, was, size) == 0) {
		timer_set(look, 1000);
		await_loop(world.loop, "the method of authentication");
	}
	timer_free(look);
	timer_free(patience);
}

/* Runs until the request waits for its method, whose worker is busy. */
static void
ask_and_wait(void)
{
	static const enum auth_next script[] = { AUTH_WAIT, AUTH_PROOF, AUTH_PROOF };
	static const char *const both[] = { "401 " SLOW_SCHEME, "401 " SLOW_SCHEME,
		"200 " DONE };
	const enum auth_next *first = script;
	struct https_request rq = post();
	struct err err;

	answers = both;
	slow_method_open(worker, script, true);
	gate_block(worker);
	assert_true(https_start(world.https, &rq, &err));
	run_until_changed(&slow_method.script, &first, sizeof(first));
	assert_int_equal(world.done, 0);
}

/* What the worker made is not used any more. */
static void
let_it_come(void)
{
	unsigned none = 0;

	gate_open();
	run_until_changed(&slow_method.late, &none, sizeof(none));
}

static void
cancelled_while_it_waits(void **state)
{
	struct https_answer a;
	struct err err;

	(void)state;
	ask_and_wait();
	https_cancel(world.https);
	assert_log("next() ");
	let_it_come();
	assert_log("next() ");
	assert_int_equal(world.done, 0);
	assert_false(https_answer(world.https, &a, &err) && a.proven);
}

static void
another_request_while_it_waits(void **state)
{
	struct https_request rq = post();
	struct https_answer a;
	struct err err;

	(void)state;
	ask_and_wait();
	assert_true(https_world_ask(&world, &rq, &a, &err));
	assert_int_equal(a.status, 200);
	assert_true(a.confirmed);
	let_it_come();
	assert_int_equal(world.done, 1);
	assert_string_equal(seen.data, "[] [] [" PROOF "] ");
}

static void
freed_while_it_waits(void **state)
{
	(void)state;
	ask_and_wait();
	https_free(world.https);
	world.https = NULL;
	assert_log("next() ");
	let_it_come();
	assert_int_equal(world.done, 0);
}

/* The worker goes first; the answer comes all the same. */
static void
the_worker_ends_while_it_waits(void **state)
{
	struct err err;

	(void)state;
	ask_and_wait();
	gate_open();
	worker_free(worker);
	https_world_wait(&world, 1);
	worker = worker_new(world.loop, &err);
	assert_non_null(worker);
	assert_string_equal(seen.data, "[] [" PROOF "] ");
}

#define WORLD(function) TEST_WITH(function, open_world, close_world)

RUN_CASES(ROWS("legs", cases, check), WORLD(cancelled_while_it_waits),
    WORLD(another_request_while_it_waits), WORLD(freed_while_it_waits),
    WORLD(the_worker_ends_while_it_waits));
