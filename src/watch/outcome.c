/* verdict - what becomes of a result: counts, log lines, a change of state. */
#include <stdlib.h>

#include "alert/alert.h"
#include "vocab/err.h"
#include "report/log.h"
#include "config/config.h"
#include "watch/parts.h"
#include "report/events.h"

/* The remark on an alert goes with it. */
static void
drop_remark(struct test_state *t)
{
	if (t->alert.acknowledged)
		return;
	free(t->acknowledged);
	t->acknowledged = NULL;
}

/* What the result changes. Returns when the row of failures began that it ends. */
static int64_t
feed(struct daemon *d, struct probe *p, const struct result *r, int64_t now)
{
	struct alert_rules rules = rules_of(p->test);
	struct alert *a = &p->state.alert;
	bool held = alert_is_held(a);
	struct alert_change change = { .first_ms = now };
	unsigned say = alert_feed(&rules, a, r->ok, now, &change);

	if ((say & (ALERT_SAY_FLAPPING | ALERT_SAY_SETTLED)) != 0)
		report_flapping(
		    d->log, p->state.name, p->state.pool, a->flapping, a->state);
	if ((say & ALERT_SAY_CHANGE) != 0)
		say_change(d, p, &change, held ? "held" : NULL);
	/* The first one may be this one: then the row began when it did. */
	return change.first_ms < r->started_ms ? change.first_ms : r->started_ms;
}

static void
excuse(struct daemon *d, struct probe *p, int64_t now)
{
	struct alert_change change;

	if (alert_excuse(&p->state.alert, now, &change))
		say_change(d, p, &change, "isolated");
	if (d->isolation.state != ISOLATION_CUT_OFF)
		watcher_makes_up(d, p);
}

void
take_result(struct daemon *d, struct probe *p, const struct result *r)
{
	const struct config_test *t = p->test;
	struct test_state *s = &p->state;
	enum isolation_sight sight = isolation_sight(r);
	int64_t now = clock_wall_ms(d->world.env.clock), first;
	int64_t was = s->last.started_ms;

	if (!test_state_note_run(s, r, now))
		LOG_EVENT(d->log, LOG_ERR, EVENT_STATE_UNWRITABLE, KV_S("test", t->name),
		    KV_S("error", "out of memory"));
	report_finished(d->log, t->name, t->pool->fqdn, t->user->address, r);
	watcher_result(d, sight, r->started_ms);
	if (watcher_excuses(d, p, sight)) {
		excuse(d, p, now);
	} else {
		first = feed(d, p, r, now);
		pool_result(d, p, sight, first, was);
	}
	drop_remark(s);
	review(d, d->config, p);
	review_next(d, p);
}
