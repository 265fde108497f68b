#include "daemon/traces.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/result.h"
#include "config/config.h"
#include "daemon/probe.h"
#include "report/diagnose.h"
#include "report/record.h"
#include "trace/trace.h"

struct kept {
	TAILQ_ENTRY(kept) link;
	struct traces *traces;
	struct probe *probe;
	struct trace *trace;
};
TAILQ_HEAD(kept_list, kept);

struct traces {
	struct kept_list successes, failures;	/* the oldest first */
	size_t size;				/* octets of all of them */
};

struct traces *
traces_new(void)
{
	struct traces *ts = calloc(1, sizeof(*ts));

	if (ts == NULL)
		return NULL;
	TAILQ_INIT(&ts->successes);
	TAILQ_INIT(&ts->failures);
	return ts;
}

void
traces_free(struct traces *ts)
{
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
	k->probe->kept = NULL;
	trace_free(k->trace);
	free(k);
}

void
traces_begin(struct probe *p)
{
	trace_free(p->tracing);
	p->tracing = trace_new();
	trace_hide(p->tracing, p->test->user->password);
}

static void
end(struct probe *p, const struct result *r)
{
	struct buf record;
	struct trace_head h = {
		.test = p->state.name,
		.pool = p->state.pool,
		.user = p->state.user,
		.run = r->run,
		.started_ms = r->started_ms,
		.latency_us = r->latency_us,
		.ok = r->ok,
		.step = r->ok ? "" : step_name(r->err.step),
		.diag = r->ok ? "" : diagnose(&r->err)->tag,
	};

	buf_init(&record, RECORD_MAX);
	record_text(&record, p->state.pool, r);
	h.record = record.data == NULL ? "" : record.data;
	trace_end(p->tracing, &h);
	buf_free(&record);
}

/* Within the limit again. The one just kept goes last. */
static void
shrink(struct traces *ts)
{
	while (ts->size > TRACES_MEMORY_MAX)
		traces_drop(!TAILQ_EMPTY(&ts->successes) ? TAILQ_FIRST(&ts->successes)
							 : TAILQ_FIRST(&ts->failures));
}

void
traces_over(struct traces *ts, struct probe *p, const struct result *r)
{
	struct kept *k = ts == NULL ? NULL : calloc(1, sizeof(*k));

	if (k == NULL || p->tracing == NULL) {
		free(k);
		return;
	}
	end(p, r);
	traces_drop(p->kept);
	*k = (struct kept){ .traces = ts, .probe = p, .trace = p->tracing };
	p->tracing = NULL;
	p->kept = k;
	TAILQ_INSERT_TAIL(list_of(ts, k), k, link);
	ts->size += trace_size(k->trace);
	shrink(ts);
}

struct trace *
traces_last(const struct probe *p)
{
	return p->kept == NULL ? NULL : p->kept->trace;
}
