/* alert: which results change the state of a test, and which must not. */
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "../cases.h"
#include "alert/alert.h"

/*
 * results: '+' success, '-' failure. states: after each of them u(nknown), o(k),
 * f(ailing), a(lert), p(aused).
 */
static const struct feed_case {
	const char *name;
	enum alert_state start;
	unsigned confirm, recover;
	const char *results, *states;
	unsigned failures, successes; /* at the end */
	int since;		      /* which result made the state, 0: none */
} feed_cases[] = {
	{ "first success", ALERT_UNKNOWN, 2, 1, "+", "o", 0, 1, 1 },
	{ "first failure", ALERT_UNKNOWN, 2, 1, "-", "f", 1, 0, 1 },
	{ "success after success", ALERT_OK, 2, 1, "+++", "ooo", 0, 3, 0 },
	{ "two in a row are an alert", ALERT_OK, 2, 1, "--", "fa", 2, 0, 2 },
	{ "at once when one confirms", ALERT_OK, 1, 1, "-", "a", 1, 0, 1 },
	{ "at once when never run", ALERT_UNKNOWN, 1, 1, "-", "a", 1, 0, 1 },
	{ "not in a row", ALERT_OK, 2, 1, "-+-+", "fofo", 0, 1, 4 },
	{ "three confirm", ALERT_OK, 3, 1, "--+---", "ffoffa", 3, 0, 6 },
	{ "an alert stands", ALERT_OK, 2, 1, "-----", "faaaa", 5, 0, 2 },
	{ "one success ends it", ALERT_ALERT, 2, 1, "+", "o", 0, 1, 1 },
	{ "two successes end it", ALERT_ALERT, 2, 2, "++", "ao", 0, 2, 2 },
	{ "recovery begins afresh", ALERT_ALERT, 2, 2, "+-+-++", "aaaaao", 0, 2, 6 },
	{ "no second alert while one stands", ALERT_ALERT, 2, 3, "+--", "aaa", 2, 0, 0 },
	{ "alert, recovery, alert", ALERT_OK, 2, 1, "--+--", "faofa", 2, 0, 5 },
	{ "paused is left alone", ALERT_PAUSED, 1, 1, "--+", "ppp", 0, 0, 0 },
	{ "a row begins after what was excused", ALERT_FAILING, 2, 1, "-", "f", 1, 0, 1 },
};

static enum alert_state
state_of(char letter)
{
	return (enum alert_state)(strchr("uofap", letter) - "uofap");
}

static void
check_feed(void **state)
{
	const struct feed_case *tc = *state;
	struct alert_rules rules = { tc->confirm, tc->recover, 0 };
	struct alert a = { .state = tc->start };
	enum alert_state was = tc->start;

	for (size_t i = 0; tc->results[i] != '\0'; i++) {
		enum alert_state want = state_of(tc->states[i]);
		struct alert_change c = { ALERT_COUNT, ALERT_COUNT, 0 };
		unsigned say =
		    alert_feed(&rules, &a, tc->results[i] == '+', (int64_t)i + 1, &c);
		bool changed = say == ALERT_CHANGED;

		assert_string_equal(alert_state_name(a.state), alert_state_name(want));
		assert_int_equal(changed, was != want);
		assert_int_equal(c.from, changed ? was : ALERT_COUNT);
		assert_int_equal(c.to, changed ? want : ALERT_COUNT);
		was = want;
	}
	assert_int_equal(a.failures, tc->failures);
	assert_int_equal(a.successes, tc->successes);
	assert_int_equal(a.since_ms, tc->since);
}

static void
states_and_announcers_have_names_of_their_own(void **state)
{
	(void)state;
	for (enum alert_state s = 0; s < ALERT_COUNT; s++)
		for (enum alert_state t = 0; t < s; t++)
			assert_string_not_equal(alert_state_name(s), alert_state_name(t));
	for (enum alert_announcer v = 0; v < ALERT_ANNOUNCERS; v++)
		for (enum alert_announcer u = 0; u < v; u++)
			assert_string_not_equal(
			    alert_announcer_name(v), alert_announcer_name(u));
}

/* The watcher was cut off: nothing of it counts, but the test is not well. */
static void
excused_failures_are_not_counted(void **state)
{
	struct alert_rules rules = { 2, 1, 0 };
	struct alert a = { .state = ALERT_OK, .successes = 7, .since_ms = 3 };
	struct alert_change c = { ALERT_COUNT, ALERT_COUNT, 0 };

	(void)state;
	assert_true(alert_excuse(&a, 5, &c));
	assert_int_equal(c.from, ALERT_OK);
	assert_int_equal(c.to, ALERT_FAILING);
	for (int64_t i = 6; i < 20; i++)
		assert_false(alert_excuse(&a, i, &c));
	assert_int_equal(a.state, ALERT_FAILING);
	assert_int_equal(a.since_ms, 5);
	assert_int_equal(alert_feed(&rules, &a, false, 20, &c), 0);
	assert_int_equal(alert_feed(&rules, &a, false, 21, &c), ALERT_CHANGED);
	assert_int_equal(c.to, ALERT_ALERT);
	assert_int_equal(c.first_ms, 20);
	/* An alert stands; a success before it does not help to end it. */
	rules.recover = 2;
	(void)alert_feed(&rules, &a, true, 22, &c);
	assert_false(alert_excuse(&a, 23, &c));
	assert_int_equal(alert_feed(&rules, &a, true, 24, &c), 0);
	assert_int_equal(alert_feed(&rules, &a, true, 25, &c), ALERT_CHANGED);
	/* Paused: as it was. */
	(void)alert_pause(&a, 26, &c);
	assert_false(alert_excuse(&a, 27, &c));
	assert_int_equal(a.successes, 2);
}

/* Reload may change the rules under a test that is failing. */
static void
new_rules_apply_to_the_next_result(void **state)
{
	struct alert_rules strict = { 5, 1, 0 }, loose = { 2, 1, 0 };
	struct alert_change c;
	struct alert a;

	(void)state;
	a = (struct alert){ .state = ALERT_UNKNOWN };
	for (int i = 1; i <= 3; i++)
		(void)alert_feed(&strict, &a, false, i, &c);
	assert_int_equal(a.state, ALERT_FAILING);
	assert_int_equal(alert_feed(&loose, &a, false, 4, &c), ALERT_CHANGED);
	assert_int_equal(a.state, ALERT_ALERT);
	assert_false(alert_feed(&strict, &a, false, 5, &c));
	assert_int_equal(a.state, ALERT_ALERT);
}

static void
count_of_failures_ends_somewhere(void **state)
{
	struct alert_rules rules = { 2, 1, 0 };
	struct alert_change c;
	struct alert a;

	(void)state;
	a = (struct alert){ .state = ALERT_UNKNOWN };
	a.state = ALERT_ALERT;
	a.failures = UINT_MAX;
	assert_false(alert_feed(&rules, &a, false, 2, &c));
	assert_int_equal(a.failures, UINT_MAX);
}

static void
a_pause_holds_an_alert_and_its_age(void **state)
{
	struct alert_rules rules = { 1, 1, 0 };
	struct alert_change c = { ALERT_COUNT, ALERT_COUNT, 0 };
	struct alert a;

	(void)state;
	a = (struct alert){ .state = ALERT_UNKNOWN };
	assert_false(alert_resume(&a, &c));
	(void)alert_feed(&rules, &a, false, 5, &c);
	alert_announced(&a, ALERT_BY_TEST, 5);
	assert_true(alert_acknowledge(&a));
	assert_true(alert_pause(&a, 9, &c));
	assert_int_equal(c.from, ALERT_ALERT);
	assert_int_equal(a.since_ms, 9);
	assert_false(alert_pause(&a, 10, &c));
	assert_false(alert_feed(&rules, &a, true, 11, &c));
	assert_true(alert_resume(&a, &c));
	assert_int_equal(c.from, ALERT_PAUSED);
	assert_int_equal(c.to, ALERT_ALERT);
	assert_int_equal(a.state, ALERT_ALERT);
	assert_int_equal(a.since_ms, 5);
	assert_true(a.acknowledged);
}

static void
only_a_standing_alert_is_acknowledged_and_until_it_ends(void **state)
{
	struct alert_rules rules = { 2, 1, 0 };
	struct alert_change c;
	struct alert a;

	(void)state;
	a = (struct alert){ .state = ALERT_UNKNOWN };
	assert_false(alert_acknowledge(&a));
	(void)alert_feed(&rules, &a, false, 1, &c);
	assert_false(alert_acknowledge(&a));
	(void)alert_feed(&rules, &a, false, 2, &c);
	assert_false(alert_acknowledge(&a)); /* nobody has said it */
	alert_announced(&a, ALERT_BY_POOL, 2);
	assert_true(alert_acknowledge(&a));
	assert_false(alert_acknowledge(&a));
	(void)alert_feed(&rules, &a, false, 3, &c);
	assert_true(a.acknowledged);
	(void)alert_feed(&rules, &a, true, 4, &c);
	assert_false(a.acknowledged);
}

/* said after each result: n(othing), c(hange), f(lapping), s(ettled), C: s and c */
static const struct flap_case {
	const char *name;
	unsigned confirm, recover;
	const char *results, *said;
} flap_cases[] = {
	{ "on and off, then well", 2, 1, "+-+-+-+-++++", "ccccccfnnnnC" },
	{ "on and off, then down", 2, 1, "+-+-+-+----", "ccccccfnnnC" },
	{ "not that often", 2, 1, "+++-+++-+++", "cnnccnnccnn" },
	{ "confirm asks for more than four", 6, 1, "+-+-+-+------", "ccccccfnnnnnC" },
	{ "once more, after it settled", 2, 1, "+-+-+-+++++-+-+-+", "ccccccfnnCncccccf" },
};

static char
letter_of(unsigned say)
{
	static const char letters[] = { 'n', 'c', 'f', 'F', 's', 'C' };

	assert_true(say < sizeof(letters));
	return letters[say];
}

static void
check_flap(void **state)
{
	const struct flap_case *tc = *state;
	struct alert_rules rules = { tc->confirm, tc->recover, 0 };
	struct alert_change c;
	struct alert a;

	a = (struct alert){ .state = ALERT_UNKNOWN };
	for (size_t i = 0; tc->said[i] != '\0'; i++) {
		unsigned say = alert_feed(&rules, &a, tc->results[i] == '+', 1, &c);

		if (letter_of(say) != tc->said[i])
			fail_msg("after %zu results: %c, not %c", i + 1, letter_of(say),
			    tc->said[i]);
	}
}

static void
reminders_keep_their_rate_and_are_not_piled_up(void **state)
{
	struct alert_rules rules = { 1, 1, 1000 };
	struct alert_change c;
	struct alert a;

	(void)state;
	a = (struct alert){ .state = ALERT_UNKNOWN };
	assert_int_equal(alert_next_reminder(&rules, &a), INT64_MAX);
	assert_false(alert_remind(&rules, &a, 5));
	(void)alert_feed(&rules, &a, false, 5000, &c);
	assert_true(alert_is_pending(&a));
	assert_int_equal(alert_next_reminder(&rules, &a), INT64_MAX);
	alert_announced(&a, ALERT_BY_TEST, 5000);
	assert_false(alert_is_pending(&a));
	assert_int_equal(alert_next_reminder(&rules, &a), 6000);
	assert_false(alert_remind(&rules, &a, 5999));
	assert_true(alert_remind(&rules, &a, 6100));
	assert_int_equal(alert_next_reminder(&rules, &a), 7000);
	assert_true(alert_remind(&rules, &a, 19500)); /* many have gone by */
	assert_int_equal(alert_next_reminder(&rules, &a), 20000);
	assert_false(alert_remind(&rules, &a, 3000)); /* set back */
	assert_int_equal(alert_next_reminder(&rules, &a), 4000);
	assert_true(alert_acknowledge(&a));
	assert_int_equal(alert_next_reminder(&rules, &a), INT64_MAX);
	(void)alert_feed(&rules, &a, true, 20000, &c);
	(void)alert_feed(&rules, &a, false, 29000, &c);
	alert_announced(&a, ALERT_BY_POOL, 29500);
	assert_int_equal(alert_next_reminder(&rules, &a), INT64_MAX);
	alert_announced(&a, ALERT_BY_TEST, 30000);
	assert_int_equal(alert_next_reminder(&rules, &a), 31000);
	(void)alert_pause(&a, 30001, &c);
	assert_int_equal(alert_next_reminder(&rules, &a), INT64_MAX);
	rules.remind_ms = 0;
	(void)alert_resume(&a, &c);
	assert_false(alert_remind(&rules, &a, 99000));
}

RUN_CASES(ROWS("flapping", flap_cases, check_flap),
    TEST(reminders_keep_their_rate_and_are_not_piled_up),
    TEST(a_pause_holds_an_alert_and_its_age),
    TEST(only_a_standing_alert_is_acknowledged_and_until_it_ends),
    ROWS("feed", feed_cases, check_feed),
    TEST(states_and_announcers_have_names_of_their_own),
    TEST(excused_failures_are_not_counted), TEST(new_rules_apply_to_the_next_result),
    TEST(count_of_failures_ends_somewhere));
