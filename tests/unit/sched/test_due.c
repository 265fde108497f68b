/* sched/due: the slots of an interval. */
#include "../cases.h"
#include "sched/due.h"
#include "sched/queue.h"
#include "world.h"

static const struct after_case {
	const char *name;
	uint64_t every, phase, from, want;
} after_cases[] = {
	{ "from the beginning of time", 300, 7, 0, 7 },
	{ "just before the first", 300, 7, 6, 7 },
	{ "a slot is not after itself", 300, 7, 7, 307 },
	{ "between", 300, 7, 500, 607 },
	{ "just before", 300, 7, 606, 607 },
	{ "phase 0", 300, 0, 0, 300 },
	{ "far out, exact", 300, 7, 300000000000000, 300000000000007 },
};

static void
check_after(void **state)
{
	const struct after_case *c = *state;
	struct test t = { .every_us = c->every, .phase_us = c->phase };

	assert_int_equal(due_after(&t, c->from, 0), c->want);
}

static const struct latest_case {
	const char *name;
	uint64_t since, now, want, slots;
} latest_cases[] = {
	{ "none between", 307, 606, 0, 0 },
	{ "none, same moment", 307, 307, 0, 0 },
	{ "one, at this moment", 307, 607, 607, 1 },
	{ "one, a little ago", 307, 906, 607, 1 },
	{ "several: the last", 307, 1600, 1507, 4 },
	{ "from between", 310, 1600, 1507, 4 },
	{ "none so early", 0, 6, 0, 0 },
};

static void
check_latest(void **state)
{
	const struct latest_case *c = *state;
	struct test t = { .every_us = 300, .phase_us = 7 };
	uint64_t slots = 99;

	assert_int_equal(due_latest(&t, c->since, c->now, 0, &slots), c->want);
	assert_int_equal(slots, c->slots);
}

static const struct first_case {
	const char *name;
	uint64_t every_us, phase_us, due_in_ms;
	uint64_t want_us; /* from now, which is 10 days */
} first_cases[] = {
	{ "never run: its slot", 5 * MIN, 2 * MIN, SCHED_NEVER, 2 * MIN },
	{ "never run, daily: soon", DAY, 7 * HOUR + 17 * SEC, SCHED_NEVER, 17 * SEC },
	{ "as remembered", 5 * MIN, 2 * MIN, 4000, 4 * SEC },
	{ "remembered a little too soon", 5 * MIN, 2 * MIN + 345, 120000, 2 * MIN + 345 },
	{ "remembered a little too late", 5 * MIN, 2 * MIN - 1, 120000, 2 * MIN - 1 },
	{ "remembered too long", 5 * MIN, 2 * MIN, 86400000, 5 * MIN },
	{ "overdue: soon", DAY, 7 * HOUR + 17 * SEC, 0, 17 * SEC },
	{ "overdue, short interval", 10 * SEC, 3 * SEC, 0, 3 * SEC },
};

static void
check_first(void **state)
{
	const struct first_case *c = *state;
	struct test t = { .every_us = c->every_us, .phase_us = c->phase_us };

	assert_int_equal(due_first(&t, c->due_in_ms, 10 * DAY, 0) - 10 * DAY, c->want_us);
}

RUN_CASES(ROWS("after", after_cases, check_after),
    ROWS("latest", latest_cases, check_latest), ROWS("first", first_cases, check_first));
