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

/* The default of a key as the documents have it; NULL: none. */
static const char *
standard_of(enum key k)
{
	const char *s = schema[k].standard;

	if (s == NULL || s[0] == '\0')
		return NULL;
	/* These two are known when the program is configured. */
	if (k == KEY_STATE_DIRECTORY) {
		assert_non_null(strstr(s, "/lib/cswatch"));
		return "/var/lib/cswatch";
	}
	if (k == KEY_USER_AGENT) {
		assert_memory_equal(s, "cswatch/", strlen("cswatch/"));
		return "cswatch/VERSION";
	}
	return s;
}

static bool
is_quoted(enum key k)
{
	return schema[k].type != TYPE_COUNT && schema[k].type != TYPE_BOOL;
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

/* Whether a commented line is the default of its key, or of its namesake's. */
static bool
shows_default(const char *line)
{
	char want[128];
	bool has_default = false;

	for (enum key k = 0; k < KEY_COUNT; k++) {
		const char *name = schema[k].name, *standard = standard_of(k);
		size_t len = strlen(name);

		if (strncmp(line, name, len) != 0 || strncmp(line + len, " = ", 3) != 0)
			continue;
		if (standard == NULL || k == KEY_USER_AGENT)
			continue;
		has_default = true;
		snprintf(want, sizeof(want), is_quoted(k) ? "\"%s\";" : "%s;", standard);
		if (strncmp(line + len + 3, want, strlen(want)) == 0)
			return true;
	}
	return !has_default;
}

/* "#key = value;" at the start of a line, but for blanks. */
static void
comments_of_the_example_are_defaults(void **state)
{
	char *text = read_document("etc/cswatch.conf.example");
	unsigned n = 0;

	(void)state;
	for (char *p = text, *end; (end = strchr(p, '\n')) != NULL; p = end + 1) {
		*end = '\0';
		p += strspn(p, " \t");
		if (p[0] != '#' || p[1] < 'a' || p[1] > 'z')
			continue;
		n++;
		if (!shows_default(p + 1))
			fail_msg("the example has another default: %s", p + 1);
	}
	assert_true(n > 10);
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

/* The key's own paragraph: where it begins; the end of the section when it is missing. */
static const char *
paragraph(const char *text, const char *name)
{
	char key[80];
	const char *at;

	snprintf(key, sizeof(key), ".BR %s \" = ", name);
	at = strstr(text, key);
	if (at == NULL) { /* "pool = ..., pools = ..." */
		snprintf(key, sizeof(key), "\" %s \" = ", name);
		at = strstr(text, key);
	}
	return at;
}

static bool
is_in_paragraph(const char *at, const char *line)
{
	const char *end = strstr(at, ".TP\n");

	at = strstr(at, line);
	return at != NULL && (end == NULL || at < end);
}

/* With its default as it is, or that it is required. */
static void
page_has(const char *text, unsigned place, enum key k)
{
	char standard[128];
	const char *at = paragraph(text, schema[k].name);

	if (at == NULL)
		fail_msg("%s is not in the manual page", schema[k].name);
	if ((schema[k].required & place) != 0 && !is_in_paragraph(at, "\nRequired"))
		fail_msg("%s is required, says the table", schema[k].name);
	if (standard_of(k) == NULL)
		return;
	snprintf(standard, sizeof(standard),
	    is_quoted(k) ? "\nDefault: \\(dq%s\\(dq.\n" : "\nDefault: %s.\n",
	    standard_of(k));
	if (!is_in_paragraph(at, standard))
		fail_msg(
		    "%s: the manual page has no \"%s\"", schema[k].name, standard + 1);
}

/* Every word before an equals sign in the headings of paragraphs is a key. */
static unsigned
headings_are_keys(const char *text, unsigned place)
{
	char name[64];
	unsigned n = 0;

	for (const char *p = text; (p = strstr(p, "\n.BR ")) != NULL;) {
		const char *end = strchr(++p, '\n'), *equals;

		for (p += 4; (equals = strstr(p, " \" = ")) != NULL && equals < end;
		    p = equals + 5) {
			const char *start = equals;

			while (start > p && start[-1] != ' ' && start[-1] != '"')
				start--;
			snprintf(
			    name, sizeof(name), "%.*s", (int)(equals - start), start);
			if (schema_find(name, place) == KEY_COUNT)
				fail_msg("there is no key %s in %s", name,
				    schema_place_name(place));
			n++;
		}
	}
	return n;
}

static void
check_section(void **state)
{
	const struct section_case *c = *state;
	char *page = read_document("doc/cswatch.conf.5");
	const char *text = section(page, c->name);
	unsigned n = 0;

	for (enum key k = 0; k < KEY_COUNT; k++) {
		if ((schema[k].places & c->place) == 0)
			continue;
		page_has(text, c->place, k);
		n++;
	}
	assert_int_equal(headings_are_keys(text, c->place), n);
	free(page);
}

/* What may stand in defaults is listed there. */
static void
the_page_lists_the_defaults(void **state)
{
	char *page = read_document("doc/cswatch.conf.5");
	char *text = section(page, "TOP LEVEL"), *end, name[64];
	const char *at = paragraph(text, "defaults");

	(void)state;
	assert_non_null(at);
	end = strstr(at, ".TP\n");
	assert_non_null(end);
	*end = '\0';
	for (enum key k = 0; k < KEY_COUNT; k++) {
		snprintf(name, sizeof(name), " %s", schema[k].name);
		if ((schema[k].places & IN_DEFAULTS) != 0 && strstr(at, name) == NULL)
			fail_msg("%s is not in the list of defaults", schema[k].name);
	}
	free(page);
}

#define PLACED(function) TEST_WITH(function, place_enter, place_leave)

RUN_CASES(PLACED(the_example_is_good), PLACED(the_example_is_good_with_every_key),
    TEST(every_key_is_in_the_example), TEST(comments_of_the_example_are_defaults),
    ROWS("page", section_cases, check_section), TEST(the_page_lists_the_defaults));
