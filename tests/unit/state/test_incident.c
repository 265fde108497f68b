/* state/incident: the same alert has the same name, whoever asks; others have others. */
#include "../cases.h"
#include "state/incident.h"

#define BEGAN 1795352652103

static const struct name_case {
	const char *name, *host, *kind, *subject;
	int64_t began_ms;
	bool same; /* as the first */
} name_cases[] = {
	{ "again", "watch1", "test", "atl-cs-001/kenmyer", BEGAN, true },
	{ "another time", "watch1", "test", "atl-cs-001/kenmyer", BEGAN + 1, false },
	{ "another test", "watch1", "test", "atl-cs-001/pilar", BEGAN, false },
	{ "a pool of that name", "watch1", "pool", "atl-cs-001/kenmyer", BEGAN, false },
	{ "another host", "watch2", "test", "atl-cs-001/kenmyer", BEGAN, false },
	{ "other words of the same letters", "atl-cs-001/kenmyerwatch1", "test", "",
	    BEGAN, false },
};

static void
check_name(void **state)
{
	const struct name_case *c = *state;
	char first[INCIDENT_SIZE], name[INCIDENT_SIZE];

	incident_name(first, "watch1", "test", "atl-cs-001/kenmyer", BEGAN);
	incident_name(name, c->host, c->kind, c->subject, c->began_ms);
	assert_int_equal(strlen(name), 8);
	assert_int_equal(strspn(name, "0123456789abcdef"), 8);
	assert_int_equal(strcmp(first, name) == 0, c->same);
}

/* A later version must not give an alert that is active another name. */
static void
is_for_ever(void **state)
{
	char name[INCIDENT_SIZE];

	(void)state;
	incident_name(name, "watch1", "test", "atl-cs-001/kenmyer", BEGAN);
	assert_string_equal(name, "73255354");
}

RUN_CASES(ROWS("name", name_cases, check_name), TEST(is_for_ever));
