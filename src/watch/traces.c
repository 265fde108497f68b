#include "watch/traces.h"

#include <stdlib.h>

#include "vocab/err.h"
#include "report/log.h"
#include "vocab/result.h"
#include "state/state.h"
#include "watch/traces_parts.h"
#include "loop/worker.h"
#include "report/tracehead.h"
#include "trace/shelf.h"
#include "trace/trace.h"

struct kept {
	TAILQ_ENTRY(kept) link;
	struct traces *traces;
	struct kept **at; /* the owner's pointer to this */
	struct trace *trace;
};

struct traces *
traces_new(struct worker *w, struct log *log, const char *directory)
{
	struct traces *ts = calloc(1, sizeof(*ts));

	if (ts == NULL)
		return NULL;
	ts->shelf = shelf_new(directory, SHELF_OCTETS_MAX, SHELF_RESERVE);
	if (ts->shelf == NULL) {
		free(ts);
		return NULL;
	}
	ts->worker = w;
	ts->log = log;
	TAILQ_INIT(&ts->successes);
	TAILQ_INIT(&ts->failures);
	return ts;
}

void
traces_free(struct traces *ts)
{
	if (ts == NULL)
		return;
	shelf_free(ts->shelf);
	free(ts);
}

static struct kept_list *
list_of(struct traces *ts, const struct kept *k)
{
	return trace_head(k->trace)->ok ? &ts->successes : &ts->failures;
}

void
traces_drop(struct kept *k)
{
	if (k == NULL)
		return;
	TAILQ_REMOVE(list_of(k->traces, k), k, link);
	k->traces->size -= trace_size(k->trace);
	*k->at = NULL;
	trace_free(k->trace);
	free(k);
}

/* Within the limit again. The one just kept goes last. */
static void
shrink(struct traces *ts)
{
	while (ts->size > TRACES_MEMORY_MAX)
		traces_drop(!TAILQ_EMPTY(&ts->successes) ? TAILQ_FIRST(&ts->successes)
							 : TAILQ_FIRST(&ts->failures));
}

/* ---- files ---- */

/* One failed run on its way there. */
struct filing {
	struct traces *traces;
	struct trace *trace;
	bool worked, ok;
	struct err err;
};

static void
log_outcome(struct traces *ts, bool ok, const struct err *err)
{
	if (!ok && !ts->ailing)
		LOG_EVENT(
		    ts->log, LOG_ERR, EVENT_TRACE_UNWRITABLE, KV_S("error", err->detail));
	else if (ok && ts->ailing)
		LOG_EVENT(ts->log, LOG_NOTICE, EVENT_TRACE_UNWRITABLE, KV_S("error", ""));
	ts->ailing = !ok;
}

static void
file_work(void *arg)
{
	struct filing *f = arg;

	f->worked = true;
	f->ok = shelf_put(f->traces->shelf, f->trace, &f->err);
}

static void
file_done(void *arg)
{
	struct filing *f = arg;
	struct traces *ts = f->traces;

	ts->pending--;
	if (!f->worked) /* the worker is gone: we are leaving */
		file_work(f);
	ts->flooded = ts->flooded && ts->pending > 0;
	if (!ts->flooded) /* that is over when all have been written */
		log_outcome(ts, f->ok, &f->err);
	trace_free(f->trace);
	free(f);
}

static void
write_trace(struct traces *ts, struct trace *t)
{
	struct filing *f = NULL;
	struct err err;

	err_local(&err, 0, "more runs fail at once than can be written");
	ts->flooded = ts->flooded || ts->pending == TRACES_PENDING_MAX;
	if (ts->pending < TRACES_PENDING_MAX) {
		err_local(&err, 0, "out of memory");
		f = calloc(1, sizeof(*f));
	}
	if (f != NULL) {
		f->traces = ts;
		f->trace = trace_ref(t);
		if (worker_submit(ts->worker, file_work, file_done, f)) {
			ts->pending++;
			return;
		}
		trace_free(f->trace);
		free(f);
	}
	log_outcome(ts, false, &err);
}

void
traces_keep(struct traces *ts, struct kept **at, struct trace *t,
    const struct test_state *test, const struct result *r)
{
	struct kept *k = t == NULL ? NULL : calloc(1, sizeof(*k));

	if (k == NULL) {
		trace_free(t);
		return;
	}
	tracehead_end(t, test->name, test->pool, test->user, r);
	traces_drop(*at);
	*k = (struct kept){ .traces = ts, .at = at, .trace = t };
	*at = k;
	TAILQ_INSERT_TAIL(list_of(ts, k), k, link);
	ts->size += trace_size(k->trace);
	/* A run that was ended from here says nothing about the pool. */
	if (!r->ok && r->err.cause != CAUSE_CANCELLED)
		write_trace(ts, k->trace);
	shrink(ts);
}

struct trace *
traces_last(const struct kept *k)
{
	return k == NULL ? NULL : k->trace;
}
