#include "watch/rollups.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "base/clock.h"
#include "config/config.h"
#include "sched/sched.h"
#include "watch/announce.h"
#include "watch/cutoff.h"
#include "watch/probe.h"
#include "watch/probes.h"
#include "watch/subscribers.h"
#include "watch/timetable.h"

#define SOON_MS 300000 /* a run that is due by then is soon enough to catch up */

struct rollups {
	struct rollups_settings set;
	const struct config *config; /* the live one */
	struct pools pools;
	struct agenda_kind kind;
};

static int64_t
now_of(const struct rollups *r)
{
	return clock_wall_ms(r->set.clock);
}

const struct pools *
rollups_pools(const struct rollups *r)
{
	return &r->pools;
}

/* ---- running tests sooner ---- */

/* Outside its windows a test does not run, however useful that would be. */
static bool
may_run(const struct rollups *r, const struct probe *p)
{
	const struct calendar *active = p->test->timing.active;
	int64_t now = now_of(r);

	return active == NULL || calendar_window(active, now).start_ms <= now;
}

static struct rollup_member
nth_member(void *arg, size_t i)
{
	const struct pool *pool = arg;
	struct probe *p = pool->tests[i];
	const struct failure_text *f = p->state.last.failure;
	/* What keeps changing has no say in what its pool does. */
	bool active = p->state.alert.state != ALERT_PAUSED && !p->state.alert.flapping;

	return (struct rollup_member){ .active = active,
		.expected = active && may_run(pool->owner, p),
		.diag = f == NULL ? NULL : f->diag,
		.begun_ms = p->state.last.started_ms,
		.alert = &p->state.alert };
}

/* Has up to n tests of the pool, from p->next on, run now if they have not since then. */
static void
run_sooner(struct rollups *r, struct pool *p, int64_t since_ms, size_t n)
{
	for (; n > 0 && p->next < p->ntests; p->next++) {
		struct rollup_member m = nth_member(p, p->next);

		if (!m.expected || m.begun_ms >= since_ms)
			continue;
		(void)timetable_run_now(r->set.timetable, p->tests[p->next]);
		n--;
	}
}

/* Runs those whose alert is not announced yet: it is with their next failure. */
static void
run_pending(struct rollups *r, struct pool *pool)
{
	for (size_t i = 0; i < pool->ntests; i++) {
		struct probe *p = pool->tests[i];

		if (p->state.alert.state != ALERT_PAUSED &&
		    alert_is_pending(&p->state.alert))
			(void)timetable_run_now(r->set.timetable, p);
	}
}

void
rollups_catch_up(struct rollups *r, struct probe *p)
{
	const struct alert *a = &p->state.alert;
	bool pending = a->state == ALERT_ALERT && alert_is_pending(a);

	if (!pending && (a->state != ALERT_FAILING || a->failures > 0))
		return;
	sched_forgive(r->set.timetable->sched, p->id);
	timetable_update_next(r->set.timetable, p);
	if (pending || p->state.next_ms > now_of(r) + SOON_MS)
		(void)timetable_run_now(r->set.timetable, p);
}

/* ---- judging a pool ---- */

static void
announce_test(void *arg, size_t i, enum alert_announcer by)
{
	const struct pool *pool = arg;
	const struct rollups *r = pool->owner;
	struct probe *p = pool->tests[i];

	(void)by;
	announce_alert(r->set.announcer, p);
	agenda_set(r->set.agenda, &p->item, 0); /* for its reminder */
}

static void
announce_whole(void *arg, bool active)
{
	struct pool *pool = arg;
	struct rollups *r = pool->owner;

	announce_pool(
	    r->set.announcer, active ? EVENT_POOL_ALERT : EVENT_POOL_RECOVERED, pool);
	if (active)
		return;
	free(pool->state.acknowledged);
	pool->state.acknowledged = NULL;
	run_pending(r, pool);
	for (size_t i = 0; i < pool->ntests; i++)
		agenda_set(r->set.agenda, &pool->tests[i]->item, 0);
}

/* The pool's tests, for alert/rollup.h. */
static struct rollup_tests
tests_of(struct pool *p)
{
	return (struct rollup_tests){ p->ntests, p, nth_member, announce_test,
		announce_whole };
}

static void
plan_wake(struct rollups *r, struct pool *p)
{
	const struct rollup *rollup = &p->state.rollup;
	int64_t wake = AGENDA_NEVER;

	if (rollup->state == ROLLUP_JUDGING && rollup->until_ms > now_of(r))
		wake = rollup->until_ms;
	else if (!cutoff_is_active(r->set.cutoff) && !p->dormant)
		wake = rollup_next_reminder(rollup, r->config->remind_ms);
	agenda_set(r->set.agenda, &p->item, wake);
}

/* Returns whether what the pool has to announce waits for the watcher being judged. */
static bool
waits_for_watcher(struct rollups *r, struct pool *p)
{
	return !p->asked &&
	       cutoff_must_wait(r->set.cutoff, p->began, p->state.rollup.from_ms);
}

/* Announces what is to be announced, once nothing more is waited for. */
static void
conclude_pool(struct rollups *r, struct pool *p)
{
	const struct rollup_tests tests = tests_of(p);
	int64_t now = now_of(r);

	if (!rollup_is_ripe(&p->state.rollup, now) || waits_for_watcher(r, p))
		return;
	rollup_conclude(&p->state.rollup, &tests, now);
	plan_wake(r, p);
	subscribers_pool_changed(r->set.subscribers, p);
}

static void
begin_judging(struct rollups *r, struct pool *p, enum isolation_evidence evidence)
{
	p->began = evidence;
	p->asked = false;
	p->next = 0;
	if (!p->state.rollup.against)
		run_sooner(r, p, p->state.rollup.from_ms, p->config->max_parallel);
	(void)waits_for_watcher(r, p);
	plan_wake(r, p);
}

static void
count_result(
    struct rollups *r, struct probe *p, enum isolation_evidence evidence, int64_t was_ms)
{
	struct pool *pool = p->pool;
	const struct rollup_tests tests = tests_of(pool);
	int64_t begun = p->state.last.started_ms, pool_was_ms = pool->begun_ms;

	pool->begun_ms = begun;
	pool->evidence = evidence;
	rollup_result(&pool->state.rollup, &tests, p->place_in_pool, was_ms, now_of(r));
	cutoff_note_failure(r->set.cutoff, evidence, begun, pool_was_ms);
}

/* Runs p again if it was under way when it went wrong: what it saw does not count. */
static void
run_again(struct rollups *r, struct probe *p)
{
	const struct rollup *rollup = &p->pool->state.rollup;
	const struct rollup_tests tests = tests_of(p->pool);
	int64_t begun = p->state.last.started_ms;

	if (!tests.nth(tests.arg, p->place_in_pool).expected)
		return;
	if ((rollup->state == ROLLUP_JUDGING && begun < rollup->from_ms) ||
	    cutoff_needs_later_run(r->set.cutoff, begun))
		(void)sched_run_now(r->set.timetable->sched, p->id);
}

void
rollups_note_result(struct rollups *r, struct probe *p, enum isolation_evidence evidence,
    int64_t first_ms, int64_t was_ms)
{
	struct pool *pool = p->pool;
	struct rollup *rollup = &pool->state.rollup;
	const struct rollup_tests tests = tests_of(pool);
	enum rollup_state was = rollup->state;

	if (p->state.alert.state == ALERT_PAUSED) {
		cutoff_judge(r->set.cutoff);
		return;
	}
	count_result(r, p, evidence, was_ms);
	rollup_pending(rollup, &tests, p->place_in_pool, first_ms, now_of(r),
	    r->config->rollup_wait_ms);
	if (rollup->state == ROLLUP_JUDGING && was != ROLLUP_JUDGING)
		begin_judging(r, pool, evidence);
	else if (rollup->state == ROLLUP_JUDGING && !rollup->against)
		run_sooner(r, pool, rollup->from_ms, 1);
	run_again(r, p);
	cutoff_judge(r->set.cutoff);
	conclude_pool(r, pool);
}

/* ---- what is due ---- */

void
rollups_touch(struct rollups *r, struct pool *p)
{
	if (p->state.rollup.state != ROLLUP_QUIET)
		agenda_set(r->set.agenda, &p->item, 0);
}

/* Returns whether all of its tests were paused, and are not any more. */
static bool
has_woken(struct pool *p)
{
	bool was = p->dormant;

	p->dormant = !pool_is_active(p);
	return was && !p->dormant;
}

static void
on_due(void *arg, struct agenda_item *item)
{
	struct rollups *r = arg;
	struct pool *p = (struct pool *)(void *)item;
	struct rollup *rollup = &p->state.rollup;
	const struct rollup_tests tests = tests_of(p);
	int64_t now = now_of(r);
	bool woken;

	if (rollup->state == ROLLUP_JUDGING) {
		rollup_recount(rollup, &tests);
		conclude_pool(r, p);
	} else if (rollup->state == ROLLUP_ACTIVE) {
		woken = has_woken(p) && !rollup->acknowledged;
		if (!p->dormant && !cutoff_is_active(r->set.cutoff) &&
		    (rollup_remind(rollup, r->config->remind_ms, now) || woken)) {
			if (woken)
				rollup->announced_ms = now;
			announce_pool(r->set.announcer, EVENT_POOL_REMINDER, p);
			subscribers_pool_changed(r->set.subscribers, p);
		}
	}
	plan_wake(r, p);
}

/* ---- what others ask ---- */

bool
rollups_leave_to_test(const struct rollups *r, const struct probe *p)
{
	return !pool_in_alert(p->pool) && !cutoff_is_active(r->set.cutoff);
}

const char *
rollups_resumed_word(const struct rollups *r, const struct probe *p)
{
	if (cutoff_is_active(r->set.cutoff))
		return "isolated";
	if (pool_in_alert(p->pool))
		return "pool";
	return announce_rollup_word(&p->state.alert);
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
rollups_acknowledge(
    struct rollups *r, struct pool *p, bool whole, const struct remark *remark)
{
	struct rollup *rollup = &p->state.rollup;

	if (rollup->state != ROLLUP_ACTIVE || rollup->acknowledged ||
	    (!whole && !all_acknowledged(p)))
		return false;
	rollup->acknowledged = true;
	p->state.acknowledged = malloc(sizeof(*remark));
	if (p->state.acknowledged != NULL)
		*p->state.acknowledged = *remark;
	announce_pool_acknowledged(r->set.announcer, p, remark);
	plan_wake(r, p);
	subscribers_pool_changed(r->set.subscribers, p);
	return true;
}

/* ---- what cutoff.h asks and tells ---- */

static struct isolation_pool
see_pool(void *arg, size_t i)
{
	const struct rollups *r = arg;
	const struct pool *p = &r->pools.v[i];

	return (struct isolation_pool){ pool_is_active(p), p->begun_ms, p->evidence };
}

static struct isolation_pools
see_pools(void *arg)
{
	const struct rollups *r = arg;

	return (struct isolation_pools){ r->pools.n, arg, see_pool };
}

static size_t
count_pools(void *arg)
{
	const struct rollups *r = arg;

	return r->pools.watched;
}

static size_t
count_tests(void *arg)
{
	const struct rollups *r = arg;

	return r->set.probes->n;
}

static bool
ask_pool(void *arg, size_t i, int64_t since_ms)
{
	struct rollups *r = arg;
	struct pool *p = &r->pools.v[i];

	if (p->begun_ms >= since_ms || p->state.rollup.state == ROLLUP_JUDGING)
		return false;
	p->next = 0;
	run_sooner(r, p, since_ms, 1);
	return true;
}

/* What is pending stays so: no pool is accused. */
static void
on_cut_off(void *arg)
{
	struct rollups *r = arg;

	for (size_t i = 0; i < r->pools.n; i++)
		rollup_defer(&r->pools.v[i].state.rollup);
}

/* Reminders that would have come in the meantime are not caught up on. */
static void
on_connected(void *arg)
{
	struct rollups *r = arg;
	int64_t now = now_of(r);

	for (size_t i = 0; i < r->pools.n; i++) {
		r->pools.v[i].state.rollup.announced_ms = now;
		rollups_touch(r, &r->pools.v[i]);
	}
	for (size_t i = 0; i < r->set.probes->n; i++) {
		struct probe *p = r->set.probes->v[i];

		if (p->state.alert.announced_ms != 0)
			p->state.alert.announced_ms = now;
		rollups_catch_up(r, p);
		agenda_set(r->set.agenda, &p->item, 0);
	}
}

/* Whatever has waited for that is announced. */
static void
on_not_cut_off(void *arg)
{
	struct rollups *r = arg;

	for (size_t i = 0; i < r->pools.n; i++)
		r->pools.v[i].asked = true;
	for (size_t i = 0; i < r->pools.n; i++)
		conclude_pool(r, &r->pools.v[i]);
}

static const struct cutoff_peers peers = { see_pools, count_pools, count_tests, ask_pool,
	on_cut_off, on_connected, on_not_cut_off };

/* ---- another configuration ---- */

/* Ends alerts that no test is left for. */
static void
end_unsupported(struct rollups *r, struct pools *pools)
{
	for (size_t i = 0; i < pools->n; i++) {
		struct pool *p = &pools->v[i];

		if (!pool_in_alert(p) || pool_has_failure(p))
			continue;
		announce_pool(r->set.announcer, EVENT_POOL_RECOVERED, p);
		p->state.rollup.state = ROLLUP_QUIET;
		free(p->state.acknowledged);
		p->state.acknowledged = NULL;
	}
}

/* Tests for which no pool announces anything any more are pending again. */
static void
drop_lost_voices(struct pool *p)
{
	for (size_t i = 0; i < p->ntests && !pool_in_alert(p); i++)
		if (p->tests[i]->state.alert.announced_by == ALERT_BY_POOL)
			p->tests[i]->state.alert.announced_by = ALERT_PENDING;
}

void
rollups_adopt(struct rollups *r, const struct config *next, struct pools *made_for_it)
{
	struct pools old = r->pools;

	pools_join(made_for_it, next, r->set.probes);
	for (size_t i = 0; i < old.n; i++)
		old.v[i].ntests = 0; /* they have moved, or are gone */
	r->config = next;
	r->pools = *made_for_it;
	*made_for_it = (struct pools){ .n = 0 };
	for (size_t i = 0; i < r->pools.n; i++) {
		r->pools.v[i].owner = r;
		agenda_add(r->set.agenda, &r->pools.v[i].item, &r->kind);
	}
	end_unsupported(r, &old);
	end_unsupported(r, &r->pools);
	pools_free(&old);
	for (size_t i = 0; i < r->pools.n; i++) {
		struct pool *p = &r->pools.v[i];

		drop_lost_voices(p);
		/* also in the life before this one */
		p->dormant = p->dormant || (p->ntests > 0 && !pool_is_active(p));
		if (pool_in_alert(p))
			agenda_set(r->set.agenda, &p->item, 0);
	}
}

void
rollups_resume(struct rollups *r)
{
	for (size_t i = 0; i < r->pools.n; i++)
		run_pending(r, &r->pools.v[i]);
}

/* ---- life ---- */

void
rollups_restore(struct rollups *r, struct pool_state *states, size_t n)
{
	pools_restore(&r->pools, states, n, r->set.probes);
}

struct rollups *
rollups_new(const struct rollups_settings *s)
{
	struct rollups *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->set = *s;
	r->kind = (struct agenda_kind){ on_due, r };
	cutoff_attach(s->cutoff, &peers, r);
	return r;
}

void
rollups_free(struct rollups *r)
{
	if (r == NULL)
		return;
	pools_free(&r->pools);
	free(r);
}
