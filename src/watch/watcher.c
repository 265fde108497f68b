#include "watch/watcher.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "config/config.h"
#include "sched/sched.h"
#include "state/statefile.h"
#include "trace/shelf.h"
#include "trace/trace.h"
#include "txn/txn.h"
#include "vocab/err.h"
#include "vocab/result.h"
#include "watch/agenda.h"
#include "watch/announce.h"
#include "watch/cutoff.h"
#include "watch/gates.h"
#include "watch/keys_ahead.h"
#include "watch/operator.h"
#include "watch/outcome.h"
#include "watch/probe.h"
#include "watch/probes.h"
#include "watch/rollups.h"
#include "watch/runs.h"
#include "watch/subscribers.h"
#include "watch/timetable.h"
#include "watch/traces.h"
#include "watch/upkeep.h"
#include "watch/view.h"

/* Each part gets what it needs of the others in watcher_new(), and none of them this. */
struct watcher {
	struct watcher_settings set;
	struct config *config; /* the live one; NULL: none yet */
	struct subscribers subscribers;
	struct probes probes;
	struct timetable timetable;
	struct gates gates;
	struct agenda *agenda;
	struct announcer *announcer;
	struct traces *traces;
	struct runs *runs;
	struct keys_ahead *keys;
	struct cutoff *cutoff;
	struct rollups *rollups;
	struct upkeep *upkeep;
	struct outcome outcome;
	struct operator operator;
	struct view view;
};

/* ---- a run, from due to over ---- */

static void
on_over(void *arg, struct probe *p, const struct result *r)
{
	struct watcher *w = arg;

	sched_finished(w->timetable.sched, p->id, r->ok);
	outcome_conclude(&w->outcome, p, r);
	if (p->test == NULL) /* removed by a reload in the meantime */
		probe_free(p);
	if (w->view.stopping && runs_count(w->runs) == 0)
		subscribers_stopped(&w->subscribers);
}

static void
on_note(void *arg, struct probe *p, const struct txn_note *note)
{
	const struct watcher *w = arg;

	subscribers_run_noted(&w->subscribers, p, note);
}

/* This machine's trouble is a failure like any other, at the step resolve. */
static void
fail_to_start(struct watcher *w, struct probe *p, const struct err *err)
{
	struct result r = { .started_ms = clock_wall_ms(w->set.env->clock), .err = *err };

	r.err.step = STEP_RESOLVE;
	txn_make_run_id(r.run);
	on_over(w, p, &r);
}

static void
on_due(void *arg, void *owner, uint64_t late_us)
{
	struct watcher *w = arg;
	struct probe *p = owner;
	struct err err;

	(void)late_us;
	if (!gates_admit(&w->gates, p))
		return;
	p->tracing = trace_new();
	p->connections = cutoff_connections(w->cutoff);
	if (!runs_start(
		w->runs, p, w->config, subscribers_want_notes(&w->subscribers, p), &err))
		fail_to_start(w, p, &err);
}

void
watcher_stop(struct watcher *w)
{
	w->view.stopping = true;
	sched_stop(w->timetable.sched);
	runs_cancel(w->runs);
	if (runs_count(w->runs) == 0)
		subscribers_stopped(&w->subscribers);
}

void
watcher_abandon(struct watcher *w)
{
	if (w != NULL)
		runs_abandon(w->runs);
}

/* ---- another configuration ---- */

/* All that takes memory; made before anything is changed. */
struct plan {
	struct probes probes;
	struct pools pools;
	uint32_t *ids;
};

static void
undo_plan(const struct watcher *w, struct plan *plan)
{
	probes_undo_plan(&w->probes, &plan->probes);
	pools_free(&plan->pools);
	free(plan->ids);
}

static bool
make_plan(struct watcher *w, const struct config *next, struct plan *plan)
{
	*plan = (struct plan){ .ids = calloc(next->ntests + 1, sizeof(*plan->ids)) };
	return plan->ids != NULL && pools_make(&plan->pools, next) &&
	       agenda_reserve(w->agenda, next->ntests + next->npools + 1) &&
	       probes_plan(&w->probes, next, &plan->probes) &&
	       timetable_adopt(&w->timetable, next, &plan->probes, plan->ids);
}

/* A removed test ends; when something is in flight it is freed in on_over(). */
static void
remove_test(struct watcher *w, struct probe *p)
{
	p->test = NULL;
	p->pool = NULL;
	if (p->run != NULL) {
		run_cancel(p->run);
		return;
	}
	subscribers_test_removed(&w->subscribers, p);
	probe_free(p);
}

/* NULL is a text, too. */
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

static void
exchange_test(struct probe *p, const struct config_test *next, uint32_t id)
{
	if (p->test != NULL && !finds_the_same(p->test->pool, next->pool))
		probe_forget_discovery(p);
	p->test = next;
	p->id = id;
}

/* Nothing here can fail. */
static void
carry_out_plan(struct watcher *w, struct config *next, struct plan *plan)
{
	for (size_t i = 0; i < w->probes.n; i++)
		if (!probes_keeps(&plan->probes, w->probes.v[i]))
			remove_test(w, w->probes.v[i]);
	free(w->probes.v);
	w->probes = plan->probes;
	probes_count(&w->probes);
	w->gates.config = w->view.config = next;
	agenda_restart(w->agenda);
	for (size_t i = 0; i < w->probes.n; i++) {
		exchange_test(w->probes.v[i], &next->tests[i], plan->ids[i]);
		upkeep_add(w->upkeep, w->probes.v[i]);
	}
	rollups_adopt(w->rollups, next, &plan->pools);
	for (size_t i = 0; i < w->probes.n; i++)
		upkeep_review(w->upkeep, w->probes.v[i]);
	cutoff_adopt(w->cutoff, next);
	rollups_resume(w->rollups);
	for (size_t i = 0; i < w->probes.n; i++)
		timetable_update_next(&w->timetable, w->probes.v[i]);
	keys_ahead_adopt(w->keys, next);
	free(plan->ids);
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
	const struct probes *ps = arg;
	char name[SHELF_NAME_SIZE];

	for (size_t i = 0; i < ps->n; i++) {
		shelf_encode(ps->v[i]->state.name, name);
		if (strcmp(name, directory) == 0)
			return true;
	}
	return false;
}

bool
watcher_adopt(struct watcher *w, struct config *next)
{
	struct config *old = w->config;
	struct plan plan;

	if (!make_plan(w, next, &plan)) {
		undo_plan(w, &plan);
		return false;
	}
	w->config = config_ref(next);
	carry_out_plan(w, next, &plan);
	config_unref(old); /* runs in flight hold their own reference */
	subscribers_tests_exchanged(&w->subscribers);
	traces_sweep(w->traces, is_test, is_test_of, &w->probes);
	return true;
}

/* ---- life ---- */

/* The parts that know nothing of each other. */
static bool
make_parts(struct watcher *w)
{
	const struct env *env = w->set.env;
	const struct clock *clock = env->clock;
	const struct runs_settings runs = { env, w->set.inner, w->set.inner_legacy,
		on_over, on_note, w };

	w->timetable = (struct timetable){ sched_new(env->loop, clock, on_due, w), clock,
		&w->subscribers };
	w->agenda = agenda_new(env->loop, clock);
	w->announcer = announcer_new(env->loop, w->set.log, &w->subscribers);
	w->traces = traces_new(w->set.files, w->set.log, w->set.traces_directory);
	w->runs = runs_new(&runs);
	return w->timetable.sched != NULL && w->agenda != NULL && w->announcer != NULL &&
	       w->traces != NULL && w->runs != NULL;
}

/* Those that are made of others, each of those that were made before it. */
static bool
connect_parts(struct watcher *w)
{
	const struct env *env = w->set.env;
	const struct clock *clock = env->clock;
	const struct keys_ahead_settings keys = { env->loop, env->keys, w->set.log,
		&w->probes, &w->timetable };
	const struct cutoff_settings cutoff = { env->loop, env->resolver, clock,
		w->agenda, w->announcer, &w->subscribers };

	w->keys = keys_ahead_new(&keys);
	w->cutoff = cutoff_new(&cutoff);
	if (w->keys == NULL || w->cutoff == NULL)
		return false;
	w->gates = (struct gates){ NULL, &w->timetable, w->keys };
	w->rollups = rollups_new(&(struct rollups_settings){ clock, w->agenda,
	    w->announcer, &w->subscribers, &w->timetable, &w->probes, w->cutoff });
	w->upkeep = upkeep_new(&(struct upkeep_settings){ clock, w->agenda, w->announcer,
	    &w->timetable, &w->gates, w->rollups, &w->probes });
	if (w->rollups == NULL || w->upkeep == NULL)
		return false;
	w->outcome =
	    (struct outcome){ clock, w->set.log, w->traces, &w->probes, w->announcer,
		    w->cutoff, w->rollups, w->upkeep, &w->timetable, &w->subscribers };
	w->operator=(struct operator) {
		clock,
		&w->probes,
		w->announcer,
		w->rollups,
		w->upkeep,
		&w->timetable
	};
	w->view = (struct view){ clock, NULL, &w->probes, w->rollups, w->cutoff, w->runs,
		&w->gates, &w->timetable, false };
	return true;
}

struct watcher *
watcher_new(const struct watcher_settings *s, struct state *remembered)
{
	struct watcher *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->set = *s;
	if (!make_parts(w) || !connect_parts(w) ||
	    !probes_restore(&w->probes, remembered->tests, remembered->ntests)) {
		watcher_free(w);
		return NULL;
	}
	rollups_restore(w->rollups, remembered->pools, remembered->npools);
	cutoff_restore(w->cutoff, &remembered->watcher);
	return w;
}

void
watcher_free(struct watcher *w)
{
	if (w == NULL)
		return;
	announcer_free(w->announcer); /* first: what waits goes out */
	upkeep_free(w->upkeep);
	rollups_free(w->rollups);
	cutoff_free(w->cutoff);
	keys_ahead_free(w->keys);
	probes_free(&w->probes);
	runs_free(w->runs);
	traces_free(w->traces);
	agenda_free(w->agenda);
	sched_free(w->timetable.sched);
	config_unref(w->config);
	free(w);
}

void
watcher_subscribe(struct watcher *w, const struct watch_events *events, void *arg)
{
	subscribers_add(&w->subscribers, events, arg);
}

const struct view *
watcher_view(const struct watcher *w)
{
	return &w->view;
}

const struct
operator* watcher_operator(const struct watcher *w)
{
	return &w->operator;
}

struct traces *
watcher_traces(const struct watcher *w)
{
	return w->traces;
}
