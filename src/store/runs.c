#include "store/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "state/state.h"

#define FORMAT	    1
#define UNIT_US	    100 /* 0.1 ms */
#define UNITS_MAX   (UINT32_MAX / UNIT_US)
#define LATENCY_MAX ((uint64_t)1 << 40) /* units: beyond any run */
#define FLAG_FAILED 1u
#define FLAG_SAME   2u /* of a chunk: the steps are those of the run before */
#define FLAG_BITS   2
#define SUBJECT_MAX 1024

/* What a step is called on disk. Never change one; a new step takes the next. */
static const uint8_t step_numbers[] = {
	[STEP_DISCOVER] = 1,
	[STEP_RESOLVE] = 2,
	[STEP_SIP_CONNECT] = 3,
	[STEP_CHALLENGE] = 4,
	[STEP_CERTPROV_METADATA] = 5,
	[STEP_TICKET_METADATA] = 6,
	[STEP_WEB_TICKET] = 7,
	[STEP_CERTIFICATE] = 8,
	[STEP_TLS_DSK] = 9,
	[STEP_REGISTER] = 10,
	[STEP_LOG_OFF] = 11,
};
_Static_assert(sizeof(step_numbers) == STEP_COUNT, "every step has its number");

/* The same for warnings: which bit. */
static const uint8_t warning_bits[] = {
	[WARNING_LOG_OFF] = 0,
	[WARNING_CLOCK_SKEW] = 1,
	[WARNING_SERVER_CERTIFICATE] = 2,
	[WARNING_LEGACY_TLS] = 3,
	[WARNING_REDIRECT] = 4,
	[WARNING_LIFETIME] = 5,
	[WARNING_DISCOVERY] = 6,
};
_Static_assert(sizeof(warning_bits) == WARNING_COUNT, "every warning has its bit");

static bool
step_by_number(uint64_t number, enum step_id *ret)
{
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		if (step_numbers[i] != number)
			continue;
		*ret = (enum step_id)i;
		return true;
	}
	return false;
}

uint32_t
run_number(const char *run)
{
	char *end;
	unsigned long n = strtoul(run, &end, 16);

	return strlen(run) == 6 && *end == '\0' ? (uint32_t)n : 0;
}

void
run_name(char ret[RESULT_RUN_SIZE], uint32_t number)
{
	snprintf(ret, RESULT_RUN_SIZE, "%06x", number & 0xffffff);
}

uint64_t
run_flags(bool ok, unsigned warnings)
{
	uint64_t flags = ok ? 0 : FLAG_FAILED;

	for (unsigned i = 0; i < WARNING_COUNT; i++)
		if ((warnings & 1u << i) != 0)
			flags |= UINT64_C(1) << (FLAG_BITS + warning_bits[i]);
	return flags;
}

void
run_read_flags(uint64_t flags, bool *ret_ok, unsigned *ret_warnings)
{
	*ret_ok = (flags & FLAG_FAILED) == 0;
	*ret_warnings = 0;
	for (unsigned i = 0; i < WARNING_COUNT; i++)
		if ((flags >> (FLAG_BITS + warning_bits[i]) & 1) != 0)
			*ret_warnings |= 1u << i;
}

static uint64_t
units_of(uint64_t us)
{
	return (us + UNIT_US / 2) / UNIT_US;
}

/* ---- steps of one run ---- */

void
steps_encode(const struct step_time *steps, unsigned n, struct buf *out)
{
	buf_putc(out, FORMAT);
	for (unsigned i = 0; i < n; i++) {
		varint_put(out, step_numbers[steps[i].step]);
		varint_put(out, units_of(steps[i].us));
	}
}

unsigned
steps_decode(const void *data, size_t size, struct step_time ret[RESULT_STEPS_MAX])
{
	struct varint_reader r = varint_read(data, size);
	enum step_id step;
	uint64_t number, units;
	unsigned n = 0;

	if (size == 0 || varint_get(&r) != FORMAT)
		return 0;
	while (!varint_at_end(&r) && n < RESULT_STEPS_MAX) {
		number = varint_get(&r);
		units = varint_get_max(&r, UNITS_MAX);
		if (!r.bad && step_by_number(number, &step))
			ret[n++] = (struct step_time){ step, (uint32_t)units * UNIT_US };
	}
	return n;
}

/* ---- certificates ---- */

static void
put_text(struct buf *out, const char *s)
{
	varint_put(out, strlen(s));
	buf_puts(out, s);
}

static bool
get_text(struct varint_reader *r, char *dst, size_t size)
{
	size_t n = varint_get_max(r, size - 1);
	const void *text = varint_get_bytes(r, n);

	return text != NULL && str_copy(dst, size, (struct str){ text, n });
}

void
seen_encode(const struct test_state *t, struct buf *out)
{
	const struct cert_summary *c = &t->certificate;

	buf_putc(out, FORMAT);
	varint_put_signed(out, t->registrar_not_after);
	varint_put_signed(out, t->web_not_after);
	put_text(out, c->serial);
	put_text(out, c->sha1);
	varint_put_signed(out, c->not_before);
	varint_put_signed(out, c->not_after);
	put_text(out, c->subject == NULL ? "" : c->subject);
}

bool
seen_decode(const void *data, size_t size, struct test_state *t)
{
	struct varint_reader r = varint_read(data, size);
	char text[SUBJECT_MAX], *subject = NULL;
	struct cert_summary c = { .subject = NULL };
	int64_t registrar, web;

	if (varint_get(&r) != FORMAT)
		return false;
	registrar = varint_get_signed(&r);
	web = varint_get_signed(&r);
	if (!get_text(&r, c.serial, sizeof(c.serial)) ||
	    !get_text(&r, c.sha1, sizeof(c.sha1)))
		return false;
	c.not_before = varint_get_signed(&r);
	c.not_after = varint_get_signed(&r);
	if (!get_text(&r, text, sizeof(text)))
		return false;
	if (text[0] != '\0' && (subject = str_dup(str_of(text))) == NULL)
		return false;
	free(t->certificate.subject);
	t->certificate = c;
	t->certificate.subject = subject;
	t->registrar_not_after = registrar;
	t->web_not_after = web;
	return true;
}

/* ---- many runs ---- */

void
chunk_begin(struct chunk_writer *w, struct buf *out, int64_t first_ms, int64_t first_id)
{
	*w = (struct chunk_writer){
		.out = out, .started_ms = first_ms, .failure = first_id
	};
	buf_putc(out, FORMAT);
}

/* True: they are those of the run before, in the same order, and need no numbers. */
static bool
same_steps(struct chunk_writer *w, const struct store_run *r)
{
	bool same = w->nsteps == r->nsteps;

	for (unsigned i = 0; i < r->nsteps; i++) {
		uint8_t number = step_numbers[r->steps[i].step];

		same = same && w->steps[i] == number;
		w->steps[i] = number;
	}
	w->nsteps = r->nsteps;
	return same;
}

void
chunk_add(struct chunk_writer *w, const struct store_run *r)
{
	bool same = same_steps(w, r);
	uint32_t number = run_number(r->run);
	uint8_t name[3] = { (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number };

	varint_put(w->out, run_flags(r->ok, r->warnings) | (same ? FLAG_SAME : 0));
	varint_put_signed(w->out, r->started_ms - w->started_ms);
	buf_add(w->out, name, sizeof(name));
	varint_put(w->out, units_of(r->latency_us));
	if (!r->ok) {
		varint_put_signed(w->out, r->failure - w->failure);
		w->failure = r->failure;
	}
	if (!same)
		varint_put(w->out, r->nsteps);
	for (unsigned i = 0; i < r->nsteps; i++) {
		if (!same)
			varint_put(w->out, w->steps[i]);
		varint_put(w->out, units_of(r->steps[i].us));
	}
	w->started_ms = r->started_ms;
}

void
chunk_read(struct chunk_reader *r, const void *data, size_t size, int64_t first_ms,
    int64_t first_id)
{
	*r = (struct chunk_reader){
		.in = varint_read(data, size), .started_ms = first_ms, .failure = first_id
	};
	if (size > 0 && varint_get(&r->in) != FORMAT)
		r->in.bad = true;
}

/* Overflow of a hostile sum is no undefined behaviour. */
static int64_t
sum(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static void
get_steps(struct chunk_reader *r, bool same, struct store_run *ret)
{
	struct varint_reader *in = &r->in;
	enum step_id step;

	if (!same)
		r->nsteps = (unsigned)varint_get_max(in, RESULT_STEPS_MAX);
	for (unsigned i = 0; i < r->nsteps && !in->bad; i++) {
		uint64_t units;

		if (!same)
			r->steps[i] = (uint8_t)varint_get_max(in, UINT8_MAX);
		units = varint_get_max(in, UNITS_MAX);
		if (!in->bad && step_by_number(r->steps[i], &step))
			ret->steps[ret->nsteps++] =
			    (struct step_time){ step, (uint32_t)units * UNIT_US };
	}
}

bool
chunk_next(struct chunk_reader *r, struct store_run *ret)
{
	struct varint_reader *in = &r->in;
	struct store_run run;
	const uint8_t *name;
	uint64_t flags;

	if (varint_at_end(in))
		return false;
	run.nsteps = 0;
	run.failure = 0;
	flags = varint_get(in);
	run_read_flags(flags, &run.ok, &run.warnings);
	r->started_ms = sum(r->started_ms, varint_get_signed(in));
	run.started_ms = r->started_ms;
	name = varint_get_bytes(in, 3);
	if (name != NULL)
		run_name(
		    run.run, (uint32_t)name[0] << 16 | (uint32_t)name[1] << 8 | name[2]);
	run.latency_us = varint_get_max(in, LATENCY_MAX) * UNIT_US;
	if (!run.ok) {
		r->failure = sum(r->failure, varint_get_signed(in));
		run.failure = r->failure;
	}
	get_steps(r, (flags & FLAG_SAME) != 0, &run);
	if (in->bad)
		return false;
	*ret = run;
	return true;
}
