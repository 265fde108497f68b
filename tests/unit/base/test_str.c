/* base/str: comparing, trimming, splitting and reading numbers of borrowed text. */
#include "../cases.h"
#include "base/str.h"

static const struct compare_case {
	const char *name, *a, *b;
	bool eq, caseeq, caseprefix;
} compare_cases[] = {
	{ "same", "Via", "Via", true, true, true },
	{ "other case", "VIA", "via", false, true, true },
	{ "longer", "Via: x", "vIA", false, false, true },
	{ "shorter", "Vi", "Via", false, false, false },
	{ "both empty", "", "", true, true, true },
	{ "empty prefix", "x", "", false, false, true },
	{ "letters only are folded", "@[`{", "`{@[", false, false, false },
	{ "beyond ASCII is not folded", "\xc3\x84", "\xc3\xa4", false, false, false },
	{ "no text at all", NULL, "", false, false, false },
};

static void
check_compare(void **state)
{
	const struct compare_case *c = *state;

	assert_int_equal(str_eq(str_of(c->a), c->b), c->eq);
	assert_int_equal(str_caseeq(str_of(c->a), c->b), c->caseeq);
	assert_int_equal(str_caseprefix(str_of(c->a), c->b), c->caseprefix);
}

static const struct trim_case {
	const char *name, *in, *want;
} trim_cases[] = {
	{ "nothing to do", "a b", "a b" },
	{ "all four", " \t\r\na \t b\r\n\t ", "a \t b" },
	{ "only space", " \r\n", "" },
	{ "empty", "", "" },
	{ "vertical tab stays", "\va\v", "\va\v" },
};

static void
check_trim(void **state)
{
	const struct trim_case *c = *state;

	assert_true(str_eq(str_trim(str_of(c->in)), c->want));
}

static const struct uint_case {
	const char *name, *in;
	uint64_t min, max;
	bool ok;
	uint64_t want;
} uint_cases[] = {
	{ "zero", "0", 0, 10, true, 0 },
	{ "leading zeros", "007", 0, 10, true, 7 },
	{ "at the minimum", "5", 5, 10, true, 5 },
	{ "below the minimum", "4", 5, 10, false, 0 },
	{ "at the maximum", "10", 5, 10, true, 10 },
	{ "above the maximum", "11", 5, 10, false, 0 },
	{ "largest", "18446744073709551615", 0, UINT64_MAX, true, UINT64_MAX },
	{ "one beyond", "18446744073709551616", 0, UINT64_MAX, false, 0 },
	{ "far beyond", "99999999999999999999", 0, UINT64_MAX, false, 0 },
	{ "more digits than any number has", "000000000000000000001", 0, 10, false, 0 },
	{ "empty", "", 0, 10, false, 0 },
	{ "sign", "+1", 0, 10, false, 0 },
	{ "negative", "-1", 0, UINT64_MAX, false, 0 },
	{ "space before", " 1", 0, 10, false, 0 },
	{ "space behind", "1 ", 0, 10, false, 0 },
	{ "hexadecimal", "0x1", 0, 10, false, 0 },
	{ "digits of another script", "\xd9\xa1", 0, 10, false, 0 },
};

static void
check_uint(void **state)
{
	const struct uint_case *c = *state;
	uint64_t got = 77;

	assert_int_equal(str_uint(str_of(c->in), c->min, c->max, &got), c->ok);
	assert_true(got == (c->ok ? c->want : 77));
}

static const struct split_case {
	const char *name, *in, *head, *rest; /* rest NULL: there is none */
} split_cases[] = {
	{ "in the middle", "a,b", "a", "b" },
	{ "at the first of several", "a,b,c", "a", "b,c" },
	{ "at the start", ",b", "", "b" },
	{ "at the end", "a,", "a", "" },
	{ "nowhere", "ab", "ab", NULL },
	{ "empty", "", "", NULL },
};

static void
check_split(void **state)
{
	const struct split_case *c = *state;
	struct str head, rest = str_split(str_of(c->in), ',', &head);

	assert_true(str_eq(head, c->head));
	if (c->rest == NULL)
		assert_null(rest.p);
	else
		assert_true(str_eq(rest, c->rest));
}

static void
split_of_no_text(void **state)
{
	struct str head = STR_LIT("x"), rest = str_split(STR_NULL, ',', &head);

	(void)state;
	assert_null(rest.p);
	assert_int_equal(head.len, 0);
}

static const struct copy_case {
	const char *name, *in;
	size_t size;
	bool ok;
} copy_cases[] = {
	{ "fits", "abc", 8, true },
	{ "fits with its NUL", "abc", 4, true },
	{ "no room for the NUL", "abc", 3, false },
	{ "empty into one", "", 1, true },
	{ "empty into nothing", "", 0, false },
	{ "no text", NULL, 1, true },
};

static void
check_copy(void **state)
{
	const struct copy_case *c = *state;
	char dst[9] = "????????";

	assert_int_equal(str_copy(dst, c->size, str_of(c->in)), c->ok);
	if (c->size == 0)
		assert_string_equal(dst, "????????");
	else
		assert_string_equal(dst, c->ok && c->in != NULL ? c->in : "");
	assert_int_equal(dst[7], '?');
}

static void
dup_ends_where_the_text_does(void **state)
{
	char *copy = str_dup((struct str){ "abcdef", 3 }), *none = str_dup(STR_NULL);

	(void)state;
	assert_string_equal(copy, "abc");
	assert_string_equal(none, "");
	free(copy);
	free(none);
}

RUN_CASES(ROWS("compare", compare_cases, check_compare),
    ROWS("trim", trim_cases, check_trim), ROWS("uint", uint_cases, check_uint),
    ROWS("split", split_cases, check_split), TEST(split_of_no_text),
    ROWS("copy", copy_cases, check_copy), TEST(dup_ends_where_the_text_does));
