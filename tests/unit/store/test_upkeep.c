/* store: runs are packed, days summed up, and what is old or too much goes. */
#include <stdlib.h>
#include <string.h>

#include "../cases.h"
#include "../../fakes/must.h"
#include "store_world.h"

#define MINUTES_5 UINT64_C(300000)
#define DAY	  INT64_C(86400000)
#define MIDNIGHT  (WORLD_NOW / DAY * DAY + DAY) /* the first after the beginning */

static int64_t
number(struct world *w, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int64_t n = -1;

	/* On the store's own connection, which is at rest. */
	MUST(sqlite3_prepare_v2(w->store->db.sql, sql, -1, &st, NULL) == SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* Runs of all tests every five minutes, until that moment. */
static void
live_until(struct world *w, int64_t until_ms)
{
	while (w->wall_ms < until_ms) {
		world_run(w, 0, true);
		world_run(w, 1, w->wall_ms % (DAY / 2) > DAY / 4);
		world_pass(w, MINUTES_5);
	}
}

static void
open_at_midnight(struct world *w)
{
	w->wall_ms = MIDNIGHT + 1000; /* so that no run began before it */
	world_open(w);
	world_add(w, 2);
	world_settle(w);
}

static void
a_day_is_packed_when_it_is_over(void **state)
{
	struct world *w = *state;

	open_at_midnight(w);
	live_until(w, MIDNIGHT + DAY);
	assert_int_equal(number(w, "SELECT count(*) FROM period"), 0);
	assert_int_equal(number(w, "SELECT count(*) FROM recent"), 576);
	live_until(w, MIDNIGHT + DAY + 4 * (int64_t)MINUTES_5);
	assert_int_equal(number(w, "SELECT count(*) FROM period WHERE done=1"), 1);
	assert_int_equal(number(w, "SELECT count(*) FROM chunk"), 2);
	assert_in_range(number(w, "SELECT count(*) FROM recent"), 0, 8);
	assert_true(number(w, "SELECT length(runs) FROM chunk") < 300 * 20);
	/* its numbers go on after a start, though the table is empty or nearly so */
	world_close(w);
	world_open(w);
	assert_int_equal(w->tests[0].runs, 292);
	world_run(w, 0, true);
	world_pass(w, 1000);
	assert_int_equal(number(w, "SELECT max(id) FROM recent"), 585);
}

static void
a_day_is_summed_up(void **state)
{
	struct world *w = *state;

	open_at_midnight(w);
	live_until(w, MIDNIGHT + DAY + 4 * (int64_t)MINUTES_5);
	assert_int_equal(number(w, "SELECT count(*) FROM day"), 2);
	assert_int_equal(number(w, "SELECT id >> 24 FROM day LIMIT 1"), MIDNIGHT / DAY);
	assert_int_equal(number(w, "SELECT runs FROM day WHERE id & 0xffffff = 1"), 288);
	assert_int_equal(number(w, "SELECT failed FROM day WHERE id & 0xffffff = 1"), 0);
	assert_int_equal(
	    number(w, "SELECT count(*) FROM day WHERE ok_ms + lost_ms + paused_ms +"
		      " isolated_ms + unwatched_ms = 86400000"),
	    2);
	assert_int_equal(
	    number(w, "SELECT ok_ms FROM day WHERE id & 0xffffff = 1"), DAY - 1000);
	/* half of the time, from the second failure on lost as well */
	assert_in_range(number(w, "SELECT lost_ms FROM day WHERE id & 0xffffff = 2"),
	    DAY / 2 - 600000, DAY / 2 + 600000);
	assert_in_range(
	    number(w, "SELECT failed FROM day WHERE id & 0xffffff = 2"), 140, 148);
	assert_int_equal(number(w, "SELECT count(*) FROM day_steps"), 2);
	assert_int_equal(
	    number(w, "SELECT count(*) FROM day WHERE length(latency) < 10"), 2);
}

static void
times_of_a_day_are_told_apart(void **state)
{
	static const char sql[] = /* 4 h not there, 2 h cut off, 3 h paused, 1 h lost */
	    "INSERT INTO change(id, at, kind, subject, was, now, announced) VALUES"
	    "(1001, %1$lld + 3600000, 4, '', 'started', 'stopped', 1),"
	    "(1002, %1$lld + 18000000, 4, '', 'stopped', 'started', 1),"
	    "(1003, %1$lld + 36000000, 3, '', 'connected', 'isolated', 1),"
	    "(1004, %1$lld + 43200000, 3, '', 'isolated', 'connected', 1),"
	    "(1005, %1$lld + 46800000, 1, 't0', 'ok', 'paused', 1),"
	    "(1006, %1$lld + 57600000, 1, 't0', 'paused', 'ok', 1),"
	    "(1007, %1$lld + 60000000, 1, 't0', 'ok', 'alert', 1),"
	    "(1008, %1$lld + 63600000, 1, 't0', 'alert', 'ok', 1)";
	struct world *w = *state;
	struct days *d = calloc(1, sizeof(*d));
	struct day_times t;
	char text[1200];

	open_at_midnight(w);
	snprintf(text, sizeof(text), sql, (long long)MIDNIGHT);
	db_exec(&w->store->db, text);
	days_read_spans(&w->store->db, d, MIDNIGHT, MIDNIGHT + DAY);
	days_measure(&w->store->db, d, "t0", MIDNIGHT, MIDNIGHT + DAY, &t);
	assert_int_equal(t.unwatched, 4 * 3600000);
	assert_int_equal(t.isolated, 2 * 3600000);
	assert_int_equal(t.paused, 3 * 3600000);
	assert_int_equal(t.lost, 3600000);
	assert_int_equal(t.ok, DAY - 10 * 3600000);
	/* a test of which nothing is known */
	days_measure(&w->store->db, d, "t1", MIDNIGHT, MIDNIGHT + DAY, &t);
	assert_int_equal(t.ok, 0);
	assert_int_equal(t.unwatched + t.isolated, DAY);
	db_exec(&w->store->db, "DELETE FROM change");
	free(d);
}

static void
a_crash_and_an_end_are_remembered(void **state)
{
	struct world *w = *state;

	open_at_midnight(w);
	world_pass(w, 60000);
	world_crash(w);
	w->wall_ms += 3600000;
	world_open(w);
	assert_int_equal(
	    number(w, "SELECT at FROM change WHERE kind=4 AND now='stopped'"),
	    MIDNIGHT + 61000);
	world_pass(w, 1000);
	world_close(w);
	w->wall_ms += 3600000;
	world_open(w);
	assert_int_equal(
	    number(w, "SELECT count(*) FROM change WHERE kind=4 AND now='stopped'"), 2);
	assert_int_equal(
	    number(w, "SELECT count(*) FROM change WHERE kind=4 AND now='started'"), 3);
}

/* Killed in the middle: nothing is lost, and nothing is there twice. */
static void
packing_may_be_interrupted_anywhere(void **state)
{
	struct world *w = *state;
	struct upkeep_order o = { .keep_ms = 90 * DAY, .max_size = 1 << 30 };

	open_at_midnight(w);
	for (int i = 0; i < 3000; i++)
		world_run_quietly(w, i % 2, i % 7 != 0);
	world_pass(w, 1000);
	for (int slices = 1; slices < 200; slices++) {
		world_crash(w);
		world_open(w);
		assert_int_equal(w->tests[0].runs + w->tests[1].runs, 3000);
		if (number(w, "SELECT count(*) FROM period WHERE done=1") > 0)
			break;
		o.now_ms = MIDNIGHT + DAY + 600000;
		for (int i = 0; i < slices; i++)
			(void)upkeep_step(&w->store->db, &w->store->upkeep, &o);
		upkeep_reset(&w->store->upkeep);
	}
	assert_int_equal(number(w, "SELECT count(*) FROM chunk"), 2);
	assert_int_equal(number(w, "SELECT count(*) FROM recent"), 0);
	assert_int_equal(number(w, "SELECT count(*) FROM failure"), 429);
}

/* One that does not run any more is remembered, however often others are packed. */
static void
who_has_not_run_is_carried_on(void **state)
{
	struct world *w = *state;
	char run[RESULT_RUN_SIZE];

	open_at_midnight(w);
	world_add(w, 3);
	world_run(w, 2, false);
	memcpy(run, w->tests[2].last.run, sizeof(run));
	for (int day = 1; day <= 3; day++) {
		while (w->wall_ms < MIDNIGHT + day * DAY) {
			world_run(w, 0, true);
			world_pass(w, 3600000);
		}
		world_pass(w, 600000);
		world_crash(w);
		world_open(w);
		assert_int_equal(w->tests[2].runs, 1);
		assert_int_equal(w->tests[2].failed_runs, 1);
		assert_string_equal(w->tests[2].last.run, run);
		assert_string_equal(w->tests[2].last.failure->diag, "WT-CRED");
		assert_int_equal(w->tests[2].alert.failures, 1);
		assert_int_equal(w->tests[0].runs, day * 24);
		assert_int_equal(number(w, "SELECT count(*) FROM period"), day);
	}
}

/* ---- what goes ---- */

static void
set_history(struct world *w, uint64_t days, uint64_t max_size)
{
	store_set_history(w->store, days * DAY, max_size);
}

static void
what_is_too_old_goes(void **state)
{
	struct world *w = *state;

	open_at_midnight(w);
	set_history(w, 2, 1 << 30);
	live_until(w, MIDNIGHT + 6 * DAY + DAY / 2);
	assert_in_range(number(w, "SELECT count(*) FROM period"), 2, 3);
	assert_int_equal(number(w, "SELECT count(*) FROM chunk"),
	    2 * number(w, "SELECT count(*) FROM period"));
	assert_in_range(number(w, "SELECT count(*) FROM failure"), 288, 144 * 4);
	assert_in_range(number(w, "SELECT count(*) FROM day_steps"), 4, 6);
	assert_int_equal(number(w, "SELECT count(*) FROM day"), 12); /* three years */
	assert_true(number(w, "SELECT count(*) FROM change WHERE kind=1") > 20);
}

static void
old_changes_and_days_go_after_three_years(void **state)
{
	struct world *w = *state;

	open_at_midnight(w);
	live_until(w, MIDNIGHT + DAY + DAY / 8); /* t1 is in alert now */
	assert_int_equal(w->tests[1].alert.state, ALERT_ALERT);
	world_close(w);
	w->wall_ms += 1200 * DAY;
	world_open(w);
	for (size_t i = 0; i < w->recall.nlines; i++)
		store_mark_announced(w->store, w->recall.lines[i].ticket);
	world_pass(w, 60000);
	world_pass(w, 60000);
	/* the newest period holds the last run of each test */
	assert_int_equal(number(w, "SELECT count(*) FROM period"), 1);
	assert_int_equal(number(w, "SELECT count(*) FROM day WHERE id >> 24 < 20780"), 0);
	assert_int_equal(number(w, "SELECT count(*) FROM change WHERE subject='t0'"), 0);
	/* those of an alert that is active stay */
	assert_true(number(w, "SELECT count(*) FROM change WHERE subject='t1'") > 0);
}

static void
too_large_a_file_gets_smaller(void **state)
{
	struct world *w = *state;
	uint64_t before;

	open_at_midnight(w);
	live_until(w, MIDNIGHT + 8 * DAY + DAY / 2);
	before = db_used_bytes(&w->store->db);
	set_history(w, 90, before * 2 / 3);
	world_pass(w, 3600000);
	assert_true(db_used_bytes(&w->store->db) <= before * 2 / 3);
	assert_in_range(number(w, "SELECT count(*) FROM period"), 0, 7);
	/* what is, stays */
	assert_int_equal(number(w, "SELECT count(*) FROM state WHERE kind=1"), 2);
	assert_int_equal(number(w, "SELECT count(*) FROM test"), 2);
	assert_int_equal(number(w, "SELECT count(*) FROM day"), 16);
	set_history(w, 90, 1);
	world_pass(w, 3600000);
	assert_int_equal(number(w, "SELECT count(*) FROM day"), 0);
	assert_int_equal(number(w, "SELECT count(*) FROM state WHERE kind=1"), 2);
}

static void
fail_with_trace(struct world *w, size_t test)
{
	static const char text[] = "{\"event\":\"trace\"}\n";
	struct result r = { .ok = false, .started_ms = w->wall_ms, .run = "4f2a91" };
	struct store_trace trace = world_trace(w, text);

	err_set(&r.err, CAUSE_AUTH, 401, "x");
	r.err.step = STEP_REGISTER;
	MUST(test_state_note_run(&w->tests[test], &r, w->wall_ms));
	store_note_run(w->store, &w->tests[test], &trace);
}

static void
of_each_test_the_last_traces_stay(void **state)
{
	struct world *w = *state;

	open_at_midnight(w);
	for (int i = 0; i < 100; i++)
		fail_with_trace(w, 0);
	for (int i = 0; i < 5; i++)
		fail_with_trace(w, 1);
	world_pass(w, 1000);
	assert_int_equal(number(w, "SELECT count(*) FROM trace"), 105);
	world_pass(w, 3600000);
	assert_int_equal(number(w, "SELECT count(*) FROM trace WHERE test=1"), 20);
	assert_int_equal(number(w, "SELECT min(id) FROM trace WHERE test=1"), 81);
	assert_int_equal(number(w, "SELECT count(*) FROM trace WHERE test=2"), 5);
	assert_int_equal(number(w, "SELECT count(*) FROM trace_text"), 25);
}

/* Many at once do not wait for the end of the day. */
static void
many_runs_are_packed_at_once(void **state)
{
	struct world *w = *state;

	open_at_midnight(w);
	for (int i = 0; i < PACK_ROWS; i++) {
		world_run_quietly(w, i % 2, true);
		if (i % 10000 == 0)
			world_pass(w, 1000);
	}
	world_pass(w, 1000);
	for (int i = 0; i < 4; i++)
		world_pass(w, 60000);
	assert_int_equal(number(w, "SELECT count(*) FROM period WHERE done=1"), 1);
	assert_int_equal(number(w, "SELECT count(*) FROM recent"), 0);
	assert_int_equal(number(w, "SELECT last_recent FROM period"), PACK_ROWS);
}

#define CASE(function) TEST_WITH(function, world_setup, world_teardown)

RUN_CASES(CASE(a_day_is_packed_when_it_is_over), CASE(a_day_is_summed_up),
    CASE(times_of_a_day_are_told_apart), CASE(a_crash_and_an_end_are_remembered),
    CASE(packing_may_be_interrupted_anywhere), CASE(who_has_not_run_is_carried_on),
    CASE(what_is_too_old_goes), CASE(old_changes_and_days_go_after_three_years),
    CASE(too_large_a_file_gets_smaller), CASE(of_each_test_the_last_traces_stay),
    CASE(many_runs_are_packed_at_once));
