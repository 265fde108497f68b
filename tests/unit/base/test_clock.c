/*
 * base/clock: units and direction of the system's clock, and that another one can be
 * handed in.
 */
#include "../cases.h"
#include "base/clock.h"

static void
monotonic_time_does_not_go_back(void **state)
{
	uint64_t before = clock_mono_us(&clock_system);

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint64_t now = clock_mono_us(&clock_system);

		assert_true(now >= before);
		before = now;
	}
}

static void
wall_time_is_in_milliseconds_since_1970(void **state)
{
	int64_t now = clock_wall_ms(&clock_system);

	(void)state;
	assert_true(now > INT64_C(1600000000000)); /* 2020 */
	assert_true(now < INT64_C(7258118400000)); /* 2200 */
}

static uint64_t
fixed_mono(void *arg)
{
	return *(uint64_t *)arg;
}

static int64_t
fixed_wall(void *arg)
{
	return (int64_t)*(uint64_t *)arg * -1;
}

static void
a_clock_of_our_own(void **state)
{
	uint64_t time = 42;
	const struct clock c = { fixed_mono, fixed_wall, &time };

	(void)state;
	assert_int_equal(clock_mono_us(&c), 42);
	time++;
	assert_int_equal(clock_mono_us(&c), 43);
	assert_int_equal(clock_wall_ms(&c), -43);
}

RUN_CASES(TEST(monotonic_time_does_not_go_back),
    TEST(wall_time_is_in_milliseconds_since_1970), TEST(a_clock_of_our_own));
