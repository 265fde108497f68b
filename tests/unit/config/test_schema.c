/* config/schema, config/map: a sound table, slips recognised, names found. */
#include <limits.h>
#include <string.h>

#include "../cases.h"
#include "auth/method.h"
#include "base/suggest.h"
#include "base/text.h"
#include "config/map.h"
#include "config/schema.h"
#include "tls/inner.h"
#include "tls/outer.h"

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

/* The member that can hold what a type is read as. */
static bool
fits(enum key_type type, enum member_type member)
{
	switch (type) {
	case TYPE_TEXT:
	case TYPE_PATH:
		return member == MEMBER_TEXT;
	case TYPE_WORD:
		return member == MEMBER_UNSIGNED;
	case TYPE_COUNT:
		return member == MEMBER_U16 || member == MEMBER_UNSIGNED ||
		       member == MEMBER_U64;
	case TYPE_BOOL:
		return member == MEMBER_BOOL;
	case TYPE_DURATION:
		return member == MEMBER_UNSIGNED || member == MEMBER_U64;
	case TYPE_TEXTS:
	case TYPE_TEXT_OR_TEXTS:
		return member == MEMBER_TEXTS;
	case TYPE_GROUP:
	case TYPE_GROUPS:
		break;
	}
	return false;
}

/* The largest value of a row, in the units of its member. */
static uint64_t
largest(const struct schema_key *s)
{
	return s->unit_ms == 0 ? s->max : (s->max + s->unit_ms - 1) / s->unit_ms;
}

static void
check_member(enum key k)
{
	const struct schema_key *s = &schema[k];
	unsigned home = schema_home(k);

	if (s->member == MEMBER_NONE)
		return;
	assert_true(fits(s->type, s->member));
	assert_int_not_equal(home, 0);
	assert_int_equal(home & (home - 1), 0); /* one bit */
	if (s->member == MEMBER_U16)
		assert_true(largest(s) <= UINT16_MAX);
	if (s->member == MEMBER_UNSIGNED)
		assert_true(largest(s) <= UINT_MAX);
	/* Each pair of pool and user has a copy of its group's struct. */
	if (home == IN_TEST)
		assert_true(s->member != MEMBER_TEXT && s->member != MEMBER_TEXTS);
	for (enum key other = 0; other < k; other++)
		if (schema[other].member != MEMBER_NONE && schema_home(other) == home)
			assert_int_not_equal(schema[other].offset, s->offset);
}

static void
check_texts(enum key k)
{
	const struct schema_key *s = &schema[k];
	unsigned index;

	assert_int_equal(s->type == TYPE_WORD, s->words != NULL);
	assert_true(s->check == NULL || s->wanted != NULL);
	if (s->type == TYPE_WORD && s->standard != NULL)
		assert_true(schema_word(k, s->standard, &index));
	for (size_t i = 0; s->later != NULL && s->later[i] != NULL; i++)
		assert_false(schema_word(k, s->later[i], &index));
	if (s->check != NULL && s->standard != NULL)
		assert_true(s->check(s->standard));
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
	assert_int_equal(s->required & ~s->places, 0);
	if (s->standard != NULL && (s->type == TYPE_COUNT || s->type == TYPE_DURATION))
		assert_true(standard > 0 && standard >= s->min && standard <= s->max);
	check_texts(k);
	check_member(k);
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

/* Words become enums of others by their index. */
static void
words_are_those_of_their_enums(void **state)
{
	const char *const *words = schema[KEY_TLS_MIN].words;
	enum tls_version version;
	enum tls_inner_check check;
	unsigned n;

	(void)state;
	for (n = 0; words[n] != NULL; n++) {
		assert_true(tls_version_by_name(str_of(words[n]), &version));
		assert_int_equal(version, n);
	}
	assert_int_equal(n, TLS_VERSION_COUNT);
	words = schema[KEY_INNER_CERTIFICATE].words;
	for (n = 0; words[n] != NULL; n++) {
		assert_true(tls_inner_check_by_name(str_of(words[n]), &check));
		assert_int_equal(check, n);
	}
	assert_int_equal(n, TLS_INNER_CHECK_COUNT);
}

/* Each way to authenticate can be configured, and nothing else. */
static void
words_are_those_of_methods(void **state)
{
	const char *const *words = schema[KEY_AUTHENTICATION].words;
	size_t n = 0;

	(void)state;
	for (; auth_methods[n] != NULL; n++)
		assert_string_equal(words[n], auth_methods[n]->name);
	assert_null(words[n]);
	assert_string_equal(schema[KEY_AUTHENTICATION].standard, auth_methods[0]->name);
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
    TEST(every_row_is_sound), TEST(words_are_those_of_their_enums),
    TEST(words_are_those_of_methods), TEST(map_finds_what_was_put_in));
