#include "state/writer.h"

#include "build_config.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/host.h"
#include "vocab/err.h"
#include "base/json.h"
#include "report/log.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "state/statefile.h"

#define INTERVAL_US 1000000 /* between two writes */
#define SLICE	    200	    /* tests a turn: well below a millisecond */

struct writer {
	struct worker *worker;
	const struct clock *clock;
	struct log *log;
	char *path;
	char host[HOST_NAME_SIZE];
	struct writer_source source;
	struct timer *timer;
	bool dirty;	      /* something changed since the text under way was begun */
	bool making, writing; /* a text is being made, or is with the worker */
	bool ailing;	      /* the last write failed, and was logged */
	uint64_t next_us;     /* no text is begun before */
	size_t next;	      /* test to go on with */
	struct buf text;
	struct json json;
	bool worked, ok; /* the worker came to it; its answer, and why not */
	struct err err;
};

static void
begin_text(struct writer *w)
{
	buf_clear(&w->text);
	statefile_begin(
	    &w->json, &w->text, clock_wall_ms(w->clock), w->host, PACKAGE_VERSION);
	w->next = 0;
	w->dirty = false;
	w->making = true;
	w->next_us = clock_mono_us(w->clock) + INTERVAL_US;
}

/* Adds up to n more tests. Returns true when the text is complete. */
static bool
make_text(struct writer *w, size_t n)
{
	const struct test_state *t;

	for (; n > 0; n--) {
		t = w->source.nth(w->source.arg, w->next);
		if (t == NULL) {
			w->source.rest(w->source.arg, &w->json);
			statefile_end(&w->json);
			w->making = false;
			return true;
		}
		statefile_test(&w->json, t);
		w->next++;
	}
	return false;
}

static void
log_outcome(struct writer *w, bool ok)
{
	if (!ok && !w->ailing)
		LOG_EVENT(w->log, LOG_ERR, EVENT_STATE_UNWRITABLE, KV_S("file", w->path),
		    KV_S("error", w->err.detail));
	else if (ok && w->ailing)
		LOG_EVENT(w->log, LOG_NOTICE, EVENT_STATE_UNWRITABLE,
		    KV_S("file", w->path), KV_S("error", ""));
	w->ailing = !ok;
}

static void
arm_timer(struct writer *w)
{
	uint64_t now = clock_mono_us(w->clock);

	if (w->making)
		timer_set(w->timer, 0);
	else if (w->dirty && !w->writing)
		timer_set(w->timer, w->next_us <= now ? 0 : w->next_us - now);
}

static void
write_text(void *arg)
{
	struct writer *w = arg;

	w->worked = true;
	w->ok = statefile_write(w->path, buf_view(&w->text), &w->err);
}

static void
on_written(void *arg)
{
	struct writer *w = arg;

	w->writing = false;
	/* with many tests it is large, and the next second makes another */
	buf_free(&w->text);
	if (w->worked)
		log_outcome(w, w->ok);
	w->dirty = w->dirty || !w->worked || !w->ok;
	arm_timer(w);
}

static void
hand_over_text(struct writer *w)
{
	w->worked = false;
	w->writing =
	    !w->text.failed && worker_submit(w->worker, write_text, on_written, w);
	if (w->writing)
		return;
	err_local(&w->err, 0, "out of memory");
	log_outcome(w, false);
	w->dirty = true;
}

static void
on_timer(void *arg)
{
	struct writer *w = arg;

	if (!w->making && clock_mono_us(w->clock) >= w->next_us)
		begin_text(w);
	if (w->making && make_text(w, SLICE))
		hand_over_text(w);
	arm_timer(w);
}

struct writer *
writer_new(struct loop *l, struct worker *worker, const struct clock *clock,
    struct log *log, const char *path, const struct writer_source *source)
{
	struct writer *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->worker = worker;
	w->clock = clock;
	w->log = log;
	w->source = *source;
	buf_init(&w->text, STATEFILE_MAX);
	w->path = str_dup(str_of(path));
	w->timer = timer_new(l, on_timer, w);
	host_name(w->host);
	if (w->path == NULL || w->timer == NULL) {
		writer_free(w);
		return NULL;
	}
	return w;
}

void
writer_free(struct writer *w)
{
	if (w == NULL)
		return;
	timer_free(w->timer);
	buf_free(&w->text);
	free(w->path);
	free(w);
}

void
writer_touch(struct writer *w)
{
	if (w == NULL)
		return;
	w->dirty = true;
	arm_timer(w);
}

void
writer_restart(struct writer *w)
{
	if (w == NULL)
		return;
	w->making = false;
	writer_touch(w);
}

bool
writer_flush(struct writer *w, struct err *err)
{
	if (w == NULL)
		return true;
	timer_clear(w->timer);
	begin_text(w);
	while (!make_text(w, SLICE))
		;
	if (w->text.failed) {
		err_local(err, 0, "out of memory");
		return false;
	}
	return statefile_write(w->path, buf_view(&w->text), err);
}
