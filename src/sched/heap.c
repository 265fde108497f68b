#include "sched/heap.h"

static void
put(struct heap *h, const struct heap_kind *k, void *arg, uint32_t at, uint32_t a)
{
	h->v[at] = a;
	*k->place(arg, a) = at;
}

static uint32_t
up(struct heap *h, const struct heap_kind *k, void *arg, uint32_t at)
{
	uint32_t a = h->v[at];

	while (at > 0 && k->before(arg, a, h->v[(at - 1) / 2])) {
		put(h, k, arg, at, h->v[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(h, k, arg, at, a);
	return at;
}

static void
down(struct heap *h, const struct heap_kind *k, void *arg, uint32_t at)
{
	uint32_t a = h->v[at];

	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= h->n)
			break;
		if (child + 1 < h->n && k->before(arg, h->v[child + 1], h->v[child]))
			child++;
		if (!k->before(arg, h->v[child], a))
			break;
		put(h, k, arg, at, h->v[child]);
		at = child;
	}
	put(h, k, arg, at, a);
}

void
heap_push(struct heap *h, const struct heap_kind *k, void *arg, uint32_t a)
{
	h->v[h->n++] = a;
	up(h, k, arg, h->n - 1);
}

void
heap_moved(struct heap *h, const struct heap_kind *k, void *arg, uint32_t place)
{
	down(h, k, arg, up(h, k, arg, place));
}

void
heap_remove(struct heap *h, const struct heap_kind *k, void *arg, uint32_t place)
{
	*k->place(arg, h->v[place]) = HEAP_OUT;
	if (place == --h->n)
		return;
	h->v[place] = h->v[h->n];
	heap_moved(h, k, arg, place);
}
