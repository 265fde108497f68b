/* sched: what may run at a time, and who waits for whom. world.c asserts every limit. */
#include "../cases.h"
#include "world.h"

/* n tests, all of them due before anything starts: the last of them in due order. */
static void
all_due(struct runtime *w, struct sched_spec *specs, size_t n, size_t npools,
    size_t nusers, unsigned max_parallel)
{
	for (size_t i = 0; i < n; i++)
		specs[i].due_in_ms = (i * 7) % n + 1;
	world_adopt(w, specs, n, npools, nusers, max_parallel);
	w->now_us += n * MS;
}

static void
waiting_tests_start_in_due_order(void **state)
{
	struct sched_spec *specs;
	struct runtime w;

	(void)state;
	world_init(&w, 100, DAY);
	specs = world_specs(&w, 3600000);
	for (size_t i = 0; i < 100; i++)
		w.actors[i].lasts_us = SEC;
	all_due(&w, specs, 100, 0, 0, 3);
	world_run(&w, w.now_us + 2 * MIN);
	assert_int_equal(w.nlog, 100);
	assert_int_equal(w.most_running, 3);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal((w.log[i].actor - w.actors) * 7 % 100, i);
	free(specs);
	world_free(&w);
}

static void
full_pool_blocks_nobody_else(void **state)
{
	struct sched_spec *specs;
	struct runtime w;

	(void)state;
	world_init(&w, 20, DAY);
	specs = world_specs(&w, 3600000);
	w.pool_max[0] = 2;
	for (size_t i = 0; i < 20; i++) {
		specs[i].pool = i < 15 ? 0 : 1; /* the stuck ones are due first */
		w.actors[i].lasts_us = i < 15 ? 10 * MIN : SEC;
	}
	all_due(&w, specs, 20, 2, 0, 5);
	world_run(&w, w.now_us + 30 * SEC);
	for (size_t i = 15; i < 20; i++)
		assert_int_equal(w.actors[i].runs, 1);
	assert_int_equal(w.pool_running[0], 2);
	assert_int_equal(world_stats(&w).running, 2);
	assert_int_equal(world_stats(&w).waiting, 13);
	world_run(&w, w.now_us + 80 * MIN);
	for (size_t i = 0; i < 15; i++)
		assert_true(w.actors[i].runs >= 1);
	free(specs);
	world_free(&w);
}

static void
tests_of_one_user_never_overlap(void **state)
{
	struct sched_spec *specs;
	struct runtime w;

	(void)state;
	world_init(&w, 12, DAY);
	specs = world_specs(&w, 3600000);
	for (size_t i = 0; i < 12; i++) {
		specs[i].pool = (uint32_t)i % 4;
		specs[i].user = (uint32_t)i / 4;
		w.pool_max[i] = 4;
		w.actors[i].lasts_us = 10 * SEC;
	}
	all_due(&w, specs, 12, 4, 3, 64);
	world_run(&w, w.now_us + SEC);
	assert_int_equal(w.running, 3);
	world_run(&w, w.now_us + 40 * SEC);
	assert_int_equal(w.nlog, 12);
	/* Four rounds of ten seconds: nobody waited longer than for his own user. */
	assert_true(w.log[11].at_us - w.log[0].at_us <= 31 * SEC);
	free(specs);
	world_free(&w);
}

/* A test for which pool, user and total have room does not wait. */
static void
check_nobody_waits_idly(struct runtime *w, unsigned max_parallel)
{
	if (sched_next_due(w->sched) <= w->now_us || w->running >= max_parallel)
		return;
	for (size_t i = 0; i < w->nactors; i++) {
		const struct actor *a = &w->actors[i];

		if (a->running || sched_test_due(w->sched, a->id) > w->now_us)
			continue;
		assert_true((a->pool != SCHED_NONE &&
				w->pool_running[a->pool] == w->pool_max[a->pool]) ||
			    (a->user != SCHED_NONE &&
				w->user_running[a->user] == w->user_max[a->user]));
	}
}

static const struct crowd_case {
	const char *name;
	size_t n;
	unsigned npools, pool_max, nusers, user_max, max_parallel;
	uint64_t longest_us;
} crowd_cases[] = {
	{ "room for all", 60, 4, 60, 0, 1, 60, 5 * SEC },
	{ "narrow pools", 60, 4, 1, 0, 1, 60, 5 * SEC },
	{ "narrow everything", 60, 4, 2, 5, 1, 4, 10 * SEC },
	{ "users are the bottleneck", 60, 8, 4, 3, 1, 64, 10 * SEC },
	{ "users may run twice", 60, 8, 4, 3, 2, 64, 10 * SEC },
	{ "one at a time", 60, 8, 4, 6, 1, 1, 2 * SEC },
	{ "far too much", 80, 3, 2, 4, 1, 3, 60 * SEC },
};

static void
crowd_turn(struct runtime *w, const struct crowd_case *c, uint32_t *seed)
{
	world_run(w, w->now_us + 500 * MS);
	for (size_t i = 0; i < c->n; i++) {
		*seed = *seed * 1664525 + 1013904223;
		w->actors[i].lasts_us = (*seed >> 4) % c->longest_us;
		w->actors[i].fails = (*seed >> 28) == 3;
	}
	check_nobody_waits_idly(w, c->max_parallel);
	assert_true(w->running <= c->max_parallel);
}

static void
check_crowd(void **state)
{
	const struct crowd_case *c = *state;
	struct sched_spec *specs;
	uint32_t seed = 42;
	struct runtime w;

	world_init(&w, c->n, DAY);
	specs = world_specs(&w, 60000);
	for (size_t i = 0; i < c->n; i++) {
		specs[i].pool = (uint32_t)i % c->npools;
		specs[i].user = c->nusers == 0 ? SCHED_NONE : (uint32_t)i / 3 % c->nusers;
		specs[i].retry_ms = 1000 + i * 10;
	}
	for (size_t i = 0; i < 16; i++) {
		w.pool_max[i] = c->pool_max;
		w.user_max[i] = c->user_max;
	}
	world_adopt(&w, specs, c->n, c->npools, c->nusers, c->max_parallel);
	for (unsigned turn = 0; turn < 4 * 3600; turn++)
		crowd_turn(&w, c, &seed);
	/* Two hours: nobody starved. */
	for (size_t i = 0; i < c->n; i++)
		assert_true(w.actors[i].runs >= 4);
	free(specs);
	world_free(&w);
}

RUN_CASES(TEST(waiting_tests_start_in_due_order), TEST(full_pool_blocks_nobody_else),
    TEST(tests_of_one_user_never_overlap), ROWS("crowd", crowd_cases, check_crowd));
