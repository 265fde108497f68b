#include "report/status.h"

#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "report/statefile.h"
#include "state.h"

static void
expect_table(const struct state *s, const char *want)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	status_table(&b, s);
	assert_string_equal(buf_view(&b).p, want);
	buf_free(&b);
}

static void
no_tests(void **state)
{
	const struct state s = { .ntests = 0 };

	(void)state;
	expect_table(&s, "TEST  STATE  SINCE  LATENCY  NEXT  LAST-ERROR\n");
}

static void
columns_are_aligned(void **state)
{
	struct result ok = result_ok(), failed = result_failed();
	struct test_state tests[3];
	const struct state s = { .tests = tests, .ntests = 3 };

	(void)state;
	assert_true(test_state_init(&tests[0], "atl/ken", "atl", "sip:ken@x"));
	assert_true(test_state_init(&tests[1], "d\xc3\xbc" "b/pilar", "dub",
	    "sip:pilar@x"));
	assert_true(test_state_init(&tests[2], "new", "new", "sip:new@x"));
	err_set(&failed.err, CAUSE_SIP, 503, "x");
	failed.err.step = STEP_REGISTER;
	assert_true(test_state_note_run(&tests[0], &failed, STATE_NOW_MS));
	ok.warnings = 1u << WARNING_LOG_OFF | 1u << WARNING_CLOCK_SKEW;
	assert_true(test_state_note_run(&tests[1], &ok, STATE_NOW_MS));
	tests[0].alert.state = ALERT_ALERT;
	tests[0].alert.since_ms = tests[1].alert.since_ms = STATE_NOW_MS;
	tests[0].next_ms = STATE_NOW_MS + 30000;
	tests[1].alert.state = ALERT_OK;
	expect_table(&s,
	    "TEST       STATE    SINCE                 LATENCY  NEXT                  "
	    "LAST-ERROR\n"
	    "atl/ken    alert    2026-11-22T13:04:12Z  3.365    2026-11-22T13:04:42Z  "
	    "LOGON-DOWN: 503, Service Unavailable\n"
	    "d\xc3\xbc" "b/pilar  ok       2026-11-22T13:04:12Z  0.412    -"
	    "                     warning: log-off, clock-skew\n"
	    "new        unknown  -                     -        -                     "
	    "-\n");
	for (size_t i = 0; i < 3; i++)
		test_state_free(&tests[i]);
}

/* The state file may have been written by somebody else. */
static void
hostile_text_stays_in_its_cell(void **state)
{
	struct result failed = result_failed();
	struct test_state t;
	const struct state s = { .tests = &t, .ntests = 1 };
	char *big = malloc(10 * 1024);
	struct buf b;
	unsigned lines = 0;

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 10 * 1024 - 1);
	big[10 * 1024 - 1] = '\0';
	memcpy(big, "a\nb\x1b[2J\xff", 9);
	assert_true(test_state_init(&t, "a\nb", "p", "u"));
	assert_true(test_state_note_run(&t, &failed, 1));
	free(t.last.failure->error);
	t.last.failure->error = big;
	buf_init(&b, 1 << 20);
	status_table(&b, &s);
	for (size_t i = 0; i < b.len; i++) {
		lines += b.data[i] == '\n';
		assert_true(b.data[i] == '\n' || (b.data[i] >= ' ' && b.data[i] <= '~'));
	}
	assert_int_equal(lines, 2);
	buf_free(&b);
	test_state_free(&t);
}

static void
json_is_the_state_file(void **state)
{
	const struct state s = { .written_ms = STATE_NOW_MS, .host = (char[]){ "h" },
		.version = (char[]){ "1" } };
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	status_json(&b, &s);
	assert_string_equal(buf_view(&b).p,
	    "{\"schema\":1,\"written\":\"2026-11-22T13:04:12.103Z\",\"host\":\"h\","
	    "\"version\":\"1\",\"tests\":{}}\n");
	buf_free(&b);
}

RUN_CASES(TEST(no_tests),
    TEST(columns_are_aligned),
    TEST(hostile_text_stays_in_its_cell),
    TEST(json_is_the_state_file));
