/* config/schema, config/map: a sound table, slips recognised, names found. */
#include <string.h>

#include "../cases.h"
#include "base/suggest.h"
#include "base/text.h"
#include "config/map.h"
#include "config/schema.h"

static const struct distance_case {
	const char *name;
	const char *a, *b;
	unsigned limit, want;
} distance_cases[] = {
	{ "the same", "every", "every", 2, 0 },
	{ "one changed", "every", "eveny", 2, 1 },
	{ "one dropped", "evry", "every", 2, 1 },
	{ "one too many", "everry", "every", 2, 1 },
	{ "two exchanged", "evrey", "every", 2, 2 },
	{ "first and last", "xveryx", "every", 2, 2 },
	{ "more than the limit", "evening", "every", 2, 3 },
	{ "nothing against something", "", "ab", 2, 2 },
	{ "nothing against nothing", "", "", 2, 0 },
	{ "lengths too far apart", "a", "abcdefgh", 2, 3 },
};

static void
check_distance(void **state)
{
	const struct distance_case *c = *state;

	assert_int_equal(edit_distance(c->a, c->b, c->limit), c->want);
	assert_int_equal(edit_distance(c->b, c->a, c->limit), c->want);
}

static void
overlong_words_are_not_compared(void **state)
{
	char a[2000];

	(void)state;
	memset(a, 'x', sizeof(a) - 1);
	a[sizeof(a) - 1] = '\0';
	assert_int_equal(edit_distance(a, a, 2), 3);
	assert_null(schema_guess(a, IN_TOP));
}

static const struct guess_case {
	const char *name;
	unsigned place;
	const char *want;
} guess_cases[] = {
	{ "max_paralel", IN_TOP, "max_parallel" },
	{ "Max_Parallel", IN_TOP, "max_parallel" },
	{ "user", IN_TOP, "users" },
	{ "timeuot", IN_TEST, "timeout" },
	{ "timeuot", IN_POOL, NULL },
	{ "usr", IN_TEST, "user" },
	{ "x", IN_USER, NULL },
	{ "si", IN_USER, "sip" },
	{ "", IN_USER, NULL },
};

static void
check_guess(void **state)
{
	const struct guess_case *c = *state;
	const char *got = schema_guess(c->name, c->place);

	if (c->want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, c->want);
}

static void
check_key(enum key k)
{
	const struct schema_key *s = &schema[k];
	uint64_t standard = schema_standard(k);

	assert_non_null(s->name);
	assert_int_not_equal(s->places, 0);
	assert_int_equal(s->places >> IN_COUNT, 0);
	assert_true(s->min <= s->max);
	for (unsigned bit = 0; bit < IN_COUNT; bit++) {
		if ((s->places & 1u << bit) == 0)
			continue;
		assert_int_equal(schema_find(s->name, 1u << bit), k);
		assert_false(schema_later(s->name, 1u << bit));
	}
	assert_int_equal(schema_places(s->name) & s->places, s->places);
	if (s->standard != NULL && s->type != TYPE_STRING) {
		assert_true(standard >= s->min && standard <= s->max);
		assert_true(standard > 0 || s->type == TYPE_BOOL);
	}
}

static void
every_row_is_sound(void **state)
{
	(void)state;
	for (enum key k = 0; k < KEY_COUNT; k++)
		check_key(k);
	assert_int_equal(schema_find("every", IN_TOP), KEY_COUNT);
	assert_int_equal(schema_find("nonsense", IN_TOP), KEY_COUNT);
	assert_int_equal(schema_places("nonsense"), 0);
	assert_int_equal(schema_find("max_parallel", IN_TOP), KEY_MAX_PARALLEL);
	assert_int_equal(schema_find("max_parallel", IN_POOL), KEY_POOL_MAX_PARALLEL);
	assert_true(schema_later("cluster", IN_TOP));
	assert_false(schema_later("cluster", IN_POOL));
}

static void
map_finds_what_was_put_in(void **state)
{
	char names[1000][16];
	struct map m = { NULL, 0 };
	bool fresh;

	(void)state;
	assert_null(map_find(&m, STR_LIT("nothing")));
	assert_true(map_init(&m, 1000));
	for (uint32_t i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof(names[i]), "Name%u", (unsigned)i);
		*map_put(&m, str_of(names[i]), &fresh) = i;
		assert_true(fresh);
	}
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(*map_find(&m, str_of(names[i])), i);
	assert_int_equal(*map_find(&m, STR_LIT("nAME77")), 77);
	assert_int_equal(*map_put(&m, STR_LIT("NAME77"), &fresh), 77);
	assert_false(fresh);
	assert_null(map_find(&m, STR_LIT("name1000")));
	assert_null(map_find(&m, STR_LIT("name")));
	map_free(&m);
}

RUN_CASES(ROWS("distance", distance_cases, check_distance),
    ROWS("guess", guess_cases, check_guess), TEST(overlong_words_are_not_compared),
    TEST(every_row_is_sound), TEST(map_finds_what_was_put_in));
