/*
 * cases - every row of a table is a cmocka test of its own name.
 *
 *	static const struct hex_case {
 *		const char *name;		(first member, always)
 *		const char *in, *want;
 *	} hex_cases[] = { ... };
 *
 *	static void
 *	check_hex(void **state)
 *	{
 *		const struct hex_case *c = *state;
 *		...
 *	}
 *
 *	RUN_CASES(ROWS("hex", hex_cases, check_hex), TEST(refuses_the_empty));
 *
 * RUN_CASES() is the whole main(). A row's test is called "hex: " and the row's name.
 */
#ifndef CSWATCH_TESTS_CASES_H
#define CSWATCH_TESTS_CASES_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define NROWS(table) (sizeof(table) / sizeof((table)[0]))

struct cases {
	const char *group;
	const void *rows; /* NULL: one test without a row */
	size_t size, n;	  /* octets of a row, rows */
	CMUnitTestFunction check;
	CMFixtureFunction setup, teardown;
};

#define ROWS(group, table, check)                                                        \
	{ (group), (table), sizeof((table)[0]), NROWS(table), (check), NULL, NULL }
/* setup gets the row in *state; what it puts there instead is what the test gets. */
#define ROWS_WITH(group, table, check, setup, teardown)                                  \
	{ (group), (table), sizeof((table)[0]), NROWS(table), (check), (setup),          \
		(teardown) }
#define TEST(function) { #function, NULL, 0, 1, (function), NULL, NULL }
#define TEST_WITH(function, setup, teardown)                                             \
	{ #function, NULL, 0, 1, (function), (setup), (teardown) }

#define RUN_CASES(...)                                                                   \
	int main(void)                                                                   \
	{                                                                                \
		static const struct cases sets[] = { __VA_ARGS__ };                      \
                                                                                         \
		return cases_run(sets, NROWS(sets));                                     \
	}                                                                                \
	struct cases /* takes the semicolon */

static inline char *
cases_name(const struct cases *set, size_t row)
{
	const char *name = "";
	char *full;
	size_t size;

	if (set->rows != NULL)
		name = *(const char *const *)(const void *)((const char *)set->rows +
							    row * set->size);
	size = snprintf(NULL, 0, "%s: %s", set->group, name) + (size_t)1;
	full = malloc(size);
	if (full == NULL)
		abort();
	snprintf(full, size, set->rows == NULL ? "%s%s" : "%s: %s", set->group, name);
	return full;
}

static inline struct CMUnitTest
cases_test(const struct cases *set, size_t row)
{
	/* cmocka wants the row writable; no test writes to it. */
	union {
		const char *in;
		void *out;
	} state = { set->rows };

	if (set->rows != NULL)
		state.in += row * set->size;
	return (struct CMUnitTest){ cases_name(set, row), set->check, set->setup,
		set->teardown, state.out };
}

static inline int
cases_run(const struct cases *sets, size_t nsets)
{
	struct CMUnitTest *tests;
	size_t n = 0, at = 0;
	int failed;

	for (size_t i = 0; i < nsets; i++)
		n += sets[i].n;
	tests = calloc(n, sizeof(*tests));
	if (tests == NULL)
		abort();
	for (size_t i = 0; i < nsets; i++)
		for (size_t row = 0; row < sets[i].n; row++)
			tests[at++] = cases_test(&sets[i], row);
	failed = _cmocka_run_group_tests("tests", tests, n, NULL, NULL);
	for (size_t i = 0; i < n; i++) {
		union {
			const char *in;
			void *out;
		} name = { tests[i].name };

		free(name.out);
	}
	free(tests);
	return failed;
}

#endif
