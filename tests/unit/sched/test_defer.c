/* sched: runs that cannot start because something is not there yet. */
#include "../cases.h"
#include "world.h"

static struct runtime w;
static struct sched_spec *specs;

static int
open_world(void **state)
{
	(void)state;
	world_init(&w, 4, DAY);
	specs = world_specs(&w, 3600000);
	for (size_t i = 0; i < 4; i++) {
		w.actors[i].lasts_us = SEC;
		specs[i].due_in_ms = i + 1;
	}
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	free(specs);
	world_free(&w);
	return 0;
}

static void
ready(size_t i)
{
	w.actors[i].lacks = false;
	sched_ready(w.sched, w.actors[i].id);
}

/* It takes no room: with one run at a time the others go first. */
static void
gives_way(void **state)
{
	(void)state;
	w.actors[0].lacks = true;
	world_adopt(&w, specs, 4, 0, 0, 1);
	world_run(&w, w.now_us + MIN);
	assert_int_equal(w.actors[0].deferred, 1); /* not again and again */
	assert_int_equal(w.actors[0].runs, 0);
	for (size_t i = 1; i < 4; i++)
		assert_int_equal(w.actors[i].runs, 1);
	assert_int_equal(world_stats(&w).started, 3);
	assert_int_equal(world_stats(&w).waiting, 0);
	assert_int_equal(world_stats(&w).running, 0);
	assert_int_equal(sched_test_wait(w.sched, w.actors[0].id), SCHED_WAIT_READY);
	ready(0);
	world_run(&w, w.now_us + SEC);
	assert_int_equal(w.actors[0].runs, 1);
	assert_int_equal(world_stats(&w).started, 4);
}

/* The wait counts: nobody is told that it was in time. */
static void
is_late_by_the_wait(void **state)
{
	(void)state;
	w.actors[0].lacks = true;
	world_adopt(&w, specs, 1, 0, 0, 1);
	world_run(&w, w.now_us + MIN);
	ready(0);
	world_run(&w, w.now_us + SEC);
	assert_int_equal(w.actors[0].late_us, MIN - MS);
	assert_int_equal(world_stats(&w).late, 1);
}

/* Slots that go by meanwhile are made up for by one run. */
static void
does_not_pile_up(void **state)
{
	uint64_t begun = w.now_us;

	(void)state;
	w.actors[0].lacks = true;
	world_adopt(&w, specs, 1, 0, 0, 1);
	world_run(&w, begun + 3 * HOUR + MIN);
	ready(0);
	world_run(&w, w.now_us + MIN);
	assert_int_equal(w.actors[0].runs, 1);
	assert_int_equal(w.actors[0].deferred, 1);
	world_run(&w, w.now_us + HOUR);
	assert_int_equal(w.actors[0].runs, 2);
}

/* Another test of the user may run meanwhile; and ready is ready also in a full house. */
static void
lets_others_of_the_user_run(void **state)
{
	(void)state;
	w.actors[0].lacks = true;
	w.user_max[0] = 1;
	specs[0].user = specs[1].user = 0;
	world_adopt(&w, specs, 2, 0, 1, 4);
	world_run(&w, w.now_us + 10 * MS);
	assert_int_equal(w.actors[1].runs, 1);
	assert_true(w.actors[1].running);
	ready(0);
	world_run(&w, w.now_us + 10 * MS);
	assert_int_equal(w.actors[0].runs, 0);
	world_run(&w, w.now_us + 2 * SEC);
	assert_int_equal(w.actors[0].runs, 1);
}

static void
asked_for_by_hand(void **state)
{
	(void)state;
	w.actors[0].lacks = true;
	world_adopt(&w, specs, 1, 0, 0, 1);
	sched_pause(w.sched, w.actors[0].id, true);
	assert_true(sched_run_now(w.sched, w.actors[0].id));
	world_run(&w, w.now_us + SEC);
	assert_int_equal(w.actors[0].deferred, 1);
	assert_true(sched_run_now(w.sched, w.actors[0].id)); /* it will */
	ready(0);
	world_run(&w, w.now_us + SEC);
	assert_int_equal(w.actors[0].runs, 1);
	assert_int_equal(sched_test_wait(w.sched, w.actors[0].id), SCHED_WAIT_PAUSED);
}

static void
held_meanwhile(void **state)
{
	(void)state;
	w.actors[0].lacks = true;
	world_adopt(&w, specs, 1, 0, 0, 1);
	world_run(&w, w.now_us + SEC);
	sched_pause(w.sched, w.actors[0].id, true);
	ready(0);
	world_run(&w, w.now_us + MIN);
	assert_int_equal(w.actors[0].runs, 0);
	sched_pause(w.sched, w.actors[0].id, false);
	world_run(&w, w.now_us + 2 * HOUR);
	assert_in_range(w.actors[0].runs, 1, 3);
}

/* A reload puts it back in line; removed, it is gone, and its number may be another's. */
static void
reloaded_meanwhile(void **state)
{
	uint32_t id;

	(void)state;
	w.actors[0].lacks = true;
	world_adopt(&w, specs, 2, 0, 0, 1);
	world_run(&w, w.now_us + SEC);
	world_adopt(&w, specs, 2, 0, 0, 1);
	world_run(&w, w.now_us + SEC);
	assert_int_equal(w.actors[0].deferred, 2);
	id = w.actors[0].id;
	world_adopt(&w, specs + 1, 1, 0, 0, 1);
	sched_ready(w.sched, id);
	world_run(&w, w.now_us + MIN);
	assert_int_equal(w.actors[0].deferred, 2);
	assert_int_equal(w.actors[0].runs, 0);
}

/* Of one that is in line, running or waiting for its time. */
static void
ready_twice_does_nothing(void **state)
{
	(void)state;
	world_adopt(&w, specs, 1, 0, 0, 1);
	ready(0);
	world_run(&w, w.now_us + 10 * MS);
	assert_true(w.actors[0].running);
	ready(0);
	world_run(&w, w.now_us + MIN);
	ready(0);
	world_run(&w, w.now_us + MIN);
	assert_int_equal(w.actors[0].runs, 1);
}

#define WORLD(function) TEST_WITH(function, open_world, close_world)

RUN_CASES(WORLD(gives_way), WORLD(is_late_by_the_wait), WORLD(does_not_pile_up),
    WORLD(lets_others_of_the_user_run), WORLD(asked_for_by_hand), WORLD(held_meanwhile),
    WORLD(reloaded_meanwhile), WORLD(ready_twice_does_nothing));
