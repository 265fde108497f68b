#include "watch/keys_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "vocab/err.h"
#include "report/log.h"
#include "config/config.h"
#include "watch/parts.h"
#include "loop/loop.h"
#include "sched/sched.h"
#include "keys/keyring.h"

#define TURN_KEYS    128			/* asked for in one turn of the loop */
#define ROUND_MAX_US (UINT64_C(3600) * 1000000) /* all of them, so often */

struct keys {
	struct daemon *d;
	struct timer *timer;
	uint32_t *order; /* indexes of probes; NULL: out of memory, none ahead */
	size_t n, at;
};

/* ---- of one run ---- */

static void
on_key(void *arg, struct identity *id, const struct err *err)
{
	struct probe *p = arg;
	struct daemon *d = p->owner;

	(void)err; /* its run will find out, and say so */
	p->key_wait = NULL;
	p->keyless = id == NULL;
	sched_ready(d->sched, p->id);
}

bool
keys_at_hand(struct daemon *d, struct probe *p)
{
	struct keyring *ring = d->world.env.keys;
	const char *address = p->test->user->address;
	bool keyless = p->keyless;

	p->keyless = false;
	if (keyless || !probe_needs_key(d->config, p) ||
	    keyring_ready(ring, address, d->config->epid))
		return true;
	if (p->key_wait == NULL)
		p->key_wait = keyring_get(ring, address, d->config->epid, on_key, p);
	if (p->key_wait == NULL) /* no memory: likewise */
		return true;
	sched_defer(d->sched, p->id);
	return false;
}

/* ---- ahead ---- */

static uint64_t
round_us(const struct keys *k)
{
	uint64_t us = keyring_margin_s(k->d->world.env.keys) * 1000000 / 2;

	return us < ROUND_MAX_US ? us : ROUND_MAX_US;
}

/* Some of them now, the rest in the next turns; then again when some may have aged. */
static void
on_timer(void *arg)
{
	struct keys *k = arg;
	struct daemon *d = k->d;

	for (unsigned i = 0; i < TURN_KEYS && k->at < k->n; i++) {
		const struct probe *p = d->probes[k->order[k->at++]];

		if (probe_needs_key(d->config, p))
			keyring_ahead(
			    d->world.env.keys, p->test->user->address, d->config->epid);
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
by_due(const void *a, const void *b)
{
	const struct due *x = a, *y = b;

	if (x->next_ms != y->next_ms)
		return x->next_ms < y->next_ms ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* False: out of memory. */
static bool
make_order(struct keys *k)
{
	const struct daemon *d = k->d;
	struct due *due = calloc(d->nprobes + 1, sizeof(*due));

	k->order = calloc(d->nprobes + 1, sizeof(*k->order));
	if (due == NULL || k->order == NULL) {
		free(due);
		return false;
	}
	for (size_t i = 0; i < d->nprobes; i++) {
		int64_t next_ms = d->probes[i]->state.next_ms;

		/* One that is paused comes last. */
		due[i] = (struct due){ next_ms == 0 ? INT64_MAX : next_ms, (uint32_t)i };
	}
	qsort(due, d->nprobes, sizeof(*due), by_due);
	for (size_t i = 0; i < d->nprobes; i++)
		k->order[i] = due[i].index;
	free(due);
	return true;
}

void
keys_ahead(struct keys *k)
{
	free(k->order);
	k->at = 0;
	k->n = make_order(k) ? k->d->nprobes : 0;
	timer_set(k->timer, 0);
}

/* ---- life ---- */

static void
on_unsaved(void *arg, const struct err *err)
{
	struct daemon *d = arg;

	LOG_EVENT(d->log, err == NULL ? LOG_NOTICE : LOG_ERR, EVENT_KEYS_UNWRITABLE,
	    KV_S("error", err == NULL ? "" : err->detail));
}

struct keys *
keys_new(struct daemon *d)
{
	struct keys *k = calloc(1, sizeof(*k));

	if (k == NULL || (k->timer = timer_new(d->world.env.loop, on_timer, k)) == NULL) {
		free(k);
		return NULL;
	}
	k->d = d;
	keyring_on_unsaved(d->world.env.keys, on_unsaved, d);
	return k;
}

void
keys_free(struct keys *k)
{
	if (k == NULL)
		return;
	timer_free(k->timer);
	free(k->order);
	free(k);
}
