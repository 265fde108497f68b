/*
 * rollups - who says that a test is in alert: the test, its pool, or the watcher that is
 * cut off. The rules are those of alert/rollup.h and alert/isolation.h; here is when to
 * ask them, whom to have run sooner, and what to say.
 */
#include <stdlib.h>

#include "report/log.h"
#include "config/config.h"
#include "watch/parts.h"
#include "state/writer.h"
#include "sched/sched.h"
#include "transport/reach.h"

#define POOLS_AT_ONCE  8      /* asked whether they fail, too */
#define REACH_MS       3000   /* for all references together */
#define REACH_AGAIN_MS 30000  /* while the watcher is cut off */
#define SOON_MS	       300000 /* a run that is due by then need not be made up for */

_Static_assert(CONFIG_REFERENCES_MAX <= REACH_MAX, "all of them are tried");

static void settle(struct daemon *d, struct pool *p);

static int64_t
now_of(const struct daemon *d)
{
	return clock_wall_ms(d->world.env.clock);
}

/* ---- the watcher ---- */

static void
run_in_other_pools(struct daemon *d, size_t n)
{
	for (; n > 0 && d->next_pool < d->pools.n; d->next_pool++) {
		struct pool *p = &d->pools.v[d->next_pool];

		if (p->begun_ms >= d->isolation.from_ms ||
		    p->state.rollup.state == ROLLUP_JUDGING)
			continue;
		p->next = 0;
		pool_run_sooner(d, p, d->isolation.from_ms, 1);
		n--;
	}
}

static void
wake_watcher(struct daemon *d)
{
	const struct isolation *w = &d->isolation;
	int64_t wake = AGENDA_NEVER, again;

	if (w->state == ISOLATION_JUDGING)
		wake = w->until_ms;
	if (w->state == ISOLATION_CUT_OFF) {
		wake = isolation_next_reminder(w, d->config->remind_ms);
		again = now_of(d) + REACH_AGAIN_MS;
		if (d->config->nreferences > 0 && again < wake)
			wake = again;
	}
	agenda_set(d, &d->watcher, wake);
}

static void
cut_off(struct daemon *d)
{
	isolation_stand(&d->isolation, now_of(d));
	say_watcher(d, EVENT_WATCHER_ISOLATED);
	for (size_t i = 0; i < d->pools.n; i++)
		rollup_put_off(&d->pools.v[i].state.rollup);
	wake_watcher(d);
	writer_touch(d->writer);
}

void
watcher_makes_up(struct daemon *d, struct probe *p)
{
	const struct alert *a = &p->state.alert;
	bool held = a->state == ALERT_ALERT && alert_is_held(a);

	if (!held && (a->state != ALERT_FAILING || a->failures > 0))
		return;
	sched_forgive(d->sched, p->id);
	review_set_next(d, p);
	if (!held && p->state.next_ms <= now_of(d) + SOON_MS)
		return;
	(void)sched_run_now(d->sched, p->id);
	review_next(d, p);
}

/* Reminders that would have come meanwhile are not made up for. */
static void
connected(struct daemon *d)
{
	int64_t now = now_of(d);

	say_watcher(d, EVENT_WATCHER_CONNECTED);
	isolation_end(&d->isolation);
	d->connections++;
	for (size_t i = 0; i < d->pools.n; i++) {
		struct pool *p = &d->pools.v[i];

		p->state.rollup.said_ms = now;
		pool_touch(d, p);
	}
	for (size_t i = 0; i < d->nprobes; i++) {
		struct probe *p = d->probes[i];

		if (p->state.alert.said_ms != 0)
			p->state.alert.said_ms = now;
		watcher_makes_up(d, p);
		agenda_set(d, &p->item, 0);
	}
	agenda_set(d, &d->watcher, AGENDA_NEVER);
	writer_touch(d->writer);
}

/* It is not: whatever waits for that is said. */
static void
not_cut_off(struct daemon *d)
{
	isolation_end(&d->isolation);
	reach_cancel(d->reach);
	d->reach = NULL;
	agenda_set(d, &d->watcher, AGENDA_NEVER);
	for (size_t i = 0; i < d->pools.n; i++)
		d->pools.v[i].asked = true;
	for (size_t i = 0; i < d->pools.n; i++)
		settle(d, &d->pools.v[i]);
}

static void
judge_watcher(struct daemon *d)
{
	if (d->isolation.state != ISOLATION_JUDGING)
		return;
	switch (isolation_verdict(&d->isolation, now_of(d))) {
	case ISOLATION_WAIT:
		break;
	case ISOLATION_NO:
		not_cut_off(d);
		break;
	case ISOLATION_YES:
		cut_off(d);
		break;
	}
}

static void
on_reach(void *arg, bool reached)
{
	struct daemon *d = arg;
	struct isolation *w = &d->isolation;

	d->reach = NULL;
	if (reached)
		isolation_proof(w, now_of(d));
	if (w->state == ISOLATION_CUT_OFF && reached)
		connected(d);
	if (w->state != ISOLATION_JUDGING)
		return;
	w->unreachable = !reached;
	if (!reached)
		run_in_other_pools(d, POOLS_AT_ONCE);
	judge_watcher(d);
}

static void
try_references(struct daemon *d)
{
	const struct config *c = d->config;
	struct reach_target targets[REACH_MAX];
	uint64_t budget = REACH_MS;

	if (d->reach != NULL || c->nreferences == 0)
		return;
	if (c->rollup_wait_ms / 2 < budget)
		budget = c->rollup_wait_ms / 2 + 1;
	for (size_t i = 0; i < c->nreferences; i++)
		targets[i] =
		    (struct reach_target){ c->references[i].host, c->references[i].port };
	/* Without memory there is no answer, which the wait puts an end to. */
	d->reach = reach_start(d->world.env.loop, d->world.env.resolver, targets,
	    c->nreferences, budget, on_reach, d);
}

static void
begin_to_ask(struct daemon *d, const struct pool *p)
{
	const struct isolation_pools seen = pools_seen(d);
	const struct config *c = d->config;
	int64_t until = now_of(d) + (int64_t)c->rollup_wait_ms;

	isolation_begin(&d->isolation, &seen, p->began, c->nreferences > 0,
	    p->state.rollup.from_ms, until);
	d->next_pool = 0;
	agenda_set(d, &d->watcher, 0);
	if (c->nreferences > 0)
		try_references(d);
	else
		run_in_other_pools(d, POOLS_AT_ONCE);
}

/* What a pool has to say waits for whether the watcher is cut off. */
static bool
waits_for_watcher(struct daemon *d, struct pool *p)
{
	if (!sight_is_local(p->began) || p->asked ||
	    !isolation_is_possible(&d->isolation, d->pools.watched,
		d->config->nreferences > 0, p->state.rollup.from_ms))
		return false;
	if (d->isolation.state == ISOLATION_NONE)
		begin_to_ask(d, p);
	return true;
}

void
watcher_result(struct daemon *d, enum isolation_sight sight, int64_t begun_ms)
{
	if (sight != SIGHT_PROOF)
		return;
	isolation_proof(&d->isolation, begun_ms);
	/* Before since_ms is now only when the clock was set back. */
	if (d->isolation.state == ISOLATION_CUT_OFF &&
	    (begun_ms >= d->isolation.since_ms || now_of(d) < d->isolation.since_ms))
		connected(d);
}

bool
watcher_excuses(const struct daemon *d, const struct probe *p, enum isolation_sight sight)
{
	return p->state.last.failure != NULL &&
	       (d->isolation.state == ISOLATION_CUT_OFF ||
		   (sight_is_local(sight) && p->begun != d->connections));
}

static void
watcher_due(struct daemon *d, struct agenda_item *item)
{
	(void)item;
	judge_watcher(d);
	if (d->isolation.state == ISOLATION_JUDGING)
		wake_watcher(d);
	if (d->isolation.state != ISOLATION_CUT_OFF)
		return;
	if (isolation_remind(&d->isolation, d->config->remind_ms, now_of(d))) {
		say_watcher(d, EVENT_WATCHER_REMINDER);
		writer_touch(d->writer);
	}
	try_references(d);
	wake_watcher(d);
}

/* ---- pools ---- */

static void
wake_pool(struct daemon *d, struct pool *p)
{
	const struct rollup *r = &p->state.rollup;
	int64_t wake = AGENDA_NEVER;

	if (r->state == ROLLUP_JUDGING && r->until_ms > now_of(d))
		wake = r->until_ms;
	else if (d->isolation.state != ISOLATION_CUT_OFF && !p->dormant)
		wake = rollup_next_reminder(r, d->config->remind_ms);
	agenda_set(d, &p->item, wake);
}

/* Says what is to be said, once nothing more is waited for. */
static void
settle(struct daemon *d, struct pool *p)
{
	const struct rollup_tests tests = pool_tests(p);
	int64_t now = now_of(d);

	if (!rollup_is_ripe(&p->state.rollup, now) || waits_for_watcher(d, p))
		return;
	rollup_conclude(&p->state.rollup, &tests, now);
	wake_pool(d, p);
	writer_touch(d->writer);
}

static void
begin_to_judge(struct daemon *d, struct pool *p, enum isolation_sight sight)
{
	p->began = sight;
	p->asked = false;
	p->next = 0;
	if (!p->state.rollup.against)
		pool_run_sooner(d, p, p->state.rollup.from_ms, p->config->max_parallel);
	(void)waits_for_watcher(d, p);
	wake_pool(d, p);
}

static void
count_result(
    struct daemon *d, struct probe *p, enum isolation_sight sight, int64_t was_ms)
{
	struct pool *pool = p->pool;
	const struct rollup_tests tests = pool_tests(pool);
	struct isolation *w = &d->isolation;
	int64_t begun = p->state.last.started_ms, pool_was_ms = pool->begun_ms;

	pool->begun_ms = begun;
	pool->sight = sight;
	rollup_result(&pool->state.rollup, &tests, p->place_in_pool, was_ms, now_of(d));
	if (w->state != ISOLATION_JUDGING || !sight_is_local(sight))
		return;
	isolation_failure(w, sight, begun, pool_was_ms);
	if (!w->references || w->unreachable)
		run_in_other_pools(d, 1);
}

/* It was under way when it went wrong: what it saw does not count. */
static void
run_again(struct daemon *d, struct probe *p)
{
	const struct rollup *r = &p->pool->state.rollup;
	const struct isolation *w = &d->isolation;
	const struct rollup_tests tests = pool_tests(p->pool);
	int64_t begun = p->state.last.started_ms;

	if (!tests.nth(tests.arg, p->place_in_pool).expected)
		return;
	if ((r->state == ROLLUP_JUDGING && begun < r->from_ms) ||
	    (w->state == ISOLATION_JUDGING && begun < w->from_ms))
		(void)sched_run_now(d->sched, p->id);
}

void
pool_result(struct daemon *d, struct probe *p, enum isolation_sight sight,
    int64_t first_ms, int64_t was_ms)
{
	struct pool *pool = p->pool;
	struct rollup *r = &pool->state.rollup;
	const struct rollup_tests tests = pool_tests(pool);
	enum rollup_state was = r->state;

	if (p->state.alert.state == ALERT_PAUSED) {
		judge_watcher(d);
		return;
	}
	count_result(d, p, sight, was_ms);
	rollup_held(
	    r, &tests, p->place_in_pool, first_ms, now_of(d), d->config->rollup_wait_ms);
	if (r->state == ROLLUP_JUDGING && was != ROLLUP_JUDGING)
		begin_to_judge(d, pool, sight);
	else if (r->state == ROLLUP_JUDGING && !r->against)
		pool_run_sooner(d, pool, r->from_ms, 1);
	run_again(d, p);
	judge_watcher(d);
	settle(d, pool);
}

void
pool_touch(struct daemon *d, struct pool *p)
{
	if (p->state.rollup.state != ROLLUP_QUIET)
		agenda_set(d, &p->item, 0);
}

/* Its tests may all be paused; when they are no more, the alert is said again. */
static bool
wakes_up(struct pool *p)
{
	bool was = p->dormant;

	p->dormant = true;
	for (size_t i = 0; i < p->ntests && p->dormant; i++)
		p->dormant = p->tests[i]->state.alert.state == ALERT_PAUSED;
	return was && !p->dormant;
}

void
pool_due(struct daemon *d, struct agenda_item *item)
{
	struct pool *p = (struct pool *)(void *)item;
	struct rollup *r = &p->state.rollup;
	const struct rollup_tests tests = pool_tests(p);
	int64_t now = now_of(d);
	bool woken;

	if (r->state == ROLLUP_JUDGING) {
		rollup_recount(r, &tests);
		settle(d, p);
	} else if (r->state == ROLLUP_STANDING) {
		woken = wakes_up(p) && !r->acknowledged;
		if (!p->dormant && d->isolation.state != ISOLATION_CUT_OFF &&
		    (rollup_remind(r, d->config->remind_ms, now) || woken)) {
			if (woken)
				r->said_ms = now;
			say_pool(d, EVENT_POOL_REMINDER, p);
			writer_touch(d->writer);
		}
	}
	wake_pool(d, p);
}

static bool
all_acknowledged(const struct pool *p)
{
	for (size_t i = 0; i < p->ntests; i++) {
		const struct alert *a = &p->tests[i]->state.alert;

		if (a->state == ALERT_ALERT && !a->acknowledged)
			return false;
	}
	return true;
}

bool
pool_acknowledge(struct daemon *d, struct pool *p, bool whole, const struct remark *r)
{
	struct rollup *rollup = &p->state.rollup;

	if (rollup->state != ROLLUP_STANDING || rollup->acknowledged ||
	    (!whole && !all_acknowledged(p)))
		return false;
	rollup->acknowledged = true;
	p->state.acknowledged = malloc(sizeof(*r));
	if (p->state.acknowledged != NULL)
		*p->state.acknowledged = *r;
	LOG_EVENT(d->log, LOG_NOTICE, EVENT_POOL_ACKNOWLEDGED,
	    KV_S("pool", p->state.fqdn), KV_S("by", r->by), KV_S("reason", r->reason));
	wake_pool(d, p);
	writer_touch(d->writer);
	return true;
}

/* ---- another configuration ---- */

static void
run_what_is_held(struct daemon *d)
{
	for (size_t i = 0; i < d->pools.n; i++)
		pool_run_held(d, &d->pools.v[i]);
}

void
rollups_exchange(struct daemon *d, const struct config *next)
{
	size_t enough = next->nreferences > 0 ? 1 : 2;

	reach_cancel(d->reach);
	d->reach = NULL;
	agenda_add(d, &d->watcher, watcher_due);
	if (d->isolation.state == ISOLATION_JUDGING)
		isolation_end(&d->isolation);
	if (d->isolation.state == ISOLATION_CUT_OFF && d->pools.watched < enough)
		connected(d);
	else if (d->isolation.state == ISOLATION_CUT_OFF)
		agenda_set(d, &d->watcher, 0);
	run_what_is_held(d);
}

void
rollups_free(struct daemon *d)
{
	reach_cancel(d->reach);
	d->reach = NULL;
	pools_free(&d->pools);
}
