/* sched: rate, phase, retries, what was missed; over simulated days. */
#include "../cases.h"
#include "base/clock.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "world.h"

/* One test that has settled into its slots; returns the time of its last start. */
static uint64_t
settle(struct runtime *w, uint64_t every_ms, unsigned retries, uint64_t retry_ms)
{
	struct sched_spec *specs;

	world_init(w, 1, 3 * DAY + 12345);
	specs = world_specs(w, every_ms);
	specs[0].retries = retries;
	specs[0].retry_ms = retry_ms;
	world_adopt(w, specs, 1, 0, 0, 10);
	free(specs);
	while (w->actors[0].runs == 0)
		world_run(w, w->now_us + every_ms * 100);
	assert_int_equal(w->actors[0].late_us, 0);
	return w->actors[0].started_us;
}

static void
never_drifts(void **state)
{
	struct runtime w;
	uint64_t first = settle(&w, 300000, 1, 30000);

	(void)state;
	w.actors[0].runs = 0;
	for (unsigned i = 1; i <= 3 * 288; i++) {
		w.actors[0].lasts_us = (i * 7919) % 200 * SEC;
		world_run(&w, first + i * 5 * MIN + 4 * MIN);
		assert_int_equal(w.actors[0].started_us, first + i * 5 * MIN);
	}
	assert_int_equal(w.actors[0].runs, 3 * 288);
	assert_int_equal(world_stats(&w).missed, 0);
	world_free(&w);
}

static void
phases_are_spread(void **state)
{
	struct sched_spec *specs;
	unsigned per_second[60] = { 0 };
	struct runtime w;

	(void)state;
	world_init(&w, 3000, DAY);
	specs = world_specs(&w, 60000);
	world_adopt(&w, specs, 3000, 0, 0, 10);
	for (unsigned i = 0; i < 60; i++) {
		uint64_t before = world_stats(&w).started;

		world_run(&w, DAY + (i + 1) * SEC);
		per_second[i] = (unsigned)(world_stats(&w).started - before);
	}
	for (unsigned i = 0; i < 60; i++) {
		assert_true(per_second[i] >= 20); /* 50 expected */
		assert_true(per_second[i] <= 90);
	}
	assert_int_equal(world_stats(&w).started, 3000);
	free(specs);
	world_free(&w);
}

static const struct retry_case {
	const char *name;
	const char *results; /* of the runs, '-' fails */
	unsigned retries;
	uint64_t retry_ms;
	const char *waits; /* after each: 'r'etry or 's'lot */
} retry_cases[] = {
	{ "success waits for its slot", "++", 1, 30000, "ss" },
	{ "first failure is retried", "-+", 1, 30000, "rs" },
	{ "second failure is not", "--", 1, 30000, "rs" },
	{ "nor the third", "---", 1, 30000, "rss" },
	{ "success makes the next one first", "-+-", 1, 30000, "rsr" },
	{ "as many as asked for", "----", 3, 30000, "rrrs" },
	{ "no retry asked for", "--", 0, 30000, "ss" },
	{ "later than the slot", "--", 1, 900000, "ss" },
};

static void
check_retry(void **state)
{
	const struct retry_case *c = *state;
	struct runtime w;
	uint64_t slot = settle(&w, 300000, c->retries, c->retry_ms);

	w.actors[0].lasts_us = 2 * SEC;
	world_run(&w, slot += 5 * MIN);
	for (size_t i = 0; c->results[i] != '\0'; i++) {
		uint64_t began = w.actors[0].started_us, want;

		w.actors[0].fails = c->results[i] == '-';
		world_run(&w, began + 2 * SEC);
		assert_false(w.actors[0].running);
		if (c->waits[i] == 's')
			want = slot += 5 * MIN;
		else
			want = began + 2 * SEC + c->retry_ms * MS;
		assert_int_equal(sched_test_due(w.sched, w.actors[0].id), want);
		world_run(&w, want);
		assert_int_equal(w.actors[0].started_us, want);
		assert_int_equal(w.actors[0].late_us, 0);
	}
	world_free(&w);
}

static const struct overlong_case {
	const char *name;
	uint64_t lasts_us;
	uint64_t again_us; /* the next start, after the first */
	unsigned missed;
} overlong_cases[] = {
	{ "ends within its slot", 4 * MIN, 5 * MIN, 0 },
	{ "just before the next", 5 * MIN - 1, 5 * MIN, 0 },
	{ "at the next: at once", 5 * MIN, 5 * MIN, 0 },
	{ "over one slot: at once", 7 * MIN, 7 * MIN, 0 },
	{ "over three slots: once", 16 * MIN, 16 * MIN, 2 },
};

static void
check_overlong(void **state)
{
	const struct overlong_case *c = *state;
	struct runtime w;
	uint64_t slot = settle(&w, 300000, 1, 30000) + 5 * MIN;
	uint64_t again = slot + c->again_us;

	w.actors[0].lasts_us = c->lasts_us;
	world_run(&w, slot);
	assert_int_equal(w.actors[0].started_us, slot);
	world_run(&w, again - 1);
	assert_int_equal(w.actors[0].started_us, slot);
	w.actors[0].lasts_us = 0;
	w.actors[0].runs = 0;
	world_run(&w, again);
	assert_int_equal(w.actors[0].started_us, again);
	assert_int_equal(world_stats(&w).missed, c->missed);
	/* Then it is back in its slots. */
	world_run(&w, slot + 30 * MIN);
	assert_int_equal(w.actors[0].started_us, slot + 30 * MIN);
	assert_int_equal(w.actors[0].runs, 1 + 30 / 5 - c->again_us / (5 * MIN));
	world_free(&w);
}

static void
suspend_is_made_up_for_once(void **state)
{
	struct sched_spec *specs;
	struct runtime w;

	(void)state;
	world_init(&w, 200, DAY);
	specs = world_specs(&w, 60000);
	world_adopt(&w, specs, 200, 0, 0, 5);
	world_run(&w, DAY + 10 * MIN);
	w.now_us += 3 * HOUR;
	for (size_t i = 0; i < 200; i++)
		w.actors[i].runs = 0;
	while (sched_next_due(w.sched) <= w.now_us || w.running > 0)
		world_run(&w, w.now_us);
	for (size_t i = 0; i < 200; i++) {
		assert_int_equal(w.actors[i].runs, 1);
		assert_true(w.actors[i].late_us < MIN);
	}
	assert_int_equal(world_stats(&w).missed, 200 * 179);
	free(specs);
	world_free(&w);
}

static void
run_that_cannot_start_is_a_failure(void **state)
{
	struct runtime w;
	uint64_t slot = settle(&w, 300000, 1, 30000) + 5 * MIN;

	(void)state;
	w.actors[0].refuses = true;
	w.actors[0].runs = 0;
	world_run(&w, slot);
	assert_int_equal(w.actors[0].runs, 1);
	assert_int_equal(sched_test_due(w.sched, w.actors[0].id), slot + 30 * SEC);
	world_run(&w, slot + 30 * SEC);
	assert_int_equal(sched_test_due(w.sched, w.actors[0].id), slot + 5 * MIN);
	assert_int_equal(world_stats(&w).running, 0);
	world_free(&w);
}

static void
due_while_running_is_the_next_slot(void **state)
{
	struct runtime w;
	uint64_t slot = settle(&w, 300000, 1, 30000) + 5 * MIN;

	(void)state;
	assert_int_equal(sched_test_due(w.sched, w.actors[0].id), slot);
	w.actors[0].lasts_us = MIN;
	world_run(&w, slot + SEC);
	assert_true(w.actors[0].running);
	assert_int_equal(sched_test_due(w.sched, w.actors[0].id), slot + 5 * MIN);
	world_free(&w);
}

static void
nothing_starts_after_stop(void **state)
{
	struct runtime w;
	uint64_t slot = settle(&w, 300000, 1, 30000) + 5 * MIN;

	(void)state;
	w.actors[0].lasts_us = MIN;
	world_run(&w, slot);
	w.actors[0].runs = 0;
	sched_stop(w.sched);
	world_run(&w, slot + DAY); /* the run in flight still ends */
	assert_false(w.actors[0].running);
	assert_int_equal(w.actors[0].runs, 0);
	assert_int_equal(sched_next_due(w.sched), SCHED_NEVER);
	sched_run_due(w.sched);
	assert_int_equal(w.actors[0].runs, 0);
	world_free(&w);
}

static void
nothing_to_do_without_tests(void **state)
{
	struct runtime w;

	(void)state;
	world_init(&w, 0, DAY);
	assert_int_equal(sched_next_due(w.sched), SCHED_NEVER);
	sched_run_due(w.sched);
	world_adopt(&w, NULL, 0, 0, 0, 1);
	assert_int_equal(sched_next_due(w.sched), SCHED_NEVER);
	world_free(&w);
}

static void
lateness_is_measured(void **state)
{
	struct runtime w;
	uint64_t slot = settle(&w, 300000, 1, 30000) + 5 * MIN;

	(void)state;
	w.now_us = slot + 3 * SEC; /* the loop was busy */
	sched_run_due(w.sched);
	assert_int_equal(w.actors[0].late_us, 3 * SEC);
	assert_int_equal(world_stats(&w).late, 1);
	assert_int_equal(world_stats(&w).late_max_us, 3 * SEC);
	assert_int_equal(world_stats(&w).late_sum_us, 3 * SEC);
	assert_int_equal(world_stats(&w).started, 2);
	world_free(&w);
}

/* Each turn does a part of the work, and yet all of it gets done, in order of name. */
static void
many_tests(void **state)
{
	const size_t n = 100000;
	struct sched_spec *specs;
	struct runtime w;

	(void)state;
	world_init(&w, n, DAY);
	specs = world_specs(&w, 300000);
	world_adopt(&w, specs, n, 0, 0, 64);
	world_run(&w, DAY + 5 * MIN);
	assert_int_equal(world_stats(&w).started, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(w.actors[i].runs, 1);
	w.now_us += HOUR;
	sched_run_due(w.sched);
	assert_true(world_stats(&w).started <= n + 64);
	assert_true(world_stats(&w).waiting <= 1024);
	free(specs);
	world_free(&w);
}

struct live {
	struct loop *loop;
	struct sched *sched;
	uint32_t id;
	unsigned runs;
};

static void
on_live_start(void *arg, void *owner, uint64_t late_us)
{
	struct live *l = arg;

	(void)late_us;
	assert_ptr_equal(owner, l);
	sched_finished(l->sched, l->id, true);
	if (++l->runs == 3)
		loop_stop(l->loop);
}

static void
loop_timer_drives_it(void **state)
{
	struct err err;
	struct live l = { .loop = loop_new(&err) };
	struct sched_spec spec = { .name = "t",
		.owner = &l,
		.every_ms = 1,
		.retry_ms = 1,
		.pool = SCHED_NONE,
		.user = SCHED_NONE,
		.due_in_ms = SCHED_NEVER };
	struct sched_set set = { .tests = &spec, .ntests = 1, .max_parallel = 1 };

	(void)state;
	assert_non_null(l.loop);
	l.sched = sched_new(l.loop, &clock_system, on_live_start, &l);
	assert_non_null(l.sched);
	assert_true(sched_adopt(l.sched, &set, &l.id));
	await_loop(l.loop, "a test that is due");
	assert_int_equal(l.runs, 3);
	sched_free(l.sched);
	loop_free(l.loop);
}

/* Held for an hour: not a run; one soon after it, and then the slots as they were. */
static void
a_held_test_makes_up_with_one_run(void **state)
{
	struct sched_spec *specs;
	struct runtime w;
	uint64_t due;

	(void)state;
	world_init(&w, 1, DAY);
	specs = world_specs(&w, 300000);
	world_adopt(&w, specs, 1, 0, 0, 1);
	world_run(&w, DAY + 10 * MIN);
	assert_int_equal(w.actors[0].runs, 2);
	due = sched_test_due(w.sched, w.actors[0].id);
	sched_pause(w.sched, w.actors[0].id, true);
	sched_pause(w.sched, w.actors[0].id, true);
	assert_int_equal(sched_test_due(w.sched, w.actors[0].id), SCHED_NEVER);
	assert_int_equal(sched_test_wait(w.sched, w.actors[0].id), SCHED_WAIT_PAUSED);
	world_run(&w, DAY + 70 * MIN);
	assert_int_equal(w.actors[0].runs, 2);
	sched_pause(w.sched, w.actors[0].id, false);
	world_run(&w, DAY + 71 * MIN);
	assert_int_equal(w.actors[0].runs, 3);
	assert_int_equal((sched_test_due(w.sched, w.actors[0].id) - due) % (5 * MIN), 0);
	free(specs);
	world_free(&w);
}

static void
a_hold_that_misses_nothing_changes_nothing(void **state)
{
	struct sched_spec *specs;
	struct runtime w;
	uint64_t due;

	(void)state;
	world_init(&w, 1, DAY);
	specs = world_specs(&w, 300000);
	world_adopt(&w, specs, 1, 0, 0, 1);
	due = sched_test_due(w.sched, w.actors[0].id);
	sched_pause(w.sched, w.actors[0].id, true);
	world_adopt(&w, specs, 1, 0, 0, 1); /* a reload lets nobody go */
	assert_int_equal(sched_test_wait(w.sched, w.actors[0].id), SCHED_WAIT_PAUSED);
	sched_pause(w.sched, w.actors[0].id, false);
	assert_int_equal(sched_test_due(w.sched, w.actors[0].id), due);
	free(specs);
	world_free(&w);
}

static void
run_now_is_beside_the_slots(void **state)
{
	struct sched_spec *specs;
	struct runtime w;
	uint64_t due;

	(void)state;
	world_init(&w, 2, DAY);
	specs = world_specs(&w, 300000);
	world_adopt(&w, specs, 2, 0, 0, 1);
	world_run(&w, DAY + 6 * MIN);
	w.actors[0].runs = w.actors[1].runs = 0;
	w.actors[0].lasts_us = SEC;
	due = sched_test_due(w.sched, w.actors[0].id);
	sched_pause(w.sched, w.actors[1].id, true);
	assert_true(sched_run_now(w.sched, w.actors[0].id));
	assert_true(sched_run_now(w.sched, w.actors[1].id));
	sched_run_due(w.sched);
	assert_false(sched_run_now(w.sched, w.actors[0].id));
	assert_int_equal(sched_test_wait(w.sched, w.actors[0].id), SCHED_WAIT_NOTHING);
	assert_int_equal(sched_test_wait(w.sched, w.actors[1].id), SCHED_WAIT_ALL);
	world_run(&w, w.now_us + 2 * SEC);
	assert_int_equal(w.actors[0].runs + w.actors[1].runs, 2);
	assert_int_equal(sched_test_due(w.sched, w.actors[0].id), due);
	assert_int_equal(sched_test_wait(w.sched, w.actors[1].id), SCHED_WAIT_PAUSED);
	free(specs);
	world_free(&w);
}

RUN_CASES(TEST(a_held_test_makes_up_with_one_run),
    TEST(a_hold_that_misses_nothing_changes_nothing), TEST(run_now_is_beside_the_slots),
    ROWS("retry", retry_cases, check_retry),
    ROWS("overlong", overlong_cases, check_overlong), TEST(never_drifts),
    TEST(phases_are_spread), TEST(suspend_is_made_up_for_once),
    TEST(run_that_cannot_start_is_a_failure), TEST(due_while_running_is_the_next_slot),
    TEST(nothing_starts_after_stop), TEST(nothing_to_do_without_tests),
    TEST(lateness_is_measured), TEST(many_tests), TEST(loop_timer_drives_it));
