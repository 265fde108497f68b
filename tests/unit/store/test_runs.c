/* store/runs: what is packed comes back, and a number that is not known costs itself. */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "base/str.h"
#include "state/state.h"
#include "store/runs.h"

#define BEGAN 1795352652103

static struct store_run
make_run(int i)
{
	struct store_run r = { .started_ms = BEGAN + i * 300000,
		.latency_us = 412000 + (uint64_t)i * 100,
		.ok = i % 3 != 2,
		.warnings = i == 1 ? 1u << WARNING_DISCOVERY | 1u << WARNING_LOG_OFF : 0,
		.nsteps = i % 4 == 3 ? 1 : 3 };

	run_name(r.run, 0x4f2a90 + (uint32_t)i);
	if (!r.ok)
		r.failure = 1000 + i;
	r.steps[0] = (struct step_time){ STEP_RESOLVE, 900 };
	r.steps[1] = (struct step_time){ i < 5 ? STEP_SIP_CONNECT : STEP_LOG_OFF, 12300 };
	r.steps[2] = (struct step_time){ STEP_CHALLENGE, 100 };
	memset(&r.steps[r.nsteps], 0, (RESULT_STEPS_MAX - r.nsteps) * sizeof(r.steps[0]));
	return r;
}

static void
assert_same_run(const struct store_run *a, const struct store_run *b)
{
	assert_int_equal(a->failure, b->failure);
	assert_true(a->started_ms == b->started_ms);
	assert_true(a->latency_us == b->latency_us);
	assert_string_equal(a->run, b->run);
	assert_int_equal(a->ok, b->ok);
	assert_int_equal(a->warnings, b->warnings);
	assert_int_equal(a->nsteps, b->nsteps);
	for (unsigned i = 0; i < a->nsteps; i++) {
		assert_int_equal(a->steps[i].step, b->steps[i].step);
		assert_int_equal(a->steps[i].us, b->steps[i].us);
	}
}

static void
packs_many_runs(void **state)
{
	struct chunk_writer w;
	struct chunk_reader r;
	struct store_run run, want;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	chunk_begin(&w, &b, BEGAN, 990);
	for (int i = 0; i < 10; i++) {
		run = make_run(i);
		chunk_add(&w, &run);
	}
	chunk_read(&r, b.data, b.len, BEGAN, 990);
	for (int i = 0; i < 10; i++) {
		want = make_run(i);
		assert_true(chunk_next(&r, &run));
		assert_same_run(&run, &want);
	}
	assert_false(chunk_next(&r, &run));
	buf_free(&b);
}

/* The clock may be set back in the middle. */
static void
packs_a_run_before_the_one_before(void **state)
{
	struct store_run first = make_run(1), second = make_run(0), got;
	struct chunk_writer w;
	struct chunk_reader r;
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	chunk_begin(&w, &b, BEGAN, 1);
	chunk_add(&w, &first);
	chunk_add(&w, &second);
	chunk_read(&r, b.data, b.len, BEGAN, 1);
	assert_true(chunk_next(&r, &got));
	assert_true(chunk_next(&r, &got));
	assert_true(got.started_ms == BEGAN);
	buf_free(&b);
}

/* What a day of one test takes. */
static void
is_small(void **state)
{
	struct chunk_writer w;
	struct store_run run;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	chunk_begin(&w, &b, BEGAN, 1);
	for (int i = 0; i < 288; i++) {
		run = make_run(0);
		run.started_ms = BEGAN + (int64_t)i * 300000;
		run.nsteps = 11;
		for (unsigned k = 0; k < 11; k++)
			run.steps[k] =
			    (struct step_time){ (enum step_id)k, 1200 + k * 1000 };
		chunk_add(&w, &run);
	}
	assert_true(b.len / 288 < 35);
	buf_free(&b);
}

static const struct chunk_damage {
	const char *name;
	size_t cut;
	int at, byte; /* at < 0: only cut */
} chunk_damages[] = {
	{ "another format", 0, 0, 2 },
	{ "cut by one byte", 1, -1, 0 },
	{ "cut in the first run", 20, -1, 0 },
	{ "a number of steps that no run has", 0, 12, 0x7f },
};

/* It ends early, and what comes before the damage is whole. */
static void
check_chunk_damage(void **state)
{
	const struct chunk_damage *c = *state;
	struct store_run run = make_run(0), got;
	struct chunk_writer w;
	struct chunk_reader r;
	unsigned n = 0;
	struct buf b;

	buf_init(&b, 1000);
	chunk_begin(&w, &b, BEGAN, 1);
	chunk_add(&w, &run);
	chunk_add(&w, &run);
	if (c->at >= 0)
		b.data[c->at] = (char)c->byte;
	chunk_read(&r, b.data, b.len - c->cut, BEGAN, 1);
	while (chunk_next(&r, &got))
		n++;
	assert_in_range(n, 0, 2);
	assert_true(c->at > 0 || n < 2);
	buf_free(&b);
}

static void
an_unknown_step_costs_itself(void **state)
{
	static const char blob[] = "\x01\x02\x09\x63\x05\x03\x7b"; /* 2, 99, 3 */
	struct step_time steps[RESULT_STEPS_MAX];

	(void)state;
	assert_int_equal(steps_decode(blob, sizeof(blob) - 1, steps), 2);
	assert_int_equal(steps[0].step, STEP_RESOLVE);
	assert_int_equal(steps[0].us, 900);
	assert_int_equal(steps[1].step, STEP_SIP_CONNECT);
	assert_int_equal(steps[1].us, 12300);
}

static void
an_unknown_warning_costs_itself(void **state)
{
	uint64_t flags = run_flags(false, 1u << WARNING_LIFETIME) | UINT64_C(1) << 50;
	unsigned warnings;
	bool ok;

	(void)state;
	run_read_flags(flags, &ok, &warnings);
	assert_false(ok);
	assert_int_equal(warnings, 1u << WARNING_LIFETIME);
}

/* They are on disks: a change of order in an enum must not change them. */
static void
numbers_are_for_ever(void **state)
{
	struct step_time all[STEP_COUNT];
	struct buf b;

	(void)state;
	for (unsigned i = 0; i < STEP_COUNT; i++)
		all[i] = (struct step_time){ (enum step_id)i, 0 };
	buf_init(&b, 100);
	steps_encode(all, STEP_COUNT, &b);
	assert_int_equal(b.data[0], 1);
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		static const char *const names[] = { "discover", "resolve", "sip-connect",
			"challenge", "certprov-metadata", "ticket-metadata", "web-ticket",
			"certificate", "tls-dsk", "register", "log-off" };

		assert_string_equal(step_name(all[i].step), names[b.data[1 + 2 * i] - 1]);
	}
	assert_int_equal(run_flags(false, 0), 1);
	assert_int_equal(run_flags(true, 1u << WARNING_LOG_OFF), 4);
	assert_int_equal(run_flags(true, 1u << WARNING_DISCOVERY), 256);
	buf_free(&b);
}

static const struct name_case {
	const char *name, *run;
	uint32_t number;
} name_cases[] = {
	{ "six digits", "4f2a91", 0x4f2a91 },
	{ "with zeros", "00000a", 10 },
	{ "none", "", 0 },
	{ "too short", "4f2a9", 0 },
	{ "no number", "4f2a9x", 0 },
};

static void
check_name(void **state)
{
	const struct name_case *c = *state;
	char back[RESULT_RUN_SIZE];

	assert_int_equal(run_number(c->run), c->number);
	run_name(back, c->number);
	if (c->number != 0)
		assert_string_equal(back, c->run);
}

/* ---- what a test remembers ---- */

static void
fill_memory(struct test_state *t, const char *serial)
{
	assert_true(test_state_init(t, "t", "p", "u"));
	t->last.started_ms = BEGAN;
	t->next_ms = BEGAN + 300000;
	t->last_success_ms = BEGAN + 412;
	t->runs = 118;
	t->failed_runs = 3;
	t->alert.successes = 12;
	t->alert.recent = 0x8001;
	t->registrar_not_after = 1;
	t->web_not_after = -2;
	t->certificate = (struct cert_summary){ str_dup(str_of("CN=kenmyer")), "",
		"0123456789ABCDEF0123456789ABCDEF01234567", 1795351451, 1810903451 };
	assert_true(str_copy(
	    t->certificate.serial, sizeof(t->certificate.serial), str_of(serial)));
}

static const struct serial_case {
	const char *name, *serial;
	size_t size; /* at most */
} serial_cases[] = {
	{ "hexadecimal", "5900000002A1B2C3D4E5F60718", 85 },
	{ "odd", "5900000002A1B2C3D4E5F6071", 97 },
	{ "small letters", "5900000002a1b2c3d4e5f60718", 98 },
	{ "none", "", 25 },
};

static void
check_memory(void **state)
{
	const struct serial_case *c = *state;
	struct test_state t, back;
	struct buf b;

	fill_memory(&t, c->serial);
	assert_true(test_state_init(&back, "t", "p", "u"));
	buf_init(&b, 1000);
	memory_encode(&t, &b);
	assert_in_range(b.len, 1, c->size);
	assert_true(memory_decode(b.data, b.len, BEGAN, &back));
	assert_true(back.next_ms == t.next_ms);
	assert_true(back.last_success_ms == t.last_success_ms);
	assert_true(back.last_failure_ms == 0);
	assert_int_equal(back.runs, 118);
	assert_int_equal(back.failed_runs, 3);
	assert_int_equal(back.alert.successes, 12);
	assert_int_equal(back.alert.recent, 0x8001);
	assert_int_equal(back.registrar_not_after, 1);
	assert_int_equal(back.web_not_after, -2);
	assert_string_equal(back.certificate.serial, c->serial);
	if (c->serial[0] != '\0') {
		assert_string_equal(back.certificate.subject, "CN=kenmyer");
		assert_string_equal(back.certificate.sha1, t.certificate.sha1);
		assert_int_equal(back.certificate.not_before, 1795351451);
		assert_int_equal(back.certificate.not_after, 1810903451);
	}
	for (size_t n = 0; n < b.len; n++) { /* cut anywhere: unchanged */
		back.runs = 7;
		assert_false(memory_decode(b.data, n, BEGAN, &back));
		assert_int_equal(back.runs, 7);
	}
	buf_free(&b);
	test_state_free(&back);
	test_state_free(&t);
}

/* A change of state was written after it: what decides about the next is newer there. */
static void
memory_that_is_older_leaves_what_alerts_count(void **state)
{
	struct test_state t, back;
	struct buf b;

	(void)state;
	fill_memory(&t, "1A");
	assert_true(test_state_init(&back, "t", "p", "u"));
	back.runs = 119;
	back.alert.failures = 1;
	buf_init(&b, 1000);
	memory_encode(&t, &b);
	assert_true(memory_decode(b.data, b.len, BEGAN, &back));
	assert_int_equal(back.runs, 119);
	assert_int_equal(back.alert.failures, 1);
	assert_int_equal(back.alert.successes, 0);
	assert_int_equal(back.failed_runs, 3);
	buf_free(&b);
	test_state_free(&back);
	test_state_free(&t);
}

static void
keeps_how_long_steps_took(void **state)
{
	struct histogram *steps = calloc(STEP_COUNT, sizeof(*steps));
	struct histogram *back = calloc(STEP_COUNT, sizeof(*back));
	struct buf b;

	(void)state;
	assert_true(steps != NULL && back != NULL);
	histogram_add(&steps[STEP_RESOLVE], 900);
	histogram_add(&steps[STEP_LOG_OFF], 12300);
	histogram_add(&steps[STEP_LOG_OFF], 99000);
	buf_init(&b, 1000);
	step_times_encode(steps, &b);
	assert_true(step_times_decode(back, b.data, b.len));
	assert_memory_equal(steps, back, STEP_COUNT * sizeof(*steps));
	assert_false(step_times_decode(back, b.data, b.len - 1));
	assert_false(step_times_decode(back, "\x02\x01\x00", 3));
	/* a step that is not known costs itself */
	b.data[1] = 0x63;
	assert_true(step_times_decode(back, b.data, b.len));
	buf_free(&b);
	free(back);
	free(steps);
}

RUN_CASES(TEST(packs_many_runs), TEST(packs_a_run_before_the_one_before), TEST(is_small),
    ROWS("damage", chunk_damages, check_chunk_damage), TEST(an_unknown_step_costs_itself),
    TEST(an_unknown_warning_costs_itself), TEST(numbers_are_for_ever),
    ROWS("name", name_cases, check_name), ROWS("memory", serial_cases, check_memory),
    TEST(memory_that_is_older_leaves_what_alerts_count), TEST(keeps_how_long_steps_took));
