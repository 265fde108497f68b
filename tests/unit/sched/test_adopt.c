/* sched: what a reload keeps, adds, changes and forgets. */
#include "../cases.h"
#include "world.h"

static void
unchanged_tests_keep_id_and_timer(void **state)
{
	uint64_t due[50];
	uint32_t ids[50];
	struct sched_spec *specs;
	struct runtime w;

	(void)state;
	world_init(&w, 50, DAY);
	specs = world_specs(&w, 300000);
	world_adopt(&w, specs, 50, 0, 0, 10);
	world_run(&w, DAY + 7 * MIN);
	for (size_t i = 0; i < 50; i++) {
		ids[i] = w.actors[i].id;
		due[i] = sched_test_due(w.sched, ids[i]);
		specs[i].retry_ms = 1;	/* what is no interval may change */
		specs[i].due_in_ms = 0; /* only for new ones */
		specs[i].pool = 0;
	}
	world_adopt(&w, specs, 50, 1, 0, 3);
	for (size_t i = 0; i < 50; i++) {
		assert_int_equal(w.actors[i].id, ids[i]);
		assert_int_equal(sched_test_due(w.sched, ids[i]), due[i]);
	}
	free(specs);
	world_free(&w);
}

/* Half of the tests go, others come in between; nobody's id is taken twice. */
static void
tests_come_and_go(void **state)
{
	struct sched_spec *specs, half[40];
	bool taken[80] = { false };
	struct runtime w;

	(void)state;
	world_init(&w, 80, DAY);
	specs = world_specs(&w, 300000);
	for (size_t i = 0; i < 40; i++)
		half[i] = specs[2 * i];
	world_adopt(&w, half, 40, 0, 0, 10);
	world_run(&w, DAY + 7 * MIN);
	world_adopt(&w, specs, 80, 0, 0, 10);
	for (size_t i = 0; i < 80; i++) {
		assert_true(w.actors[i].id < 80);
		assert_false(taken[w.actors[i].id]);
		taken[w.actors[i].id] = true;
		w.actors[i].runs = 0;
	}
	world_run(&w, w.now_us + 5 * MIN);
	for (size_t i = 0; i < 80; i++)
		assert_int_equal(w.actors[i].runs, 1);
	for (size_t i = 0; i < 40; i++)
		half[i] = specs[2 * i + 1];
	world_adopt(&w, half, 40, 0, 0, 10);
	world_run(&w, w.now_us + 5 * MIN);
	for (size_t i = 0; i < 80; i++)
		assert_int_equal(w.actors[i].runs, i % 2 == 0 ? 1 : 2);
	free(specs);
	world_free(&w);
}

static const struct interval_case {
	const char *name;
	uint64_t from_ms, to_ms;
	uint64_t within_us; /* the next run, from the reload */
} interval_cases[] = {
	{ "shorter", 86400000, 60000, MIN },
	{ "longer", 60000, 86400000, MIN },
};

static void
check_interval(void **state)
{
	const struct interval_case *c = *state;
	struct sched_spec *specs;
	struct runtime w;
	uint64_t first;

	world_init(&w, 1, 5 * DAY);
	specs = world_specs(&w, c->from_ms);
	world_adopt(&w, specs, 1, 0, 0, 1);
	world_run(&w, w.now_us + 6 * MIN);
	assert_true(w.actors[0].runs > 0);
	specs[0].every_ms = c->to_ms;
	w.actors[0].runs = 0;
	first = w.now_us;
	world_adopt(&w, specs, 1, 0, 0, 1);
	world_run(&w, first + c->within_us);
	assert_int_equal(w.actors[0].runs, 1);
	/* From the second on it is the new interval. */
	world_run(&w, w.now_us + c->to_ms * MS);
	first = w.actors[0].started_us;
	world_run(&w, first + c->to_ms * MS - 1);
	assert_int_equal(w.actors[0].started_us, first);
	world_run(&w, first + c->to_ms * MS);
	assert_int_equal(w.actors[0].started_us, first + c->to_ms * MS);
	free(specs);
	world_free(&w);
}

/* Two tests of one pool with room for one: the first runs, the second waits. */
static struct sched_spec *
one_runs_one_waits(struct runtime *w, uint32_t user)
{
	struct sched_spec *specs;

	world_init(w, 2, DAY);
	specs = world_specs(w, 300000);
	specs[0].due_in_ms = 1;
	specs[1].due_in_ms = 2;
	specs[0].pool = specs[1].pool = 1;
	specs[0].user = specs[1].user = user;
	w->actors[0].lasts_us = w->actors[1].lasts_us = MIN;
	world_adopt(w, specs, 2, 2, 2, 5);
	world_run(w, DAY + SEC);
	assert_true(w->actors[0].running);
	assert_int_equal(world_stats(w).waiting, 1);
	return specs;
}

static void
running_and_waiting_tests_stay_so(void **state)
{
	struct runtime w;
	struct sched_spec *specs = one_runs_one_waits(&w, SCHED_NONE);

	(void)state;
	world_adopt(&w, specs, 2, 2, 2, 5);
	assert_int_equal(world_stats(&w).running, 1);
	assert_int_equal(world_stats(&w).waiting, 1);
	world_run(&w, DAY + 30 * SEC);
	assert_false(w.actors[1].running);
	world_run(&w, DAY + 61 * SEC);
	assert_true(w.actors[1].running);
	assert_int_equal(w.actors[1].late_us, MIN - MS);
	free(specs);
	world_free(&w);
}

static void
more_room_is_used_at_once(void **state)
{
	struct runtime w;
	struct sched_spec *specs = one_runs_one_waits(&w, SCHED_NONE);

	(void)state;
	w.pool_max[1] = 2;
	world_adopt(&w, specs, 2, 2, 2, 5);
	world_run(&w, w.now_us);
	assert_true(w.actors[0].running);
	assert_true(w.actors[1].running);
	free(specs);
	world_free(&w);
}

static const struct leaving_case {
	const char *name;
	uint32_t user;
	size_t npools, nusers; /* of the new set */
	uint32_t pool;	       /* of the test that stays */
	bool waits;	       /* for the one that leaves */
} leaving_cases[] = {
	{ "counts in its pool", SCHED_NONE, 2, 2, 1, true },
	{ "counts for its user", 1, 2, 2, 0, true },
	{ "its pool is gone", SCHED_NONE, 1, 2, 0, false },
	{ "its user is gone, its pool too", 1, 1, 0, 0, false },
};

static void
check_leaving(void **state)
{
	const struct leaving_case *c = *state;
	struct runtime w;
	struct sched_spec *specs = one_runs_one_waits(&w, c->user);
	uint32_t left = w.actors[0].id;

	specs[1].pool = c->pool;
	if (c->nusers == 0)
		specs[1].user = SCHED_NONE;
	world_adopt(&w, &specs[1], 1, c->npools, c->nusers, 5);
	assert_int_equal(w.actors[0].id, left);
	assert_int_equal(world_stats(&w).running, 1);
	if (!c->waits) { /* the world still counts it */
		w.pool_max[c->pool] = 5;
		w.user_max[1] = 5;
	}
	world_run(&w, DAY + 30 * SEC);
	assert_int_equal(w.actors[1].running, !c->waits);
	world_run(&w, DAY + HOUR);
	assert_int_equal(w.actors[0].runs, 1);
	assert_true(w.actors[1].runs >= 11);
	/* Its id is free for another. */
	world_adopt(&w, specs, 2, 2, 2, 5);
	assert_int_equal(w.actors[0].id, left);
	free(specs);
	world_free(&w);
}

static void
remembered_times_are_kept(void **state)
{
	struct sched_spec *specs;
	struct runtime w;

	(void)state;
	world_init(&w, 3, DAY);
	specs = world_specs(&w, 300000);
	specs[0].due_in_ms = 1234;
	specs[1].due_in_ms = 0;
	world_adopt(&w, specs, 3, 0, 0, 10);
	assert_int_equal(sched_test_due(w.sched, w.actors[0].id), DAY + 1234 * MS);
	assert_true(sched_test_due(w.sched, w.actors[1].id) < DAY + MIN);
	assert_true(sched_test_due(w.sched, w.actors[2].id) <= DAY + 5 * MIN);
	free(specs);
	world_free(&w);
}

/* Reload after reload while everything runs: the counts stay right. */
static void
reloads_in_full_swing(void **state)
{
	struct sched_spec *specs, some[64];
	struct runtime w;

	(void)state;
	world_init(&w, 64, DAY);
	specs = world_specs(&w, 10000);
	for (size_t i = 0; i < 64; i++) {
		specs[i].pool = (uint32_t)i % 4;
		specs[i].user = (uint32_t)i % 8;
		w.actors[i].lasts_us = (i * 37) % 50 * 20 * MS;
		w.pool_max[i % 16] = 3;
	}
	for (unsigned round = 0; round < 300; round++) {
		size_t n = 0;

		/* Who is running stays, as world.c counts by the current names. */
		for (size_t i = 0; i < 64; i++)
			if (w.actors[i].running || (i * 31 + round) % 5 != 0)
				some[n++] = specs[i];
		world_adopt(&w, some, n, 4, 8, 10);
		assert_int_equal(world_stats(&w).running, w.running);
		world_run(&w, w.now_us + 1700 * MS);
	}
	for (size_t i = 0; i < 64; i++)
		assert_true(w.actors[i].runs > 10);
	free(specs);
	world_free(&w);
}

RUN_CASES(TEST(unchanged_tests_keep_id_and_timer), TEST(tests_come_and_go),
    ROWS("interval", interval_cases, check_interval),
    TEST(running_and_waiting_tests_stay_so), TEST(more_room_is_used_at_once),
    ROWS("leaving", leaving_cases, check_leaving), TEST(remembered_times_are_kept),
    TEST(reloads_in_full_swing));
