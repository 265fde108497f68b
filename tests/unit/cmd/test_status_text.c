#include "cmd/status_text.h"

#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "state/statefile.h"
#include "../state/state.h"

static void
expect(const struct test_state *t, const char *latency, const char *error)
{
	char got_latency[RECORD_SECONDS_SIZE], got_error[STATUS_TEXT_SIZE];

	status_latency(got_latency, t);
	status_error(got_error, t);
	assert_string_equal(got_latency, latency);
	assert_string_equal(got_error, error);
}

static void
what_the_last_run_came_to(void **state)
{
	struct result ok = result_ok(), failed = result_failed();
	struct test_state t;

	(void)state;
	assert_true(test_state_init(&t, "atl/ken", "atl", "sip:ken@x"));
	expect(&t, "", "");
	err_set(&failed.err, CAUSE_SIP, 503, "x");
	failed.err.step = STEP_REGISTER;
	assert_true(test_state_note_run(&t, &failed, STATE_NOW_MS));
	expect(&t, "3.365", "LOGON-DOWN: 503, Service Unavailable");
	ok.warnings = 1u << WARNING_LOG_OFF | 1u << WARNING_CLOCK_SKEW;
	assert_true(test_state_note_run(&t, &ok, STATE_NOW_MS));
	expect(&t, "0.412", "warning: log-off, clock-skew");
	test_state_free(&t);
}

static void
what_stands_above_the_tests(void **state)
{
	struct remark by = { .by = "ken\nmyer" };
	struct pool_state pools[2] = {
		{ .fqdn = (char[]){ "ATL" },
		    .rollup = { .diag = "REG-REFUSED", .since_ms = STATE_NOW_MS },
		    .acknowledged = &by },
		{ .fqdn = (char[]){ "dub" }, .rollup.diag = "REG-SLOW" },
	};
	struct test_state t;
	struct state s = { .tests = &t, .ntests = 1, .pools = pools, .npools = 2 };
	char cell[STATUS_STATE_SIZE];
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_true(test_state_init(&t, "atl/ken", "atl", "sip:ken@x"));
	t.alert.state = ALERT_ALERT;
	status_state(cell, &t);
	assert_string_equal(cell, "alert");
	t.alert.flapping = true;
	status_state(cell, &t);
	assert_string_equal(cell, "alert/flapping");
	status_whole(&b, &s);
	assert_string_equal(b.data,
	    "pool ATL has been in alert since 2026-11-22T13:04:12Z: "
	    "REG-REFUSED (acknowledged by ken.myer)\n");
	buf_clear(&b);
	s.watcher =
	    (struct isolation){ .state = ISOLATION_CUT_OFF, .since_ms = STATE_NOW_MS };
	s.npools = 0;
	status_whole(&b, &s);
	assert_string_equal(b.data,
	    "the watcher has been cut off since 2026-11-22T13:04:12Z: "
	    "the state of the pools is not known\n");
	test_state_free(&t);
	buf_free(&b);
}

/* The state file may have been written by somebody else. */
static void
hostile_text_stays_in_its_cell(void **state)
{
	struct result failed = result_failed();
	struct test_state t;
	char *big = malloc(10 * 1024), cell[STATUS_TEXT_SIZE];

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 10 * 1024 - 1);
	big[10 * 1024 - 1] = '\0';
	memcpy(big, "a\nb\x1b[2J\xff", 9);
	assert_true(test_state_init(&t, "a\nb", "p", "u"));
	assert_true(test_state_note_run(&t, &failed, 1));
	free(t.last.failure->error);
	t.last.failure->error = big;
	status_name(cell, &t);
	assert_string_equal(cell, "a.b");
	status_error(cell, &t);
	for (size_t i = 0; cell[i] != '\0'; i++)
		assert_true(cell[i] >= ' ' && cell[i] <= '~');
	test_state_free(&t);
}

static void
json_is_the_state_file(void **state)
{
	const struct state s = { .written_ms = STATE_NOW_MS,
		.host = (char[]){ "h" },
		.version = (char[]){ "1" } };
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	status_json(&b, &s);
	assert_string_equal(buf_view(&b).p,
	    "{\"schema\":1,\"written\":\"2026-11-22T13:04:12.103Z\",\"host\":\"h\","
	    "\"version\":\"1\",\"tests\":{},\"pools\":{}}\n");
	buf_free(&b);
}

RUN_CASES(TEST(what_the_last_run_came_to), TEST(what_stands_above_the_tests),
    TEST(hostile_text_stays_in_its_cell), TEST(json_is_the_state_file));
