/*
 * txn: whole transactions against the lab pool, both plans, ended early at every point:
 * from inside, from outside, and without a word. Nobody may stay registered, nothing may
 * leak, and the end is reported once.
 */
#include <string.h>

#include "../cases.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "pool.h"

#define NOTES_MAX 200 /* of one transaction, far more than there are */

static struct txn_world world;
static struct timer *soon;

static void
start(void)
{
	struct err err;

	world.txn = txn_start(&world.env, &world.spec, &world.observer, &err);
	if (world.txn == NULL)
		fail_msg("%s", err.detail);
}

static void
assert_nobody_registered(void)
{
	const char *answer = pool_order("show");

	if (strstr(answer, "\"bindings\":[]") == NULL)
		fail_msg("after %u notes: %s\n%s", world.nnotes, answer,
		    world.notes.data == NULL ? "" : world.notes.data);
}

static const struct plan_case {
	const char *name;
	bool certificate_first;
	const char *steps;
} plan_cases[] = {
	{ "registrar first", false,
	    "resolve sip-connect challenge certprov-metadata ticket-metadata web-ticket "
	    "certificate tls-dsk register log-off " },
	{ "certificate first", true,
	    "resolve certprov-metadata ticket-metadata web-ticket certificate "
	    "sip-connect challenge tls-dsk register log-off " },
};

static void
check_plan(void **state)
{
	const struct plan_case *tc = *state;
	struct buf steps;

	pool_open_world(&world, tc->certificate_first);
	start();
	txn_world_wait(&world);
	if (!world.result.ok)
		fail_msg("%s", world.result.err.detail);
	assert_int_equal(world.result.warnings, 0);
	assert_true(world.result.certificate.known);
	assert_true(world.result.registrar.known);
	assert_true(world.result.web.known);
	assert_string_equal(world.result.provisioning_url, pool.url);
	buf_init(&steps, 1024);
	for (unsigned i = 0; i < world.result.nsteps; i++)
		buf_printf(&steps, "%s ", step_name(world.result.steps[i].step));
	assert_string_equal(steps.data, tc->steps);
	buf_free(&steps);
	assert_nobody_registered();
	txn_world_close(&world);
}

/* Runs with an end of it at each note; true while there was one to end at. */
static void
sweep(bool certificate_first, bool (*run)(unsigned note))
{
	bool more = true;

	for (unsigned note = 1; more && note < NOTES_MAX; note++) {
		pool_open_world(&world, certificate_first);
		more = run(note);
		txn_world_close(&world);
	}
	assert_false(more);
}

/* A cancel counts until the log-off has begun. */
static void
check_cancelled(void)
{
	assert_int_equal(world.done, 1);
	if (!world.result.ok)
		assert_int_equal(world.result.err.cause, CAUSE_CANCELLED);
	assert_int_equal(world.result.warnings, 0);
	assert_nobody_registered();
}

static bool
cancel_inside(unsigned note)
{
	world.cancel_at_note = note;
	start();
	txn_world_wait(&world);
	check_cancelled();
	return world.nnotes >= note;
}

static void
check_cancel_inside(void **state)
{
	const struct plan_case *tc = *state;

	sweep(tc->certificate_first, cancel_inside);
}

static void
cancel(void *arg)
{
	(void)arg;
	if (world.txn != NULL)
		txn_cancel(world.txn);
}

static void
act_soon(struct txn_world *w)
{
	(void)w;
	timer_set(soon, 0);
}

static bool
cancel_outside(unsigned note)
{
	world.hook_at_note = note;
	world.hook = act_soon;
	soon = timer_new(world.env.loop, cancel, NULL);
	assert_non_null(soon);
	start();
	txn_world_wait(&world);
	timer_free(soon);
	check_cancelled();
	return world.nnotes >= note;
}

static void
check_cancel_outside(void **state)
{
	const struct plan_case *tc = *state;

	sweep(tc->certificate_first, cancel_outside);
}

static void
abandon(void *arg)
{
	(void)arg;
	if (world.txn != NULL)
		txn_abandon(world.txn);
	world.txn = NULL;
	world.done++; /* nobody else will say so */
	loop_stop(world.env.loop);
}

static bool
abandon_outside(unsigned note)
{
	world.hook_at_note = note;
	world.hook = act_soon;
	soon = timer_new(world.env.loop, abandon, NULL);
	assert_non_null(soon);
	start();
	txn_world_wait(&world);
	timer_free(soon);
	assert_int_equal(world.done, 1);
	return world.nnotes >= note;
}

static void
abandoned_everywhere(void **state)
{
	(void)state;
	sweep(false, abandon_outside);
}

/* A pool that says that the user is homed where we are already. */
static void
redirected_in_circles(void **state)
{
	unsigned issued;

	(void)state;
	issued = pool_number(pool_order("show"), "\"issued\":");
	pool_order("fault register=redirect:" POOL_FQDN ":%u", pool.sip_port);
	pool_open_world(&world, false);
	start();
	txn_world_wait(&world);
	pool_order("clear");
	assert_int_equal(world.result.err.cause, CAUSE_REDIRECT);
	assert_int_equal(world.result.err.step, STEP_REGISTER);
	assert_int_equal(world.result.warnings, 1u << WARNING_REDIRECT);
	/* Ten steps without the log-off, four times. */
	assert_int_equal(world.result.nsteps, 4 * 9);
	/* The certificate of the first round does for all. */
	assert_int_equal(pool_number(pool_order("show"), "\"issued\":"), issued + 1);
	txn_world_close(&world);
}

RUN_CASES(TEST_WITH(redirected_in_circles, pool_start, NULL),
    ROWS("plan", plan_cases, check_plan),
    ROWS("cancelled inside", plan_cases, check_cancel_inside),
    ROWS("cancelled outside", plan_cases, check_cancel_outside),
    TEST(abandoned_everywhere));
