/*
 * review - what is due about a test at some time: a pause that begins or ends, a
 * reminder; and when to look again.
 */
#include <stdlib.h>

#include "alert/alert.h"
#include "base/calendar.h"
#include "report/log.h"
#include "base/text.h"
#include "config/config.h"
#include "watch/parts.h"
#include "state/writer.h"
#include "sched/sched.h"

/* ---- pauses ---- */

/* When that maintenance ends, if it is under way; else 0, and when it begins. */
static int64_t
maintained_until(const struct config_maintenance *m, int64_t now, int64_t *ret_begin)
{
	int64_t lasts = (int64_t)m->for_ms, next;
	int64_t begin = calendar_next(m->at, now - lasts);

	if (begin > now) {
		*ret_begin = begin;
		return 0;
	}
	while ((next = calendar_next(m->at, begin)) <= now)
		begin = next;
	return begin + lasts;
}

static void
hold_for_maintenance(
    const struct config *c, const struct probe *p, int64_t now, struct hold *h)
{
	for (size_t i = 0; i < c->nmaintenance; i++) {
		const struct config_maintenance *m = &c->maintenance[i];
		int64_t begin = AGENDA_NEVER, until;

		if (!config_maintains(c, m, p->test))
			continue;
		until = maintained_until(m, now, &begin);
		if (until == 0) {
			h->edge_ms = begin < h->edge_ms ? begin : h->edge_ms;
			continue;
		}
		h->edge_ms = until < h->edge_ms ? until : h->edge_ms;
		if (h->by == NULL || until > h->until_ms)
			*h = (struct hold){ "maintenance", m->reason, until, h->edge_ms };
	}
}

struct hold
hold_of(const struct config *c, const struct probe *p, int64_t now)
{
	const struct remark *r = p->state.pause;
	struct hold h = { NULL, "", 0, AGENDA_NEVER };

	hold_for_maintenance(c, p, now, &h);
	if (r == NULL)
		return h;
	if (r->until_ms != 0 && r->until_ms < h.edge_ms)
		h.edge_ms = r->until_ms;
	if (r->until_ms == 0 || r->until_ms > h.until_ms)
		h = (struct hold){ r->by, r->reason, r->until_ms, h.edge_ms };
	return h;
}

static void
log_pause(struct daemon *d, struct probe *p, enum event_id event, const struct hold *h)
{
	char until[TEXT_TIME_SIZE] = "";

	if (h->until_ms != 0)
		text_time_s(until, h->until_ms / 1000);
	LOG_EVENT(d->log, LOG_NOTICE, event, KV_S("test", p->state.name),
	    KV_S("pool", p->state.pool), KV_S("until", until),
	    KV_S("by", h->by == NULL ? "" : h->by), KV_S("reason", h->reason));
}

/* Held as long as somebody wants it to be. */
static void
settle_hold(struct daemon *d, struct probe *p, const struct hold *h, int64_t now)
{
	struct alert *a = &p->state.alert;
	bool held = h->by != NULL;
	struct alert_change change;

	sched_hold(d->sched, p->id, held);
	p->held_until_ms = h->until_ms;
	if (held ? !alert_pause(a, now, &change) : !alert_resume(a, &change))
		return;
	log_pause(d, p, held ? EVENT_TEST_PAUSED : EVENT_TEST_RESUMED, h);
	say_change(d, p, &change, NULL);
	pool_touch(d, p->pool);
	if (held)
		return;
	if (alert_is_held(a))
		(void)sched_run_now(d->sched, p->id);
	else if (a->state == ALERT_ALERT)
		alert_said(a, a->voice, now); /* that line was a reminder */
}

static void
end_pause(struct probe *p, int64_t now)
{
	struct remark *r = p->state.pause;

	if (r == NULL || r->until_ms == 0 || r->until_ms > now)
		return;
	free(r);
	p->state.pause = NULL;
}

/* ---- reminders ---- */

/* Nobody repeats what a pool says for its tests, or what the watcher cannot know. */
static bool
repeats_itself(const struct daemon *d, const struct probe *p)
{
	return p->pool->state.rollup.state != ROLLUP_STANDING &&
	       d->isolation.state != ISOLATION_CUT_OFF;
}

void
review(struct daemon *d, const struct config *c, struct probe *p)
{
	int64_t now = clock_wall_ms(d->world.env.clock), reminder = AGENDA_NEVER;
	struct alert_rules rules = rules_of(p->test);
	struct hold h;

	end_pause(p, now);
	h = hold_of(c, p, now);
	settle_hold(d, p, &h, now);
	if (repeats_itself(d, p)) {
		if (alert_remind(&rules, &p->state.alert, now))
			say_reminder(d, p);
		reminder = alert_next_reminder(&rules, &p->state.alert);
	}
	agenda_set(d, &p->item, reminder < h.edge_ms ? reminder : h.edge_ms);
}

void
review_due(struct daemon *d, struct agenda_item *item)
{
	struct probe *p = (struct probe *)(void *)item;

	review(d, d->config, p);
	review_next(d, p);
}

/* ---- the next run ---- */

/* The schedule's monotonic time of the next run, as wall clock. */
static int64_t
next_wall_ms(const struct daemon *d, const struct probe *p)
{
	const struct clock *c = d->world.env.clock;
	uint64_t due = sched_test_due(d->sched, p->id);

	if (due == SCHED_NEVER) /* held */
		return p->held_until_ms;
	return clock_wall_ms(c) + (int64_t)(due - clock_mono_us(c)) / 1000;
}

/* The same moment, reckoned from two clocks, may differ a little: it stays as it was. */
void
review_set_next(const struct daemon *d, struct probe *p)
{
	int64_t next = next_wall_ms(d, p);

	if (next > p->state.next_ms + 2 || next < p->state.next_ms - 2)
		p->state.next_ms = next;
}

void
review_next(struct daemon *d, struct probe *p)
{
	review_set_next(d, p);
	writer_touch(d->writer);
}
