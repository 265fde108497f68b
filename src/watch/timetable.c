#include "watch/timetable.h"

#include <stdlib.h>

#include "base/clock.h"
#include "config/config.h"
#include "sched/sched.h"
#include "watch/probe.h"
#include "watch/probes.h"
#include "watch/subscribers.h"

/* ---- another configuration ---- */

/* Room for what sched_adopt() is told. */
struct plan {
	struct sched_spec *specs;
	struct sched_limit *pools, *users;
};

static void
plan_free(struct plan *plan)
{
	free(plan->specs);
	free(plan->pools);
	free(plan->users);
}

static bool
plan_limits(struct plan *plan, const struct config *c)
{
	plan->specs = calloc(c->ntests, sizeof(*plan->specs));
	plan->pools = calloc(c->npools, sizeof(*plan->pools));
	plan->users = calloc(c->nusers, sizeof(*plan->users));
	if (plan->specs == NULL || plan->pools == NULL || plan->users == NULL)
		return false;
	for (size_t i = 0; i < c->npools; i++)
		plan->pools[i] =
		    (struct sched_limit){ c->pools[i].fqdn, c->pools[i].max_parallel };
	/* The same endpoint of one user: a second logon would replace the first. */
	for (size_t i = 0; i < c->nusers; i++)
		plan->users[i] = (struct sched_limit){ c->users[i].address, 1 };
	return true;
}

/* How long until it is due, as remembered; only for what is new to the schedule. */
static uint64_t
due_in_ms(const struct timetable *tt, const struct probe *p, const struct config_test *t)
{
	int64_t now = clock_wall_ms(tt->clock), next = p->state.next_ms;

	if (t->timing.run_on_start)
		return 0;
	if (next == 0)
		return SCHED_NEVER;
	return next <= now ? 0 : (uint64_t)(next - now);
}

static struct sched_spec
spec_of(const struct timetable *tt, const struct config *c, struct probe *p,
    const struct config_test *t)
{
	return (struct sched_spec){
		.name = t->name,
		.owner = p,
		.at = t->timing.at,
		.active = t->timing.active,
		.every_ms = t->timing.every_ms,
		.jitter_ms = t->timing.jitter_ms,
		.retry_ms = t->retry_ms,
		.retries = t->confirm - 1,
		.pool = (uint32_t)(t->pool - c->pools),
		.user = (uint32_t)(t->user - c->users),
		.due_in_ms = due_in_ms(tt, p, t),
		.failures = p->state.alert.failures,
	};
}

bool
timetable_adopt(const struct timetable *tt, const struct config *next,
    const struct probes *ps, uint32_t *ret_ids)
{
	struct plan plan = { NULL, NULL, NULL };
	struct sched_set set = { .max_parallel = next->max_parallel };
	bool ok = plan_limits(&plan, next);

	for (size_t i = 0; ok && i < ps->n; i++)
		plan.specs[i] = spec_of(tt, next, ps->v[i], &next->tests[i]);
	set.tests = plan.specs;
	set.ntests = next->ntests;
	set.pools = plan.pools;
	set.npools = next->npools;
	set.users = plan.users;
	set.nusers = next->nusers;
	ok = ok && sched_adopt(tt->sched, &set, ret_ids);
	plan_free(&plan);
	return ok;
}

/* ---- the next run ---- */

bool
timetable_run_now(const struct timetable *tt, struct probe *p)
{
	bool ok = sched_run_now(tt->sched, p->id);

	timetable_note_change(tt, p);
	return ok;
}

void
timetable_pause(
    const struct timetable *tt, struct probe *p, bool paused, int64_t until_ms)
{
	sched_pause(tt->sched, p->id, paused);
	p->paused_until_ms = until_ms;
}

/* The schedule's monotonic time of the next run, as wall clock. */
static int64_t
next_wall_ms(const struct timetable *tt, const struct probe *p)
{
	uint64_t due = sched_test_due(tt->sched, p->id);

	if (due == SCHED_NEVER) /* paused */
		return p->paused_until_ms;
	return clock_wall_ms(tt->clock) +
	       (int64_t)(due - clock_mono_us(tt->clock)) / 1000;
}

/* The same moment, reckoned from two clocks, may differ a little: it stays as it was. */
void
timetable_update_next(const struct timetable *tt, struct probe *p)
{
	int64_t next = next_wall_ms(tt, p);

	if (next > p->state.next_ms + 2 || next < p->state.next_ms - 2)
		p->state.next_ms = next;
}

void
timetable_note_change(const struct timetable *tt, struct probe *p)
{
	timetable_update_next(tt, p);
	subscribers_test_changed(tt->subscribers, p);
}
