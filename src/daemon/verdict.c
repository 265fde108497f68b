/* verdict - what becomes of a result: counts, log lines, a change of state. */
#include <stdlib.h>

#include "alert/alert.h"
#include "base/err.h"
#include "base/log.h"
#include "config/config.h"
#include "daemon/parts.h"
#include "report/diagnose.h"
#include "report/events.h"

struct alert_rules
rules_of(const struct config_test *t)
{
	return (struct alert_rules){ t->confirm, t->recover, t->remind_ms };
}

void
remind(struct daemon *d, const struct probe *p)
{
	const struct failure_text *f = p->state.last.failure;

	report_reminder(d->log, &(struct state_change){
	    .test = p->state.name, .pool = p->state.pool,
	    .failures = p->state.alert.failures, .since_ms = p->state.alert.since_ms,
	    .diag = f == NULL ? NULL : f->diag });
}

void
note_change(struct daemon *d, struct probe *p, const struct alert_change *change,
    const char *diag)
{
	d->counts[change->from]--;
	d->counts[change->to]++;
	report_state(d->log, &(struct state_change){
	    .test = p->state.name, .pool = p->state.pool, .from = change->from,
	    .to = change->to, .failures = p->state.alert.failures,
	    .since_ms = p->state.alert.since_ms, .diag = diag });
}

/* The remark on an alert goes with it. */
static void
drop_remark(struct test_state *t)
{
	if (t->alert.acknowledged)
		return;
	free(t->acknowledged);
	t->acknowledged = NULL;
}

void
take_result(struct daemon *d, struct probe *p, const struct result *r)
{
	const struct config_test *t = p->test;
	struct alert_rules rules = rules_of(t);
	int64_t now = clock_wall_ms(d->world.env.clock);
	struct alert_change change;
	unsigned say;

	if (!test_state_note_run(&p->state, r, now))
		LOG_EVENT(d->log, LOG_ERR, EVENT_STATE_UNWRITABLE, KV_S("test", t->name),
		    KV_S("error", "out of memory"));
	report_finished(d->log, t->name, t->pool->fqdn, t->user->address, r);
	say = alert_feed(&rules, &p->state.alert, r->ok, now, &change);
	if ((say & (ALERT_SAY_FLAPPING | ALERT_SAY_SETTLED)) != 0)
		report_flapping(d->log, t->name, t->pool->fqdn, p->state.alert.flapping,
		    p->state.alert.state);
	if ((say & ALERT_SAY_CHANGE) != 0)
		note_change(d, p, &change, r->ok ? NULL : diagnose(&r->err)->tag);
	drop_remark(&p->state);
	agenda_review(d, p);
}
