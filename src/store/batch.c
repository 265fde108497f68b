#include "store/batch.h"

#include <string.h>

#include "base/buf.h"
#include "store/runs.h"

/* What stands before the bytes of one. */
struct head {
	uint32_t size; /* of all of it */
	uint32_t slot, run;
	int32_t step, cause;
	int64_t started_ms, code;
	uint64_t latency_us, flags;
	uint16_t nsteps, nmemory, nerror, ndiagnosis;
	bool failed, traced;
	char diag[DIAGNOSIS_TAG_SIZE];
};

/* With its NUL. */
static uint16_t
add_text(struct buf *out, const char *text)
{
	size_t n = strlen(text);

	if (n > DIAGNOSIS_TEXT_MAX)
		n = DIAGNOSIS_TEXT_MAX;
	buf_add(out, text, n);
	buf_putc(out, '\0');
	return (uint16_t)(n + 1);
}

static void
add_failure(struct buf *out, struct head *h, const struct failure_text *f)
{
	h->failed = true;
	h->step = (int32_t)f->step;
	h->cause = (int32_t)f->cause;
	h->code = f->code;
	memcpy(h->diag, f->diag, sizeof(h->diag));
	h->nerror = add_text(out, f->error);
	h->ndiagnosis = add_text(out, f->diagnosis);
}

bool
batch_add(struct buf *out, const struct test_state *t, bool traced)
{
	const struct last_run *last = &t->last;
	struct head h = { .slot = t->id,
		.run = run_number(last->run),
		.started_ms = last->started_ms,
		.latency_us = last->latency_us,
		.flags = run_flags(last->ok, last->warnings),
		.traced = traced };
	size_t at = out->len, from;

	buf_add(out, &h, sizeof(h));
	from = out->len;
	steps_encode(last->steps, last->nsteps, out);
	h.nsteps = (uint16_t)(out->len - from);
	from = out->len;
	memory_encode(t, out);
	h.nmemory = (uint16_t)(out->len - from);
	if (!last->ok && last->failure != NULL)
		add_failure(out, &h, last->failure);
	if (out->failed) {
		out->failed = false;
		buf_cut(out, at);
		return false;
	}
	h.size = (uint32_t)(out->len - at);
	memcpy(out->data + at, &h, sizeof(h));
	return true;
}

bool
batch_next(const struct buf *batch, size_t *at, struct batch_run *ret)
{
	const char *p = batch->data + *at;
	struct head h;

	if (*at >= batch->len)
		return false;
	memcpy(&h, p, sizeof(h));
	*at += h.size;
	p += sizeof(h);
	*ret = (struct batch_run){ .slot = h.slot,
		.run = h.run,
		.started_ms = h.started_ms,
		.latency_us = h.latency_us,
		.flags = h.flags,
		.steps = p,
		.nsteps = h.nsteps,
		.memory = p + h.nsteps,
		.nmemory = h.nmemory,
		.failed = h.failed,
		.traced = h.traced };
	p += h.nsteps + h.nmemory;
	if (!h.failed)
		return true;
	ret->step = step_name((enum step_id)h.step);
	ret->cause = cause_name((enum cause)h.cause);
	ret->code = h.code;
	/* It stands in the buffer itself, which outlives this call. */
	ret->diag = batch->data + *at - h.size + offsetof(struct head, diag);
	ret->error = p;
	ret->diagnosis = p + h.nerror;
	return true;
}
