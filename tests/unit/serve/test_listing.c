/*
 * serve/listing: every test comes once and in order, in slices of any size, whatever a
 * reload does between two of them.
 */
#include <string.h>

#include "../cases.h"
#include "../watch/outages.h"
#include "base/buf.h"
#include "serve/listing.h"

static struct buf got; /* names, a space after each */

static void
put(void *arg, const struct test_view *t)
{
	(void)arg;
	buf_printf(&got, "%s ", t->state->name);
}

static struct listing *
open_listing(const char *const *names, size_t n)
{
	struct listing *l;

	begin("", 3, 2, 0);
	buf_init(&got, 4096);
	l = listing_new(sim.view, names, n);
	assert_non_null(l);
	return l;
}

static void
close_listing(struct listing *l)
{
	listing_free(l);
	buf_free(&got);
	sim_close();
}

static const struct slice_case {
	const char *name;
	size_t max;
	unsigned calls; /* until the end */
} slice_cases[] = {
	{ "one by one", 1, 5 },
	{ "a rest", 2, 3 },
	{ "all", 5, 1 },
	{ "more than there are", 16, 1 },
};

static void
check_slices(void **state)
{
	const struct slice_case *c = *state;
	struct listing *l = open_listing(NULL, 0);

	for (unsigned i = 1; i < c->calls; i++)
		assert_int_equal(listing_next(l, c->max, put, NULL), LISTING_MORE);
	assert_int_equal(listing_next(l, c->max, put, NULL), LISTING_END);
	assert_string_equal(got.data, "a/u0 a/u1 a/u2 b/u0 b/u1 ");
	close_listing(l);
}

/* What came last is gone: the next is the one after it. */
static void
tests_go(void **state)
{
	struct listing *l = open_listing(NULL, 0);

	(void)state;
	assert_int_equal(listing_next(l, 3, put, NULL), LISTING_MORE);
	reload("", 1, 2, 0);
	assert_int_equal(listing_next(l, 3, put, NULL), LISTING_END);
	assert_string_equal(got.data, "a/u0 a/u1 a/u2 b/u0 b/u1 ");
	close_listing(l);
}

/* Those before the last one came too late. */
static void
tests_come(void **state)
{
	struct listing *l = open_listing(NULL, 0);

	(void)state;
	assert_int_equal(listing_next(l, 4, put, NULL), LISTING_MORE);
	reload("", 5, 3, 0);
	assert_int_equal(listing_next(l, 4, put, NULL), LISTING_END);
	assert_string_equal(got.data, "a/u0 a/u1 a/u2 b/u0 b/u1 b/u2 ");
	close_listing(l);
}

static void
all_go(void **state)
{
	struct listing *l = open_listing(NULL, 0);

	(void)state;
	assert_int_equal(listing_next(l, 4, put, NULL), LISTING_MORE);
	reload("", 1, 0, 0);
	assert_int_equal(listing_next(l, 4, put, NULL), LISTING_END);
	assert_string_equal(got.data, "a/u0 a/u1 a/u2 b/u0 ");
	close_listing(l);
}

static void
named_ones_keep_their_order(void **state)
{
	static const char *const names[] = { "b/u1", "a/u2", "a/u0", "a/u0" };
	struct listing *l = open_listing(names, NROWS(names));

	(void)state;
	assert_int_equal(listing_next(l, 1, put, NULL), LISTING_MORE);
	reload("", 2, 2, 0); /* a/u2 is gone */
	assert_int_equal(listing_next(l, 2, put, NULL), LISTING_MORE);
	assert_int_equal(listing_next(l, 2, put, NULL), LISTING_END);
	assert_string_equal(got.data, "b/u1 a/u0 a/u0 ");
	close_listing(l);
}

RUN_CASES(ROWS("slices", slice_cases, check_slices), TEST(tests_go), TEST(tests_come),
    TEST(all_go), TEST(named_ones_keep_their_order));
