#include "watch/pools.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "report/log.h"
#include "config/config.h"
#include "watch/parts.h"
#include "report/events.h"
#include "state/statefile.h"
#include "sched/sched.h"

_Static_assert(ROLLUP_DIAG_SIZE >= DIAGNOSIS_TAG_SIZE, "a tag fits");

/* ---- what is asked of a pool ---- */

/* Outside its windows a test does not run, however much one would like to know. */
static bool
may_run(const struct pool *pool, const struct probe *p)
{
	const struct calendar *active = p->test->timing.active;
	int64_t now = clock_wall_ms(pool->owner->world.env.clock);

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
		.expected = active && may_run(pool, p),
		.diag = f == NULL ? NULL : f->diag,
		.begun_ms = p->state.last.started_ms,
		.alert = &p->state.alert };
}

static void
say_test(void *arg, size_t i, enum alert_voice by)
{
	const struct pool *pool = arg;
	struct probe *p = pool->tests[i];

	(void)by;
	say_alert(pool->owner, p);
	agenda_set(pool->owner, &p->item, 0); /* for its reminder */
}

static void
say_whole(void *arg, bool stands)
{
	struct pool *pool = arg;
	struct daemon *d = pool->owner;

	say_pool(d, stands ? EVENT_POOL_ALERT : EVENT_POOL_RECOVERED, pool);
	if (stands)
		return;
	free(pool->state.acknowledged);
	pool->state.acknowledged = NULL;
	pool_run_held(d, pool);
	for (size_t i = 0; i < pool->ntests; i++)
		agenda_set(d, &pool->tests[i]->item, 0);
}

struct rollup_tests
pool_tests(struct pool *p)
{
	return (struct rollup_tests){ p->ntests, p, nth_member, say_test, say_whole };
}

static bool
is_active(const struct pool *pool)
{
	for (size_t i = 0; i < pool->ntests; i++)
		if (pool->tests[i]->state.alert.state != ALERT_PAUSED)
			return true;
	return false;
}

static struct isolation_pool
nth_pool(void *arg, size_t i)
{
	const struct daemon *d = arg;
	const struct pool *p = &d->pools.v[i];

	return (struct isolation_pool){ is_active(p), p->begun_ms, p->sight };
}

struct isolation_pools
pools_seen(struct daemon *d)
{
	return (struct isolation_pools){ d->pools.n, d, nth_pool };
}

void
pool_run_sooner(struct daemon *d, struct pool *p, int64_t since_ms, size_t n)
{
	for (; n > 0 && p->next < p->ntests; p->next++) {
		struct rollup_member m = nth_member(p, p->next);

		if (!m.expected || m.begun_ms >= since_ms)
			continue;
		(void)sched_run_now(d->sched, p->tests[p->next]->id);
		review_next(d, p->tests[p->next]);
		n--;
	}
}

void
pool_run_held(struct daemon *d, struct pool *pool)
{
	for (size_t i = 0; i < pool->ntests; i++) {
		struct probe *p = pool->tests[i];

		if (p->state.alert.state == ALERT_PAUSED ||
		    !alert_is_held(&p->state.alert))
			continue;
		(void)sched_run_now(d->sched, p->id);
		review_next(d, p);
	}
}

/* ---- exchanging them ---- */

void
pools_free(struct pools *p)
{
	for (size_t i = 0; i < p->n; i++)
		pool_state_free(&p->v[i].state);
	free(p->v);
	free(p->tests);
	*p = (struct pools){ .n = 0 };
}

bool
pools_make(struct pools *ret, const struct config *c, struct daemon *d)
{
	size_t at = 0;

	*ret = (struct pools){ .v = calloc(c->npools + 1, sizeof(*ret->v)) };
	ret->tests = calloc(c->ntests + 1, sizeof(struct probe *));
	if (ret->v == NULL || ret->tests == NULL)
		return false;
	for (; ret->n < c->npools; ret->n++) {
		struct pool *p = &ret->v[ret->n];

		p->owner = d;
		p->config = &c->pools[ret->n];
		p->state.fqdn = str_dup(str_of(p->config->fqdn));
		if (p->state.fqdn == NULL)
			return false;
	}
	/* Counted first, so that each list has its room. */
	for (size_t i = 0; i < c->ntests; i++)
		ret->v[c->tests[i].pool - c->pools].ntests++;
	for (size_t i = 0; i < ret->n; i++) {
		ret->v[i].tests = ret->tests + at;
		at += ret->v[i].ntests;
		ret->watched += ret->v[i].ntests > 0;
		ret->v[i].ntests = 0;
	}
	return true;
}

static int
by_fqdn(const void *a, const void *b)
{
	const struct pool *p = a, *q = b;

	return strcasecmp(p->state.fqdn, q->state.fqdn);
}

static int
fqdn_of(const void *key, const void *element)
{
	const struct pool *p = element;

	return strcasecmp(key, p->state.fqdn);
}

void
pools_restore(struct daemon *d, struct state *s)
{
	struct pools *all = &d->pools;

	all->v = calloc(s->npools + 1, sizeof(*all->v));
	if (all->v == NULL)
		return; /* as if the file knew none */
	for (; all->n < s->npools; all->n++) {
		all->v[all->n].state = s->pools[all->n];
		s->pools[all->n] = (struct pool_state){ .fqdn = NULL };
	}
	if (all->n > 0)
		qsort(all->v, all->n, sizeof(*all->v), by_fqdn);
	for (size_t i = 0; i < d->nprobes; i++)
		d->probes[i]->pool = all->n == 0
					 ? NULL
					 : bsearch(d->probes[i]->state.pool, all->v,
					       all->n, sizeof(*all->v), fqdn_of);
}

/* The first of its tests brings along what was known of the pool. */
static void
inherit(struct pool *p, struct pool *old)
{
	if (old == NULL || old->state.rollup.state != ROLLUP_STANDING)
		return;
	p->state.rollup = old->state.rollup;
	p->state.acknowledged = old->state.acknowledged;
	p->dormant = old->dormant;
	old->state.acknowledged = NULL;
	old->state.rollup.state = ROLLUP_QUIET;
}

static void
join(struct pool *pool, struct probe *p)
{
	inherit(pool, p->pool);
	if (p->pool != NULL && p->pool->begun_ms > pool->begun_ms) {
		pool->begun_ms = p->pool->begun_ms;
		pool->sight = p->pool->sight;
	}
	p->pool = pool;
	p->place_in_pool = (uint32_t)pool->ntests;
	pool->tests[pool->ntests++] = p;
}

static bool
has_failure(const struct pool *pool)
{
	for (size_t i = 0; i < pool->ntests; i++)
		if (pool->tests[i]->state.last.failure != NULL)
			return true;
	return false;
}

/* No zombies: an alert that no test is left for is over. */
static void
end_unsupported(struct daemon *d, struct pools *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct pool *p = &all->v[i];

		if (p->state.rollup.state != ROLLUP_STANDING || has_failure(p))
			continue;
		say_pool(d, EVENT_POOL_RECOVERED, p);
		p->state.rollup.state = ROLLUP_QUIET;
		free(p->state.acknowledged);
		p->state.acknowledged = NULL;
	}
}

static void
tidy(struct pool *p)
{
	for (size_t i = 0; i < p->ntests; i++)
		if (p->state.rollup.state != ROLLUP_STANDING &&
		    p->tests[i]->state.alert.voice == ALERT_BY_POOL)
			p->tests[i]->state.alert.voice = ALERT_HELD;
}

void
pools_exchange(struct daemon *d, const struct config *next, struct pools *room)
{
	struct pools old = d->pools;

	for (size_t i = 0; i < d->nprobes; i++)
		join(&room->v[d->probes[i]->test->pool - next->pools], d->probes[i]);
	for (size_t i = 0; i < old.n; i++)
		old.v[i].ntests = 0; /* they have moved, or are gone */
	d->pools = *room;
	*room = (struct pools){ .n = 0 };
	for (size_t i = 0; i < d->pools.n; i++)
		agenda_add(d, &d->pools.v[i].item, pool_due);
	end_unsupported(d, &old);
	end_unsupported(d, &d->pools);
	pools_free(&old);
	for (size_t i = 0; i < d->pools.n; i++) {
		struct pool *p = &d->pools.v[i];

		tidy(p);
		/* also in the life before this one */
		p->dormant = p->dormant || (p->ntests > 0 && !is_active(p));
		if (p->state.rollup.state == ROLLUP_STANDING)
			agenda_set(d, &p->item, 0);
	}
}

struct pool *
pools_find(const struct daemon *d, const char *fqdn)
{
	for (size_t i = 0; i < d->pools.n; i++)
		if (strcasecmp(d->pools.v[i].state.fqdn, fqdn) == 0)
			return &d->pools.v[i];
	return NULL;
}

size_t
pools_in_alert(const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->pools.n; i++)
		n += d->pools.v[i].state.rollup.state == ROLLUP_STANDING;
	return n;
}
