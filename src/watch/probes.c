/*
 * probes - the tests of the live configuration: the schedule says start, results come
 * back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert.h"
#include "vocab/err.h"
#include "report/log.h"
#include "config/config.h"
#include "watch/keys_ahead.h"
#include "watch/parts.h"
#include "watch/probe.h"
#include "watch/traces.h"
#include "state/writer.h"
#include "loop/loop.h"
#include "state/statefile.h"
#include "sched/sched.h"
#include "trace/shelf.h"

#define PATH_SIZE 4096

static void
on_over(struct probe *p, const struct result *r)
{
	struct daemon *d = p->owner;

	d->running--;
	sched_finished(d->sched, p->id, r->ok);
	if (d->events.run_finished != NULL)
		d->events.run_finished(d, p, r);
	if (p->test == NULL) { /* removed by a reload meanwhile */
		probe_free(p);
	} else {
		/* A cancelled run says nothing about the pool. */
		if (r->err.cause != CAUSE_CANCELLED)
			take_result(d, p, r);
		traces_over(d->traces, p, r);
		probe_note_discovery(p, r);
		review_next(d, p);
	}
	if (d->stopping && d->running == 0)
		loop_stop(d->world.env.loop);
}

/* This machine's trouble is reported like any other failure: step none, cause local. */
static void
could_not_start(struct daemon *d, struct probe *p, const struct err *err)
{
	struct result r = { .started_ms = clock_wall_ms(d->world.env.clock),
		.err = *err };

	r.err.step = STEP_RESOLVE;
	sched_finished(d->sched, p->id, false);
	if (d->events.run_finished != NULL)
		d->events.run_finished(d, p, &r);
	take_result(d, p, &r);
}

static void
on_due(void *arg, void *owner, uint64_t late_us)
{
	struct daemon *d = arg;
	struct probe *p = owner;
	struct err err;
	bool legacy = p->test->pool->legacy_tls;

	(void)late_us;
	if (!keys_at_hand(d, p))
		return;
	traces_begin(p);
	p->begun = d->connections;
	if (probe_start(p, &d->world.env, d->config,
		legacy ? d->world.inner_legacy : d->world.inner, on_over,
		d->events.wants_notes != NULL && d->events.wants_notes(d, p)
		    ? d->events.run_noted
		    : NULL,
		&d->runs, &err))
		d->running++;
	else
		could_not_start(d, p, &err);
}

/* Exchanging the tests */

static int
by_name(const void *key, const void *element)
{
	const struct probe *const *p = element;

	return strcmp(key, (*p)->state.name);
}

struct probe *
probes_find(const struct daemon *d, const char *name)
{
	struct probe **p = d->nprobes == 0 ? NULL
					   : bsearch(name, d->probes, d->nprobes,
						 sizeof(*d->probes), by_name);

	return p == NULL ? NULL : *p;
}

/* The same test, whatever its timing: else its state means nothing any more. */
static bool
is_same(const struct probe *p, const struct config_test *t)
{
	return str_caseeq(str_of(p->state.pool), t->pool->fqdn) &&
	       str_caseprefix(str_of(p->state.user), "sip:") &&
	       str_caseeq(str_of(p->state.user + 4), t->user->address);
}

/* NULL is one text, too. */
static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Whether what was found by one configuration is what the other would find. */
static bool
finds_the_same(const struct config_pool *a, const struct config_pool *b)
{
	return a->is_domain && b->is_domain && same_text(a->fqdn, b->fqdn) &&
	       same_text(a->discovery_uri, b->discovery_uri);
}

struct plan {
	struct probe **probes; /* in the order of the configuration */
	struct sched_spec *specs;
	struct sched_limit *pools, *users;
	uint32_t *ids;
	struct agenda agenda;
	struct pools by_pool;
	size_t made; /* probes[0..made) are filled in */
};

static void
plan_free(struct plan *plan)
{
	free(plan->specs);
	free(plan->pools);
	free(plan->users);
	free(plan->ids);
	agenda_free(&plan->agenda);
	pools_free(&plan->by_pool);
}

static bool
plan_limits(struct plan *plan, struct daemon *d, const struct config *c)
{
	plan->probes = calloc(c->ntests, sizeof(*plan->probes));
	plan->specs = calloc(c->ntests, sizeof(*plan->specs));
	plan->ids = calloc(c->ntests, sizeof(*plan->ids));
	plan->pools = calloc(c->npools, sizeof(*plan->pools));
	plan->users = calloc(c->nusers, sizeof(*plan->users));
	if (!agenda_make(&plan->agenda, c->ntests + c->npools + 1) ||
	    !pools_make(&plan->by_pool, c, d))
		return false;
	if (plan->probes == NULL || plan->specs == NULL || plan->ids == NULL ||
	    plan->pools == NULL || plan->users == NULL)
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
due_in_ms(const struct daemon *d, const struct probe *p, const struct config_test *t)
{
	int64_t now = clock_wall_ms(d->world.env.clock), next = p->state.next_ms;

	if (t->timing.run_on_start)
		return 0;
	if (next == 0)
		return SCHED_NEVER;
	return next <= now ? 0 : (uint64_t)(next - now);
}

static struct sched_spec
spec_of(const struct daemon *d, const struct config *c, struct probe *p,
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
		.due_in_ms = due_in_ms(d, p, t),
		.failures = p->state.alert.failures,
	};
}

/*
 * Kept probes and new ones, and what the schedule needs to know of them. False: out of
 * memory.
 */
static bool
plan_tests(struct plan *plan, struct daemon *d, const struct config *c)
{
	for (size_t i = 0; i < c->ntests; i++) {
		const struct config_test *t = &c->tests[i];
		struct probe *p = probes_find(d, t->name);

		if (p == NULL || !is_same(p, t))
			p = probe_new(t, d);
		if (p == NULL)
			return false;
		plan->probes[plan->made++] = p;
		plan->specs[i] = spec_of(d, c, p, t);
	}
	return true;
}

static bool
is_kept(const struct plan *plan, const struct probe *p)
{
	/*
	 * Kept probes are those that still stand at their place in the name order: search
	 * it.
	 */
	struct probe **at = plan->made == 0
				? NULL
				: bsearch(p->state.name, plan->probes, plan->made,
				      sizeof(*plan->probes), by_name);

	return at != NULL && *at == p;
}

/* The new plan is not to be: what it made goes, what it kept stays. */
static void
plan_undo(struct plan *plan, const struct daemon *d)
{
	for (size_t i = 0; i < plan->made; i++)
		if (probes_find(d, plan->probes[i]->state.name) != plan->probes[i])
			probe_free(plan->probes[i]);
	free(plan->probes);
	plan_free(plan);
}

/* A removed test ends; when something is in flight it is freed in on_over(). */
static void
drop(struct daemon *d, struct probe *p)
{
	p->test = NULL;
	if (p->run == NULL) {
		if (d->events.test_removed != NULL)
			d->events.test_removed(d, p);
		probe_free(p);
	} else {
		probe_cancel(p);
	}
}

/* For what removed tests have left in files. */
static bool
is_test(void *arg, const char *name)
{
	return probes_find(arg, name) != NULL;
}

static bool
is_test_of(void *arg, const char *directory)
{
	const struct daemon *d = arg;
	char name[SHELF_NAME_SIZE];

	for (size_t i = 0; i < d->nprobes; i++) {
		shelf_encode(d->probes[i]->state.name, name);
		if (strcmp(name, directory) == 0)
			return true;
	}
	return false;
}

/* d->probes are those of the plan: whatever knows of them learns that. */
static void
exchange(struct daemon *d, const struct config *next, struct plan *plan)
{
	memset(d->counts, 0, sizeof(d->counts));
	agenda_exchange(d, &plan->agenda);
	for (size_t i = 0; i < d->nprobes; i++) {
		if (d->probes[i]->test != NULL &&
		    !finds_the_same(d->probes[i]->test->pool, next->tests[i].pool))
			probe_forget_discovery(d->probes[i]);
		d->probes[i]->test = &next->tests[i];
		d->probes[i]->id = plan->ids[i];
		d->counts[d->probes[i]->state.alert.state]++;
		agenda_add(d, &d->probes[i]->item, review_due);
	}
	pools_exchange(d, next, &plan->by_pool);
	for (size_t i = 0; i < d->nprobes; i++)
		review(d, next, d->probes[i]);
	rollups_exchange(d, next);
	for (size_t i = 0; i < d->nprobes; i++)
		review_set_next(d, d->probes[i]);
}

bool
probes_adopt(struct daemon *d, struct config *next)
{
	struct sched_set set = { .max_parallel = next->max_parallel };
	struct plan plan = { .made = 0 };

	if (!plan_limits(&plan, d, next) || !plan_tests(&plan, d, next))
		goto undo;
	set.tests = plan.specs;
	set.ntests = next->ntests;
	set.pools = plan.pools;
	set.npools = next->npools;
	set.users = plan.users;
	set.nusers = next->nusers;
	if (!sched_adopt(d->sched, &set, plan.ids))
		goto undo;
	/* From here on nothing can fail. */
	for (size_t i = 0; i < d->nprobes; i++)
		if (!is_kept(&plan, d->probes[i]))
			drop(d, d->probes[i]);
	free(d->probes);
	d->probes = plan.probes;
	d->nprobes = next->ntests;
	exchange(d, next, &plan);
	keys_ahead(d->keys);
	plan_free(&plan);
	writer_restart(d->writer);
	traces_sweep(d->traces, is_test, is_test_of, d);
	return true;
undo:
	plan_undo(&plan, d);
	return false;
}

/* The life of it all */

static void
write_rest(void *arg, struct json *j)
{
	const struct daemon *d = arg;

	statefile_rest(j, &d->isolation);
	for (size_t i = 0; i < d->pools.n; i++)
		if (d->pools.v[i].state.rollup.state == ROLLUP_STANDING)
			statefile_pool(j, &d->pools.v[i].state);
}

static const struct test_state *
nth_state(void *arg, size_t n)
{
	const struct daemon *d = arg;

	return n < d->nprobes ? &d->probes[n]->state : NULL;
}

/*
 * What the state file remembers becomes the first generation of probes; adopting the
 * configuration sorts out the rest.
 */
static bool
take_over(struct daemon *d, struct state *s)
{
	d->probes = calloc(s->ntests + 1, sizeof(*d->probes));
	if (d->probes == NULL)
		return false;
	for (size_t i = 0; i < s->ntests; i++) {
		struct probe *p = calloc(1, sizeof(*p));

		if (p == NULL)
			return false;
		p->owner = d;
		p->alert_from = ALERT_FAILING;
		p->state = s->tests[i];
		s->tests[i] = (struct test_state){ .name = NULL };
		d->probes[d->nprobes++] = p;
	}
	return true;
}

static bool
restore(struct daemon *d, const char *path, bool *ret_writable)
{
	struct state s;
	struct err err;
	enum statefile_status status =
	    statefile_read(path, clock_wall_ms(d->world.env.clock), &s, &err);
	bool ok;

	if (status == STATEFILE_SET_ASIDE || status == STATEFILE_UNUSABLE)
		LOG_EVENT(d->log, LOG_WARNING, EVENT_STATE_DAMAGED, KV_S("file", path),
		    KV_S("error", err.detail));
	*ret_writable = status != STATEFILE_UNUSABLE;
	ok = take_over(d, &s);
	if (ok)
		pools_restore(d, &s);
	d->isolation = s.watcher;
	state_free(&s);
	return ok;
}

bool
probes_start(struct daemon *d)
{
	struct writer_source source = { nth_state, write_rest, d };
	char path[PATH_SIZE], traces[PATH_SIZE];
	bool writable;

	snprintf(path, sizeof(path), "%s/state.json", d->config->state_directory);
	if (!restore(d, path, &writable))
		return false;
	d->sched = sched_new(d->world.env.loop, d->world.env.clock, on_due, d);
	if (writable)
		d->writer = writer_new(d->world.env.loop, d->files, d->world.env.clock,
		    d->log, path, &source);
	snprintf(traces, sizeof(traces), "%s/traces", d->config->state_directory);
	d->traces = traces_new(d->files, d->log, traces);
	d->keys = keys_new(d);
	return d->sched != NULL && d->keys != NULL && d->traces != NULL &&
	       (d->writer != NULL || !writable) && agenda_start(d) &&
	       probes_adopt(d, d->config);
}

void
probes_free(struct daemon *d)
{
	rollups_free(d);
	agenda_free(&d->agenda);
	keys_free(d->keys);
	for (size_t i = 0; i < d->nprobes; i++)
		probe_free(d->probes[i]);
	free(d->probes);
	d->probes = NULL;
	d->nprobes = 0;
	traces_free(d->traces);
}
