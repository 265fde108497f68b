/*
 * A result comes in at the bottom of this page, in outcome_conclude(), and passes these
 * stages, in this order:
 *
 * trace: what the run did and saw is kept (traces.c).
 * outcome: counts, times, certificates are noted (state/state.c); where its registrar is.
 * inquiry: after a failure, something may be looked up about it (inquiry.c).
 * alert: is the state another now (alert/alert.h)? Not while the watcher is cut off
 *   (cutoff.c). Who announces it, the test or its pool (rollups.c)?
 * announcement: the lines (announce.c). They wait for inquiry and commit, in order.
 * state: what is due next is planned (upkeep.c), and when it runs again (timetable.c).
 * subscribers: the control socket, the state file (subscribers.h).
 */
#include "watch/outcome.h"

#include <stdlib.h>

#include "alert/alert.h"
#include "base/clock.h"
#include "report/log.h"
#include "vocab/err.h"
#include "vocab/result.h"
#include "watch/announce.h"
#include "watch/cutoff.h"
#include "watch/inquiry.h"
#include "watch/probe.h"
#include "watch/probes.h"
#include "watch/rollups.h"
#include "watch/subscribers.h"
#include "watch/timetable.h"
#include "watch/traces.h"
#include "watch/upkeep.h"

/* ---- trace ---- */

static void
keep_trace(const struct outcome *o, struct probe *p, const struct result *r)
{
	traces_keep(o->traces, &p->kept, p->tracing, &p->state, r);
	p->tracing = NULL;
}

/* ---- outcome ---- */

static void
note_outcome(const struct outcome *o, struct probe *p, const struct result *r)
{
	if (!test_state_note_run(&p->state, r, clock_wall_ms(o->clock)))
		LOG_EVENT(o->log, LOG_ERR, EVENT_STATE_UNWRITABLE,
		    KV_S("test", p->state.name), KV_S("error", "out of memory"));
}

/* ---- alert, with what it announces ---- */

static void
announce_new_state(const struct outcome *o, struct probe *p,
    const struct alert_change *change, const char *rollup)
{
	probes_note_change(o->probes, change);
	announce_change(o->announcer, p, change, rollup);
}

/* The watcher is cut off, or was when the run began: the failure tells nothing. */
static void
excuse_failure(const struct outcome *o, struct probe *p, int64_t now_ms)
{
	struct alert_change change;

	if (alert_excuse(&p->state.alert, now_ms, &change))
		announce_new_state(o, p, &change, "isolated");
	if (!cutoff_is_active(o->cutoff))
		rollups_catch_up(o->rollups, p);
}

/* Returns when the row of failures began that the result ends, or that it belongs to. */
static int64_t
feed_alert(
    const struct outcome *o, struct probe *p, const struct result *r, int64_t now_ms)
{
	struct alert_rules rules = probe_rules(p);
	bool pending = alert_is_pending(&p->state.alert);
	struct alert_change change = { .first_ms = now_ms };
	unsigned news = alert_feed(&rules, &p->state.alert, r->ok, now_ms, &change);

	if ((news & (ALERT_FLAPS | ALERT_IS_CALM)) != 0)
		announce_flapping(o->announcer, p);
	if ((news & ALERT_CHANGED) != 0)
		announce_new_state(o, p, &change, pending ? "held" : NULL);
	/* The first one may be this one: then the row began when it did. */
	return change.first_ms < r->started_ms ? change.first_ms : r->started_ms;
}

/* was_ms: when the run before this one began. */
static void
judge_result(
    const struct outcome *o, struct probe *p, const struct result *r, int64_t was_ms)
{
	enum isolation_evidence evidence = isolation_evidence(r);
	int64_t now = clock_wall_ms(o->clock), first_ms;

	cutoff_note_result(o->cutoff, evidence, r->started_ms);
	if (p->state.last.failure != NULL &&
	    cutoff_excuses(o->cutoff, evidence, p->connections)) {
		excuse_failure(o, p, now);
	} else {
		first_ms = feed_alert(o, p, r, now);
		rollups_note_result(o->rollups, p, evidence, first_ms, was_ms);
	}
}

/* ---- state ---- */

static void
update_state(const struct outcome *o, struct probe *p)
{
	/* What people said about an alert goes with it. */
	if (!p->state.alert.acknowledged) {
		free(p->state.acknowledged);
		p->state.acknowledged = NULL;
	}
	upkeep_review(o->upkeep, p);
}

/* ---- the way ---- */

static void
conclude_run(const struct outcome *o, struct probe *p, const struct result *r)
{
	int64_t was_ms = p->state.last.started_ms;

	keep_trace(o, p, r);
	probe_note_discovery(p, r);
	if (r->err.cause != CAUSE_CANCELLED) { /* that says nothing about the pool */
		note_outcome(o, p, r);
		if (!r->ok)
			inquiry_begin(o->subscribers, o->announcer, p, r);
		announce_run(o->announcer, p, r);
		judge_result(o, p, r, was_ms);
		update_state(o, p);
	}
	timetable_note_change(o->timetable, p);
}

void
outcome_conclude(const struct outcome *o, struct probe *p, const struct result *r)
{
	if (p->test != NULL) /* else a reload has removed it while the run went on */
		conclude_run(o, p, r);
	subscribers_run_finished(o->subscribers, p, r);
}
