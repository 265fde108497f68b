/* vocab/vocab and vocab/events: names are complete, distinct and well formed. */
#include <stdbool.h>
#include <string.h>

#include "../cases.h"
#include "vocab/events.h"
#include "vocab/command_id.h"
#include "vocab/vocab.h"

static const char *
name_of_step(unsigned i)
{
	return step_name((enum step_id)i);
}

static const char *
name_of_cause(unsigned i)
{
	return cause_name((enum cause)i);
}

static const char *
name_of_warning(unsigned i)
{
	return warning_name((enum warning)i);
}

static const char *
name_of_verb(unsigned i)
{
	return command_id_name((enum command_id)i);
}

static const char *
name_of_event(unsigned i)
{
	return event_name((enum event_id)i);
}

static const char *
message_id_of_event(unsigned i)
{
	return event_message_id((enum event_id)i);
}

static const struct list_case {
	const char *name;
	const char *(*name_of)(unsigned i);
	unsigned count;
	const char *alphabet;
	const char *beyond; /* any other's name; NULL: not to be asked */
} list_cases[] = {
	{ "steps", name_of_step, STEP_COUNT, "abcdefghijklmnopqrstuvwxyz-", "none" },
	{ "causes", name_of_cause, CAUSE_COUNT, "abcdefghijklmnopqrstuvwxyz-",
	    "unknown" },
	{ "warnings", name_of_warning, WARNING_COUNT, "abcdefghijklmnopqrstuvwxyz-",
	    "unknown" },
	{ "verbs", name_of_verb, COMMAND_COUNT, "abcdefghijklmnopqrstuvwxyz", NULL },
	{ "events", name_of_event, EVENT_COUNT, "abcdefghijklmnopqrstuvwxyz.", NULL },
	{ "message identifiers", message_id_of_event, EVENT_COUNT, "0123456789abcdef",
	    NULL },
};

static void
check_list(void **state)
{
	const struct list_case *c = *state;

	for (unsigned i = 0; i < c->count; i++) {
		const char *name = c->name_of(i);

		assert_non_null(name);
		assert_true(name[0] != '\0');
		assert_int_equal(strspn(name, c->alphabet), strlen(name));
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(name, c->name_of(j));
		assert_string_not_equal(name, "unknown"); /* a gap in the switch */
	}
	if (c->beyond != NULL) {
		assert_string_equal(c->name_of(c->count), c->beyond);
		assert_string_equal(c->name_of(1000), c->beyond);
	}
}

static void
message_identifiers_have_32_digits(void **state)
{
	(void)state;
	for (unsigned i = 0; i < EVENT_COUNT; i++)
		assert_int_equal(strlen(message_id_of_event(i)), 32);
}

static void
steps_are_found_by_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		enum step_id got = STEP_COUNT;

		assert_true(step_by_name(str_of(name_of_step(i)), &got));
		assert_int_equal(got, i);
	}
}

static const struct lookup_case {
	const char *name, *in;
} lookup_cases[] = {
	{ "no step's name", "none" },
	{ "other case", "Resolve" },
	{ "prefix", "resolv" },
	{ "longer", "resolver" },
	{ "empty", "" },
	{ "no text", NULL },
};

static void
check_lookup(void **state)
{
	const struct lookup_case *c = *state;
	enum step_id got = STEP_REGISTER;

	assert_false(step_by_name(str_of(c->in), &got));
	assert_int_equal(got, STEP_REGISTER);
}

static void
warnings_fit_into_bits(void **state)
{
	(void)state;
	assert_true(WARNING_COUNT <= 8 * sizeof(unsigned));
}

RUN_CASES(ROWS("list", list_cases, check_list), TEST(message_identifiers_have_32_digits),
    TEST(steps_are_found_by_name), ROWS("no step", lookup_cases, check_lookup),
    TEST(warnings_fit_into_bits));
