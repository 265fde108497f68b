/*
 * watch/announce, line_queue, inquiry, outcome: what is looked up about a failure and
 * what is written first delay the lines about it, for a bounded time, and nothing else;
 * and a run that could not start goes the way of every other.
 */
#include <string.h>

#include "../cases.h"
#include "outages.h"
#include "trace/trace.h"
#include "vocab/err.h"
#include "watch/announce.h"
#include "watch/inquiry.h"
#include "watch/line_queue.h"
#include "watch/subscribers.h"
#include "watch/watcher.h"

#define DELAYS_MAX 64

/* ---- a subscriber that takes its time ---- */

static struct {
	bool inquires, commits; /* whether it does at all */
	struct delay *delays[DELAYS_MAX];
	enum event_id committed[DELAYS_MAX];
	char about[DELAYS_MAX][64]; /* of the committed */
	size_t ndelays, ncommitted;
	unsigned inquiries, finished;
	char run[16];
	bool had_trace;
} slow;

static bool
inquire(void *arg, const struct finished_run *run, struct delay *delay)
{
	(void)arg;
	assert_false(run->result->ok);
	assert_string_equal(run->test.state->last.run, run->result->run);
	slow.inquiries++;
	if (!slow.inquires)
		return false;
	assert_true(slow.ndelays < DELAYS_MAX);
	slow.delays[slow.ndelays++] = delay;
	return true;
}

static bool
commit(void *arg, const struct announcement *a, struct delay *delay)
{
	const char *about = a->test != NULL   ? a->test->state->name
			    : a->pool != NULL ? a->pool->fqdn
					      : "watcher";

	(void)arg;
	assert_true(slow.ncommitted < DELAYS_MAX);
	slow.committed[slow.ncommitted] = a->event;
	str_copy(slow.about[slow.ncommitted], sizeof(slow.about[0]), str_of(about));
	slow.ncommitted++;
	if (!slow.commits)
		return false;
	assert_true(slow.ndelays < DELAYS_MAX);
	slow.delays[slow.ndelays++] = delay;
	return true;
}

static void
on_finished(void *arg, const struct finished_run *run)
{
	(void)arg;
	slow.finished++;
	str_copy(slow.run, sizeof(slow.run), str_of(run->result->run));
	slow.had_trace = run->test.trace != NULL;
}

static const struct watch_events events = {
	.inquire = inquire, .commit = commit, .run_finished = on_finished
};

/* Of all that a test does, from one hour on. */
static void
begin_slow(unsigned a, unsigned b, bool inquires, bool commits)
{
	begin("", a, b, 0);
	memset(&slow, 0, sizeof(slow));
	slow.inquires = inquires;
	slow.commits = commits;
	watcher_subscribe(sim.watcher, &events, NULL);
}

static void
end_all_delays(void)
{
	while (slow.ndelays > 0)
		delay_end(slow.delays[--slow.ndelays]);
}

/* Lines of that event about a test since the hour. */
static unsigned
lines(enum event_id event, const char *test)
{
	unsigned n = 0;

	for (size_t i = 0; i < sim.nsaid; i++)
		n += sim.said[i].event == event && sim.said[i].at_ms >= HOUR - 1 &&
		     strcmp(sim.said[i].test, test) == 0;
	return n;
}

static void
run_at_once(const char *test)
{
	assert_int_equal(operator_run_now(sim.operator, test).changed, 1);
	sim_run_until_ms((int64_t)(sim.now_us / 1000) + 600);
}

/* ---- inquiry ---- */

static void
an_inquiry_delays_lines_and_nothing_else(void **state)
{
	(void)state;
	begin_slow(2, 0, true, false);
	fails('a', '0', HOUR - 1, 3 * HOUR, CRED);
	run_at_once("a/u0");
	assert_int_equal(slow.inquiries, 1);
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 0);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 0);
	/* The state, the schedule, the trace, subscribers: all as ever. */
	assert_int_equal(sim_test("a/u0").state->alert.state, ALERT_FAILING);
	assert_in_range(sim_test("a/u0").state->next_ms, SIM_DAY_MS + HOUR,
	    SIM_DAY_MS + HOUR + 31000);
	assert_non_null(sim_test("a/u0").trace);
	assert_int_equal(slow.finished, 1);
	run_at_once("a/u1");
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u1"), 1);
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 0);
	end_all_delays();
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 1);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 1);
	assert_int_equal(sim.said[sim.nsaid - 2].event, EVENT_TEST_FINISHED);
	assert_int_equal(sim.said[sim.nsaid - 1].event, EVENT_TEST_STATE);
	assert_string_equal(sim.said[sim.nsaid - 1].to, "failing");
	assert_string_equal(sim.said[sim.nsaid - 1].diag, "WT-CRED");
	sim_close();
}

static void
an_inquiry_has_a_limit(void **state)
{
	int64_t began;

	(void)state;
	begin_slow(1, 0, true, false);
	fails('a', '0', HOUR - 1, 3 * HOUR, CRED);
	run_at_once("a/u0");
	began = HOUR - 1 + 500;
	sim_run_until_ms(began + INQUIRY_WAIT_MS - 1);
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 0);
	sim_run_until_ms(began + INQUIRY_WAIT_MS + 1);
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 1);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 1);
	end_all_delays(); /* too late, and no harm */
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 1);
	sim_close();
}

static void
a_success_and_a_cancelled_run_ask_nobody(void **state)
{
	(void)state;
	begin_slow(1, 0, true, false);
	run_at_once("a/u0");
	assert_int_equal(slow.inquiries, 0);
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 1);
	(void)operator_run_now(sim.operator, "a/u0");
	sim_run_until_ms((int64_t)(sim.now_us / 1000) + 100);
	watcher_stop(sim.watcher);
	sim_run_until_ms((int64_t)(sim.now_us / 1000) + 100);
	assert_int_equal(slow.finished, 2);
	assert_int_equal(slow.inquiries, 0);
	sim_close();
}

/* ---- commit ---- */

static void
a_change_is_committed_before_its_line(void **state)
{
	(void)state;
	begin_slow(1, 0, false, true);
	fails('a', '0', HOUR - 1, 3 * HOUR, CRED);
	run_at_once("a/u0");
	/* A finished run is no change of state. */
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 1);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 0);
	assert_int_equal(slow.ncommitted, 1);
	assert_int_equal(slow.committed[0], EVENT_TEST_STATE);
	assert_string_equal(slow.about[0], "a/u0");
	/* What comes after it waits for it, also what needs no commit. */
	run_at_once("a/u0");
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 1);
	assert_int_equal(slow.ncommitted, 2);
	/* The later change first: its line does not overtake. */
	delay_end(slow.delays[1]);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 0);
	delay_end(slow.delays[0]);
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 2);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 2);
	assert_string_equal(sim.said[sim.nsaid - 3].to, "failing");
	assert_string_equal(sim.said[sim.nsaid - 1].to, "alert");
	sim_close();
}

static void
a_commit_has_a_limit(void **state)
{
	int64_t at;

	(void)state;
	begin_slow(1, 0, false, true);
	fails('a', '0', HOUR - 1, 3 * HOUR, CRED);
	run_at_once("a/u0");
	at = HOUR - 1 + 500;
	sim_run_until_ms(at + COMMIT_WAIT_MS - 1);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 0);
	sim_run_until_ms(at + COMMIT_WAIT_MS + 1);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 1);
	end_all_delays();
	sim_close();
}

/* Tests, pools, the watcher, pauses, acknowledgements. */
static void
every_change_is_shown(void **state)
{
	static const enum event_id want[] = { EVENT_TEST_STATE, EVENT_TEST_PAUSED,
		EVENT_TEST_RESUMED, EVENT_TEST_ACKNOWLEDGED, EVENT_POOL_ALERT,
		EVENT_POOL_ACKNOWLEDGED, EVENT_POOL_RECOVERED, EVENT_WATCHER_ISOLATED,
		EVENT_WATCHER_CONNECTED };
	const struct operator_note note = { "kenmyer", "" };

	(void)state;
	begin_slow(2, 2, false, false);
	fails('a', '*', HOUR, 2 * HOUR, CRED);
	fails('*', '*', 3 * HOUR, 4 * HOUR, NO_ROUTE);
	sim_run_until_ms(2 * HOUR - 1);
	(void)operator_acknowledge(sim.operator, "a.x.org", &note);
	(void)operator_pause(sim.operator, "b/u1", 60000, &note);
	(void)operator_resume(sim.operator, "b/u1", &note);
	sim_run_until_ms(5 * HOUR);
	for (size_t k = 0; k < NROWS(want); k++) {
		unsigned shown = 0, logged = 0;

		for (size_t i = 0; i < slow.ncommitted; i++)
			shown += slow.committed[i] == want[k];
		for (size_t i = 0; i < sim.nsaid; i++)
			logged +=
			    sim.said[i].event == want[k] && sim.said[i].at_ms >= HOUR;
		assert_true(shown > 0);
		assert_int_equal(shown, logged);
	}
	assert_int_equal(slow.ndelays, 0);
	sim_close();
}

/* ---- the end of a subject, of the watcher ---- */

static void
a_removed_test_has_its_last_lines(void **state)
{
	(void)state;
	begin_slow(2, 0, true, false);
	fails('a', '1', HOUR - 1, 3 * HOUR, CRED);
	run_at_once("a/u1");
	reload("", 1, 0, 0);
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u1"), 0);
	end_all_delays();
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u1"), 1);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u1"), 1);
	sim_close();
}

static bool
was_committed(enum event_id event)
{
	for (size_t i = 0; i < slow.ncommitted; i++)
		if (slow.committed[i] == event)
			return true;
	return false;
}

/* Its pool is another struct after a reload; what waited goes on waiting. */
static void
a_pool_keeps_its_lines_over_a_reload(void **state)
{
	(void)state;
	begin_slow(2, 0, false, true);
	fails('a', '*', HOUR, 3 * HOUR, CRED);
	for (size_t i = 0; i < 6000 && !was_committed(EVENT_POOL_ALERT); i++)
		sim_run_until_ms(HOUR + (int64_t)i * 100);
	assert_true(was_committed(EVENT_POOL_ALERT));
	assert_int_equal(count(EVENT_POOL_ALERT), 0);
	reload("", 3, 0, 0);
	assert_int_equal(count(EVENT_POOL_ALERT), 0);
	end_all_delays();
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	sim_close();
}

static void
nothing_is_lost_at_the_end(void **state)
{
	(void)state;
	begin_slow(1, 0, true, true);
	fails('a', '0', HOUR - 1, 3 * HOUR, CRED);
	run_at_once("a/u0");
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 0);
	sim_kill_and_start();
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 1);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 1);
	end_all_delays(); /* the watcher is another by now */
	sim_close();
}

/* ---- a run that could not start ---- */

static void
what_cannot_start_has_failed(void **state)
{
	const struct test_state *t;

	(void)state;
	begin_slow(1, 0, false, false);
	sim.cannot_start = true;
	run_at_once("a/u0");
	t = sim_test("a/u0").state;
	assert_int_equal(t->alert.state, ALERT_FAILING);
	assert_int_equal(t->failed_runs, 1);
	assert_int_equal(t->last.failure->step, STEP_RESOLVE);
	assert_int_equal(t->last.failure->cause, CAUSE_LOCAL);
	assert_in_range(t->next_ms, SIM_DAY_MS + HOUR, SIM_DAY_MS + HOUR + 31000);
	assert_int_equal(lines(EVENT_TEST_FINISHED, "a/u0"), 1);
	assert_int_equal(lines(EVENT_TEST_STATE, "a/u0"), 1);
	assert_int_equal(slow.inquiries, 1);
	assert_int_equal(slow.finished, 1);
	assert_string_equal(slow.run, "000000");
	assert_true(slow.had_trace);
	assert_string_equal(trace_head(sim_test("a/u0").trace)->run, "000000");
	assert_false(sim_test("a/u0").running);
	sim.cannot_start = false;
	sim_run_until_ms(HOUR + 32000);
	assert_int_equal(sim_test("a/u0").state->alert.state, ALERT_OK);
	sim_close();
}

RUN_CASES(TEST(an_inquiry_delays_lines_and_nothing_else), TEST(an_inquiry_has_a_limit),
    TEST(a_success_and_a_cancelled_run_ask_nobody),
    TEST(a_change_is_committed_before_its_line), TEST(a_commit_has_a_limit),
    TEST(every_change_is_shown), TEST(a_removed_test_has_its_last_lines),
    TEST(a_pool_keeps_its_lines_over_a_reload), TEST(nothing_is_lost_at_the_end),
    TEST(what_cannot_start_has_failed));
