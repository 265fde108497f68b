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

/* Overflow of a hostile sum is no undefined behaviour. */
static int64_t
sum(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
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

void
step_times_encode(const struct histogram steps[STEP_COUNT], struct buf *out)
{
	struct buf one;

	buf_init(&one, HISTOGRAM_BYTES_MAX);
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		buf_clear(&one);
		histogram_encode(&steps[i], &one);
		if (one.len == 0)
			continue;
		if (out->len == 0)
			buf_putc(out, FORMAT);
		varint_put(out, step_numbers[i]);
		varint_put(out, one.len);
		buf_str(out, buf_view(&one));
	}
	out->failed = out->failed || one.failed;
	buf_free(&one);
}

bool
step_times_decode(struct histogram steps[STEP_COUNT], const void *data, size_t size)
{
	struct varint_reader r = varint_read(data, size);
	enum step_id step = STEP_COUNT;

	if (size == 0)
		return true;
	if (varint_get(&r) != FORMAT)
		return false;
	while (!varint_at_end(&r)) {
		bool known = step_by_number(varint_get(&r), &step);
		size_t n = varint_get_max(&r, HISTOGRAM_BYTES_MAX);
		const void *one = varint_get_bytes(&r, n);

		if (one == NULL || (known && !histogram_decode(&steps[step], one, n)))
			return false;
	}
	return !r.bad;
}

/* ---- what a test remembers ---- */

enum { HAS_NEXT = 1, HAS_SUCCESS = 2, HAS_FAILURE = 4, HAS_CERTIFICATE = 8 };

/* Hexadecimal digits as bytes where that gives the same back, else as they are. */
static void
put_hex(struct buf *out, const char *s)
{
	size_t n = strlen(s);
	bool hex = n % 2 == 0 && strspn(s, "0123456789ABCDEF") == n;

	varint_put(out, n << 1 | hex);
	for (size_t i = 0; hex && i < n; i += 2) {
		char pair[3] = { s[i], s[i + 1], '\0' };

		buf_putc(out, (char)strtoul(pair, NULL, 16));
	}
	if (!hex)
		buf_puts(out, s);
}

static bool
get_hex(struct varint_reader *r, char *dst, size_t size)
{
	uint64_t head = varint_get_max(r, 2 * (size - 1) + 1);
	size_t n = head >> 1;
	const uint8_t *bytes = varint_get_bytes(r, (head & 1) != 0 ? n / 2 : n);

	if (bytes == NULL)
		return false;
	if ((head & 1) == 0)
		return str_copy(dst, size, (struct str){ (const char *)bytes, n });
	for (size_t i = 0; i < n / 2; i++)
		snprintf(dst + 2 * i, 3, "%02X", bytes[i]);
	dst[n / 2 * 2] = '\0';
	return true;
}

static void
put_certificate(struct buf *out, const struct cert_summary *c)
{
	put_hex(out, c->serial);
	put_hex(out, c->sha1);
	varint_put_signed(out, c->not_before);
	varint_put_signed(out, c->not_after - c->not_before);
	varint_put(out, c->subject == NULL ? 0 : strlen(c->subject));
	buf_puts(out, c->subject == NULL ? "" : c->subject);
}

static bool
get_certificate(struct varint_reader *r, struct cert_summary *ret)
{
	size_t n;
	const void *subject;

	if (!get_hex(r, ret->serial, sizeof(ret->serial)) ||
	    !get_hex(r, ret->sha1, sizeof(ret->sha1)))
		return false;
	ret->not_before = varint_get_signed(r);
	ret->not_after = sum(ret->not_before, varint_get_signed(r));
	n = varint_get_max(r, SUBJECT_MAX);
	subject = varint_get_bytes(r, n);
	if (subject == NULL || n == 0)
		return subject != NULL;
	ret->subject = str_dup((struct str){ subject, n });
	return ret->subject != NULL;
}

static void
put_time(struct buf *out, int64_t at_ms, int64_t base_ms)
{
	if (at_ms != 0)
		varint_put_signed(out, at_ms - base_ms);
}

void
memory_encode(const struct test_state *t, struct buf *out)
{
	int64_t base = t->last.started_ms;

	buf_putc(out, FORMAT);
	varint_put(out, (t->next_ms != 0 ? HAS_NEXT : 0u) |
			    (t->last_success_ms != 0 ? HAS_SUCCESS : 0u) |
			    (t->last_failure_ms != 0 ? HAS_FAILURE : 0u) |
			    (t->certificate.serial[0] != '\0' ? HAS_CERTIFICATE : 0u));
	put_time(out, t->next_ms, base);
	put_time(out, t->last_success_ms, base);
	put_time(out, t->last_failure_ms, base);
	varint_put(out, t->runs);
	varint_put(out, t->failed_runs);
	varint_put(out, t->alert.failures);
	varint_put(out, t->alert.successes);
	varint_put(out, t->alert.recent);
	varint_put_signed(out, t->registrar_not_after);
	varint_put_signed(out, t->web_not_after);
	if (t->certificate.serial[0] != '\0')
		put_certificate(out, &t->certificate);
}

static int64_t
get_time(struct varint_reader *r, bool there, int64_t base_ms)
{
	return there ? sum(base_ms, varint_get_signed(r)) : 0;
}

static void
get_counts(struct varint_reader *r, struct test_state *ret)
{
	ret->runs = varint_get(r);
	ret->failed_runs = varint_get(r);
	ret->alert.failures = (unsigned)varint_get_max(r, UINT32_MAX);
	ret->alert.successes = (unsigned)varint_get_max(r, UINT32_MAX);
	ret->alert.recent = (uint16_t)varint_get_max(r, UINT16_MAX);
	ret->registrar_not_after = varint_get_signed(r);
	ret->web_not_after = varint_get_signed(r);
}

static void
take_memory(struct test_state *t, const struct test_state *from)
{
	free(t->certificate.subject);
	t->certificate = from->certificate;
	t->next_ms = from->next_ms;
	t->last_success_ms = from->last_success_ms;
	t->last_failure_ms = from->last_failure_ms;
	t->failed_runs = from->failed_runs;
	t->registrar_not_after = from->registrar_not_after;
	t->web_not_after = from->web_not_after;
	if (from->runs < t->runs)
		return;
	t->runs = from->runs;
	t->alert.failures = from->alert.failures;
	t->alert.successes = from->alert.successes;
	t->alert.recent = from->alert.recent;
}

bool
memory_decode(const void *data, size_t size, int64_t started_ms, struct test_state *t)
{
	struct varint_reader r = varint_read(data, size);
	struct test_state from = { .name = NULL };
	uint64_t flags;

	if (size == 0 || varint_get(&r) != FORMAT)
		return false;
	flags = varint_get(&r);
	from.next_ms = get_time(&r, (flags & HAS_NEXT) != 0, started_ms);
	from.last_success_ms = get_time(&r, (flags & HAS_SUCCESS) != 0, started_ms);
	from.last_failure_ms = get_time(&r, (flags & HAS_FAILURE) != 0, started_ms);
	get_counts(&r, &from);
	if (r.bad ||
	    ((flags & HAS_CERTIFICATE) != 0 && !get_certificate(&r, &from.certificate))) {
		free(from.certificate.subject);
		return false;
	}
	take_memory(t, &from);
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
