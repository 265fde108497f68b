#include "report/tracehead.h"

#include "base/buf.h"
#include "vocab/result.h"
#include "report/diagnose.h"
#include "report/record.h"
#include "trace/trace.h"

void
tracehead_end(struct trace *t, const char *test, const char *pool, const char *user,
    const struct result *r)
{
	char diag[DIAGNOSIS_TAG_SIZE] = "";
	struct buf record, sip;
	struct trace_head h = {
		.test = test,
		.pool = pool,
		.run = r->run,
		.started_ms = r->started_ms,
		.latency_us = r->latency_us,
		.ok = r->ok,
		.step = r->ok ? "" : step_name(r->err.step),
		.diag = diag,
	};

	if (!r->ok)
		diagnosis_tag(diag, &r->err);
	buf_init(&record, RECORD_MAX);
	buf_init(&sip, RECORD_MAX);
	record_text(&record, pool, r);
	record_user(&sip, user);
	h.record = record.data == NULL ? "" : record.data;
	h.user = sip.data == NULL ? "" : sip.data;
	trace_end(t, &h);
	buf_free(&record);
	buf_free(&sip);
}
