/* srv - the order in which the targets of a service are tried: RFC 2782. */
#include <stdlib.h>

#include "loop/srv.h"

static int
by_priority(const void *a, const void *b)
{
	const struct srv *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	/* Weight 0 comes first: then those targets have their small chance, too. */
	return (x->weight > 0) - (y->weight > 0);
}

/* Returns the first target at which the running sum of weights reaches what was drawn. */
static unsigned
pick(const struct srv *s, unsigned n, uint32_t drawn)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < n; i++) {
		sum += s[i].weight;
		if (sum >= drawn)
			return i;
	}
	return 0;
}

/* Moves a target to the front; the others keep their order. */
static void
move_up(struct srv *s, unsigned i)
{
	struct srv chosen = s[i];

	for (; i > 0; i--)
		s[i] = s[i - 1];
	s[0] = chosen;
}

static void
order_equals(
    struct srv *s, unsigned n, uint32_t (*draw)(void *arg, uint32_t n), void *arg)
{
	for (; n > 1; s++, n--) {
		uint32_t sum = 0;

		for (unsigned i = 0; i < n; i++)
			sum += s[i].weight;
		move_up(s, pick(s, n, draw(arg, sum)));
	}
}

void
srvs_order(struct srvs *srvs, uint32_t (*draw)(void *arg, uint32_t n), void *arg)
{
	unsigned from = 0, to;

	qsort(srvs->s, srvs->n, sizeof(srvs->s[0]), by_priority);
	for (; from < srvs->n; from = to) {
		for (to = from;
		    to < srvs->n && srvs->s[to].priority == srvs->s[from].priority; to++)
			;
		order_equals(srvs->s + from, to - from, draw, arg);
	}
}
