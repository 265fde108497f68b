/* config: schedules and maintenance, as they are given and as they are inherited. */
#include <string.h>

#include "../cases.h"
#include "base/calendar.h"
#include "base/text.h"
#include "base/zone.h"
#include "place.h"

static const struct timing_case {
	const char *name, *defaults, *test;
	uint64_t every_s, jitter_s;
	unsigned at, active; /* how many */
	const char *zone;    /* of the calendar */
	bool on_start;
} timing_cases[] = {
	{ "nothing", "", "", 300, 0, 0, 0, NULL, false },
	{ "one time", "", "schedule = { at = \"06:00\"; timezone = \"UTC\"; };", 300, 0,
	    1, 0, "UTC", false },
	{ "times", "",
	    "schedule = { at = [ \"Mon..Fri 07:30\", \"13:00\" ]; "
	    "timezone = \"Europe/Dublin\"; };",
	    300, 0, 2, 0, "Europe/Dublin", false },
	{ "the zone of the defaults", "timezone = \"Asia/Kolkata\";",
	    "schedule = { at = \"06:00\"; };", 300, 0, 1, 0, "Asia/Kolkata", false },
	{ "windows", "every = \"10m\";",
	    "schedule = { active = [ "
	    "\"Mon..Fri 08:00-18:00\", \"Sat 10:00-12:00\" ]; timezone = \"UTC\"; "
	    "jitter = \"10m\"; };",
	    600, 600, 0, 2, "UTC", false },
	{ "on start", "", "schedule = { run_on_start = true; };", 300, 0, 0, 0, NULL,
	    true },
	{ "the defaults' schedule", "timezone = \"UTC\"; schedule = { at = \"06:00\"; };",
	    "", 300, 0, 1, 0, "UTC", false },
	{ "another than the defaults'", "schedule = { at = \"06:00\"; };",
	    "every = \"1m\";", 60, 0, 0, 0, NULL, false },
	{ "all of another", "schedule = { jitter = \"1m\"; };",
	    "schedule = { every = \"1h\"; };", 3600, 0, 0, 0, NULL, false },
};

static void
check_timing(void **state)
{
	const struct timing_case *tc = *state;
	const struct config_timing *t;
	const struct calendar *calendar;
	char text[2048];
	struct config *c;

	snprintf(text, sizeof(text),
	    "defaults: { %s };\n" USERS POOLS
	    "tests: ( { pool = \"one.x.org\"; user = \"sip:alice@x.org\"; %s } );\n",
	    tc->defaults, tc->test);
	c = place_config(text);
	t = &c->tests[0].timing;
	calendar = t->at != NULL ? t->at : t->active;
	assert_int_equal(t->every_ms, tc->every_s * 1000);
	assert_int_equal(t->jitter_ms, tc->jitter_s * 1000);
	assert_int_equal(t->run_on_start, tc->on_start);
	assert_int_equal(t->at == NULL ? 0 : t->at->n, tc->at);
	assert_int_equal(t->active == NULL ? 0 : t->active->n, tc->active);
	if (tc->zone != NULL)
		assert_string_equal(zone_name(calendar->zone), tc->zone);
	config_unref(c);
}

#define FOUR                                                                             \
	"tests: ( { pools = [ \"one.x.org\", \"two.x.org\" ]; "                          \
	"users = [ \"sip:alice@x.org\", \"sip:bob@x.org\" ]; } );\n"

static const struct maintenance_case {
	const char *name, *which;
	const char *want; /* one/alice one/bob two/alice two/bob */
} maintenance_cases[] = {
	{ "everything", "", "1111" },
	{ "a pool", "pool = \"two.x.org\";", "0011" },
	{ "pools", "pools = [ \"one.x.org\", \"two.x.org\" ];", "1111" },
	{ "a test", "tests = \"two/alice\";", "0010" },
	{ "tests", "tests = [ \"two/bob\", \"one/alice\" ];", "1001" },
	{ "a pool and a test", "pools = [ \"one.x.org\" ]; tests = \"two/bob\";",
	    "1101" },
};

static void
check_maintenance(void **state)
{
	const struct maintenance_case *tc = *state;
	const struct config_maintenance *m;
	char text[2048];
	struct config *c;

	snprintf(text, sizeof(text),
	    USERS POOLS FOUR "maintenance: ( { at = \"Sun 02:00\"; for = \"2h\"; "
			     "reason = \"patching\"; %s } );\n",
	    tc->which);
	c = place_config(text);
	assert_int_equal(c->nmaintenance, 1);
	m = &c->maintenance[0];
	assert_int_equal(m->for_ms, 7200000);
	assert_string_equal(m->reason, "patching");
	assert_int_equal(m->place.line, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
		    config_maintains(c, m, &c->tests[i]), tc->want[i] == '1');
	config_unref(c);
}

static const struct bad_case {
	const char *name, *maintenance, *want;
} bad_cases[] = {
	{ "neither when nor how long", "",
	    "4: \"at\" is missing from a maintenance; it must be the time when it "
	    "begins, such as \"Sun 02:00\"\n"
	    "c.conf:4: \"for\" is missing from a maintenance; it must be a duration in "
	    "double quotes, such as \"30s\" or \"5m\"\n" },
	{ "a pool that is none", "at = \"02:00\"; for = \"2h\"; pool = \"on.x.org\";",
	    "4: no pool \"on.x.org\" is configured; did you mean \"one.x.org\"?\n" },
	{ "a test that is none", "at = \"02:00\"; for = \"2h\"; tests = \"one\";",
	    "4: no test \"one\" is configured; it must be the name of one\n" },
	{ "for ever", "at = \"02:00\"; for = \"32d\";",
	    "4: \"for\" is \"32d\"; it must be 1s to 31d\n" },
	{ "a slip", "at = \"02:00\"; for = \"2h\"; reson = \"x\";",
	    "4: \"reson\" is not a key of a maintenance; did you mean \"reason\"?\n" },
};

static void
check_bad(void **state)
{
	const struct bad_case *tc = *state;
	char text[2048], *problems;

	snprintf(text, sizeof(text), USERS POOLS FOUR "maintenance: ( { %s } );\n",
	    tc->maintenance);
	assert_null(place_load(text, &problems));
	assert_true(strlen(problems) > 7);
	assert_string_equal(problems + strlen("c.conf:"), tc->want);
	free(problems);
}

#define PLACED(rows, check) ROWS_WITH(#rows, rows, check, place_enter, place_leave)

RUN_CASES(PLACED(timing_cases, check_timing),
    PLACED(maintenance_cases, check_maintenance), PLACED(bad_cases, check_bad));
