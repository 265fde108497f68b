/*
 * base/buf: growth up to the maximum, the sticky failure, and what is left of old
 * content.
 */
#include <stdbool.h>
#include <string.h>

#include "../cases.h"
#include "base/buf.h"

static const struct limit_case {
	const char *name;
	size_t max;
	size_t chunk, chunks; /* octets written, how many times */
	size_t want_len;
	bool want_failed;
} limit_cases[] = {
	{ "nothing fits into nothing", 0, 1, 1, 0, true },
	{ "an empty write always fits", 0, 0, 3, 0, false },
	{ "exactly full", 10, 5, 2, 10, false },
	{ "one too many", 10, 11, 1, 0, true },
	{ "what fitted before stays", 10, 4, 3, 8, true },
	{ "first allocation is clipped", 100, 100, 1, 100, false },
	{ "maximum below a doubling", 300, 1, 300, 300, false },
	{ "maximum below a doubling, exceeded", 300, 1, 301, 300, true },
	{ "many doublings", 100000, 1000, 100, 100000, false },
	{ "one big write", 100000, 99999, 1, 99999, false },
	{ "the largest maximum", SIZE_MAX, 1000, 3, 3000, false },
	{ "half of all memory and one", SIZE_MAX / 2 + 1, 1000, 3, 3000, false },
};

static void
check_limit(void **state)
{
	static const char zeros[100000];
	const struct limit_case *c = *state;
	struct buf b;

	buf_init(&b, c->max);
	for (size_t i = 0; i < c->chunks; i++)
		buf_add(&b, zeros, c->chunk);
	assert_int_equal(b.failed, c->want_failed);
	assert_int_equal(b.len, c->want_len);
	assert_true(b.data == NULL || b.cap <= b.max + 1);
	assert_true(b.data == NULL || b.data[b.len] == '\0');
	buf_free(&b);
	assert_null(b.data);
}

static const struct printf_case {
	const char *name;
	size_t max;
	const char *text;
	int number;
	const char *want; /* NULL: does not fit */
} printf_cases[] = {
	{ "fits", 20, "abc", -5, "abc=-5" },
	{ "fits to the last octet", 6, "abc", -5, "abc=-5" },
	{ "one octet short", 5, "abc", -5, NULL },
	{ "no room at all", 0, "", 0, NULL },
};

static void
check_printf(void **state)
{
	const struct printf_case *c = *state;
	struct buf b;

	buf_init(&b, c->max);
	buf_printf(&b, "%s=%d", c->text, c->number);
	assert_int_equal(b.failed, c->want == NULL);
	assert_string_equal(buf_view(&b).p, c->want == NULL ? "" : c->want);
	buf_free(&b);
}

static const struct consume_case {
	const char *name;
	const char *text;
	size_t consume, cut;
	const char *want;
} consume_cases[] = {
	{ "nothing", "abcdef", 0, 99, "abcdef" },
	{ "the front", "abcdef", 2, 99, "cdef" },
	{ "all", "abcdef", 6, 99, "" },
	{ "more than there is", "abcdef", 7, 99, "" },
	{ "of an empty buffer", "", 1, 0, "" },
	{ "cut in the middle", "abcdef", 0, 3, "abc" },
	{ "cut where it ends", "abcdef", 0, 6, "abcdef" },
	{ "cut to nothing", "abcdef", 0, 0, "" },
	{ "both ends", "abcdef", 1, 4, "bcde" },
};

static void
check_consume(void **state)
{
	const struct consume_case *c = *state;
	struct buf b;

	buf_init(&b, 100);
	buf_puts(&b, c->text);
	buf_consume(&b, c->consume);
	buf_cut(&b, c->cut);
	assert_int_equal(b.len, strlen(c->want));
	assert_string_equal(buf_view(&b).p, c->want);
	buf_free(&b);
}

static void
untouched_buffer_reads_as_empty(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_consume(&b, 5);
	buf_cut(&b, 0);
	buf_clear(&b);
	assert_int_equal(buf_view(&b).len, 0);
	assert_string_equal(buf_view(&b).p, "");
	buf_wipe_free(&b);
	buf_free(&b);
}

static void
nothing_is_written_after_a_failure(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_puts(&b, "ab");
	buf_puts(&b, "cde");
	buf_putc(&b, 'c'); /* would fit */
	buf_printf(&b, "%d", 1);
	buf_add(&b, "", 0);
	assert_true(b.failed);
	assert_string_equal(b.data, "ab");
	buf_clear(&b);
	buf_puts(&b, "abcd");
	assert_false(b.failed);
	assert_string_equal(b.data, "abcd");
	buf_free(&b);
}

static void
octets_of_any_value_are_kept(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_str(&b, (struct str){ "a\0\xff"
				  "b",
			4 });
	buf_str(&b, STR_NULL);
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.data,
	    "a\0\xff"
	    "b\0",
	    5);
	buf_free(&b);
}

static void
take_hands_over_the_content(void **state)
{
	struct buf b;
	size_t len = 77;
	char *taken;

	(void)state;
	buf_init(&b, 8);
	buf_puts(&b, "abc");
	taken = buf_take(&b, &len);
	assert_string_equal(taken, "abc");
	assert_int_equal(len, 3);
	free(taken);
	assert_int_equal(b.max, 8);
	taken = buf_take(&b, NULL);
	assert_string_equal(taken, "");
	free(taken);
	buf_free(&b);
}

static void
take_of_a_failed_buffer_changes_nothing(void **state)
{
	struct buf b;
	size_t len = 77;

	(void)state;
	buf_init(&b, 3);
	buf_puts(&b, "abc");
	buf_puts(&b, "d");
	assert_null(buf_take(&b, &len));
	assert_int_equal(len, 77);
	assert_string_equal(b.data, "abc");
	buf_free(&b);
}

static void
cut_wipes_what_it_removes(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_puts(&b, "ab-secret");
	buf_cut(&b, 2);
	assert_memory_equal(b.data, "ab\0\0\0\0\0\0\0", 9);
	buf_free(&b);
}

RUN_CASES(ROWS("limit", limit_cases, check_limit),
    ROWS("printf", printf_cases, check_printf),
    ROWS("consume", consume_cases, check_consume), TEST(untouched_buffer_reads_as_empty),
    TEST(nothing_is_written_after_a_failure), TEST(octets_of_any_value_are_kept),
    TEST(take_hands_over_the_content), TEST(take_of_a_failed_buffer_changes_nothing),
    TEST(cut_wipes_what_it_removes));
