/*
 * world - a schedule in a world of its own: the clock stands still until a test moves it,
 * and runs last as long as the test says. Days pass in milliseconds.
 */
#ifndef CSWATCH_TESTS_SCHED_WORLD_H
#define CSWATCH_TESTS_SCHED_WORLD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "sched/sched.h"

#define MS   ((uint64_t)1000)
#define SEC  ((uint64_t)1000000)
#define MIN  (60 * SEC)
#define HOUR (60 * MIN)
#define DAY  (24 * HOUR)

struct actor { /* one test */
	char name[32];
	uint32_t id, pool, user;
	bool running;
	bool fails;		      /* its runs fail */
	bool refuses;		      /* its runs cannot even start */
	bool lacks;		      /* they are not to start yet: it defers */
	unsigned deferred;	      /* so often */
	uint64_t lasts_us;	      /* a run */
	uint64_t ends_us;	      /* the run in flight */
	uint64_t started_us, late_us; /* the last run */
	unsigned runs;
};

struct started {
	struct actor *actor;
	uint64_t at_us;
};

struct runtime {
	struct clock clock;
	uint64_t now_us;
	int64_t ahead_us; /* wall clock; set it before anything is made */
	struct sched *sched;
	struct actor *actors;
	size_t nactors;
	struct started *log; /* the first of them */
	size_t nlog;
	struct actor *flying[128]; /* those that run */
	unsigned running, most_running;
	unsigned pool_running[16], user_running[16];
	unsigned pool_max[16], user_max[16];
};

/* Actors t0000, t0001, ... that succeed and take no time. */
void world_init(struct runtime *w, size_t nactors, uint64_t now_us);
/* Anew, for another wall clock: world_free() frees the last only. */
void world_make_sched(struct runtime *w);
void world_free(struct runtime *w);
/* One specification for all of them; what differs is changed by the caller. */
struct sched_spec *world_specs(struct runtime *w, uint64_t every_ms);
/* Hands specs[i] of actors[i] to the schedule; limits as in pool_max and user_max. */
void world_adopt(struct runtime *w, struct sched_spec *specs, size_t n, size_t npools,
    size_t nusers, unsigned max_parallel);
struct sched_stats world_stats(const struct runtime *w);
/* Lets time pass, event by event. */
void world_run(struct runtime *w, uint64_t until_us);

#endif
