/*
 * daemon: a watcher that is cut off says so, once, and accuses no pool.
 */
#include "../cases.h"
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
	assert_int_equal(sim.d.isolation.state, ISOLATION_CUT_OFF);
	die();
	assert_int_equal(sim.d.isolation.state, ISOLATION_CUT_OFF);
	sim_run_until_ms(5 * HOUR);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	assert_int_equal(in_state(ALERT_ALERT), 0);
	assert_int_equal(in_state(ALERT_OK), 9);
	assert_int_equal(sim.d.isolation.state, ISOLATION_NONE);
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
	sim.reachable = true;		/* the pool is down all the same */
	sim_run_until_ms(3 * HOUR - 1);
	assert_int_equal(count(EVENT_WATCHER_CONNECTED), 1);
	assert_in_range(
	    last(EVENT_WATCHER_CONNECTED)->at_ms, 2 * HOUR, 2 * HOUR + 31000);
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
	assert_int_equal(sim.d.isolation.state, ISOLATION_CUT_OFF);
	/* With one pool, nobody could tell any more. */
	reload("", 2, 0, 0);
	assert_int_equal(sim.d.isolation.state, ISOLATION_NONE);
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

RUN_CASES(TEST(a_watcher_without_a_network_accuses_nobody),
    TEST(what_still_fails_afterwards_is_accused), TEST(one_pool_that_answers_is_enough),
    TEST(two_pools_that_fail_otherwise_are_down),
    TEST(a_reference_that_answers_puts_the_blame_on_the_pools),
    TEST(a_reference_that_does_not_answer_needs_one_pool_only),
    TEST(a_watcher_that_is_cut_off_says_so_again), TEST(cut_off_over_a_reload),
    TEST(no_kill_lets_the_watcher_accuse_a_pool));
