#include "sched/queue.h"

#include <assert.h>
#include <stddef.h>

#define RELEASE_MAX 32

/* ---- two orders: tests by due time, pools by that of the first in their line ---- */

static bool
test_before(const void *arg, uint32_t a, uint32_t b)
{
	const struct queue *q = arg;
	uint64_t da = q->tests[a].due_us, db = q->tests[b].due_us;

	return da != db ? da < db : a < b;
}

static uint32_t *
test_place(void *arg, uint32_t a)
{
	struct queue *q = arg;

	return &q->tests[a].heap_place;
}

static bool
pool_before(const void *arg, uint32_t a, uint32_t b)
{
	const struct queue *q = arg;

	return test_before(arg, q->pools[a].line.v[0], q->pools[b].line.v[0]);
}

static uint32_t *
pool_place(void *arg, uint32_t a)
{
	struct queue *q = arg;

	return &q->pools[a].heap_place;
}

static const struct heap_kind tests_by_due = { test_before, test_place };
static const struct heap_kind pools_by_due = { pool_before, pool_place };

/* ---- lines ---- */

/*
 * Puts a pool into `open`, moves it there or removes it, as it belongs. Call after any
 * change to the pool.
 */
static void
settle_pool(struct queue *q, uint32_t pool)
{
	struct limit *p = &q->pools[pool];
	bool in = p->heap_place != HEAP_OUT;
	bool wanted = p->line.n > 0 && p->running < p->max;

	if (in && wanted)
		heap_moved(&q->open, &pools_by_due, q, p->heap_place);
	else if (wanted)
		heap_push(&q->open, &pools_by_due, q, pool);
	else if (in)
		heap_remove(&q->open, &pools_by_due, q, p->heap_place);
}

static struct limit *
user_of(struct queue *q, const struct test *t)
{
	return t->user == SCHED_NONE ? NULL : &q->users[t->user];
}

void
queue_add_timer(struct queue *q, uint32_t id, uint64_t due_us)
{
	q->tests[id].due_us = due_us;
	q->tests[id].place = PLACE_TIMER;
	heap_push(&q->timers, &tests_by_due, q, id);
}

void
queue_add_ready(struct queue *q, uint32_t id)
{
	struct test *t = &q->tests[id];

	t->place = PLACE_READY;
	heap_push(&q->pools[t->pool].line, &tests_by_due, q, id);
	q->waiting++;
	settle_pool(q, t->pool);
}

void
queue_remove(struct queue *q, uint32_t id)
{
	struct test *t = &q->tests[id];

	if (t->place == PLACE_TIMER) {
		heap_remove(&q->timers, &tests_by_due, q, t->heap_place);
	} else if (t->place == PLACE_PARKED) {
		heap_remove(&q->users[t->user].line, &tests_by_due, q, t->heap_place);
		q->waiting--;
	} else if (t->place == PLACE_READY) {
		struct limit *p = &q->pools[t->pool];

		/* Out of `open` first: its order looks at the first in the line. */
		if (p->heap_place != HEAP_OUT)
			heap_remove(&q->open, &pools_by_due, q, p->heap_place);
		heap_remove(&p->line, &tests_by_due, q, t->heap_place);
		q->waiting--;
		settle_pool(q, t->pool);
	}
}

bool
queue_can_start(const struct queue *q)
{
	return q->open.n > 0 && q->running < q->max_parallel;
}

static void
park(struct queue *q, uint32_t id)
{
	struct test *t = &q->tests[id];

	t->place = PLACE_PARKED;
	heap_push(&q->users[t->user].line, &tests_by_due, q, id);
	q->waiting++;
}

static void
occupy(struct queue *q, uint32_t id)
{
	struct test *t = &q->tests[id];

	t->place = PLACE_RUNNING;
	q->running++;
	q->pools[t->pool].running++;
	settle_pool(q, t->pool);
	if (t->user != SCHED_NONE)
		q->users[t->user].running++;
}

uint32_t
queue_next(struct queue *q, unsigned *budget)
{
	while (queue_can_start(q) && *budget > 0) {
		uint32_t id = q->pools[q->open.v[0]].line.v[0];
		const struct limit *u = user_of(q, &q->tests[id]);

		--*budget;
		queue_remove(q, id);
		if (u == NULL || u->running < u->max) {
			occupy(q, id);
			return id;
		}
		park(q, id);
	}
	return SCHED_NONE;
}

/*
 * Puts tests that waited for a run of the user into line again when it is over; once
 * another one starts, the rest is parked again. Several are released, as the first may
 * find its pool full; not all, as one user may have thousands of tests.
 */
static void
release_parked(struct queue *q, struct limit *u)
{
	for (unsigned i = 0; i < RELEASE_MAX && u->line.n > 0; i++) {
		uint32_t id = u->line.v[0];

		queue_remove(q, id);
		queue_add_ready(q, id);
	}
}

void
queue_done(struct queue *q, uint32_t id)
{
	struct test *t = &q->tests[id];
	struct limit *u = user_of(q, t);

	assert(t->place == PLACE_RUNNING || t->place == PLACE_LEAVING);
	assert(q->running > 0 && q->pools[t->pool].running > 0);
	t->place = PLACE_FREE;
	q->running--;
	q->pools[t->pool].running--;
	settle_pool(q, t->pool);
	if (u == NULL)
		return;
	u->running--;
	release_parked(q, u);
}
