/*
 * txn/txn: how the driver moves a transaction. The steps here are scripted: what start()
 * and finish() answer stands in the table, and every call leaves a mark.
 */
#include <string.h>

#include "../../fakes/gate.h"
#include "../cases.h"
#include "loop/loop.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn_world.h"

/* Steps 0, 1, 2 and the log-off; 2 is the one that registers. */
enum { STEPS = 4, REGISTERS = 2, LOG_OFF = 3 };

/*
 * Letters, one for each call, the last for ever: N next, W wait for an event that comes,
 * S wait for one that never comes, H the same, not for long, O for one that the step
 * does not wait for, A again, R restart, F fail, C cancelled inside, then next.
 */
struct script {
	const char *start, *finish;
};

#define SHORT_MS 5 /* of a step or leg for which no event comes */
#define LONG_MS	 60000

static struct txn_world world;
static const struct script *scripts;
static unsigned calls[STEPS][2];
static struct buf trace; /* "s0 f0 s1": which function of which step */
static struct timer *event;
static enum source event_source;
static uint64_t step_takes_us;
static unsigned leg_ms[STEPS]; /* 0: as long as the step has */
static const char *late;       /* letters of finish() when its leg is late */
static unsigned lates;

static void
on_event(void *arg)
{
	(void)arg;
	txn_wake(world.txn, event_source);
}

static enum step_move
obey(struct txn *t, char letter)
{
	switch (letter) {
	case 'N':
		return MOVE_NEXT;
	case 'A':
		return MOVE_AGAIN;
	case 'R':
		return MOVE_RESTART;
	case 'C':
		txn_cancel(t);
		return MOVE_NEXT;
	case 'W':
	case 'O':
		event_source = letter == 'W' ? SOURCE_SIP : SOURCE_WEB;
		timer_set(event, 0);
		return MOVE_WAIT;
	case 'H':
		txn_leg(t, SHORT_MS);
		return MOVE_WAIT;
	case 'S':
		return MOVE_WAIT;
	default:
		err_set(txn_err(t), CAUSE_SIP, 403, "refused");
		return MOVE_FAIL;
	}
}

/* A leg has no answer. */
static enum step_move
lateness(struct txn *t, unsigned step)
{
	size_t n = lates++;

	buf_printf(&trace, " l%u", step);
	return obey(t, late[n < strlen(late) ? n : strlen(late) - 1]);
}

static enum step_move
call(struct txn *t, unsigned step, bool finish)
{
	const char *letters = finish ? scripts[step].finish : scripts[step].start;
	unsigned n;

	if (txn_late(t))
		return lateness(t, step);
	n = calls[step][finish]++;
	if (letters == NULL)
		letters = "N";
	if (!finish && step == REGISTERS)
		txn_facts(t)->registered = true;
	world.mono_us += step_takes_us;
	if (!finish && leg_ms[step] != 0)
		txn_leg(t, leg_ms[step]);
	buf_printf(&trace, "%s%c%u", trace.len > 0 ? " " : "", finish ? 'f' : 's', step);
	return obey(t, letters[n < strlen(letters) ? n : strlen(letters) - 1]);
}

#define STEP(n)                                                                          \
	static enum step_move start_##n(struct txn *t)                                   \
	{                                                                                \
		return call(t, n, false);                                                \
	}                                                                                \
	static enum step_move finish_##n(struct txn *t)                                  \
	{                                                                                \
		return call(t, n, true);                                                 \
	}
STEP(0)
STEP(1)
STEP(2)
STEP(3)

static struct step steps[STEPS] = {
	{ .id = STEP_RESOLVE,
	    .wakes = FROM(SOURCE_SIP),
	    .start = start_0,
	    .finish = finish_0 },
	{ .id = STEP_CHALLENGE,
	    .wakes = FROM(SOURCE_SIP),
	    .start = start_1,
	    .finish = finish_1 },
	{ .id = STEP_REGISTER,
	    .wakes = FROM(SOURCE_SIP),
	    .start = start_2,
	    .finish = finish_2 },
	{ .id = STEP_LOG_OFF,
	    .wakes = FROM(SOURCE_SIP),
	    .start = start_3,
	    .finish = finish_3,
	    .always = true },
};
static const struct step *const plan[] = { &steps[0], &steps[1], &steps[2], &steps[3],
	NULL };

static const struct drive_case {
	const char *name;
	struct script scripts[STEPS];
	const char *trace;
	enum step_id step; /* where it fails; STEP_COUNT: it does not */
	enum cause cause;
	long code;
	const char *says;
	unsigned warnings;
	uint64_t takes_us;   /* each call */
	unsigned timeout_ms; /* 0: a minute */
	unsigned budget_ms;  /* of a step that gets no event; 0: SHORT_MS */
	unsigned cancel_at_note;
} drive_cases[] = {
	{ "nothing waits", .trace = "s0 s1 s2 s3", .step = STEP_COUNT },
	{ "everything waits",
	    .scripts = { { .start = "W" }, { .start = "W" }, { .start = "W" },
		{ .start = "W" } },
	    .trace = "s0 f0 s1 f1 s2 f2 s3 f3", .step = STEP_COUNT },
	{ "an event is not the last", .scripts = { { "W", "WWN" } },
	    .trace = "s0 f0 f0 f0 s1 s2 s3", .step = STEP_COUNT },
	{ "another leg", .scripts = { [1] = { "WWN", "A" } },
	    .trace = "s0 s1 f1 s1 f1 s1 s2 s3", .step = STEP_COUNT },
	{ "another leg at once", .scripts = { [1] = { .start = "AAN" } },
	    .trace = "s0 s1 s1 s1 s2 s3", .step = STEP_COUNT },
	{ "the plan again", .scripts = { [1] = { "W", "RRN" } },
	    .trace = "s0 s1 f1 s0 s1 f1 s0 s1 f1 s2 s3", .step = STEP_COUNT },

	{ "the first step fails", .scripts = { { .start = "F" } }, .trace = "s0",
	    .step = STEP_RESOLVE, .cause = CAUSE_SIP, .code = 403, .says = "refused" },
	{ "a step fails when its event comes", .scripts = { [1] = { "W", "F" } },
	    .trace = "s0 s1 f1", .step = STEP_CHALLENGE, .cause = CAUSE_SIP,
	    .code = 403 },
	{ "logged off after a failure",
	    .scripts = { [2] = { "W", "F" }, [3] = { .start = "W" } },
	    .trace = "s0 s1 s2 f2 s3 f3", .step = STEP_REGISTER, .cause = CAUSE_SIP,
	    .code = 403 },
	{ "the log-off fails", .scripts = { [3] = { "W", "F" } },
	    .trace = "s0 s1 s2 s3 f3", .step = STEP_COUNT,
	    .warnings = 1u << WARNING_LOG_OFF },
	{ "the log-off fails after a failure",
	    .scripts = { [2] = { .start = "F" }, [3] = { .start = "F" } },
	    .trace = "s0 s1 s2 s3", .step = STEP_REGISTER, .cause = CAUSE_SIP,
	    .code = 403, .warnings = 1u << WARNING_LOG_OFF },

	{ "a deadline", .scripts = { [1] = { .start = "S" } }, .trace = "s0 s1",
	    .step = STEP_CHALLENGE, .cause = CAUSE_TIMEOUT, .code = SHORT_MS,
	    .says = "challenge did not finish within 5 ms" },
	{ "an event for somebody else changes nothing",
	    .scripts = { [1] = { .start = "O" } }, .trace = "s0 s1",
	    .step = STEP_CHALLENGE, .cause = CAUSE_TIMEOUT, .code = SHORT_MS },
	{ "a deadline while registering",
	    .scripts = { [2] = { .start = "S" }, [3] = { .start = "W" } },
	    .trace = "s0 s1 s2 s3 f3", .step = STEP_REGISTER, .cause = CAUSE_TIMEOUT,
	    .code = SHORT_MS },
	{ "a deadline of the log-off", .scripts = { [3] = { .start = "S" } },
	    .trace = "s0 s1 s2 s3", .step = STEP_COUNT,
	    .warnings = 1u << WARNING_LOG_OFF },
	{ "legs share a budget", .scripts = { [1] = { "W", "AAAS" } },
	    .trace = "s0 s1 f1 s1 f1 s1 f1 s1 f1", .step = STEP_CHALLENGE,
	    .cause = CAUSE_TIMEOUT, .code = 200, .budget_ms = 200 },
	/* The clock is ahead of the budget, and so the step has none left. */
	{ "the transaction's time is over", .scripts = { [1] = { .start = "S" } },
	    .trace = "s0 s1", .takes_us = 10000, .timeout_ms = 10, .step = STEP_CHALLENGE,
	    .cause = CAUSE_TIMEOUT, .code = 10, .says = "transaction's 10 ms" },
	{ "what is left is less than the budget", .scripts = { [1] = { .start = "S" } },
	    .trace = "s0 s1", .takes_us = 10000, .timeout_ms = 11, .step = STEP_CHALLENGE,
	    .cause = CAUSE_TIMEOUT, .code = 11 },
	{ "the log-off has time when the transaction has none",
	    .scripts = { [2] = { .start = "S" }, [3] = { .start = "W" } },
	    .trace = "s0 s1 s2 s3 f3", .takes_us = 10000, .timeout_ms = 20,
	    .step = STEP_REGISTER, .cause = CAUSE_TIMEOUT, .code = 20 },

	/* Notes: one at the end of each step. */
	{ "cancelled between two steps", .cancel_at_note = 1, .trace = "s0",
	    .step = STEP_CHALLENGE, .cause = CAUSE_CANCELLED },
	{ "cancelled before the registration", .cancel_at_note = 2, .trace = "s0 s1",
	    .step = STEP_REGISTER, .cause = CAUSE_CANCELLED },
	{ "cancelled before the log-off", .cancel_at_note = 3, .trace = "s0 s1 s2 s3",
	    .step = STEP_COUNT },
	{ "cancelled after the log-off", .cancel_at_note = 4, .trace = "s0 s1 s2 s3",
	    .step = STEP_COUNT },
	{ "cancelled inside start", .scripts = { [1] = { .start = "C" } },
	    .trace = "s0 s1", .step = STEP_CHALLENGE, .cause = CAUSE_CANCELLED },
	{ "cancelled inside finish", .scripts = { [1] = { "W", "C" } },
	    .trace = "s0 s1 f1", .step = STEP_CHALLENGE, .cause = CAUSE_CANCELLED },
	{ "cancelled inside the registration",
	    .scripts = { [2] = { "W", "C" }, [3] = { .start = "W" } },
	    .trace = "s0 s1 s2 f2 s3 f3", .step = STEP_REGISTER,
	    .cause = CAUSE_CANCELLED },
	{ "cancelled inside the log-off", .scripts = { [3] = { "W", "C" } },
	    .trace = "s0 s1 s2 s3 f3", .step = STEP_COUNT },
	{ "cancelled in the note of a failure", .scripts = { [0] = { .start = "F" } },
	    .cancel_at_note = 1, .trace = "s0", .step = STEP_RESOLVE, .cause = CAUSE_SIP,
	    .code = 403 },
};

static int
open_world(void **state)
{
	(void)state;
	txn_world_open(&world);
	buf_init(&trace, 4096);
	memset(calls, 0, sizeof(calls));
	memset(leg_ms, 0, sizeof(leg_ms));
	step_takes_us = 0;
	for (size_t i = 0; i < STEPS; i++)
		steps[i].budget_ms = LONG_MS;
	event = timer_new(world.env.loop, on_event, NULL);
	return event == NULL ? -1 : 0;
}

static int
close_world(void **state)
{
	(void)state;
	timer_free(event);
	txn_world_close(&world);
	buf_free(&trace);
	return 0;
}

static void
start_transaction(const struct script s[STEPS])
{
	struct err err;

	scripts = s;
	world.txn = txn_start_plan(&world.env, &world.spec, plan, &world.observer, &err);
	assert_non_null(world.txn);
	assert_int_equal(world.done, 0); /* never inside */
	assert_int_equal(world.nnotes, 0);
}

static const char *
text_of(const struct buf *b)
{
	assert_false(b->failed);
	return b->data == NULL ? "" : b->data;
}

static bool
waits_in_vain(const struct script *s)
{
	return (s->start != NULL && strpbrk(s->start, "SO") != NULL) ||
	       (s->finish != NULL && strpbrk(s->finish, "SO") != NULL);
}

static void
check_drive(void **state)
{
	const struct drive_case *tc = *state;
	const struct result *r = &world.result;

	open_world(NULL);
	step_takes_us = tc->takes_us;
	if (tc->timeout_ms != 0)
		world.spec.timeout_ms = tc->timeout_ms;
	world.cancel_at_note = tc->cancel_at_note;
	for (size_t i = 0; i < STEPS; i++)
		steps[i].budget_ms = !waits_in_vain(&tc->scripts[i]) ? LONG_MS
				     : tc->budget_ms != 0	     ? tc->budget_ms
								     : SHORT_MS;
	start_transaction(tc->scripts);
	txn_world_wait(&world);
	assert_string_equal(text_of(&trace), tc->trace);
	assert_int_equal(r->ok, tc->step == STEP_COUNT);
	assert_int_equal(r->err.cause, tc->cause);
	assert_int_equal(r->err.step, tc->step);
	assert_int_equal(r->err.code, tc->code);
	if (tc->says != NULL)
		assert_non_null(strstr(r->err.detail, tc->says));
	assert_int_equal(r->warnings, tc->warnings);
	assert_int_equal(world.done, 1);
	close_world(NULL);
}

static const struct script waiting[STEPS] = { { .start = "S" } };
static const struct script at_ease[STEPS] = { { NULL, NULL } };

static void
cancelled_before_it_began(void **state)
{
	(void)state;
	start_transaction(at_ease);
	txn_cancel(world.txn);
	txn_cancel(world.txn);
	assert_int_equal(world.done, 0);
	txn_world_wait(&world);
	assert_string_equal(text_of(&trace), "");
	assert_int_equal(world.result.err.cause, CAUSE_CANCELLED);
	assert_int_equal(world.result.err.step, STEP_RESOLVE);
	assert_int_equal(world.result.started_ms, world.wall_ms);
}

static void
stop_soon(void *arg)
{
	(void)arg;
	loop_stop(world.env.loop);
}

/* Lets everything happen that is due. */
static void
run_a_little(void)
{
	struct timer *t = timer_new(world.env.loop, stop_soon, NULL);

	assert_non_null(t);
	timer_set(t, 1000);
	await_loop(world.env.loop, "the end of the turn");
	timer_free(t);
}

static void
cancelled_while_it_waits(void **state)
{
	static const struct script registering[STEPS] = {
		[2] = { .start = "S" }, [3] = { .start = "W" }
	};

	(void)state;
	start_transaction(registering);
	run_a_little();
	assert_string_equal(text_of(&trace), "s0 s1 s2");
	txn_cancel(world.txn);
	txn_cancel(world.txn);
	assert_int_equal(world.done, 0);
	txn_world_wait(&world);
	assert_string_equal(text_of(&trace), "s0 s1 s2 s3 f3");
	assert_int_equal(world.result.err.cause, CAUSE_CANCELLED);
	assert_int_equal(world.result.err.step, STEP_REGISTER);
}

static void
cancelled_while_it_logs_off(void **state)
{
	static const struct script leaving[STEPS] = { [3] = { .start = "S" } };

	(void)state;
	start_transaction(leaving);
	run_a_little();
	txn_cancel(world.txn);
	event_source = SOURCE_SIP;
	timer_set(event, 0);
	txn_world_wait(&world);
	assert_string_equal(text_of(&trace), "s0 s1 s2 s3 f3");
	assert_true(world.result.ok);
}

static void
abandoned_before_it_began(void **state)
{
	(void)state;
	start_transaction(at_ease);
	txn_abandon(world.txn);
	world.txn = NULL;
	run_a_little();
	assert_int_equal(world.done, 0);
	assert_int_equal(world.nnotes, 0);
}

static void
abandoned_while_it_waits(void **state)
{
	(void)state;
	start_transaction(waiting);
	run_a_little();
	txn_abandon(world.txn);
	world.txn = NULL;
	run_a_little();
	assert_int_equal(world.done, 0);
}

/* Also those that wait for nothing, and the log-off. */
static void
steps_are_timed(void **state)
{
	static const enum step_id want[] = { STEP_RESOLVE, STEP_CHALLENGE, STEP_REGISTER,
		STEP_LOG_OFF };
	static const struct script script[STEPS] = { [1] = { .start = "W" } };

	(void)state;
	step_takes_us = 1500;
	start_transaction(script);
	txn_world_wait(&world);
	assert_int_equal(world.result.nsteps, NROWS(want));
	for (size_t i = 0; i < NROWS(want); i++) {
		assert_int_equal(world.result.steps[i].step, want[i]);
		assert_int_equal(world.result.steps[i].us, i == 1 ? 3000 : 1500);
	}
	assert_int_equal(world.result.latency_us, 5 * 1500);
	assert_int_equal(world.result.started_ms, world.wall_ms);
	assert_int_equal(strlen(world.result.run), 6);
}

/* The time of a failed run is that up to the failure (spec 01 section 4). */
static void
a_failure_stops_the_clock(void **state)
{
	static const struct script script[STEPS] = { [2] = { .start = "F" } };

	(void)state;
	step_takes_us = 1000;
	start_transaction(script);
	txn_world_wait(&world);
	assert_int_equal(world.result.latency_us, 3000);
	assert_int_equal(world.result.nsteps, 4);
}

/* A clock that begins at zero is a clock as good as any. */
static void
a_clock_at_zero(void **state)
{
	static const struct script script[STEPS] = { [1] = { .start = "W" } };

	(void)state;
	world.mono_us = 0;
	start_transaction(script);
	txn_world_wait(&world);
	assert_true(world.result.ok);
	assert_string_equal(text_of(&trace), "s0 s1 f1 s2 s3");
}

static void
no_more_steps_are_kept_than_there_is_room(void **state)
{
	static char restarts[RESULT_STEPS_MAX + 2];
	static struct script script[STEPS] = { { .start = restarts } };

	(void)state;
	memset(restarts, 'R', RESULT_STEPS_MAX);
	restarts[RESULT_STEPS_MAX] = 'N';
	start_transaction(script);
	txn_world_wait(&world);
	assert_true(world.result.ok);
	assert_int_equal(world.result.nsteps, RESULT_STEPS_MAX);
}

/* No step needs it: nobody waits for it. */
static void
without_a_key(void **state)
{
	(void)state;
	gate_block(world.worker);
	start_transaction(at_ease);
	txn_world_wait(&world);
	assert_true(world.result.ok);
}

/* ---- a leg that is late ---- */

static const struct late_case {
	const char *name;
	struct script scripts[STEPS];
	unsigned leg_ms, budget_ms;
	const char *late;
	const char *trace;
	const char *says; /* NULL: it succeeds */
} late_cases[] = {
	{ "another leg, then the end", { { .start = "S" } }, SHORT_MS, LONG_MS, "AF",
	    "s0 l0 s0 l0", "refused" },
	{ "another leg that goes well", { { .start = "SN" } }, SHORT_MS, LONG_MS, "A",
	    "s0 l0 s0 s1 s2 s3", NULL },
	{ "each leg has its own time", { { .start = "SW", .finish = "AN" } }, SHORT_MS,
	    LONG_MS, "A", "s0 l0 s0 f0 s0 f0 s1 s2 s3", NULL },
	{ "the answer comes all the same", { { .start = "S" } }, SHORT_MS, LONG_MS, "W",
	    "s0 l0 f0 s1 s2 s3", NULL },
	{ "the step ends while it waits on", { { .start = "S" } }, SHORT_MS, 20, "S",
	    "s0 l0", "resolve did not finish within 20 ms" },
	{ "the step ends first", { { .start = "S" } }, LONG_MS, SHORT_MS, "F", "s0",
	    "resolve did not finish within 5 ms" },
	{ "the next step has none", { { .start = "W" }, { .start = "W" } }, LONG_MS,
	    LONG_MS, "F", "s0 f0 s1 f1 s2 s3", NULL },
};

static void
check_late(void **state)
{
	const struct late_case *tc = *state;

	open_world(NULL);
	lates = 0;
	late = tc->late;
	for (size_t i = 0; i < STEPS; i++)
		steps[i].budget_ms = LONG_MS;
	steps[0].budget_ms = tc->budget_ms;
	leg_ms[0] = tc->leg_ms;
	start_transaction(tc->scripts);
	txn_world_wait(&world);
	assert_string_equal(text_of(&trace), tc->trace);
	assert_string_equal(world.result.err.detail, tc->says == NULL ? "" : tc->says);
	close_world(NULL);
}

/* ---- another registrar to try ---- */

static const struct elsewhere_case {
	const char *name;
	struct script scripts[STEPS];
	unsigned others; /* that the step before has to offer */
	const char *trace;
	bool ok;
	uint64_t step_takes_us;
} elsewhere_cases[] = {
	{ "the second one will do", { { .start = NULL }, { .start = "FN" } }, 3,
	    "s0 s1 e1 s0 s1 s2 s3", true, 0 },
	{ "none will", { { .start = NULL }, { .start = "F" } }, 2,
	    "s0 s1 e1 s0 s1 e1 s0 s1 e1", false, 0 },
	{ "its time was over", { { .start = NULL }, { .start = "SN" } }, 1,
	    "s0 s1 e1 s0 s1 s2 s3", true, 0 },
	{ "a leg of it was late", { { .start = NULL }, { .start = "H" } }, 1,
	    "s0 s1 l1 e1 s0 s1 l1 e1", false, 0 },
	{ "cancelled", { { .start = NULL }, { .start = "C" } }, 1, "s0 s1", false, 0 },
	{ "no time is left", { { .start = NULL }, { .start = "F" } }, 1, "s0 s1", false,
	    40000000 },
};
static unsigned others;

static bool
reconsider_0(struct txn *t, enum step_id failed)
{
	assert_int_equal(failed, steps[1].id);
	assert_int_not_equal(txn_err(t)->cause, CAUSE_NONE);
	buf_printf(&trace, " e1");
	return others-- > 0;
}

static void
check_elsewhere(void **state)
{
	const struct elsewhere_case *tc = *state;

	open_world(NULL);
	others = tc->others;
	step_takes_us = tc->step_takes_us;
	late = "F";
	for (size_t i = 0; i < STEPS; i++)
		steps[i].budget_ms = LONG_MS;
	if (tc->scripts[1].start[0] == 'S')
		steps[1].budget_ms = SHORT_MS;
	steps[0].reconsider = reconsider_0;
	start_transaction(tc->scripts);
	txn_world_wait(&world);
	assert_string_equal(text_of(&trace), tc->trace);
	assert_int_equal(world.result.ok, tc->ok);
	assert_int_equal(world.result.err.step, tc->ok ? STEP_COUNT : steps[1].id);
	steps[0].reconsider = NULL;
	close_world(NULL);
}

#define DRIVER(function) TEST_WITH(function, open_world, close_world)

RUN_CASES(ROWS("drive", drive_cases, check_drive), ROWS("late", late_cases, check_late),
    ROWS("elsewhere", elsewhere_cases, check_elsewhere),
    DRIVER(cancelled_before_it_began), DRIVER(cancelled_while_it_waits),
    DRIVER(cancelled_while_it_logs_off), DRIVER(abandoned_before_it_began),
    DRIVER(abandoned_while_it_waits), DRIVER(steps_are_timed),
    DRIVER(a_failure_stops_the_clock), DRIVER(a_clock_at_zero),
    DRIVER(no_more_steps_are_kept_than_there_is_room), DRIVER(without_a_key));
