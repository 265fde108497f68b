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
 * RUN_CASES() is the whole main(). A row's test is called "hex: " and the row's name. One
 * that has not ended after AWAIT_S ends the program, which says what it waits for.
 */
#ifndef CSWATCH_TESTS_CASES_H
#define CSWATCH_TESTS_CASES_H
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "await.h"

#define NROWS(table) (sizeof(table) / sizeof((table)[0]))

struct cases {
	const char *group;
	const void *rows; /* NULL: one test without a row */
	size_t size, n;	  /* bytes of a row, rows */
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

/* A case as cmocka has it in its initial state. */
struct cases_one {
	const struct cases *set;
	void *row;
	char *name;
};

static const struct cases_one *cases_current;

static inline void
cases_put(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		_exit(1);
}

static inline void
cases_on_limit(int signum)
{
	(void)signum;
	cases_put("# no end of the case: ");
	cases_put(cases_current->name);
	cases_put(await_what == NULL ? "" : "\n# which waits for: ");
	cases_put(await_what == NULL ? "" : await_what);
	cases_put("\n");
	_exit(1);
}

static inline int
cases_begin(void **state)
{
	cases_current = *state;
	await_what = NULL;
	signal(SIGALRM, cases_on_limit);
	alarm(AWAIT_S);
	*state = cases_current->row;
	return cases_current->set->setup == NULL ? 0 : cases_current->set->setup(state);
}

static inline int
cases_end(void **state)
{
	const struct cases *set = cases_current->set;
	int failed = set->teardown == NULL ? 0 : set->teardown(state);

	alarm(0);
	return failed;
}

static inline struct cases_one
cases_one(const struct cases *set, size_t row)
{
	/* cmocka wants the row writable; no test writes to it. */
	union {
		const char *in;
		void *out;
	} state = { set->rows };

	if (set->rows != NULL)
		state.in += row * set->size;
	return (struct cases_one){ set, state.out, cases_name(set, row) };
}

static inline int
cases_run(const struct cases *sets, size_t nsets)
{
	struct CMUnitTest *tests;
	struct cases_one *ones;
	size_t n = 0, at = 0;
	int failed;

	for (size_t i = 0; i < nsets; i++)
		n += sets[i].n;
	tests = calloc(n, sizeof(*tests));
	ones = calloc(n, sizeof(*ones));
	if (tests == NULL || ones == NULL)
		abort();
	for (size_t i = 0; i < nsets; i++)
		for (size_t row = 0; row < sets[i].n; row++, at++) {
			ones[at] = cases_one(&sets[i], row);
			tests[at] = (struct CMUnitTest){ ones[at].name, sets[i].check,
				cases_begin, cases_end, &ones[at] };
		}
	failed = _cmocka_run_group_tests("tests", tests, n, NULL, NULL);
	for (size_t i = 0; i < n; i++)
		free(ones[i].name);
	free(ones);
	free(tests);
	return failed;
}

#endif
