/*
 * watch: who says that something is wrong, and how often: each test, or a pool for all
 * of its tests; also over a kill, a restart or a reload at any moment.
 */
#include <string.h>

#include "../cases.h"
#include "config/config.h"
#include "outages.h"

/* ---- a pool ---- */

static void
a_pool_that_is_down_is_one_line(void **state)
{
	const struct sim_said *s;

	(void)state;
	begin("", 10, 3, 0);
	fails('a', '*', HOUR, 3 * HOUR, CRED);
	sim_run_until_ms(3 * HOUR - 1);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	s = last(EVENT_POOL_ALERT);
	assert_int_equal(s->priority, LOG_ERR);
	assert_string_equal(s->pool, "a.x.org");
	assert_string_equal(s->diag, "WT-CRED");
	assert_int_equal(s->tests, 10);
	assert_int_equal(s->of, 10);
	assert_string_equal(s->users,
	    "sip:u0@x.org, sip:u1@x.org, sip:u2@x.org, "
	    "sip:u3@x.org, sip:u4@x.org, sip:u5@x.org, sip:u6@x.org, sip:u7@x.org, "
	    "sip:u8@x.org, sip:u9@x.org");
	/* the first failure, its retry, and the others in between */
	assert_in_range(s->at_ms, HOUR, HOUR + 2 * MINUTE);
	assert_int_equal(alerts('a', "pool"), 10);
	assert_int_equal(in_state(ALERT_ALERT), 10);
	assert_int_equal(errors(), 1);
	sim_run_until_ms(4 * HOUR);
	assert_int_equal(count(EVENT_POOL_RECOVERED), 1);
	s = last(EVENT_POOL_RECOVERED);
	assert_int_equal(s->priority, LOG_NOTICE);
	/* the others are run at once, not only when it is their turn */
	assert_int_equal(in_state(ALERT_ALERT), 0);
	nothing_but_notices(1);
}

static void
a_mixed_failure_is_said_by_each(void **state)
{
	(void)state;
	begin("", 4, 0, 0);
	fails('a', '0', HOUR, 3 * HOUR, FORBIDDEN);
	fails('a', '*', HOUR, 3 * HOUR, CRED);
	sim_run_until_ms(3 * HOUR);
	assert_int_equal(count(EVENT_POOL_ALERT), 0);
	assert_int_equal(alerts('a', ""), 4);
	nothing_but_notices(4);
}

/* A run that was under way when it went wrong was well: it does not save the pool. */
static void
what_was_under_way_does_not_count(void **state)
{
	(void)state;
	begin("defaults: { every = \"6h\"; };", 2, 0, 0);
	fails('a', '0', HOUR, 3 * HOUR, CRED);
	fails('a', '1', HOUR + 200, 3 * HOUR, CRED);
	sim_run_until_ms(HOUR);
	assert_int_equal(operator_run_now(sim.operator, "a/u0").changed, 1);
	sim_run_until_ms(HOUR + 100);
	assert_int_equal(operator_run_now(sim.operator, "a/u1").changed, 1);
	sim_run_until_ms(HOUR + 2 * MINUTE);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	nothing_but_notices(1);
}

/* One account with a wrong password: said as fast as ever, and few runs more. */
static void
one_of_many_is_said_by_itself(void **state)
{
	unsigned before;

	(void)state;
	begin("", 10, 0, 0);
	before = runs;
	fails('a', '3', HOUR, 3 * HOUR, CRED);
	sim_run_until_ms(3 * HOUR);
	assert_int_equal(alerts('a', ""), 1);
	assert_in_range(last(EVENT_TEST_STATE)->at_ms, HOUR, HOUR + 5 * MINUTE + 33000);
	assert_in_range(runs - before, 240, 246);
	nothing_but_notices(1);
}

static void
a_pool_with_one_test_does_not_wait(void **state)
{
	int64_t finished = 0;

	(void)state;
	begin("", 1, 0, 0);
	fails('a', '0', HOUR, 3 * HOUR, NO_ROUTE);
	sim_run_until_ms(2 * HOUR);
	assert_int_equal(alerts('a', ""), 1);
	for (size_t i = 0; i < sim.nsaid; i++)
		if (sim.said[i].event == EVENT_TEST_FINISHED &&
		    sim.said[i].at_ms == last(EVENT_TEST_STATE)->at_ms)
			finished = sim.said[i].at_ms;
	assert_int_not_equal(finished, 0);
	nothing_but_notices(1);
}

static void
without_a_wait_each_is_said_at_once(void **state)
{
	(void)state;
	begin("rollup_wait = \"0s\";", 5, 5, 0);
	fails('*', '*', HOUR, 3 * HOUR, NO_ROUTE);
	sim_run_until_ms(3 * HOUR);
	assert_int_equal(alerts('*', ""), 10);
	nothing_but_notices(10);
}

/* Half of it comes back: the other half speaks for itself, each once. */
static void
what_stays_down_is_said_after_the_pool(void **state)
{
	(void)state;
	begin("", 6, 0, 0);
	fails('a', '*', HOUR, 2 * HOUR, CRED);
	fails('a', '1', 2 * HOUR, 4 * HOUR, CRED);
	fails('a', '2', 2 * HOUR, 4 * HOUR, CRED);
	sim_run_until_ms(4 * HOUR - 1);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	assert_int_equal(count(EVENT_POOL_RECOVERED), 1);
	assert_int_equal(alerts('a', ""), 2);
	assert_int_equal(in_state(ALERT_ALERT), 2);
	sim_run_until_ms(5 * HOUR);
	assert_int_equal(in_state(ALERT_ALERT), 0);
	nothing_but_notices(3);
}

static void
a_pool_is_reminded_of_once(void **state)
{
	(void)state;
	begin("defaults: { remind = \"1h\"; };", 10, 0, 0);
	fails('a', '*', HOUR, 24 * HOUR, SLOW);
	sim_run_until_ms(6 * HOUR - 1);
	assert_int_equal(count(EVENT_POOL_REMINDER), 4);
	assert_int_equal(last(EVENT_POOL_REMINDER)->priority, LOG_ERR);
	assert_int_equal(count(EVENT_TEST_REMINDER), 0);
	die();
	sim_run_until_ms(8 * HOUR - 1);
	assert_int_equal(count(EVENT_POOL_REMINDER), 6);
	nothing_but_notices(7);
}

static void
acknowledging_silences_a_pool(void **state)
{
	const struct operator_note note = { "kenmyer", "known" };

	(void)state;
	begin("defaults: { remind = \"1h\"; };", 3, 3, 0);
	fails('*', '*', HOUR, 5 * HOUR, FORBIDDEN);
	sim_run_until_ms(2 * HOUR - 1);
	assert_int_equal(count(EVENT_POOL_ALERT), 2);
	assert_int_equal(operator_acknowledge(sim.operator, "a.x.org", &note).changed, 3);
	assert_int_equal(operator_acknowledge(sim.operator, "a.x.org", &note).changed, 0);
	for (char test[] = "b/u0"; test[3] < '3'; test[3]++)
		assert_int_equal(
		    operator_acknowledge(sim.operator, test, &note).changed, 1);
	assert_int_equal(count(EVENT_POOL_ACKNOWLEDGED), 2);
	die();
	fails('b', '1', 5 * HOUR, 6 * HOUR, FORBIDDEN);
	sim_run_until_ms(6 * HOUR - 1);
	assert_int_equal(count(EVENT_POOL_REMINDER), 0);
	assert_int_equal(count(EVENT_POOL_RECOVERED), 2);
	assert_int_equal(alerts('b', "acknowledged"), 1); /* somebody knows */
	sim_run_until_ms(7 * HOUR);
	/* It is no more known when it comes again. */
	fails('a', '*', 7 * HOUR, 9 * HOUR, FORBIDDEN);
	sim_run_until_ms(8 * HOUR + MINUTE * 30);
	assert_int_equal(count(EVENT_POOL_ALERT), 3);
	assert_int_equal(count(EVENT_POOL_REMINDER), 1);
	nothing_but_notices(4);
}

static void
a_paused_pool_is_silent_and_said_again_afterwards(void **state)
{
	const struct operator_note note = { "kenmyer", "patching" };

	(void)state;
	begin("defaults: { remind = \"1h\"; };", 4, 0, 0);
	fails('a', '*', HOUR, 24 * HOUR, CRED);
	sim_run_until_ms(HOUR + 30 * MINUTE);
	assert_int_equal(
	    operator_pause(sim.operator, "a.x.org", 5 * 3600000, &note).changed, 4);
	die();
	sim_run_until_ms(6 * HOUR);
	assert_int_equal(errors(), 1);
	sim_run_until_ms(6 * HOUR + 31 * MINUTE);
	assert_int_equal(count(EVENT_POOL_REMINDER), 1);
	assert_int_equal(alerts('a', "pool"), 4 + 4); /* from=paused */
	nothing_but_notices(2);
}

/* A test that is paused does not count, one that is well does. */
static void
only_active_tests_are_asked(void **state)
{
	const struct operator_note note = { "kenmyer", "" };

	(void)state;
	begin("", 4, 0, 0);
	assert_int_equal(operator_pause(sim.operator, "a/u3", 0, &note).changed, 1);
	fails('a', '0', HOUR, 3 * HOUR, CRED);
	fails('a', '1', HOUR, 3 * HOUR, CRED);
	fails('a', '2', HOUR, 3 * HOUR, CRED);
	sim_run_until_ms(2 * HOUR);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	assert_int_equal(last(EVENT_POOL_ALERT)->of, 3);
	/* It is resumed, and well: the others are no longer the whole pool. */
	assert_int_equal(operator_resume(sim.operator, "a/u3", &note).changed, 1);
	sim_run_until_ms(3 * HOUR - 1);
	assert_int_equal(count(EVENT_POOL_RECOVERED), 1);
	assert_int_equal(alerts('a', ""), 3);
	nothing_but_notices(4);
}

/* Down six minutes, up five: said a few times, then it flaps, and nobody is called. */
static void
a_pool_that_flaps_is_not_said_again_and_again(void **state)
{
	(void)state;
	begin("", 4, 0, 0);
	for (int64_t i = 0; i < 16; i++)
		fails(
		    'a', '*', HOUR + i * 11 * MINUTE, HOUR + (i * 11 + 6) * MINUTE, CRED);
	sim_run_until_ms(HOUR + 16 * 11 * MINUTE);
	assert_in_range(count(EVENT_TEST_FLAPPING), 4, 8);
	assert_in_range(count(EVENT_POOL_ALERT), 1, 5);
	sim_run_until_ms(6 * HOUR);
	assert_int_equal(in_state(ALERT_OK), 4);
	assert_int_equal(count(EVENT_POOL_RECOVERED), count(EVENT_POOL_ALERT));
	nothing_but_notices(count(EVENT_POOL_ALERT));
}

/* One of its tests keeps changing: that neither ends nor repeats the pool's alert. */
static void
a_test_that_flaps_does_not_speak_for_its_pool(void **state)
{
	(void)state;
	begin("", 5, 0, 0);
	fails('a', '1', HOUR, 8 * HOUR, CRED);
	fails('a', '2', HOUR, 8 * HOUR, CRED);
	for (int64_t i = 0; i < 14; i++)
		fails(
		    'a', '*', HOUR + i * 11 * MINUTE, HOUR + (i * 11 + 6) * MINUTE, CRED);
	reload("", 3, 0, 0);
	sim_run_until_ms(HOUR + 14 * 11 * MINUTE);
	assert_in_range(count(EVENT_TEST_FLAPPING), 1, 2);
	assert_in_range(errors(), 1, 8);
	sim_close();
}

/* It was said when the pause ended: not again in the next hour. */
static void
the_end_of_a_pause_is_a_reminder(void **state)
{
	const struct operator_note note = { "kenmyer", "" };

	(void)state;
	begin("defaults: { remind = \"1h\"; };", 3, 1, 0);
	fails('*', '*', HOUR, 24 * HOUR, CRED);
	sim_run_until_ms(HOUR + 10 * MINUTE);
	operator_pause(sim.operator, "a.x.org", 50 * (uint64_t)MINUTE, &note);
	operator_pause(sim.operator, "b.x.org", 50 * (uint64_t)MINUTE, &note);
	sim_run_until_ms(HOUR + 30 * MINUTE);
	die();
	sim_run_until_ms(2 * HOUR + MINUTE);
	assert_int_equal(count(EVENT_POOL_REMINDER), 1);
	assert_int_equal(alerts('b', ""), 2);
	sim_run_until_ms(3 * HOUR - MINUTE);
	assert_int_equal(count(EVENT_POOL_REMINDER), 1);
	assert_int_equal(count(EVENT_TEST_REMINDER), 0);
	nothing_but_notices(4);
}

static void
a_restart_during_maintenance_does_not_swallow_the_reminder(void **state)
{
	const struct operator_note note = { "kenmyer", "" };

	(void)state;
	begin("", 3, 0, 0);
	fails('*', '*', HOUR, 24 * HOUR, CRED);
	sim_run_until_ms(HOUR + 10 * MINUTE);
	operator_pause(sim.operator, "a.x.org", 50 * (uint64_t)MINUTE, &note);
	die();
	operator_resume(sim.operator, "a.x.org", &note);
	sim_run_until_ms(HOUR + 20 * MINUTE);
	assert_int_equal(count(EVENT_POOL_REMINDER), 1);
	nothing_but_notices(2);
}

/* It was said by itself first, and then its pool went down: that says it for all now. */
static void
what_is_resumed_while_its_pool_speaks_is_no_error(void **state)
{
	const struct operator_note note = { "kenmyer", "" };

	(void)state;
	begin("", 3, 0, 0);
	fails('a', '0', HOUR, 24 * HOUR, CRED);
	fails('a', '*', 2 * HOUR, 24 * HOUR, CRED);
	sim_run_until_ms(3 * HOUR);
	assert_int_equal(alerts('a', ""), 1);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	assert_int_equal(operator_pause(sim.operator, "a/u0", 0, &note).changed, 1);
	sim_run_until_ms(4 * HOUR);
	assert_int_equal(operator_resume(sim.operator, "a/u0", &note).changed, 1);
	sim_run_until_ms(5 * HOUR);
	assert_int_equal(alerts('a', "pool"), 3);
	nothing_but_notices(2);
}

static void
a_clock_that_is_set_back_keeps_no_pool_in_alert(void **state)
{
	(void)state;
	begin("", 3, 0, 0);
	fails('a', '*', HOUR, 2 * HOUR, CRED);
	sim_run_until_ms(2 * HOUR - 1);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	sim.skew_ms = -12 * HOUR;
	sim_run_until_ms(2 * HOUR + 10 * MINUTE); /* all is well before HOUR */
	assert_int_equal(count(EVENT_POOL_RECOVERED), 1);
	nothing_but_notices(1);
}

/* Between its two failures, or while its pool is being judged. */
static void
a_clock_that_is_set_back_holds_no_alert(void **state)
{
	(void)state;
	for (int64_t at = 0; at < 3 * MINUTE; at += 5000) {
		begin("defaults: { every = \"5h\"; };", 2, 1, 0);
		fails('a', '0', -24 * HOUR, 24 * HOUR, SLOW);
		(void)operator_run_now(sim.operator, "a/u0");
		sim_run_until_ms(HOUR + at);
		sim.skew_ms = -HOUR / 2;
		sim_run_until_ms(HOUR + 5 * MINUTE);
		if (errors() != 1)
			fail_msg("set back at %lld: %u", (long long)at, errors());
		sim_close();
	}
}

/* ---- killed at any moment ---- */

/* Every second from before the outage to after the alert. */
static void
no_kill_loses_or_repeats_a_line(void **state)
{
	(void)state;
	for (int64_t kill = 0; kill < 5 * MINUTE; kill += 5000) {
		begin("", 3, 0, 0);
		fails('a', '*', HOUR, 24 * HOUR, CRED);
		sim_run_until_ms(HOUR + kill);
		die();
		sim_run_until_ms(HOUR + kill + 700);
		die();
		sim_run_until_ms(2 * HOUR);
		if (count(EVENT_POOL_ALERT) != 1 || errors() != 1 ||
		    in_state(ALERT_ALERT) != 3)
			fail_msg("killed at %lld ms: %u pool.alert, %u errors",
			    (long long)kill, count(EVENT_POOL_ALERT), errors());
		nothing_but_notices(1);
	}
}

static void
no_reload_loses_or_repeats_a_line(void **state)
{
	(void)state;
	for (int64_t at = 0; at < 5 * MINUTE; at += 5000) {
		begin("", 3, 0, 0);
		fails('a', '*', HOUR, 24 * HOUR, CRED);
		sim_run_until_ms(HOUR + at);
		reload("", 3, 1, 0);
		sim_run_until_ms(2 * HOUR);
		assert_int_equal(count(EVENT_POOL_ALERT), 1);
		assert_int_equal(in_state(ALERT_ALERT), 3);
		nothing_but_notices(1);
	}
}

/* ---- reload ---- */

static void
a_pool_that_is_removed_leaves_no_zombie(void **state)
{
	(void)state;
	begin("", 4, 2, 0);
	fails('a', '*', HOUR, 24 * HOUR, CRED);
	sim_run_until_ms(2 * HOUR);
	assert_int_equal(view_watcher(sim.view).pools_in_alert, 1);
	reload("", 0, 2, 0);
	assert_int_equal(view_watcher(sim.view).pools_in_alert, 0);
	assert_int_equal(count(EVENT_POOL_RECOVERED), 1);
	assert_int_equal(last(EVENT_POOL_RECOVERED)->tests, 0);
	die();
	reload("", 4, 2, 0); /* it comes back, and is new */
	assert_int_equal(view_watcher(sim.view).pools_in_alert, 0);
	sim_run_until_ms(3 * HOUR);
	assert_int_equal(count(EVENT_POOL_ALERT), 2);
	nothing_but_notices(2);
}

/* All but one go: the alert stands as long as that one fails. */
static void
the_last_test_of_a_pool_keeps_its_alert(void **state)
{
	(void)state;
	begin("", 4, 2, 0);
	fails('a', '*', HOUR, 3 * HOUR, CRED);
	sim_run_until_ms(2 * HOUR);
	reload("", 1, 2, 0);
	sim_run_until_ms(3 * HOUR - 1);
	assert_int_equal(view_watcher(sim.view).pools_in_alert, 1);
	sim_run_until_ms(4 * HOUR);
	assert_int_equal(count(EVENT_POOL_RECOVERED), 1);
	assert_int_equal(view_watcher(sim.view).pools_in_alert, 0);
	nothing_but_notices(1);
}

RUN_CASES(TEST(a_pool_that_is_down_is_one_line), TEST(a_mixed_failure_is_said_by_each),
    TEST(what_was_under_way_does_not_count), TEST(one_of_many_is_said_by_itself),
    TEST(a_pool_with_one_test_does_not_wait), TEST(without_a_wait_each_is_said_at_once),
    TEST(what_stays_down_is_said_after_the_pool), TEST(a_pool_is_reminded_of_once),
    TEST(acknowledging_silences_a_pool),
    TEST(a_paused_pool_is_silent_and_said_again_afterwards),
    TEST(only_active_tests_are_asked),
    TEST(a_pool_that_flaps_is_not_said_again_and_again),
    TEST(a_test_that_flaps_does_not_speak_for_its_pool),
    TEST(what_is_resumed_while_its_pool_speaks_is_no_error),
    TEST(a_clock_that_is_set_back_keeps_no_pool_in_alert),
    TEST(a_clock_that_is_set_back_holds_no_alert), TEST(the_end_of_a_pause_is_a_reminder),
    TEST(a_restart_during_maintenance_does_not_swallow_the_reminder),
    TEST(no_kill_loses_or_repeats_a_line), TEST(no_reload_loses_or_repeats_a_line),
    TEST(a_pool_that_is_removed_leaves_no_zombie),
    TEST(the_last_test_of_a_pool_keeps_its_alert));
