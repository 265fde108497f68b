#include "world.h"

#include <string.h>

#include "../cases.h"

#define LOG_MAX 4096

static uint64_t
mono_us(void *arg)
{
	return ((struct runtime *)arg)->now_us;
}

static int64_t
wall_ms(void *arg)
{
	return ((int64_t)mono_us(arg) + ((struct runtime *)arg)->ahead_us) / 1000;
}

static void
count_run(struct runtime *w, struct actor *a, int by)
{
	if (by > 0)
		w->flying[w->running] = a;
	w->running += (unsigned)by;
	assert_true(w->running <= NROWS(w->flying));
	if (a->pool != SCHED_NONE) {
		w->pool_running[a->pool] += (unsigned)by;
		assert_true(w->pool_running[a->pool] <= w->pool_max[a->pool]);
	}
	if (a->user != SCHED_NONE) {
		w->user_running[a->user] += (unsigned)by;
		assert_true(w->user_running[a->user] <= w->user_max[a->user]);
	}
	if (w->running > w->most_running)
		w->most_running = w->running;
}

static void
on_start(void *arg, void *owner, uint64_t late_us)
{
	struct runtime *w = arg;
	struct actor *a = owner;

	assert_false(a->running);
	if (a->lacks) {
		a->deferred++;
		sched_defer(w->sched, a->id);
		return;
	}
	a->runs++;
	a->started_us = w->now_us;
	a->late_us = late_us;
	if (w->nlog < LOG_MAX)
		w->log[w->nlog++] = (struct started){ a, w->now_us };
	if (a->refuses) {
		sched_finished(w->sched, a->id, false);
		return;
	}
	a->running = true;
	a->ends_us = w->now_us + a->lasts_us;
	count_run(w, a, 1);
}

void
world_make_sched(struct runtime *w)
{
	w->sched = sched_new(NULL, &w->clock, on_start, w);
	assert_non_null(w->sched);
}

void
world_init(struct runtime *w, size_t nactors, uint64_t now_us)
{
	memset(w, 0, sizeof(*w));
	w->clock = (struct clock){ mono_us, wall_ms, w };
	w->now_us = now_us;
	world_make_sched(w);
	w->actors = calloc(nactors, sizeof(*w->actors));
	w->nactors = nactors;
	w->log = calloc(LOG_MAX, sizeof(*w->log));
	assert_non_null(w->actors);
	assert_non_null(w->log);
	for (size_t i = 0; i < nactors; i++) {
		snprintf(w->actors[i].name, sizeof(w->actors[i].name), "t%06zu", i);
		w->actors[i].pool = w->actors[i].user = SCHED_NONE;
	}
	for (size_t i = 0; i < NROWS(w->pool_max); i++)
		w->pool_max[i] = w->user_max[i] = 1;
}

void
world_free(struct runtime *w)
{
	sched_free(w->sched);
	free(w->log);
	free(w->actors);
}

struct sched_spec *
world_specs(struct runtime *w, uint64_t every_ms)
{
	struct sched_spec *specs = calloc(w->nactors, sizeof(*specs));

	assert_non_null(specs);
	for (size_t i = 0; i < w->nactors; i++)
		specs[i] = (struct sched_spec){ .name = w->actors[i].name,
			.owner = &w->actors[i],
			.every_ms = every_ms,
			.retry_ms = 30000,
			.retries = 1,
			.pool = SCHED_NONE,
			.user = SCHED_NONE,
			.due_in_ms = SCHED_NEVER };
	return specs;
}

void
world_adopt(struct runtime *w, struct sched_spec *specs, size_t n, size_t npools,
    size_t nusers, unsigned max_parallel)
{
	static const char names[][2] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j",
		"k", "l", "m", "n", "o", "p" };
	struct sched_limit pools[16], users[16];
	uint32_t *ids = calloc(n + 1, sizeof(*ids));
	struct sched_set set = { specs, n, pools, users, npools, nusers, max_parallel };

	for (size_t i = 0; i < 16; i++) {
		pools[i] = (struct sched_limit){ names[i], w->pool_max[i] };
		users[i] = (struct sched_limit){ names[i], w->user_max[i] };
	}
	assert_true(sched_adopt(w->sched, &set, ids));
	for (size_t i = 0; i < n; i++) {
		struct actor *a = specs[i].owner;

		a->id = ids[i];
		a->pool = specs[i].pool;
		a->user = specs[i].user;
	}
	free(ids);
}

/* The run that ends first; NULL: none is running. */
static struct actor *
next_end(struct runtime *w)
{
	unsigned first = 0;
	struct actor *a;

	if (w->running == 0)
		return NULL;
	for (unsigned i = 1; i < w->running; i++)
		if (w->flying[i]->ends_us < w->flying[first]->ends_us)
			first = i;
	/* To the end of the list, where count_run() drops it. */
	a = w->flying[first];
	w->flying[first] = w->flying[w->running - 1];
	w->flying[w->running - 1] = a;
	return a;
}

void
world_run(struct runtime *w, uint64_t until_us)
{
	for (;;) {
		struct actor *a = next_end(w);
		uint64_t due = sched_next_due(w->sched);
		bool end = a != NULL && a->ends_us <= due;
		uint64_t at = end ? a->ends_us : due;

		if (at > until_us)
			break;
		if (at > w->now_us)
			w->now_us = at;
		if (!end) {
			sched_run_due(w->sched);
			continue;
		}
		a->running = false;
		count_run(w, a, -1);
		sched_finished(w->sched, a->id, !a->fails);
	}
	if (until_us > w->now_us)
		w->now_us = until_us;
}

struct sched_stats
world_stats(const struct runtime *w)
{
	struct sched_stats st;

	sched_get_stats(w->sched, &st);
	return st;
}
