/* vocab/error_id: a sound table, and what the numbers of servers prove. */
#include <string.h>

#include "../cases.h"
#include "vocab/error_id.h"

static const struct cause_case {
	const char *name;
	enum error_carrier carrier;
	unsigned id;
	enum cause want;
} cause_cases[] = {
	{ "unknown user", ERROR_OF_SIP, 1003, CAUSE_DISABLED },
	{ "not enabled for SIP", ERROR_OF_SIP, 4005, CAUSE_DISABLED },
	{ "not in this pool", ERROR_OF_SIP, 4006, CAUSE_DISABLED },
	{ "disabled", ERROR_OF_SIP, 4141, CAUSE_DISABLED },
	{ "a policy", ERROR_OF_SIP, 4003, CAUSE_NONE },
	{ "a domain that is not served", ERROR_OF_SIP, 1005, CAUSE_SIP },
	{ "DNS of the server", ERROR_OF_SIP, 1008, CAUSE_SIP },
	{ "certificates between servers", ERROR_OF_SIP, 1010, CAUSE_SIP },
	{ "another account", ERROR_OF_SIP, 4004, CAUSE_AUTH },
	{ "clocks", ERROR_OF_SIP, 1013, CAUSE_AUTH },
	{ "an OAuth token is wanted", ERROR_OF_WEB, 28055, CAUSE_NOT_OFFERED },
	{ "the last leg", ERROR_OF_SIP, 1000, CAUSE_NONE },
	{ "a number that nobody knows", ERROR_OF_SIP, 4999, CAUSE_NONE },
	{ "none", ERROR_OF_SIP, 0, CAUSE_NONE },
	{ "not SIP enabled", ERROR_OF_WEB, 28000, CAUSE_DISABLED },
	{ "no token", ERROR_OF_WEB, 28020, CAUSE_NONE },
	{ "a registrar's, from a web service", ERROR_OF_WEB, 4005, CAUSE_NONE },
	{ "a web service's, from a registrar", ERROR_OF_SIP, 28000, CAUSE_NONE },
};

static void
check_cause(void **state)
{
	const struct cause_case *c = *state;

	assert_int_equal(error_id_cause(c->carrier, c->id), c->want);
}

static const struct origin_case {
	const char *name;
	unsigned id;
	const char *want;
} origin_cases[] = {
	{ "first", 0, "all servers" },
	{ "last of a range", 1999, "the SIP stack" },
	{ "first of the next", 2000, "user services, presence" },
	{ "web", 28999, "web authentication" },
	{ "between ranges", 18000, NULL },
	{ "beyond", 29000, NULL },
	{ "far beyond", 4294967295u, NULL },
};

static void
check_origin(void **state)
{
	const struct origin_case *c = *state;
	const char *got = error_id_origin(c->id);

	if (c->want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, c->want);
}

static void
is_part_of_sentence(const char *text)
{
	assert_true(text[0] != '\0');
	assert_true(text[0] < 'A' || text[0] > 'Z' || text[1] < 'a');
	assert_int_not_equal(text[strlen(text) - 1], '.');
}

static void
the_table_is_sound(void **state)
{
	const struct error_id *id, *last = NULL;
	size_t n;

	(void)state;
	for (n = 0; (id = error_id_nth(n)) != NULL; n++) {
		assert_true(last == NULL || id->id > last->id);
		assert_ptr_equal(error_id_find(id->id), id);
		assert_non_null(error_id_origin(id->id));
		is_part_of_sentence(id->meaning);
		assert_true(id->source[0] != '\0');
		if (id->advice != NULL)
			assert_int_equal(id->advice[strlen(id->advice) - 1], '.');
		last = id;
	}
	assert_true(n > 50);
	assert_null(error_id_find(4999));
	assert_null(error_id_find(4294967295u));
}

/* Those that a failed logon is known to come with. */
static void
the_common_ones_have_advice(void **state)
{
	static const unsigned ids[] = { 2, 1000, 1003, 1010, 1013, 4003, 4004, 4005, 4006,
		4141, 17002, 28000, 28001, 28020 };

	(void)state;
	for (size_t i = 0; i < NROWS(ids); i++) {
		assert_non_null(error_id_find(ids[i]));
		assert_non_null(error_id_find(ids[i])->advice);
	}
}

RUN_CASES(ROWS("cause", cause_cases, check_cause),
    ROWS("origin", origin_cases, check_origin), TEST(the_table_is_sound),
    TEST(the_common_ones_have_advice));
