/*
 * txn: the password of the account is shown nowhere, whatever a server says, whoever
 * starts the transaction, and whichever allocation fails.
 */
#include <string.h>

#include "../../fakes/alloc.h"
#include "../cases.h"
#include "base/secret.h"
#include "loop/loop.h"
#include "trace/trace.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn_world.h"

#define PASSWORD   "Pa$$word99"
#define AS_BASE64  "UGEkJHdvcmQ5OQ=="
#define HARMLESS   "shown "
#define PATIENT_US (120 * 1000000)

static struct txn_world world;
static struct timer *patience;

static void
lose_patience(void *arg)
{
	(void)arg;
	fputs("a transaction has no end\n", stderr);
	abort();
}

static int
open_world(void **state)
{
	(void)state;
	txn_world_open(&world);
	secret_free(world.account.secret);
	world.account.secret = secret_new(STR_LIT(PASSWORD));
	patience = timer_new(world.env.loop, lose_patience, NULL);
	assert_non_null(patience);
	timer_set(patience, PATIENT_US);
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	timer_free(patience);
	txn_world_close(&world);
	return 0;
}

/* A server that knows the password, and tells it. */
static enum step_move
start(struct txn *t)
{
	txn_saw(t, HARMLESS "%s", PASSWORD " " AS_BASE64);
	err_set(txn_err(t), CAUSE_SIP, 403, HARMLESS "%s", PASSWORD);
	err_said(txn_err(t), STR_LIT(HARMLESS AS_BASE64));
	err_phrase(txn_err(t), STR_LIT(HARMLESS "Pa%24%24word99"));
	return MOVE_FAIL;
}

static void
assert_masked(const char *text)
{
	static const char *const parts[] = { "Pa$$", "word99", "Pa%24", "UGEk", "cmQ5" };

	for (size_t i = 0; i < NROWS(parts); i++)
		if (strstr(text, parts[i]) != NULL)
			fail_msg("%s is in %s", parts[i], text);
	if (alloc_failed() == 0 && strstr(text, HARMLESS) == NULL)
		fail_msg("nothing is left of %s", text);
}

static void
run(void *arg)
{
	static const struct step step = {
		.id = STEP_REGISTER, .budget_ms = 60000, .start = start
	};
	static const struct step *const plan[] = { &step, NULL };
	struct err err = { .cause = CAUSE_NONE };
	struct trace *trace = trace_new();

	(void)arg;
	buf_clear(&world.notes);
	world.observer.trace = trace;
	world.done = 0;
	world.txn = txn_start_plan(&world.env, &world.spec, plan, &world.observer, &err);
	if (world.txn == NULL) {
		assert_int_equal(err.cause, CAUSE_LOCAL);
	} else {
		while (world.done == 0)
			await_loop(world.env.loop, "the end of the transaction");
		assert_int_equal(world.result.err.cause, CAUSE_SIP);
		assert_int_equal(world.result.err.code, 403);
		assert_true(world.result.err.detail[0] != '\0');
		assert_masked(world.result.err.detail);
		assert_masked(world.result.err.said);
		assert_masked(world.result.err.phrase);
		assert_masked(buf_view(&world.notes).p);
	}
	for (const struct trace_entry *e = trace == NULL ? NULL : trace_first(trace);
	    e != NULL; e = trace_next(e)) {
		char text[256];

		assert_true(str_copy(text, sizeof(text), e->text));
		assert_masked(text);
	}
	trace_free(trace);
}

static void
password(void **state)
{
	(void)state;
	run(NULL);
	assert_string_equal(world.result.err.detail, HARMLESS "***");
	assert_string_equal(world.result.err.said, HARMLESS "***Q==");
	assert_string_equal(world.result.err.phrase, HARMLESS "***");
	assert_string_equal(world.notes.data,
	    "register = " HARMLESS "*** ***Q==\nregister - " HARMLESS "***\n");
}

static void
without_memory(void **state)
{
	(void)state;
	assert_in_range(alloc_fail_each(run, NULL), 10, 200);
}

#define WORLD(function) TEST_WITH(function, open_world, close_world)

RUN_CASES(WORLD(password), WORLD(without_memory));
