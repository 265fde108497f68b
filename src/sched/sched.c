#include "sched/sched.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "sched/due.h"
#include "sched/queue.h"

/* One turn of the loop must stay short, however much is due at once. */
#define TURN_DUE   1024 /* tests whose time has come */
#define TURN_START 32	/* tests started, or parked for their user */

/*
 * Timers of the loop stop in a suspend, the clock does not: it is looked at in between.
 */
#define LONGEST_SLEEP_US ((uint64_t)60 * 1000000)

/* A difference beyond this is no drift: the clock was set. */
#define STEP_US 500000

struct sched {
	struct queue q;
	const struct clock *clock;
	int64_t ahead_us;    /* wall clock, as against clock_mono_us() */
	struct timer *timer; /* NULL in unit tests, which call sched_run_due() */
	void (*start)(void *arg, void *owner, uint64_t late_us);
	void *arg;
	bool stopped;
	struct sched_stats stats;
};

static int64_t
ahead_now(const struct sched *s)
{
	return clock_wall_ms(s->clock) * 1000 - (int64_t)clock_mono_us(s->clock);
}

static void
arm(struct sched *s)
{
	uint64_t due = sched_next_due(s), now, wait;

	if (s->timer == NULL)
		return;
	if (due == SCHED_NEVER) {
		timer_clear(s->timer);
		return;
	}
	now = clock_mono_us(s->clock);
	wait = due > now ? due - now : 0;
	timer_set(s->timer, wait < LONGEST_SLEEP_US ? wait : LONGEST_SLEEP_US);
}

static void
on_timer(void *arg)
{
	sched_run_due(arg);
}

struct sched *
sched_new(struct loop *l, const struct clock *clock,
    void (*start)(void *arg, void *owner, uint64_t late_us), void *arg)
{
	struct sched *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->clock = clock;
	s->start = start;
	s->arg = arg;
	s->ahead_us = ahead_now(s);
	if (l != NULL && (s->timer = timer_new(l, on_timer, s)) == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

void
sched_free(struct sched *s)
{
	if (s == NULL)
		return;
	timer_free(s->timer);
	queue_free(&s->q);
	free(s);
}

static bool
retry_pending(const struct test *t)
{
	return t->failures > 0 && t->failures <= t->retries;
}

/* Returns when the test is due, now that the wall clock has been set. */
static uint64_t
due_after_step(const struct sched *s, const struct test *t, int64_t step)
{
	uint64_t now = clock_mono_us(s->clock), since = now, slots = 0, due = 0;

	if (step > 0 && step <= DUE_STEP_MAX_US && (uint64_t)step <= now)
		since = now - (uint64_t)step;
	if (t->at != NULL)
		due = due_latest(t, since, now, s->ahead_us, &slots);
	if (slots == 0)
		due = due_after(t, now, s->ahead_us);
	return retry_pending(t) && t->due_us < due ? t->due_us : due;
}

static void
look_at_clock(struct sched *s)
{
	int64_t ahead = ahead_now(s), step = ahead - s->ahead_us;

	if (step > -STEP_US && step < STEP_US)
		return;
	s->ahead_us = ahead;
	for (uint32_t id = 0; id < s->q.ntests; id++) {
		struct test *t = &s->q.tests[id];

		if (!due_by_wall(t))
			continue;
		if (t->place == PLACE_TIMER) {
			queue_remove(&s->q, id);
			queue_add_timer(&s->q, id, due_after_step(s, t, step));
		} else if (t->place == PLACE_PAUSED) {
			t->due_us = due_after_step(s, t, step);
		}
	}
}

bool
sched_adopt(struct sched *s, const struct sched_set *set, uint32_t *ret_ids)
{
	struct queue next;

	look_at_clock(s);
	if (!queue_build(
		&next, &s->q, set, ret_ids, clock_mono_us(s->clock), s->ahead_us))
		return false;
	queue_free(&s->q);
	s->q = next;
	arm(s);
	return true;
}

void
sched_stop(struct sched *s)
{
	s->stopped = true;
	arm(s);
}

uint64_t
sched_next_due(const struct sched *s)
{
	if (s->stopped)
		return SCHED_NEVER;
	if (queue_can_start(&s->q))
		return 0;
	return s->q.timers.n == 0 ? SCHED_NEVER : s->q.tests[s->q.timers.v[0]].due_us;
}

/* Makes one run, due at the last of them, of all slots that have gone by. */
static void
skip_missed(struct sched *s, struct test *t, uint64_t now)
{
	uint64_t slots, last = due_latest(t, t->due_us, now, s->ahead_us, &slots);

	if (slots > 0)
		t->due_us = last;
	s->stats.missed += slots;
}

static void
collect_due(struct sched *s, uint64_t now)
{
	struct queue *q = &s->q;

	for (unsigned i = 0; i < TURN_DUE && q->timers.n > 0; i++) {
		uint32_t id = q->timers.v[0];

		if (q->tests[id].due_us > now)
			break;
		queue_remove(q, id);
		skip_missed(s, &q->tests[id], now);
		queue_add_ready(q, id);
	}
}

static void
start(struct sched *s, uint32_t id)
{
	struct test *t = &s->q.tests[id];
	uint64_t now = clock_mono_us(s->clock), late, started_us = t->started_us;
	int64_t done_ms = t->done_ms;

	skip_missed(s, t, now); /* while it was in line */
	late = now - t->due_us;
	t->started_us = now;
	t->done_ms = due_wall_ms(now, s->ahead_us);
	s->start(s->arg, t->owner, late);
	if (t->place == PLACE_DEFERRED) {
		t->started_us = started_us;
		t->done_ms = done_ms;
		return;
	}
	s->stats.started++;
	s->stats.late += late > SCHED_LATE_US;
	s->stats.late_sum_us += late;
	if (late > s->stats.late_max_us)
		s->stats.late_max_us = late;
}

void
sched_run_due(struct sched *s)
{
	unsigned budget = TURN_START;
	uint32_t id;

	if (s->stopped)
		return;
	look_at_clock(s);
	collect_due(s, clock_mono_us(s->clock));
	while (!s->stopped && (id = queue_next(&s->q, &budget)) != SCHED_NONE)
		start(s, id);
	arm(s);
}

/*
 * Sets when the test runs next: in the coming slot, sooner after a first failure, at once
 * if a slot was missed.
 */
static void
plan_next(struct sched *s, uint32_t id, bool ok)
{
	struct test *t = &s->q.tests[id];
	uint64_t now = clock_mono_us(s->clock), slots;
	uint64_t next = due_after(t, now, s->ahead_us);
	uint64_t last = due_latest(t, t->started_us, now, s->ahead_us, &slots);

	if (t->paused) {
		t->due_us = next;
		t->place = PLACE_PAUSED;
		return;
	}
	if (slots > 0) {
		s->stats.missed += slots - 1;
		t->due_us = last;
		queue_add_ready(&s->q, id);
		return;
	}
	if (!ok && retry_pending(t) && now + t->retry_us < next)
		next = now + t->retry_us;
	queue_add_timer(&s->q, id, next);
}

void
sched_finished(struct sched *s, uint32_t id, bool ok)
{
	struct test *t = &s->q.tests[id];
	bool leaving = t->place == PLACE_LEAVING;

	assert(id < s->q.ntests);
	queue_done(&s->q, id);
	if (ok)
		t->failures = 0;
	else if (t->failures < UINT16_MAX)
		t->failures++;
	if (!leaving)
		plan_next(s, id, ok);
	arm(s);
}

void
sched_defer(struct sched *s, uint32_t id)
{
	assert(id < s->q.ntests && s->q.tests[id].place == PLACE_RUNNING);
	queue_done(&s->q, id);
	s->q.tests[id].place = PLACE_DEFERRED;
}

void
sched_ready(struct sched *s, uint32_t id)
{
	assert(id < s->q.ntests);
	if (s->q.tests[id].place == PLACE_DEFERRED)
		queue_add_ready(&s->q, id);
	arm(s);
}

void
sched_pause(struct sched *s, uint32_t id, bool paused)
{
	struct test *t = &s->q.tests[id];
	uint64_t now = clock_mono_us(s->clock), due = t->due_us;

	assert(id < s->q.ntests);
	if (t->paused == paused)
		return;
	t->paused = paused;
	if (paused && t->place != PLACE_RUNNING) {
		queue_remove(&s->q, id);
		t->place = PLACE_PAUSED;
	} else if (!paused && t->place == PLACE_PAUSED) {
		if (due <= now)
			due = due_first(t, 0, now, s->ahead_us);
		queue_add_timer(&s->q, id, due);
	}
	arm(s);
}

bool
sched_run_now(struct sched *s, uint32_t id)
{
	struct test *t = &s->q.tests[id];

	assert(id < s->q.ntests);
	if (t->place == PLACE_RUNNING)
		return false;
	if (t->place == PLACE_TIMER || t->place == PLACE_PAUSED) {
		queue_remove(&s->q, id);
		t->due_us = clock_mono_us(s->clock);
		queue_add_ready(&s->q, id);
		arm(s);
	}
	return true;
}

void
sched_forgive(struct sched *s, uint32_t id)
{
	assert(id < s->q.ntests);
	s->q.tests[id].failures = 0;
}

enum sched_wait
sched_test_wait(const struct sched *s, uint32_t id)
{
	const struct test *t = &s->q.tests[id];
	const struct limit *pool = &s->q.pools[t->pool];

	switch (t->place) {
	case PLACE_PAUSED:
		return SCHED_WAIT_PAUSED;
	case PLACE_DEFERRED:
		return SCHED_WAIT_READY;
	case PLACE_PARKED:
		return SCHED_WAIT_USER;
	case PLACE_READY:
		return pool->running >= pool->max ? SCHED_WAIT_POOL : SCHED_WAIT_ALL;
	case PLACE_RUNNING:
		return SCHED_WAIT_NOTHING;
	}
	return SCHED_WAIT_TIME;
}

uint64_t
sched_test_due(const struct sched *s, uint32_t id)
{
	const struct test *t = &s->q.tests[id];

	assert(id < s->q.ntests);
	if (t->paused)
		return SCHED_NEVER;
	if (t->place == PLACE_RUNNING)
		return due_after(t, clock_mono_us(s->clock), s->ahead_us);
	return t->due_us;
}

void
sched_get_stats(const struct sched *s, struct sched_stats *ret)
{
	*ret = s->stats;
	ret->running = s->q.running;
	ret->waiting = s->q.waiting;
}
