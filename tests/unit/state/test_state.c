#include "state/state.h"

#include <malloc.h>
#include <string.h>

#include "../cases.h"
#include "state.h"

static void
a_new_test_knows_nothing(void **state)
{
	struct test_state t;

	(void)state;
	assert_true(test_state_init(&t, "atl/ken", "atl.example", "sip:ken@example"));
	assert_string_equal(t.name, "atl/ken");
	assert_string_equal(t.pool, "atl.example");
	assert_string_equal(t.user, "sip:ken@example");
	assert_int_equal(t.alert.state, ALERT_UNKNOWN);
	assert_int_equal(t.runs, 0);
	assert_int_equal(t.last.run[0], '\0');
	assert_int_equal(t.certificate.serial[0], '\0');
	test_state_free(&t);
	test_state_free(&t); /* as good as zeroed */
}

static void
runs_are_counted_and_the_last_is_kept(void **state)
{
	struct result ok = result_ok(), failed = result_failed();
	struct test_state t;

	(void)state;
	assert_true(test_state_init(&t, "a", "b", "c"));
	assert_true(test_state_note_run(&t, &failed, 1000));
	assert_int_equal(t.runs, 1);
	assert_int_equal(t.failed_runs, 1);
	assert_int_equal(t.last_failure_ms, 1000);
	assert_int_equal(t.last_success_ms, 0);
	assert_string_equal(t.last.run, "4f2a91");
	assert_int_equal(t.last.warnings, 1u << WARNING_CLOCK_SKEW);
	assert_string_equal(t.last.failure->diag, "WT-CRED");
	assert_int_equal(t.last.failure->code, 401);
	assert_memory_equal(t.last.failure->diagnosis, "WT-CRED: ", 9);
	assert_true(test_state_note_run(&t, &ok, 2000));
	assert_int_equal(t.runs, 2);
	assert_int_equal(t.failed_runs, 1);
	assert_int_equal(t.last_failure_ms, 1000);
	assert_int_equal(t.last_success_ms, 2000);
	assert_string_equal(t.last.run, "4f2a92");
	assert_null(t.last.failure);
	assert_int_equal(t.last.nsteps, 2);
	assert_int_equal(t.last.steps[1].us, 12300);
	test_state_free(&t);
}

/* A run that ended before it saw a certificate says nothing about it. */
static void
certificates_outlive_runs_that_saw_none(void **state)
{
	struct result ok = result_ok(), failed = result_failed();
	struct test_state t;

	(void)state;
	assert_true(test_state_init(&t, "a", "b", "c"));
	assert_true(test_state_note_run(&t, &ok, 1));
	assert_true(test_state_note_run(&t, &failed, 2));
	assert_string_equal(t.certificate.subject, "CN=kenmyer");
	assert_string_equal(t.certificate.serial, "1A2B");
	assert_int_equal(t.certificate.not_after, 1810903451);
	assert_int_equal(t.registrar_not_after, 1810903452);
	assert_int_equal(t.web_not_after, 1810903453);
	test_state_free(&t);
}

static size_t
block(const void *p)
{
	return malloc_usable_size((void *)(uintptr_t)p) + 2 * sizeof(size_t);
}

static void
a_test_without_failure_costs_less_than_a_kilobyte(void **state)
{
	struct result ok = result_ok();
	struct test_state t;
	size_t octets;

	(void)state;
	ok.nsteps = STEP_COUNT;
	str_copy(ok.certificate.subject, sizeof(ok.certificate.subject),
	    str_of("CN=kenmyer@litwareinc.com"));
	assert_true(test_state_init(&t, "atl-cs-001.litwareinc.com/kenmyer",
	    "atl-cs-001.litwareinc.com", "sip:kenmyer@litwareinc.com"));
	assert_true(test_state_note_run(&t, &ok, 1));
	octets = sizeof(t) + block(t.name) + block(t.pool) + block(t.user) +
		 block(t.last.steps) + block(t.certificate.subject);
	assert_true(octets < 1024);
	test_state_free(&t);
}

RUN_CASES(TEST(a_new_test_knows_nothing), TEST(runs_are_counted_and_the_last_is_kept),
    TEST(certificates_outlive_runs_that_saw_none),
    TEST(a_test_without_failure_costs_less_than_a_kilobyte));
