/*
 * watch: a watcher that is cut off says so, once, and accuses no pool.
 */
#include "../cases.h"
#include "alert/isolation.h"
#include "outages.h"

/* ---- the watcher ---- */

static void
a_watcher_without_a_network_accuses_nobody(void **state)
{
	(void)state;
	begin("", 5, 3, 1);
	fails('*', '*', HOUR, 4 * HOUR, NO_ROUTE);
	sim_run_until_ms(4 * HOUR - 1);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	assert_in_range(
	    last(EVENT_WATCHER_ISOLATED)->at_ms, HOUR, HOUR + 5 * MINUTE + 95000);
	assert_int_equal(count(EVENT_POOL_ALERT), 0);
	assert_int_equal(view_isolation(sim.view)->state, ISOLATION_CUT_OFF);
	die();
	assert_int_equal(view_isolation(sim.view)->state, ISOLATION_CUT_OFF);
	sim_run_until_ms(5 * HOUR);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	assert_int_equal(in_state(ALERT_ALERT), 0);
	assert_int_equal(in_state(ALERT_OK), 9);
	assert_int_equal(view_isolation(sim.view)->state, ISOLATION_NONE);
	nothing_but_notices(1);
}

static void
what_still_fails_afterwards_is_accused(void **state)
{
	(void)state;
	begin("", 5, 3, 1);
	fails('*', '*', HOUR, 2 * HOUR, NO_NAME);
	fails('a', '*', 2 * HOUR, 4 * HOUR, REFUSED);
	sim_run_until_ms(4 * HOUR - 1);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	assert_string_equal(last(EVENT_POOL_ALERT)->pool, "a.x.org");
	assert_int_equal(in_state(ALERT_ALERT), 5);
	nothing_but_notices(2);
}

/* Another pool is well: one of them is down, and that is said. */
static void
one_pool_that_answers_is_enough(void **state)
{
	(void)state;
	begin("", 5, 3, 1);
	fails('a', '*', HOUR, 3 * HOUR, NO_ROUTE);
	fails('b', '*', HOUR, 3 * HOUR, NO_ROUTE);
	sim_run_until_ms(3 * HOUR - 1);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 0);
	assert_int_equal(count(EVENT_POOL_ALERT), 2);
	nothing_but_notices(2);
}

/* No references: all must fail at the same step. */
static void
two_pools_that_fail_otherwise_are_down(void **state)
{
	(void)state;
	begin("", 5, 3, 0);
	fails('a', '*', HOUR, 3 * HOUR, NO_ROUTE);
	fails('b', '*', HOUR, 3 * HOUR, NO_NAME);
	sim_run_until_ms(3 * HOUR - 1);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 0);
	assert_int_equal(count(EVENT_POOL_ALERT), 2);
	nothing_but_notices(2);
}

static void
a_reference_that_answers_puts_the_blame_on_the_pools(void **state)
{
	(void)state;
	begin("reference = [ \"192.0.2.1:443\" ];", 3, 3, 0);
	sim.reachable = true;
	fails('*', '*', HOUR, 3 * HOUR, NO_ROUTE);
	sim_run_until_ms(3 * HOUR - 1);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 0);
	assert_int_equal(count(EVENT_POOL_ALERT), 2);
	assert_in_range(sim.reaches, 1, 2);
	nothing_but_notices(2);
}

static void
a_reference_that_does_not_answer_needs_one_pool_only(void **state)
{
	(void)state;
	begin("reference = [ \"192.0.2.1:443\" ];", 1, 0, 0);
	fails('*', '*', HOUR, 3 * HOUR, SLOW);
	sim_run_until_ms(2 * HOUR);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	sim.reachable = true; /* the pool is down all the same */
	sim_run_until_ms(3 * HOUR - 1);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	assert_in_range(last(EVENT_WATCHER_CONNECTED)->at_ms, 2 * HOUR, 2 * HOUR + 31000);
	assert_int_equal(alerts('a', ""), 1);
	nothing_but_notices(2);
}

static void
a_watcher_that_is_cut_off_says_so_again(void **state)
{
	(void)state;
	begin("defaults: { remind = \"1h\"; };", 5, 3, 1);
	fails('*', '*', 3 * HOUR + 10 * MINUTE, 6 * HOUR + 20 * MINUTE, REFUSED);
	fails('a', '*', HOUR, 24 * HOUR, CRED);
	sim_run_until_ms(3 * HOUR + 10 * MINUTE);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	assert_int_equal(count(EVENT_POOL_REMINDER), 2);
	sim_run_until_ms(6 * HOUR + 20 * MINUTE);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	assert_int_equal(count(EVENT_WATCHER_REMINDER), 3);
	assert_int_equal(count(EVENT_POOL_REMINDER), 2);
	/* What stood before stands still, and is repeated an hour later. */
	sim_run_until_ms(7 * HOUR + 30 * MINUTE);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	assert_int_equal(count(EVENT_POOL_REMINDER), 3);
	nothing_but_notices(8);
}

static void
cut_off_over_a_reload(void **state)
{
	(void)state;
	begin("", 2, 2, 0);
	fails('*', '*', HOUR, 24 * HOUR, NO_ROUTE);
	sim_run_until_ms(2 * HOUR);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	reload("", 2, 2, 1);
	assert_int_equal(view_isolation(sim.view)->state, ISOLATION_CUT_OFF);
	/* With one pool, nobody could tell any more. */
	reload("", 2, 0, 0);
	assert_int_equal(view_isolation(sim.view)->state, ISOLATION_NONE);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	sim_run_until_ms(3 * HOUR);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	nothing_but_notices(2);
}

static void
no_kill_lets_the_watcher_accuse_a_pool(void **state)
{
	(void)state;
	for (int64_t kill = 0; kill < 5 * MINUTE; kill += 5000) {
		begin("", 3, 2, 0);
		fails('*', '*', HOUR, 3 * HOUR, NO_ROUTE);
		sim_run_until_ms(HOUR + kill);
		die();
		sim_run_until_ms(4 * HOUR);
		if (count(EVENT_WATCHER_ISOLATED) != 1 || errors() != 1 ||
		    count(EVENT_WATCHER_CONNECTED) != 1)
			fail_msg("killed at %lld ms: %u isolated, %u errors",
			    (long long)kill, count(EVENT_WATCHER_ISOLATED), errors());
		nothing_but_notices(1);
	}
}

/* Runs once an hour: what it missed is made up for, and failed runs are retried. */
static void
what_was_excused_is_looked_at_again_at_once(void **state)
{
	int64_t since;

	(void)state;
	begin("reference = [ \"192.0.2.1:443\" ]; "
	      "defaults: { every = \"1h\"; };",
	    3, 1, 0);
	fails('*', '*', HOUR, 3 * HOUR, NO_ROUTE);
	fails('a', '*', 3 * HOUR, 9 * HOUR, REFUSED);
	sim_run_until_ms(3 * HOUR);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	sim.reachable = true;
	sim_run_until_ms(4 * HOUR);
	since = last(EVENT_WATCHER_CONNECTED)->at_ms;
	assert_in_range(since, 3 * HOUR, 3 * HOUR + 31000);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	assert_in_range(last(EVENT_POOL_ALERT)->at_ms, since, since + 5 * MINUTE + 31000);
	/* what came before that does not count */
	assert_true(view_pool(sim.view, 0)->rollup.since_ms - SIM_DAY_MS >= since);
	nothing_but_notices(2);
}

/* The run that was under way when the network came back tells nothing. */
static void
an_alert_is_held_no_longer_than_the_watcher_is_cut_off(void **state)
{
	(void)state;
	begin("reference = [ \"192.0.2.1:443\" ]; "
	      "defaults: { every = \"5h\"; };",
	    1, 0, 0);
	fails('*', '*', HOUR, 24 * HOUR, SLOW);
	sim_run_until_ms(6 * HOUR);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	assert_int_equal(in_state(ALERT_ALERT), 1);
	sim.reachable = true;
	for (int64_t at = 1; count(EVENT_WATCHER_CONNECTED) == 0; at++) {
		(void)operator_run_now(sim.operator, "a/u0");
		sim_run_until_ms(6 * HOUR + at * 1000);
	}
	sim_run_until_ms(6 * HOUR + 5 * MINUTE);
	assert_int_equal(alerts('a', ""), 1);
	nothing_but_notices(2);
}

static void
a_clock_that_is_set_back_holds_nothing_up(void **state)
{
	(void)state;
	begin("reference = [ \"192.0.2.1:443\" ]; "
	      "defaults: { remind = \"1h\"; };",
	    2, 0, 0);
	fails('*', '*', HOUR, 24 * HOUR, NO_ROUTE);
	sim_run_until_ms(12 * HOUR);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	sim.reachable = true; /* and with the network comes the time */
	sim.skew_ms = -8 * HOUR;
	sim_run_until_ms(12 * HOUR + 2 * MINUTE);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	assert_int_equal(count(EVENT_POOL_ALERT), 1);
	sim.skew_ms = -9 * HOUR;
	sim_run_until_ms(13 * HOUR + 4 * MINUTE);
	assert_int_equal(count(EVENT_POOL_REMINDER), 1);
	sim_close();
}

/* No references: it is the tests that find out. */
static void
a_clock_that_is_set_back_keeps_nobody_cut_off(void **state)
{
	(void)state;
	begin("", 2, 2, 0);
	fails('*', '*', HOUR, 2 * HOUR, NO_ROUTE);
	sim_run_until_ms(2 * HOUR - 1);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	sim.skew_ms = -12 * HOUR;
	sim_run_until_ms(2 * HOUR + 10 * MINUTE);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	nothing_but_notices(1);
}

/* Somebody knows that the network is out; what fails afterwards is said all the same. */
static void
what_was_not_said_cannot_be_acknowledged(void **state)
{
	const struct operator_note note = { "kenmyer", "the line is down" };

	(void)state;
	begin("", 3, 2, 0);
	fails('*', '*', HOUR, 2 * HOUR, NO_ROUTE);
	fails('a', '0', 2 * HOUR, 4 * HOUR, FORBIDDEN);
	fails('a', '1', 2 * HOUR, 4 * HOUR, CRED);
	fails('a', '2', 2 * HOUR, 4 * HOUR, CRED);
	sim_run_until_ms(HOUR + 30 * MINUTE);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	assert_in_range(in_state(ALERT_ALERT), 1, 5);
	assert_int_equal(operator_acknowledge(sim.operator, "a.x.org", &note).changed, 0);
	assert_int_equal(operator_acknowledge(sim.operator, "b.x.org", &note).changed, 0);
	sim_run_until_ms(4 * HOUR - 1);
	assert_int_equal(alerts('a', ""), 3);
	assert_int_equal(alerts('a', "acknowledged"), 0);
	nothing_but_notices(4);
}

/* Maintenance that ends meanwhile accuses nobody. */
static void
what_is_resumed_while_it_is_cut_off_is_no_error(void **state)
{
	const struct operator_note note = { "kenmyer", "" };

	(void)state;
	begin("reference = [ \"192.0.2.1:443\" ];", 1, 1, 0);
	fails('a', '*', HOUR, 24 * HOUR, CRED);
	fails('b', '*', 2 * HOUR, 24 * HOUR, NO_ROUTE);
	sim_run_until_ms(2 * HOUR - 1);
	assert_int_equal(alerts('a', ""), 1);
	assert_int_equal(operator_pause(sim.operator, "a.x.org", 0, &note).changed, 1);
	sim_run_until_ms(3 * HOUR);
	assert_int_equal(count(EVENT_WATCHER_ISOLATED), 1);
	assert_int_equal(operator_resume(sim.operator, "a.x.org", &note).changed, 1);
	assert_int_equal(alerts('a', "isolated"), 1);
	nothing_but_notices(2);
}

RUN_CASES(TEST(a_watcher_without_a_network_accuses_nobody),
    TEST(what_still_fails_afterwards_is_accused), TEST(one_pool_that_answers_is_enough),
    TEST(two_pools_that_fail_otherwise_are_down),
    TEST(a_reference_that_answers_puts_the_blame_on_the_pools),
    TEST(a_reference_that_does_not_answer_needs_one_pool_only),
    TEST(a_watcher_that_is_cut_off_says_so_again), TEST(cut_off_over_a_reload),
    TEST(no_kill_lets_the_watcher_accuse_a_pool),
    TEST(what_was_excused_is_looked_at_again_at_once),
    TEST(an_alert_is_held_no_longer_than_the_watcher_is_cut_off),
    TEST(a_clock_that_is_set_back_holds_nothing_up),
    TEST(a_clock_that_is_set_back_keeps_nobody_cut_off),
    TEST(what_was_not_said_cannot_be_acknowledged),
    TEST(what_is_resumed_while_it_is_cut_off_is_no_error));
