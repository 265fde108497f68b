/* The example and the manual page are what the schema is. */
#include <string.h>

#include "../cases.h"
#include "config/schema.h"
#include "place.h"

#define DOCUMENT_MAX 100000

/* Of the source tree; the caller frees it. */
static char *
read_document(const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[4096], *text = calloc(1, DOCUMENT_MAX);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", top == NULL ? "." : top, name);
	f = fopen(path, "r");
	assert_non_null(text);
	assert_non_null(f);
	assert_true(fread(text, 1, DOCUMENT_MAX - 1, f) > 1000);
	fclose(f);
	return text;
}

static void
the_example_is_good(void **state)
{
	char *text = read_document("etc/cswatch.conf.example");
	struct config *c;

	(void)state;
	place_file("secrets/kenmyer", 0600, "x\n");
	place_file("secrets/pilar", 0600, "y\n");
	c = place_config(text);
	assert_int_equal(c->ntests, 5);
	assert_string_equal(c->tests[0].name, "atl-cs-001/kenmyer");
	assert_string_equal(c->tests[1].name, "dub-cs-001/kenmyer");
	assert_string_equal(c->tests[2].name, "litwareinc.com/kenmyer");
	assert_string_equal(c->tests[3].name, "pilar-hourly");
	assert_int_equal(c->tests[3].timing.every_ms, 3600000);
	assert_string_equal(c->tests[4].name, "pilar-mornings");
	assert_non_null(c->tests[4].timing.at);
	assert_int_equal(c->nmaintenance, 1);
	config_unref(c);
	free(text);
}

/* "#key = value;" at the start of a line, but for blanks, loses its "#". */
static void
uncomment(char *text)
{
	bool start = true;

	for (char *p = text; *p != '\0'; p++) {
		if (start && p[0] == '#' && p[1] >= 'a' && p[1] <= 'z')
			*p = ' ';
		start = *p == '\n' || (start && (*p == ' ' || *p == '\t'));
	}
}

static void
the_example_is_good_with_every_key(void **state)
{
	char *text = read_document("etc/cswatch.conf.example");
	struct config *c;

	(void)state;
	place_file("secrets/kenmyer", 0600, "x\n");
	place_file("secrets/pilar", 0600, "y\n");
	place_file("litware-ca.pem", 0644, place_ca);
	uncomment(text);
	c = place_config(text);
	assert_string_equal(c->epid, "STEpidwatch1");
	assert_string_equal(c->pools[1].address, "10.1.2.3");
	config_unref(c);
	free(text);
}

static void
example_has(const char *text, enum key k)
{
	char with_equals[64], with_colon[64];

	snprintf(with_equals, sizeof(with_equals), "%s = ", schema[k].name);
	snprintf(with_colon, sizeof(with_colon), "%s: ", schema[k].name);
	if (strstr(text, with_equals) == NULL && strstr(text, with_colon) == NULL)
		fail_msg("%s is not in the example", schema[k].name);
}

static void
every_key_is_in_the_example(void **state)
{
	char *text = read_document("etc/cswatch.conf.example");

	(void)state;
	for (enum key k = 0; k < KEY_COUNT; k++)
		example_has(text, k);
	free(text);
}

/* The page's section for a place; defaults refers to the others. */
static const struct section_case {
	const char *name;
	unsigned place;
} section_cases[] = {
	{ "TOP LEVEL", IN_TOP },
	{ "USERS", IN_USER },
	{ "POOLS", IN_POOL },
	{ "TESTS", IN_TEST },
	{ "SCHEDULES", IN_SCHEDULE },
	{ "MAINTENANCE", IN_MAINTENANCE },
	{ "ROLES", IN_ROLE },
};

/* From its heading to the next. */
static char *
section(char *page, const char *name)
{
	char heading[64], *start, *end;

	snprintf(heading, sizeof(heading), "\n.SH %s\n", name);
	start = strstr(page, heading);
	assert_non_null(start);
	start += strlen(heading);
	end = strstr(start, "\n.SH ");
	assert_non_null(end);
	end[1] = '\0';
	return start;
}

/* The key's own paragraph, with its default as it is. */
static void
page_has(const char *text, enum key k)
{
	char key[80], standard[128];
	const char *at, *end;

	snprintf(key, sizeof(key), ".BR %s \" = ", schema[k].name);
	at = strstr(text, key);
	if (at == NULL) { /* "pool = ..., pools = ..." */
		snprintf(key, sizeof(key), "\" %s \" = ", schema[k].name);
		at = strstr(text, key);
	}
	if (at == NULL)
		fail_msg("%s is not in the manual page", schema[k].name);
	if (schema[k].standard == NULL || schema[k].type == TYPE_STRING)
		return;
	snprintf(standard, sizeof(standard), "Default: %s%s%s.\n",
	    schema[k].type == TYPE_DURATION ? "\\(dq" : "", schema[k].standard,
	    schema[k].type == TYPE_DURATION ? "\\(dq" : "");
	end = strstr(at, ".TP\n");
	at = strstr(at, standard);
	if (at == NULL || (end != NULL && at > end))
		fail_msg("%s: the manual page has no \"%s\"", schema[k].name, standard);
}

static void
check_section(void **state)
{
	const struct section_case *c = *state;
	char *page = read_document("doc/cswatch.conf.5");
	const char *text = section(page, c->name);

	for (enum key k = 0; k < KEY_COUNT; k++)
		if ((schema[k].places & c->place) != 0)
			page_has(text, k);
	free(page);
}

#define PLACED(function) TEST_WITH(function, place_enter, place_leave)

RUN_CASES(PLACED(the_example_is_good), PLACED(the_example_is_good_with_every_key),
    TEST(every_key_is_in_the_example), ROWS("page", section_cases, check_section));
