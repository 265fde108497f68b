/* agenda - what is to be done about tests at some time, other than to run them. */
#include <stdlib.h>

#include "alert/alert.h"
#include "base/calendar.h"
#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "daemon/parts.h"
#include "loop/loop.h"
#include "sched/sched.h"

#define NEVER_MS     INT64_MAX
#define LONGEST_MS   60000	/* the wall clock may be set: look now and then */
#define TURN_REVIEWS 200

static bool
before(const void *arg, uint32_t a, uint32_t b)
{
	const struct daemon *d = arg;

	return d->probes[a]->wake_ms < d->probes[b]->wake_ms;
}

static uint32_t *
place(void *arg, uint32_t a)
{
	struct daemon *d = arg;

	return &d->probes[a]->wake_place;
}

static const struct heap_kind by_wake = { before, place };

static void
arm(struct daemon *d)
{
	int64_t now = clock_wall_ms(d->world.env.clock), wait;

	if (d->agenda.n == 0) {
		timer_clear(d->agenda_timer);
		return;
	}
	wait = d->probes[d->agenda.v[0]]->wake_ms - now;
	wait = wait < 0 ? 0 : wait > LONGEST_MS ? LONGEST_MS : wait;
	timer_set(d->agenda_timer, (uint64_t)wait * 1000);
}

static void
set_wake(struct daemon *d, struct probe *p, int64_t wake_ms)
{
	bool in = p->wake_place != HEAP_OUT;

	p->wake_ms = wake_ms;
	if (in && wake_ms == NEVER_MS)
		heap_remove(&d->agenda, &by_wake, d, p->wake_place);
	else if (in)
		heap_moved(&d->agenda, &by_wake, d, p->wake_place);
	else if (wake_ms != NEVER_MS)
		heap_push(&d->agenda, &by_wake, d, p->index);
}

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
hold_for_maintenance(const struct config *c, const struct probe *p, int64_t now,
    struct hold *h)
{
	for (size_t i = 0; i < c->nmaintenance; i++) {
		const struct config_maintenance *m = &c->maintenance[i];
		int64_t begin = NEVER_MS, until;

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
	struct hold h = { NULL, "", 0, NEVER_MS };

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
say_pause(struct daemon *d, struct probe *p, enum event_id event, const struct hold *h)
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
	say_pause(d, p, held ? EVENT_TEST_PAUSED : EVENT_TEST_RESUMED, h);
	note_change(d, p, &change, NULL);
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

static void
review(struct daemon *d, const struct config *c, struct probe *p)
{
	int64_t now = clock_wall_ms(d->world.env.clock), reminder;
	struct alert_rules rules = rules_of(p->test);
	struct hold h;

	end_pause(p, now);
	h = hold_of(c, p, now);
	settle_hold(d, p, &h, now);
	if (alert_remind(&rules, &p->state.alert, now))
		remind(d, p);
	reminder = alert_next_reminder(&rules, &p->state.alert);
	set_wake(d, p, reminder < h.edge_ms ? reminder : h.edge_ms);
}

void
agenda_review(struct daemon *d, struct probe *p)
{
	review(d, d->config, p);
	probe_note_next(d, p);
	arm(d);
}

static void
on_timer(void *arg)
{
	struct daemon *d = arg;
	int64_t now = clock_wall_ms(d->world.env.clock);

	for (unsigned i = 0; i < TURN_REVIEWS && d->agenda.n > 0; i++) {
		struct probe *p = d->probes[d->agenda.v[0]];

		if (p->wake_ms > now)
			break;
		review(d, d->config, p);
		probe_note_next(d, p);
	}
	arm(d);
}

bool
agenda_start(struct daemon *d)
{
	d->agenda_timer = timer_new(d->world.env.loop, on_timer, d);
	return d->agenda_timer != NULL;
}

uint32_t *
agenda_room(size_t n)
{
	return calloc(n + 1, sizeof(uint32_t));
}

void
agenda_exchange(struct daemon *d, const struct config *next, uint32_t *room)
{
	free(d->agenda.v);
	d->agenda = (struct heap){ room, 0 };
	for (size_t i = 0; i < d->nprobes; i++)
		d->probes[i]->wake_place = HEAP_OUT;
	for (size_t i = 0; i < d->nprobes; i++)
		review(d, next, d->probes[i]);
	arm(d);
}

void
agenda_free(struct daemon *d)
{
	timer_free(d->agenda_timer);
	free(d->agenda.v);
	d->agenda_timer = NULL;
	d->agenda = (struct heap){ NULL, 0 };
}
