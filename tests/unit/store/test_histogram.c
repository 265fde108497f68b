/* store/histogram: quantiles within what the buckets promise, and a small form on disk.
 */
#include "../cases.h"
#include "base/buf.h"
#include "store/histogram.h"

#define ERROR_MAX 0.0906 /* a bucket is 2^(1/8) wide */

static const struct value_case {
	const char *name;
	uint64_t us;
} value_cases[] = {
	{ "a millisecond", 1000 },
	{ "a quarter of a second", 250000 },
	{ "three seconds", 3364525 },
	{ "a minute", 60000000 },
	{ "a day", UINT64_C(86400000000) },
};

static void
check_value(void **state)
{
	const struct value_case *c = *state;
	struct histogram h = { .total = 0 };
	double got;

	for (unsigned i = 0; i < 100; i++)
		histogram_add(&h, c->us);
	got = (double)histogram_quantile(&h, 0.5);
	assert_true(got > (double)c->us * (1 - ERROR_MAX));
	assert_true(got < (double)c->us * (1 + ERROR_MAX));
}

static void
finds_quantiles(void **state)
{
	struct histogram h = { .total = 0 };

	(void)state;
	for (uint64_t i = 1; i <= 10000; i++)
		histogram_add(&h, i * 100);
	for (unsigned share = 1; share <= 100; share++) {
		double want = share * 10000.0;
		double got = (double)histogram_quantile(&h, share / 100.0);

		assert_true(got > want * (1 - ERROR_MAX) && got < want * (1 + ERROR_MAX));
	}
}

static void
counts_what_is_too_small_and_too_large(void **state)
{
	struct histogram h = { .total = 0 };

	(void)state;
	histogram_add(&h, 0);
	histogram_add(&h, UINT64_MAX);
	assert_int_equal(h.total, 2);
	assert_int_equal(h.counts[0], 1);
	assert_int_equal(h.counts[HISTOGRAM_BUCKETS - 1], 1);
}

static void
says_nothing_of_nothing(void **state)
{
	struct histogram h = { .total = 0 };

	(void)state;
	assert_int_equal(histogram_quantile(&h, 0.5), 0);
}

static void
survives_the_disk(void **state)
{
	struct histogram h = { .total = 0 }, back = { .total = 0 };
	struct buf b;

	(void)state;
	for (uint64_t i = 0; i < 288; i++)
		histogram_add(&h, 200000 + i * 1000);
	histogram_add(&h, UINT64_MAX);
	buf_init(&b, 4096);
	histogram_encode(&h, &b);
	assert_true(b.len < 40);
	assert_true(histogram_decode(&back, b.data, b.len));
	assert_memory_equal(&h, &back, sizeof(h));
	assert_true(histogram_decode(&back, b.data, b.len)); /* adds */
	assert_int_equal(back.total, 2 * h.total);
	buf_free(&b);
}

static void
is_nothing_when_empty(void **state)
{
	struct histogram h = { .total = 0 };
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	histogram_encode(&h, &b);
	assert_int_equal(b.len, 0);
	assert_true(histogram_decode(&h, NULL, 0));
	assert_int_equal(h.total, 0);
}

static const struct damage_case {
	const char *name, *bytes;
	size_t size;
} damage_cases[] = {
	{ "another format", "\x02\x01\x01", 3 },
	{ "half a pair", "\x01\x05", 2 },
	{ "a bucket that is none", "\x01\xff\x01\x01\x05\x01", 6 },
	{ "a count beyond 32 bits", "\x01\x01\xff\xff\xff\xff\xff\x01", 8 },
};

static void
check_damage(void **state)
{
	const struct damage_case *c = *state;
	struct histogram h = { .total = 1, .counts = { 1 } };

	assert_false(histogram_decode(&h, c->bytes, c->size));
	assert_int_equal(h.total, 1);
}

RUN_CASES(ROWS("value", value_cases, check_value), TEST(finds_quantiles),
    TEST(counts_what_is_too_small_and_too_large), TEST(says_nothing_of_nothing),
    TEST(survives_the_disk), TEST(is_nothing_when_empty),
    ROWS("damage", damage_cases, check_damage));
