#include "sched/sched.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "sched/due.h"
#include "sched/queue.h"

/* One turn of the loop must stay short, however much is due at once. */
#define TURN_DUE   1024		/* tests whose time has come */
#define TURN_START 32		/* tests started, or parked behind their user */

/* The loop's timers stand still in a suspend, the clock does not: look now and then. */
#define LONGEST_SLEEP_US ((uint64_t)60 * 1000000)

struct sched {
	struct queue q;
	const struct clock *clock;
	struct timer *timer;		/* NULL: whoever made us calls sched_run_due() */
	void (*start)(void *arg, void *owner, uint64_t late_us);
	void *arg;
	bool stopped;
	struct sched_stats stats;
};

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

bool
sched_adopt(struct sched *s, const struct sched_set *set, uint32_t *ret_ids)
{
	struct queue next;

	if (!queue_build(&next, &s->q, set, ret_ids, clock_mono_us(s->clock)))
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

/* Slots that have gone by since it was due are one run, due at the last of them. */
static void
skip_missed(struct sched *s, struct test *t, uint64_t now)
{
	uint64_t slots, last = due_latest(t, t->due_us, now, &slots);

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
		queue_take(q, id);
		skip_missed(s, &q->tests[id], now);
		queue_ready(q, id);
	}
}

static void
start(struct sched *s, uint32_t id)
{
	struct test *t = &s->q.tests[id];
	uint64_t now = clock_mono_us(s->clock), late;

	skip_missed(s, t, now);		/* while it stood in line */
	late = now - t->due_us;
	t->started_us = now;
	s->stats.started++;
	s->stats.late += late > SCHED_LATE_US;
	s->stats.late_sum_us += late;
	if (late > s->stats.late_max_us)
		s->stats.late_max_us = late;
	s->start(s->arg, t->owner, late);
}

void
sched_run_due(struct sched *s)
{
	unsigned budget = TURN_START;
	uint32_t id;

	if (s->stopped)
		return;
	collect_due(s, clock_mono_us(s->clock));
	while (!s->stopped && (id = queue_next(&s->q, &budget)) != SCHED_NONE)
		start(s, id);
	arm(s);
}

/* Next is the coming slot, sooner after a first failure, at once if one was missed. */
static void
plan_next(struct sched *s, uint32_t id, bool ok)
{
	struct test *t = &s->q.tests[id];
	uint64_t now = clock_mono_us(s->clock), next = due_after(t, now), slots;
	uint64_t last = due_latest(t, t->started_us, now, &slots);

	if (t->held) {
		t->due_us = next;
		t->place = PLACE_HELD;
		return;
	}
	if (slots > 0) {
		s->stats.missed += slots - 1;
		t->due_us = last;
		queue_ready(&s->q, id);
		return;
	}
	if (!ok && t->failures <= t->retries && now + t->retry_us < next)
		next = now + t->retry_us;
	queue_timer(&s->q, id, next);
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
sched_hold(struct sched *s, uint32_t id, bool held)
{
	struct test *t = &s->q.tests[id];
	uint64_t now = clock_mono_us(s->clock);

	assert(id < s->q.ntests);
	if (t->held == held)
		return;
	t->held = held;
	if (held && t->place != PLACE_RUNNING) {
		queue_take(&s->q, id);
		t->place = PLACE_HELD;
	} else if (!held && t->place == PLACE_HELD) {
		queue_timer(&s->q, id,
		    t->due_us > now ? t->due_us : due_first(t, 0, now));
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
	if (t->place == PLACE_TIMER || t->place == PLACE_HELD) {
		queue_take(&s->q, id);
		t->due_us = clock_mono_us(s->clock);
		queue_ready(&s->q, id);
		arm(s);
	}
	return true;
}

enum sched_wait
sched_test_wait(const struct sched *s, uint32_t id)
{
	const struct test *t = &s->q.tests[id];
	const struct limit *pool = &s->q.pools[t->pool];

	switch (t->place) {
	case PLACE_HELD:
		return SCHED_WAIT_HELD;
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
	if (t->held)
		return SCHED_NEVER;
	if (t->place == PLACE_RUNNING)
		return due_after(t, clock_mono_us(s->clock));
	return t->due_us;
}

void
sched_get_stats(const struct sched *s, struct sched_stats *ret)
{
	*ret = s->stats;
	ret->running = s->q.running;
	ret->waiting = s->q.waiting;
}
