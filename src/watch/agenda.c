#include "watch/agenda.h"

#include <stdlib.h>

#include "watch/parts.h"
#include "loop/loop.h"

#define LONGEST_MS 60000 /* the wall clock may be set: look now and then */
#define TURN_ITEMS 200
#define STEP_MS	   1000 /* less is not worth it */

static bool
before(const void *arg, uint32_t a, uint32_t b)
{
	const struct agenda *g = arg;

	return g->items[a]->wake_ms < g->items[b]->wake_ms;
}

static uint32_t *
place(void *arg, uint32_t a)
{
	struct agenda *g = arg;

	return &g->items[a]->place;
}

static const struct heap_kind by_wake = { before, place };

static void
arm(struct daemon *d)
{
	const struct agenda *g = &d->agenda;
	int64_t wait;

	if (g->heap.n == 0) {
		timer_clear(g->timer);
		return;
	}
	wait = g->items[g->heap.v[0]]->wake_ms - clock_wall_ms(d->world.env.clock);
	wait = wait < 0 ? 0 : wait > LONGEST_MS ? LONGEST_MS : wait;
	timer_set(g->timer, (uint64_t)wait * 1000);
}

static void
place_item(struct agenda *g, struct agenda_item *item, int64_t wake_ms)
{
	bool in = item->place != HEAP_OUT;

	item->wake_ms = wake_ms;
	if (in && wake_ms == AGENDA_NEVER)
		heap_remove(&g->heap, &by_wake, g, item->place);
	else if (in)
		heap_moved(&g->heap, &by_wake, g, item->place);
	else if (wake_ms != AGENDA_NEVER)
		heap_push(&g->heap, &by_wake, g, item->id);
}

void
agenda_set(struct daemon *d, struct agenda_item *item, int64_t wake_ms)
{
	struct agenda *g = &d->agenda;
	uint32_t was = g->heap.n == 0 ? HEAP_OUT : g->heap.v[0];

	if (item->wake_ms == wake_ms)
		return;
	place_item(g, item, wake_ms);
	if (was == item->id || (g->heap.n > 0 && g->heap.v[0] == item->id))
		arm(d);
}

/* By how much the wall clock is ahead of the other. */
static int64_t
ahead_now(const struct daemon *d)
{
	const struct clock *c = d->world.env.clock;

	return clock_wall_ms(c) - (int64_t)(clock_mono_us(c) / 1000);
}

/* Was the clock set back, then what was reckoned by it is all looked at anew. */
static void
look_at_clock(struct daemon *d)
{
	struct agenda *g = &d->agenda;
	int64_t ahead = ahead_now(d), step = ahead - g->ahead_ms;

	g->ahead_ms = ahead;
	for (uint32_t i = 0; step < -STEP_MS && i < g->heap.n; i++)
		g->items[g->heap.v[i]]->wake_ms = 0;
}

static void
on_timer(void *arg)
{
	struct daemon *d = arg;
	struct agenda *g = &d->agenda;
	int64_t now = clock_wall_ms(d->world.env.clock);

	look_at_clock(d);
	for (unsigned i = 0; i < TURN_ITEMS && g->heap.n > 0; i++) {
		struct agenda_item *item = g->items[g->heap.v[0]];

		if (item->wake_ms > now)
			break;
		place_item(g, item, AGENDA_NEVER);
		item->due(d, item);
	}
	arm(d);
}

bool
agenda_start(struct daemon *d)
{
	d->agenda.ahead_ms = ahead_now(d);
	d->agenda.timer = timer_new(d->world.env.loop, on_timer, d);
	return d->agenda.timer != NULL;
}

bool
agenda_make(struct agenda *ret, size_t n)
{
	*ret = (struct agenda){ .heap.v = calloc(n + 1, sizeof(uint32_t)) };
	ret->items = calloc(n + 1, sizeof(struct agenda_item *));
	return ret->heap.v != NULL && ret->items != NULL;
}

void
agenda_exchange(struct daemon *d, struct agenda *room)
{
	room->timer = d->agenda.timer;
	room->ahead_ms = d->agenda.ahead_ms;
	d->agenda.timer = NULL;
	agenda_free(&d->agenda);
	d->agenda = *room;
	*room = (struct agenda){ .nitems = 0 };
	timer_clear(d->agenda.timer);
}

void
agenda_add(struct daemon *d, struct agenda_item *item,
    void (*due)(struct daemon *d, struct agenda_item *item))
{
	*item = (struct agenda_item){ AGENDA_NEVER, d->agenda.nitems, HEAP_OUT, due };
	d->agenda.items[d->agenda.nitems++] = item;
}

void
agenda_free(struct agenda *a)
{
	timer_free(a->timer);
	free(a->heap.v);
	free(a->items);
	*a = (struct agenda){ .nitems = 0 };
}
