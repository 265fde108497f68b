/* store/varint: numbers survive, and what came from a damaged file does no harm. */
#include "../cases.h"
#include "base/buf.h"
#include "store/varint.h"

static const struct number_case {
	const char *name;
	uint64_t value;
	size_t size;
} number_cases[] = {
	{ "zero", 0, 1 },
	{ "the largest of one byte", 127, 1 },
	{ "the smallest of two", 128, 2 },
	{ "32 bits", UINT32_MAX, 5 },
	{ "all bits", UINT64_MAX, 10 },
};

static void
check_number(void **state)
{
	const struct number_case *c = *state;
	struct varint_reader r;
	struct buf b;

	buf_init(&b, 100);
	varint_put(&b, c->value);
	assert_int_equal(b.len, c->size);
	r = varint_read(b.data, b.len);
	assert_true(varint_get(&r) == c->value);
	assert_true(varint_at_end(&r));
	assert_false(r.bad);
	buf_free(&b);
}

static const struct signed_case {
	const char *name;
	int64_t value;
	size_t size;
} signed_cases[] = {
	{ "zero", 0, 1 },
	{ "minus one", -1, 1 },
	{ "one", 1, 1 },
	{ "smallest", INT64_MIN, 10 },
	{ "largest", INT64_MAX, 10 },
};

static void
check_signed(void **state)
{
	const struct signed_case *c = *state;
	struct varint_reader r;
	struct buf b;

	buf_init(&b, 100);
	varint_put_signed(&b, c->value);
	assert_int_equal(b.len, c->size);
	r = varint_read(b.data, b.len);
	assert_true(varint_get_signed(&r) == c->value);
	buf_free(&b);
}

static const struct bad_case {
	const char *name, *bytes;
	size_t size;
} bad_cases[] = {
	{ "nothing", "", 0 },
	{ "cut in the middle", "\x80", 1 },
	{ "more than 64 bits", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10 },
	{ "without an end", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80", 11 },
};

static void
check_bad(void **state)
{
	const struct bad_case *c = *state;
	struct varint_reader r = varint_read(c->bytes, c->size);

	assert_true(varint_get(&r) == 0);
	assert_true(r.bad);
	assert_true(varint_get(&r) == 0); /* for good */
	assert_null(varint_get_bytes(&r, 0));
	assert_true(varint_at_end(&r));
}

static void
refuses_what_is_above_the_limit(void **state)
{
	struct varint_reader r = varint_read("\x07\x08", 2);

	(void)state;
	assert_int_equal(varint_get_max(&r, 7), 7);
	assert_int_equal(varint_get_max(&r, 7), 0);
	assert_true(r.bad);
}

static void
lends_only_bytes_that_are_there(void **state)
{
	struct varint_reader r = varint_read("abc", 3);

	(void)state;
	assert_memory_equal(varint_get_bytes(&r, 2), "ab", 2);
	assert_null(varint_get_bytes(&r, 2));
	assert_true(r.bad);
}

RUN_CASES(ROWS("number", number_cases, check_number),
    ROWS("signed", signed_cases, check_signed), ROWS("bad", bad_cases, check_bad),
    TEST(refuses_what_is_above_the_limit), TEST(lends_only_bytes_that_are_there));
