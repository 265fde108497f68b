#include "watch/probes.h"

#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "watch/probe.h"

static int
compare_name(const void *key, const void *element)
{
	const struct probe *const *p = element;

	return strcmp(key, (*p)->state.name);
}

struct probe *
probes_find(const struct probes *ps, const char *name)
{
	struct probe **p =
	    ps->n == 0 ? NULL : bsearch(name, ps->v, ps->n, sizeof(*ps->v), compare_name);

	return p == NULL ? NULL : *p;
}

size_t
probes_place_after(const struct probes *ps, const char *name)
{
	size_t low = 0, high = ps->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(ps->v[middle]->state.name, name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
probes_restore(struct probes *ps, struct test_state *tests, size_t n)
{
	ps->v = calloc(n + 1, sizeof(*ps->v));
	if (ps->v == NULL)
		return false;
	for (; ps->n < n; ps->n++) {
		ps->v[ps->n] = probe_new_remembered(&tests[ps->n]);
		if (ps->v[ps->n] == NULL)
			return false;
	}
	return true;
}

void
probes_free(struct probes *ps)
{
	for (size_t i = 0; i < ps->n; i++)
		probe_free(ps->v[i]);
	free(ps->v);
	*ps = (struct probes){ .n = 0 };
}

/* ---- another configuration ---- */

/* The same test, whatever its timing: otherwise its state means nothing any more. */
static bool
is_same_test(const struct probe *p, const struct config_test *t)
{
	return str_caseeq(str_of(p->state.pool), t->pool->fqdn) &&
	       str_caseprefix(str_of(p->state.user), "sip:") &&
	       str_caseeq(str_of(p->state.user + 4), t->user->address);
}

bool
probes_plan(const struct probes *ps, const struct config *next, struct probes *ret)
{
	*ret = (struct probes){ .v = calloc(next->ntests + 1, sizeof(*ret->v)) };
	if (ret->v == NULL)
		return false;
	for (; ret->n < next->ntests; ret->n++) {
		const struct config_test *t = &next->tests[ret->n];
		struct probe *p = probes_find(ps, t->name);

		if (p == NULL || !is_same_test(p, t))
			p = probe_new(t);
		if (p == NULL)
			return false;
		ret->v[ret->n] = p;
	}
	return true;
}

void
probes_undo_plan(const struct probes *ps, struct probes *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (!probes_keeps(ps, plan->v[i]))
			probe_free(plan->v[i]);
	free(plan->v);
	*plan = (struct probes){ .n = 0 };
}

bool
probes_keeps(const struct probes *plan, const struct probe *p)
{
	return probes_find(plan, p->state.name) == p;
}

/* ---- counts ---- */

void
probes_note_change(struct probes *ps, const struct alert_change *change)
{
	ps->counts[change->from]--;
	ps->counts[change->to]++;
}

void
probes_count(struct probes *ps)
{
	memset(ps->counts, 0, sizeof(ps->counts));
	for (size_t i = 0; i < ps->n; i++)
		ps->counts[ps->v[i]->state.alert.state]++;
}
