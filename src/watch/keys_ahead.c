#include "watch/keys_ahead.h"

#include <stdlib.h>

#include "config/config.h"
#include "keys/keyring.h"
#include "loop/loop.h"
#include "report/log.h"
#include "sched/sched.h"
#include "vocab/err.h"
#include "watch/probe.h"
#include "watch/probes.h"
#include "watch/runs.h"
#include "watch/timetable.h"

#define TURN_KEYS    128			/* asked for in one turn of the loop */
#define ROUND_MAX_US (UINT64_C(3600) * 1000000) /* all of them, so often */

struct keys_ahead {
	struct keys_ahead_settings set;
	const struct config *config; /* the live one */
	struct timer *timer;
	uint32_t *order; /* indexes of probes; NULL: out of memory, none ahead */
	size_t n, at;
};

/* ---- of one run ---- */

static void
on_key(void *arg, struct identity *id, const struct err *err)
{
	struct probe *p = arg;

	(void)err; /* its run will find out, and say so */
	p->key_wait = NULL;
	p->keyless = id == NULL;
	sched_ready(p->keys->set.timetable->sched, p->id);
}

bool
keys_at_hand(struct keys_ahead *k, struct probe *p)
{
	struct keyring *ring = k->set.ring;
	const char *address = p->test->user->address, *epid = k->config->epid;
	bool keyless = p->keyless;

	p->keyless = false;
	if (keyless || !runs_need_key(k->config, p) || keyring_ready(ring, address, epid))
		return true;
	p->keys = k;
	if (p->key_wait == NULL)
		p->key_wait = keyring_get(ring, address, epid, on_key, p);
	return p->key_wait == NULL; /* no memory: the run finds out, too */
}

/* ---- ahead ---- */

static uint64_t
round_us(const struct keys_ahead *k)
{
	uint64_t us = keyring_margin_s(k->set.ring) * 1000000 / 2;

	return us < ROUND_MAX_US ? us : ROUND_MAX_US;
}

/* Some of them now, the rest in the next turns; then again when some may have aged. */
static void
on_timer(void *arg)
{
	struct keys_ahead *k = arg;

	for (unsigned i = 0; i < TURN_KEYS && k->at < k->n; i++) {
		const struct probe *p = k->set.probes->v[k->order[k->at++]];

		if (runs_need_key(k->config, p))
			keyring_ahead(
			    k->set.ring, p->test->user->address, k->config->epid);
	}
	if (k->at < k->n) {
		timer_set(k->timer, 0);
		return;
	}
	k->at = 0;
	if (round_us(k) > 0)
		timer_set(k->timer, round_us(k));
}

struct due {
	int64_t next_ms;
	uint32_t index;
};

static int
compare_due(const void *a, const void *b)
{
	const struct due *x = a, *y = b;

	if (x->next_ms != y->next_ms)
		return x->next_ms < y->next_ms ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* Returns false when out of memory. */
static bool
make_order(struct keys_ahead *k)
{
	const struct probes *ps = k->set.probes;
	struct due *due = calloc(ps->n + 1, sizeof(*due));

	k->order = calloc(ps->n + 1, sizeof(*k->order));
	if (due == NULL || k->order == NULL) {
		free(due);
		return false;
	}
	for (size_t i = 0; i < ps->n; i++) {
		int64_t next_ms = ps->v[i]->state.next_ms;

		/* One that is paused comes last. */
		due[i] = (struct due){ next_ms == 0 ? INT64_MAX : next_ms, (uint32_t)i };
	}
	qsort(due, ps->n, sizeof(*due), compare_due);
	for (size_t i = 0; i < ps->n; i++)
		k->order[i] = due[i].index;
	free(due);
	return true;
}

void
keys_ahead_adopt(struct keys_ahead *k, const struct config *next)
{
	k->config = next;
	free(k->order);
	k->at = 0;
	k->n = make_order(k) ? k->set.probes->n : 0;
	timer_set(k->timer, 0);
}

/* ---- life ---- */

static void
on_unsaved(void *arg, const struct err *err)
{
	struct keys_ahead *k = arg;

	LOG_EVENT(k->set.log, err == NULL ? LOG_NOTICE : LOG_ERR, EVENT_KEYS_UNWRITABLE,
	    KV_S("error", err == NULL ? "" : err->detail));
}

struct keys_ahead *
keys_ahead_new(const struct keys_ahead_settings *s)
{
	struct keys_ahead *k = calloc(1, sizeof(*k));

	if (k == NULL || (k->timer = timer_new(s->loop, on_timer, k)) == NULL) {
		free(k);
		return NULL;
	}
	k->set = *s;
	keyring_on_unsaved(s->ring, on_unsaved, k);
	return k;
}

void
keys_ahead_free(struct keys_ahead *k)
{
	if (k == NULL)
		return;
	keyring_on_unsaved(k->set.ring, NULL, NULL);
	timer_free(k->timer);
	free(k->order);
	free(k);
}
