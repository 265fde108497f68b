/*
 * watch: whatever happens to pools, watcher and daemon, in any order: what is wrong is
 * said, no alert is said twice by its test, and in the end everything is over.
 */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "config/config.h"
#include "outages.h"

#define HOURS	  8
#define HELD_MAX  12 /* minutes: an interval, its retry, the wait */
#define TESTS_MAX 16

static uint32_t random_state;
static struct {
	char test[64];
	unsigned minutes; /* held without a break */
} held[TESTS_MAX];

static uint32_t
next_random(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % below;
}

static void
random_outages(void)
{
	static const char pools[] = "abc**", users[] = "0123****";

	for (unsigned n = 2 + next_random(8); n > 0; n--) {
		int64_t from =
		    HOUR + next_random((HOURS - 3) * 60) * MINUTE + next_random(60000);
		int64_t lasts = 1 + next_random(next_random(2) == 0 ? 20000000 : 600000);

		if (from + lasts > (HOURS - 1) * HOUR)
			lasts = (HOURS - 1) * HOUR - from;
		fails(pools[next_random(5)], users[next_random(8)], from, from + lasts,
		    (enum way)(REFUSED + next_random(FORBIDDEN)));
	}
}

static void
something_happens(const char *top)
{
	static const char *const targets[] = { "a.x.org", "b.x.org", "a/u0", "b/u1" };
	const struct operator_note note = { "kenmyer", "" };
	const char *target = targets[next_random(4)];

	switch (next_random(40)) {
	case 0:
		die();
		break;
	case 1:
		reload(top, 2 + next_random(4), 1 + next_random(3), next_random(3));
		break;
	case 2:
		(void)operator_pause(
		    sim.operator, target, 60000 * (1 + next_random(90)), &note);
		break;
	case 3:
		(void)operator_acknowledge(sim.operator, target, &note);
		break;
	case 4:
		sim.reachable = !sim.reachable;
		break;
	case 5:
		(void)operator_run_now(sim.operator, target);
		break;
	}
}

/* Of the tests that stand in alert: somebody says so, or will soon. */
static void
expect_a_voice(uint32_t seed)
{
	assert_true(view_count_tests(sim.view) <= TESTS_MAX);
	for (size_t i = 0; i < view_count_tests(sim.view); i++) {
		const struct test_view view = view_test(sim.view, i);
		const struct test_state *t = view.state;
		bool stands = t->alert.state == ALERT_ALERT;

		if (stands && t->alert.announced_by == ALERT_BY_POOL &&
		    view.pool->rollup.state != ROLLUP_ACTIVE)
			fail_msg("seed %u: %s is said by nobody", seed, t->name);
		if (strcmp(held[i].test, t->name) != 0)
			held[i].minutes = 0;
		(void)str_copy(held[i].test, sizeof(held[i].test), str_of(t->name));
		if (stands && t->alert.announced_by == ALERT_PENDING &&
		    !view_watcher(sim.view).cut_off)
			held[i].minutes++;
		else
			held[i].minutes = 0;
		if (held[i].minutes > HELD_MAX)
			fail_msg("seed %u: %s is held for ever", seed, t->name);
	}
}

static bool
is_about(const struct sim_said *s, const struct sim_said *other)
{
	return strcmp(s->test, other->test) == 0 && strcmp(s->pool, other->pool) == 0;
}

/* What began, as that line says, was not begun already since it ended last. */
static void
expect_begun_once(uint32_t seed, size_t at, enum event_id begin, enum event_id end)
{
	const struct sim_said *s = &sim.said[at];

	for (size_t k = at; k > 0; k--) {
		const struct sim_said *before = &sim.said[k - 1];

		if (!is_about(s, before))
			continue;
		if (before->event == end)
			return;
		if (before->event == begin)
			fail_msg("seed %u: %s %s twice, at %lld and %lld", seed,
			    event_name(begin), s->pool, (long long)before->at_ms,
			    (long long)s->at_ms);
	}
}

/* A test says its alert itself once, until it leaves that state or is another. */
static void
expect_said_once(uint32_t seed, size_t at)
{
	const struct sim_said *s = &sim.said[at];

	if (strcmp(s->to, "alert") != 0 || s->rollup[0] != '\0' ||
	    strcmp(s->from, "paused") == 0)
		return;
	for (size_t k = at; k > 0; k--) {
		const struct sim_said *b = &sim.said[k - 1];

		if (b->event == EVENT_CONFIG_LOADED)
			return;
		if (b->event != EVENT_TEST_STATE || !is_about(s, b))
			continue;
		if (strcmp(b->from, "alert") == 0 || b->rollup[0] != '\0')
			return;
		if (strcmp(b->to, "alert") == 0 && strcmp(b->from, "paused") != 0)
			fail_msg("seed %u: %s is said twice, at %lld and %lld", seed,
			    s->test, (long long)b->at_ms, (long long)s->at_ms);
	}
}

static void
expect_order(uint32_t seed)
{
	for (size_t i = 0; i < sim.nsaid; i++) {
		const enum event_id event = sim.said[i].event;

		if (event == EVENT_POOL_ALERT)
			expect_begun_once(seed, i, event, EVENT_POOL_RECOVERED);
		else if (event == EVENT_POOL_RECOVERED)
			expect_begun_once(seed, i, event, EVENT_POOL_ALERT);
		else if (event == EVENT_WATCHER_ISOLATED)
			expect_begun_once(seed, i, event, EVENT_WATCHER_CONNECTED);
		else if (event == EVENT_WATCHER_CONNECTED)
			expect_begun_once(seed, i, event, EVENT_WATCHER_ISOLATED);
		else if (event == EVENT_TEST_STATE)
			expect_said_once(seed, i);
	}
}

static void
expect_all_over(uint32_t seed)
{
	if (in_state(ALERT_OK) != view_count_tests(sim.view) ||
	    view_watcher(sim.view).pools_in_alert != 0 ||
	    view_watcher(sim.view).cut_off ||
	    count(EVENT_POOL_ALERT) != count(EVENT_POOL_RECOVERED) ||
	    count(EVENT_WATCHER_ISOLATED) != count(EVENT_WATCHER_CONNECTED))
		fail_msg("seed %u: %zu of %zu are well, %zu pools are in alert", seed,
		    in_state(ALERT_OK), view_count_tests(sim.view),
		    view_watcher(sim.view).pools_in_alert);
}

static unsigned seen[3]; /* pool.alert, watcher.isolated, said by a test */

static void
play(uint32_t seed)
{
	static const char *const tops[] = { "", "reference = [ \"192.0.2.1:443\" ];",
		"defaults: { confirm = 1; remind = \"1h\"; };",
		"defaults: { recover = 2; };" };
	const char *top;

	random_state = seed * 2654435761u | 1;
	memset(held, 0, sizeof(held));
	top = tops[next_random(NROWS(tops))];
	begin(top, 4, 2, 1);
	random_outages();
	for (int64_t at = HOUR; at < HOURS * HOUR; at += MINUTE) {
		sim_run_until_ms(at + next_random(MINUTE));
		if (at < (HOURS - 2) * HOUR)
			something_happens(top);
		expect_a_voice(seed);
	}
	expect_order(seed);
	expect_all_over(seed);
	seen[0] += count(EVENT_POOL_ALERT);
	seen[1] += count(EVENT_WATCHER_ISOLATED);
	seen[2] += alerts('*', "");
	sim_close();
}

static void
random_histories(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 30; seed++)
		play(seed);
	for (size_t i = 0; i < NROWS(seen); i++)
		assert_true(seen[i] > 5);
}

RUN_CASES(TEST(random_histories));
