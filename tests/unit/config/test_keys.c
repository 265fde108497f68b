/* config/keys.def: what a row says of its key is what the loader does with it. */
#include <string.h>

#include "../cases.h"
#include "config/schema.h"
#include "place.h"

#define TEXT_MAX 8192

/* A good configuration around a group; a member gives way to a key of its name. */
static const struct surroundings {
	const char *name;
	unsigned place;
	const char *before;
	const char *members[4];
	const char *after;
} surroundings[] = {
	{ "the top", IN_TOP, "", { USERS, POOLS, TESTS }, "" },
	{ "defaults", IN_DEFAULTS, USERS POOLS TESTS "defaults: { ", { NULL }, " };\n" },
	{ "a user", IN_USER, POOLS TESTS "users: ( { ",
	    { "sip = \"sip:alice@x.org\"; ", "username = \"X\\\\alice\"; ",
		"secret = \"alice\"; " },
	    " } );\n" },
	{ "a pool", IN_POOL, USERS TESTS "pools: ( { fqdn = \"one.x.org\"; }, { ",
	    { "fqdn = \"two.x.org\"; " }, " } );\n" },
	{ "a test", IN_TEST, USERS POOLS "tests: ( { ",
	    { "pool = \"one.x.org\"; ", "user = \"sip:alice@x.org\"; " }, " } );\n" },
	{ "a schedule", IN_SCHEDULE,
	    USERS POOLS "tests: ( { pool = \"one.x.org\"; user = \"sip:alice@x.org\"; "
			"schedule: { ",
	    { "every = \"366d\"; " }, " }; } );\n" },
	{ "a maintenance", IN_MAINTENANCE, USERS POOLS TESTS "maintenance: ( { ",
	    { "at = \"Sun 02:00\"; ", "for = \"1h\"; " }, " } );\n" },
	{ "a role", IN_ROLE, USERS POOLS TESTS "roles: ( { ",
	    { "name = \"R\"; ", "groups = [ \"0\" ]; ", "commands = [ \"*\" ]; " },
	    " } );\n" },
};

static bool
is_of_key(const char *member, const char *name)
{
	size_t len = strlen(name);

	return strncmp(member, name, len) == 0 && strchr(" :", member[len]) != NULL;
}

/* Pools that are found have keys of their own: then the pool is a domain. */
static bool
is_of_domains(const char *name)
{
	return strncmp(name, "discovery_", strlen("discovery_")) == 0;
}

/* The whole file, with "name = value;" in that place. */
static void
write_file(char dst[TEXT_MAX], unsigned place, const char *name, const char *value)
{
	const struct surroundings *s = surroundings;
	size_t at;

	while (s->place != place)
		s++;
	at = (size_t)snprintf(dst, TEXT_MAX, "%s", s->before);
	for (size_t i = 0; i < NROWS(s->members) && s->members[i] != NULL; i++) {
		const char *member = s->members[i];

		if (place == IN_POOL && is_of_domains(name))
			member = "domain = \"x.org\"; ";
		if (!is_of_key(member, name))
			at += (size_t)snprintf(dst + at, TEXT_MAX - at, "%s", member);
	}
	at += (size_t)snprintf(
	    dst + at, TEXT_MAX - at, "%s = %s;%s", name, value, s->after);
	assert_true(at < TEXT_MAX);
}

/* The struct of c that has the key's member. */
static const void *
object_of(const struct config *c, enum key k)
{
	switch (schema_home(k)) {
	case IN_TOP:
		return c;
	case IN_USER:
		return &c->users[0];
	case IN_POOL:
		return &c->pools[1];
	case IN_TEST:
		return &c->tests[0];
	case IN_SCHEDULE:
		return &c->tests[0].timing;
	case IN_MAINTENANCE:
		return &c->maintenance[0];
	}
	fail_msg("%s: no struct", schema[k].name);
	return NULL;
}

static uint64_t
member_of(const struct config *c, enum key k)
{
	const void *at = (const char *)object_of(c, k) + schema[k].offset;

	switch (schema[k].member) {
	case MEMBER_BOOL:
		return *(const bool *)at;
	case MEMBER_U16:
		return *(const uint16_t *)at;
	case MEMBER_UNSIGNED:
		return *(const unsigned *)at;
	case MEMBER_U64:
		return *(const uint64_t *)at;
	default:
		return 0;
	}
}

static bool
is_number(enum key k)
{
	return schema[k].type == TYPE_COUNT || schema[k].type == TYPE_DURATION;
}

static void
write_number(char dst[64], enum key k, uint64_t n)
{
	snprintf(dst, 64, schema[k].type == TYPE_COUNT ? "%llu" : "\"%llums\"",
	    (unsigned long long)n);
}

/* value is accepted in that place, and n arrives in the member, if there is one. */
static void
accept(enum key k, unsigned place, const char *value, uint64_t n)
{
	char text[TEXT_MAX], *problems;
	uint64_t unit = schema[k].unit_ms == 0 ? 1 : schema[k].unit_ms;
	struct config *c;

	write_file(text, place, schema[k].name, value);
	c = place_load(text, &problems);
	if (c == NULL)
		fail_msg("%s = %s: %s", schema[k].name, value, problems);
	if (schema[k].member != MEMBER_NONE)
		assert_int_equal(member_of(c, k), (n + unit - 1) / unit);
	free(problems);
	config_unref(c);
}

/* value is refused in that place, with the key's name and what else the problem says. */
static void
refuse(enum key k, unsigned place, const char *value, const char *what)
{
	char text[TEXT_MAX], want[256], *problems;

	write_file(text, place, schema[k].name, value);
	assert_null(place_load(text, &problems));
	snprintf(want, sizeof(want), "\"%s\" %s", schema[k].name, what);
	if (strstr(problems, want) == NULL)
		fail_msg("%s = %s: %s", schema[k].name, value, problems);
	free(problems);
}

static void
check_number(enum key k, unsigned place)
{
	const struct schema_key *s = &schema[k];
	uint64_t standard = schema_standard(k);
	char value[64];

	write_number(value, k, s->min);
	accept(k, place, value, s->min);
	write_number(value, k, s->max);
	accept(k, place, value, s->max);
	if (s->standard != NULL) {
		snprintf(value, sizeof(value), s->type == TYPE_COUNT ? "%s" : "\"%s\"",
		    s->standard);
		accept(k, place, value, standard);
	}
	write_number(value, k, s->max + 1);
	refuse(k, place, value, "is ");
	if (s->min == 0)
		return;
	write_number(value, k, s->min - 1);
	refuse(k, place, value, "is ");
}

static void
check_words(enum key k, unsigned place)
{
	char value[64];

	for (unsigned i = 0; schema[k].words[i] != NULL; i++) {
		snprintf(value, sizeof(value), "\"%s\"", schema[k].words[i]);
		accept(k, place, value, i);
	}
	refuse(k, place, "\"nonsense\"", "is \"nonsense\"");
}

static void
check_length(enum key k, unsigned place)
{
	size_t len = (size_t)schema[k].max + 1;
	char value[TEXT_MAX], wrong[64];

	value[0] = '"';
	memset(value + 1, 'x', len);
	memcpy(value + 1 + len, "\"", 2);
	snprintf(wrong, sizeof(wrong), "is %zu characters long", len);
	refuse(k, place, value, wrong);
	if (schema[k].min > 0)
		refuse(k, place, "\"\"", "is empty");
}

static void
check_key_in(enum key k, unsigned place)
{
	bool quoted = schema[k].type != TYPE_COUNT && schema[k].type != TYPE_BOOL;

	refuse(k, place, quoted ? "3" : "\"x\"", quoted ? "is a number" : "is a string");
	if (is_number(k))
		check_number(k, place);
	else if (schema[k].type == TYPE_WORD)
		check_words(k, place);
	else if (schema[k].type == TYPE_TEXT || schema[k].type == TYPE_PATH)
		check_length(k, place);
	if (schema[k].type == TYPE_BOOL) {
		accept(k, place, "true", 1);
		accept(k, place, "false", 0);
	}
}

static void
check_key(void **state)
{
	const struct schema_key *s = *state;

	for (unsigned bit = 0; bit < IN_COUNT; bit++)
		if ((s->places & 1u << bit) != 0)
			check_key_in((enum key)(s - schema), 1u << bit);
}

/* A group without the key is refused if, and only if, the row says so. */
static void
check_required(void **state)
{
	const struct surroundings *g = *state;
	char text[TEXT_MAX], want[128], *problems;

	snprintf(text, sizeof(text), "%s%s", g->before, g->after);
	config_unref(place_load(text, &problems));
	for (enum key k = 0; k < KEY_COUNT; k++) {
		bool required = (schema[k].required & g->place) != 0;

		/* A user needs a secret or a password. */
		if ((schema[k].places & g->place) == 0 || k == KEY_SECRET)
			continue;
		snprintf(want, sizeof(want), "\"%s\" is missing from ", schema[k].name);
		assert_int_equal(strstr(problems, want) != NULL, required);
	}
	free(problems);
}

RUN_CASES(ROWS_WITH("key", schema, check_key, place_enter, place_leave),
    ROWS_WITH("required", surroundings, check_required, place_enter, place_leave));
