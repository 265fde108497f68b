/*
 * txn/txn: what the driver offers to steps. The account, warnings, a look at clocks and
 * certificates of servers, and the key of the user.
 */
#include <string.h>

#include "../../fakes/gate.h"
#include "../cases.h"
#include "loop/loop.h"
#include "tls/outer.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn_world.h"

static struct txn_world world;
static void (*hook)(struct txn *t);

static int
open_world(void **state)
{
	(void)state;
	txn_world_open(&world);
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	txn_world_close(&world);
	return 0;
}

/* A transaction of one step. */
static void
run(const struct step *step)
{
	const struct step *const plan[] = { step, NULL };
	struct err err;

	world.txn = txn_start_plan(&world.env, &world.spec, plan, &world.observer, &err);
	assert_non_null(world.txn);
	txn_world_wait(&world);
}

static enum step_move
start_hook(struct txn *t)
{
	hook(t);
	return MOVE_NEXT;
}

static void
look(void (*what)(struct txn *t))
{
	static const struct step step = {
		.id = STEP_RESOLVE, .budget_ms = 60000, .start = start_hook
	};

	hook = what;
	run(&step);
}

static void
tell_tales(struct txn *t)
{
	char text[700];

	memset(text, '!', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	txn_try(t, "%s", "one\r\ntwo\x1b[0m");
	txn_saw(t, "%s", text);
	txn_warn(t, WARNING_REDIRECT, "first");
	txn_warn(t, WARNING_REDIRECT, "second");
	txn_warn(t, WARNING_LIFETIME, "third");
}

static void
the_account(void **state)
{
	char *x, *end;

	(void)state;
	look(tell_tales);
	x = strstr(world.notes.data, "!!!");
	assert_non_null(x);
	end = strchr(x, '\n');
	assert_in_range(end - x, 400, 600); /* cut */
	memmove(x, end, strlen(end) + 1);
	assert_string_equal(world.notes.data,
	    "resolve ? one..two.[0m\nresolve = \nresolve = first\nresolve = third\n"
	    "resolve + resolve\n");
	assert_int_equal(
	    world.result.warnings, 1u << WARNING_REDIRECT | 1u << WARNING_LIFETIME);
}

static void
nobody_listens(void **state)
{
	(void)state;
	world.observer.note = NULL;
	look(tell_tales);
	assert_true(world.result.ok);
}

static const struct clock_case {
	const char *name;
	int64_t ahead_s;
	bool absent, warns;
} clock_cases[] = {
	{ "right", 0, false, false },
	{ "five minutes ahead", 300, false, false },
	{ "a second more", 301, false, true },
	{ "five minutes behind", -300, false, false },
	{ "a second more behind", -301, false, true },
	{ "years behind", -1000000000, false, true },
	{ "no clock", 0, true, false },
};
static const struct clock_case *clock_case;

static void
look_at_clock(struct txn *t)
{
	txn_check_clock(t, "registrar",
	    clock_case->absent ? 0 : world.wall_ms / 1000 + clock_case->ahead_s);
}

static void
check_clock(void **state)
{
	clock_case = *state;
	open_world(NULL);
	look(look_at_clock);
	assert_int_equal(
	    world.result.warnings, clock_case->warns ? 1u << WARNING_CLOCK_SKEW : 0);
	close_world(NULL);
}

static const struct peer_case {
	const char *name;
	struct tls_peer peer;
	int64_t days_left, and_s;
	unsigned warnings;
} peer_cases[] = {
	{ "good", { .done = true, .cert = { .known = true } }, 22, 0, 0 },
	{ "ends in 21 days", { .done = true, .cert = { .known = true } }, 21, 0, 0 },
	{ "a second less", { .done = true, .cert = { .known = true } }, 21, -1,
	    1u << WARNING_SERVER_CERTIFICATE },
	{ "has ended", { .done = true, .cert = { .known = true } }, -1, 0,
	    1u << WARNING_SERVER_CERTIFICATE },
	{ "old TLS", { .done = true, .old_version = true, .cert = { .known = true } }, 22,
	    0, 1u << WARNING_LEGACY_TLS },
	{ "no certificate", { .done = true }, 0, 0, 0 },
	{ "no handshake", { .old_version = true, .cert = { .known = true } }, 0, 0, 0 },
};
static const struct peer_case *peer_case;

static void
look_at_peer(struct txn *t)
{
	struct tls_peer peer = peer_case->peer;

	peer.cert.not_after =
	    world.wall_ms / 1000 + peer_case->days_left * 86400 + peer_case->and_s;
	txn_check_peer(t, "registrar", &peer, &txn_result(t)->registrar);
}

static void
check_peer(void **state)
{
	peer_case = *state;
	open_world(NULL);
	look(look_at_peer);
	assert_int_equal(world.result.warnings, peer_case->warnings);
	assert_int_equal(world.result.registrar.known, peer_case->peer.cert.known);
	close_world(NULL);
}

/* The key of the user, which the driver asks for by itself. */

static enum step_move
use_key(struct txn *t)
{
	if (txn_facts(t)->key != NULL)
		return MOVE_NEXT;
	*txn_err(t) = txn_facts(t)->key_err;
	return MOVE_FAIL;
}

static const struct step step_key = {
	.id = STEP_CERTIFICATE,
	.budget_ms = 60000,
	.start = use_key,
	.key = true,
};

static void
the_key_comes(void **state)
{
	(void)state;
	run(&step_key);
	assert_true(world.result.ok);
}

static void
on_enough(void *arg)
{
	loop_stop(arg);
}

/* However long that takes: no clock runs, and no budget is over. */
static void
the_key_comes_late(void **state)
{
	const struct step *const plan[] = { &step_key, NULL };
	struct timer *enough = timer_new(world.env.loop, on_enough, world.env.loop);
	struct err err;

	(void)state;
	assert_non_null(enough);
	gate_block(world.worker);
	world.spec.timeout_ms = 1;
	world.txn = txn_start_plan(&world.env, &world.spec, plan, &world.observer, &err);
	assert_non_null(world.txn);
	timer_set(enough, 20000);
	await_loop(world.env.loop, "a note of the transaction");
	timer_free(enough);
	assert_int_equal(world.done, 0);
	world.mono_us += 1000000;
	world.spec.timeout_ms = 60000;
	gate_open();
	txn_world_wait(&world);
	assert_true(world.result.ok);
	assert_int_equal(world.result.latency_us, 0);
	assert_non_null(strstr(world.notes.data, "RSA key"));
}

static void
stop_loop(struct txn_world *w)
{
	loop_stop(w->env.loop);
}

static void
cancelled_before_the_key_came(void **state)
{
	const struct step *const plan[] = { &step_key, NULL };
	struct err err;

	(void)state;
	gate_block(world.worker);
	world.txn = txn_start_plan(&world.env, &world.spec, plan, &world.observer, &err);
	assert_non_null(world.txn);
	world.hook_at_note = 1; /* that it waits for the key */
	world.hook = stop_loop;
	await_loop(world.env.loop, "a note of the transaction");
	txn_cancel(world.txn);
	txn_world_wait(&world);
	assert_false(world.result.ok);
	assert_int_equal(world.result.err.cause, CAUSE_CANCELLED);
	gate_open(); /* and then it comes */
}

static void
no_room_for_the_name_of_the_user(void **state)
{
	char user[400];

	(void)state;
	memset(user, 'u', sizeof(user) - 1);
	user[sizeof(user) - 1] = '\0';
	world.spec.user = user;
	run(&step_key);
	assert_false(world.result.ok);
}

#define WORLD(function) TEST_WITH(function, open_world, close_world)

RUN_CASES(WORLD(the_account), WORLD(nobody_listens),
    ROWS("clock", clock_cases, check_clock), ROWS("peer", peer_cases, check_peer),
    WORLD(the_key_comes), WORLD(the_key_comes_late), WORLD(cancelled_before_the_key_came),
    WORLD(no_room_for_the_name_of_the_user));
