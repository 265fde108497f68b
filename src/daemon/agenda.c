/* agenda - what is to be done about tests at some time, other than to run them. */
#include <stdlib.h>

#include "alert/alert.h"
#include "base/log.h"
#include "base/text.h"
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

static void
say_pause(struct daemon *d, struct probe *p, enum event_id event, const struct remark *r)
{
	char until[TEXT_TIME_SIZE] = "";

	if (r != NULL && r->until_ms != 0)
		text_time_s(until, r->until_ms / 1000);
	LOG_EVENT(d->log, LOG_NOTICE, event, KV_S("test", p->state.name),
	    KV_S("pool", p->state.pool), KV_S("until", until),
	    KV_S("by", r == NULL ? "" : r->by),
	    KV_S("reason", r == NULL ? "" : r->reason));
}

/* Held as long as somebody wants it to be. */
static void
settle_hold(struct daemon *d, struct probe *p, int64_t now)
{
	struct alert *a = &p->state.alert;
	const struct remark *why = p->state.pause;
	struct alert_change change;

	sched_hold(d->sched, p->id, why != NULL);
	if (why != NULL && alert_pause(a, now, &change)) {
		say_pause(d, p, EVENT_TEST_PAUSED, why);
		note_change(d, p, &change, NULL);
	} else if (why == NULL && alert_resume(a, &change)) {
		say_pause(d, p, EVENT_TEST_RESUMED, NULL);
		note_change(d, p, &change, NULL);
	}
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

static int64_t
next_wake(const struct probe *p)
{
	const struct remark *r = p->state.pause;

	return r == NULL || r->until_ms == 0 ? NEVER_MS : r->until_ms;
}

static void
review(struct daemon *d, struct probe *p)
{
	int64_t now = clock_wall_ms(d->world.env.clock);

	end_pause(p, now);
	settle_hold(d, p, now);
	set_wake(d, p, next_wake(p));
}

void
agenda_review(struct daemon *d, struct probe *p)
{
	review(d, p);
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
		review(d, p);
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
agenda_exchange(struct daemon *d, uint32_t *room)
{
	free(d->agenda.v);
	d->agenda = (struct heap){ room, 0 };
	for (size_t i = 0; i < d->nprobes; i++)
		d->probes[i]->wake_place = HEAP_OUT;
	for (size_t i = 0; i < d->nprobes; i++)
		review(d, d->probes[i]);
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
