#include "watch/agenda.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "sched/heap.h"

#define LONGEST_MS 60000 /* the wall clock may be set: look now and then */
#define TURN_ITEMS 200
#define STEP_MS	   1000 /* less is not worth it */

/* Room for items. */
struct room {
	uint32_t *heap;		    /* ids */
	struct agenda_item **items; /* by id */
};

struct agenda {
	const struct clock *clock;
	struct timer *timer;
	struct heap heap;	    /* ids, by wake_ms */
	struct agenda_item **items; /* by id */
	uint32_t nitems;
	struct room spare; /* of the next agenda_restart() */
	int64_t ahead_ms;  /* of the monotonic clock, when last looked */
};

static bool
wakes_before(const void *arg, uint32_t a, uint32_t b)
{
	const struct agenda *g = arg;

	return g->items[a]->wake_ms < g->items[b]->wake_ms;
}

static uint32_t *
place_of(void *arg, uint32_t a)
{
	struct agenda *g = arg;

	return &g->items[a]->place;
}

static const struct heap_kind by_wake = { wakes_before, place_of };

static void
arm_timer(struct agenda *a)
{
	int64_t wait;

	if (a->heap.n == 0) {
		timer_clear(a->timer);
		return;
	}
	wait = a->items[a->heap.v[0]]->wake_ms - clock_wall_ms(a->clock);
	wait = wait < 0 ? 0 : wait > LONGEST_MS ? LONGEST_MS : wait;
	timer_set(a->timer, (uint64_t)wait * 1000);
}

static void
place_item(struct agenda *a, struct agenda_item *item, int64_t wake_ms)
{
	bool in = item->place != HEAP_OUT;

	item->wake_ms = wake_ms;
	if (in && wake_ms == AGENDA_NEVER)
		heap_remove(&a->heap, &by_wake, a, item->place);
	else if (in)
		heap_moved(&a->heap, &by_wake, a, item->place);
	else if (wake_ms != AGENDA_NEVER)
		heap_push(&a->heap, &by_wake, a, item->id);
}

void
agenda_set(struct agenda *a, struct agenda_item *item, int64_t wake_ms)
{
	uint32_t was = a->heap.n == 0 ? HEAP_OUT : a->heap.v[0];

	if (item->wake_ms == wake_ms)
		return;
	place_item(a, item, wake_ms);
	if (was == item->id || (a->heap.n > 0 && a->heap.v[0] == item->id))
		arm_timer(a);
}

/* Returns by how much the wall clock is ahead of the monotonic one. */
static int64_t
ahead_now(const struct agenda *a)
{
	return clock_wall_ms(a->clock) - (int64_t)(clock_mono_us(a->clock) / 1000);
}

/* Has all items looked at again when the clock was set back: they were reckoned by it. */
static void
look_at_clock(struct agenda *a)
{
	int64_t ahead = ahead_now(a), step = ahead - a->ahead_ms;

	a->ahead_ms = ahead;
	for (uint32_t i = 0; step < -STEP_MS && i < a->heap.n; i++)
		a->items[a->heap.v[i]]->wake_ms = 0;
}

static void
on_timer(void *arg)
{
	struct agenda *a = arg;
	int64_t now = clock_wall_ms(a->clock);

	look_at_clock(a);
	for (unsigned i = 0; i < TURN_ITEMS && a->heap.n > 0; i++) {
		struct agenda_item *item = a->items[a->heap.v[0]];

		if (item->wake_ms > now)
			break;
		place_item(a, item, AGENDA_NEVER);
		item->kind->due(item->kind->arg, item);
	}
	arm_timer(a);
}

struct agenda *
agenda_new(struct loop *l, const struct clock *clock)
{
	struct agenda *a = calloc(1, sizeof(*a));

	if (a == NULL || (a->timer = timer_new(l, on_timer, a)) == NULL) {
		free(a);
		return NULL;
	}
	a->clock = clock;
	a->ahead_ms = ahead_now(a);
	return a;
}

void
agenda_free(struct agenda *a)
{
	if (a == NULL)
		return;
	timer_free(a->timer);
	free(a->spare.heap);
	free(a->spare.items);
	free(a->heap.v);
	free(a->items);
	free(a);
}

bool
agenda_reserve(struct agenda *a, size_t n)
{
	free(a->spare.heap);
	free(a->spare.items);
	a->spare = (struct room){ calloc(n + 1, sizeof(uint32_t)),
		calloc(n + 1, sizeof(struct agenda_item *)) };
	return a->spare.heap != NULL && a->spare.items != NULL;
}

void
agenda_restart(struct agenda *a)
{
	assert(a->spare.items != NULL);
	free(a->heap.v);
	free(a->items);
	a->heap = (struct heap){ .v = a->spare.heap };
	a->items = a->spare.items;
	a->nitems = 0;
	a->spare = (struct room){ NULL, NULL };
	timer_clear(a->timer);
}

void
agenda_add(struct agenda *a, struct agenda_item *item, const struct agenda_kind *kind)
{
	*item = (struct agenda_item){ AGENDA_NEVER, a->nitems, HEAP_OUT, kind };
	a->items[a->nitems++] = item;
}
