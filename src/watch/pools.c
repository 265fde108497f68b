#include "watch/pools.h"

#include <stdlib.h>
#include <strings.h>

#include "config/config.h"
#include "watch/line_queue.h"
#include "watch/probe.h"
#include "watch/probes.h"

_Static_assert(ROLLUP_DIAG_SIZE >= DIAGNOSIS_TAG_SIZE, "a tag fits");

bool
pool_is_active(const struct pool *p)
{
	for (size_t i = 0; i < p->ntests; i++)
		if (p->tests[i]->state.alert.state != ALERT_PAUSED)
			return true;
	return false;
}

bool
pool_has_failure(const struct pool *p)
{
	for (size_t i = 0; i < p->ntests; i++)
		if (p->tests[i]->state.last.failure != NULL)
			return true;
	return false;
}

struct pool *
pools_find(const struct pools *p, const char *fqdn)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcasecmp(p->v[i].state.fqdn, fqdn) == 0)
			return &p->v[i];
	return NULL;
}

/* ---- life ---- */

void
pools_free(struct pools *p)
{
	for (size_t i = 0; i < p->n; i++) {
		line_queue_leave(p->v[i].lines);
		pool_state_free(&p->v[i].state);
	}
	free(p->v);
	free(p->tests);
	*p = (struct pools){ .n = 0 };
}

bool
pools_make(struct pools *ret, const struct config *c)
{
	size_t at = 0;

	*ret = (struct pools){ .v = calloc(c->npools + 1, sizeof(*ret->v)) };
	ret->tests = calloc(c->ntests + 1, sizeof(struct probe *));
	if (ret->v == NULL || ret->tests == NULL)
		return false;
	for (; ret->n < c->npools; ret->n++) {
		struct pool *p = &ret->v[ret->n];

		p->config = &c->pools[ret->n];
		p->state.fqdn = str_dup(str_of(p->config->fqdn));
		if (p->state.fqdn == NULL)
			return false;
	}
	/* Counted first, so that each list has its place. */
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
compare_pools(const void *a, const void *b)
{
	const struct pool *p = a, *q = b;

	return strcasecmp(p->state.fqdn, q->state.fqdn);
}

static int
compare_fqdn(const void *key, const void *element)
{
	const struct pool *p = element;

	return strcasecmp(key, p->state.fqdn);
}

void
pools_restore(
    struct pools *ret, struct pool_state *states, size_t n, const struct probes *ps)
{
	*ret = (struct pools){ .v = calloc(n + 1, sizeof(*ret->v)) };
	if (ret->v == NULL)
		return;
	for (; ret->n < n; ret->n++) {
		ret->v[ret->n].state = states[ret->n];
		states[ret->n] = (struct pool_state){ .fqdn = NULL };
	}
	if (ret->n > 0)
		qsort(ret->v, ret->n, sizeof(*ret->v), compare_pools);
	for (size_t i = 0; i < ps->n; i++)
		ps->v[i]->pool = ret->n == 0 ? NULL
					     : bsearch(ps->v[i]->state.pool, ret->v,
						   ret->n, sizeof(*ret->v), compare_fqdn);
}

/* ---- another configuration ---- */

/* The first test that comes from the old pool brings along what was known of it. */
static void
inherit(struct pool *p, struct pool *old)
{
	if (old == NULL)
		return;
	if (p->lines == NULL)
		line_queue_move(&old->lines, &p->lines);
	if (old->begun_ms > p->begun_ms) {
		p->begun_ms = old->begun_ms;
		p->evidence = old->evidence;
	}
	if (!pool_in_alert(old))
		return;
	p->state.rollup = old->state.rollup;
	p->state.acknowledged = old->state.acknowledged;
	p->dormant = old->dormant;
	old->state.acknowledged = NULL;
	old->state.rollup.state = ROLLUP_QUIET;
}

void
pools_join(struct pools *p, const struct config *next, const struct probes *ps)
{
	for (size_t i = 0; i < ps->n; i++) {
		struct probe *test = ps->v[i];
		struct pool *pool = &p->v[next->tests[i].pool - next->pools];

		inherit(pool, test->pool);
		test->pool = pool;
		test->place_in_pool = (uint32_t)pool->ntests;
		pool->tests[pool->ntests++] = test;
	}
}
