#include "serve/state_keeper.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "report/log.h"
#include "state/statefile.h"
#include "state/writer.h"
#include "vocab/err.h"
#include "watch/subscribers.h"
#include "watch/view.h"
#include "watch/watcher.h"

struct state_keeper {
	struct writer *writer; /* NULL: the file is not to be written over */
	const struct view *view;
};

/* ---- what is written ---- */

static const struct test_state *
nth_state(void *arg, size_t n)
{
	const struct state_keeper *k = arg;

	return n < view_count_tests(k->view) ? view_test(k->view, n).state : NULL;
}

static void
write_rest(void *arg, struct json *j)
{
	const struct state_keeper *k = arg;

	statefile_rest(j, view_isolation(k->view));
	for (size_t i = 0; i < view_count_pools(k->view); i++)
		if (view_pool(k->view, i)->rollup.state == ROLLUP_ACTIVE)
			statefile_pool(j, view_pool(k->view, i));
}

/* ---- what happens ---- */

static void
on_test(void *arg, const struct test_view *t)
{
	const struct state_keeper *k = arg;

	(void)t;
	writer_touch(k->writer);
}

static void
on_pool(void *arg, const struct pool_state *p)
{
	const struct state_keeper *k = arg;

	(void)p;
	writer_touch(k->writer);
}

static void
on_watcher(void *arg)
{
	const struct state_keeper *k = arg;

	writer_touch(k->writer);
}

static void
on_exchanged(void *arg)
{
	const struct state_keeper *k = arg;

	writer_restart(k->writer);
}

static const struct watch_events events = {
	.test_changed = on_test,
	.pool_changed = on_pool,
	.watcher_changed = on_watcher,
	.tests_exchanged = on_exchanged,
};

/* ---- life ---- */

void
state_keeper_attach(struct state_keeper *k, struct watcher *w)
{
	k->view = watcher_view(w);
	watcher_subscribe(w, &events, k);
}

bool
state_keeper_flush(struct state_keeper *k, struct err *err)
{
	return writer_flush(k->writer, err);
}

void
state_keeper_free(struct state_keeper *k)
{
	if (k == NULL)
		return;
	writer_free(k->writer);
	free(k);
}

/* Returns false if the file is not to be written over: it may be all that is left. */
static bool
read_state(const struct state_keeper_settings *s, const char *path, struct state *ret)
{
	struct err err;
	enum statefile_status status =
	    statefile_read(path, clock_wall_ms(s->clock), ret, &err);

	if (status == STATEFILE_SET_ASIDE || status == STATEFILE_UNUSABLE)
		LOG_EVENT(s->log, LOG_WARNING, EVENT_STATE_DAMAGED, KV_S("file", path),
		    KV_S("error", err.detail));
	return status != STATEFILE_UNUSABLE;
}

struct state_keeper *
state_keeper_new(const struct state_keeper_settings *s, struct state *ret)
{
	struct state_keeper *k = calloc(1, sizeof(*k));
	const struct writer_source source = { nth_state, write_rest, k };
	char path[PATH_MAX];
	bool writable;

	snprintf(path, sizeof(path), "%s/state.json", s->directory);
	writable = read_state(s, path, ret);
	if (k == NULL || !writable)
		return k;
	k->writer = writer_new(s->loop, s->files, s->clock, s->log, path, &source);
	if (k->writer == NULL) {
		free(k);
		return NULL;
	}
	return k;
}
