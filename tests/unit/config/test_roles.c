/* config/roles: the standard ones, those of the file, and what is wrong with them. */
#include <string.h>

#include "../cases.h"
#include "vocab/command_id.h"
#include "place.h"

#define GOOD USERS POOLS TESTS

static const struct config_role *
find(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->nroles; i++)
		if (strcmp(c->roles[i].name, name) == 0)
			return &c->roles[i];
	fail_msg("no role %s", name);
	return NULL;
}

static void
standard_roles(void **state)
{
	struct config *c = place_config(GOOD);

	(void)state;
	assert_int_equal(c->nroles, 3);
	assert_int_equal(find(c, "CsAdministrator")->verbs, COMMAND_ALL);
	assert_string_equal(find(c, "CsAdministrator")->groups[0], "cswatch-admin");
	assert_int_equal(
	    find(c, "CsHelpDesk")->verbs, 1u << COMMAND_TEST | 1u << COMMAND_STATUS |
					      1u << COMMAND_SHOW | 1u << COMMAND_HISTORY);
	assert_int_equal(find(c, "CsViewOnlyAdministrator")->verbs,
	    1u << COMMAND_STATUS | 1u << COMMAND_SHOW | 1u << COMMAND_HISTORY |
		1u << COMMAND_REPORT | 1u << COMMAND_CERTIFICATES |
		1u << COMMAND_SCHEDULE | 1u << COMMAND_ROLES);
	assert_string_equal(c->control_socket, "/run/cswatch/control.sock");
	config_unref(c);
}

static void
roles_of_the_file(void **state)
{
	struct config *c = place_config(GOOD
	    "control_socket = \"\";\nroles: (\n"
	    "{ name = \"One\"; groups = [\"4711\", \"root\", \"no-such-group-here\"];"
	    " commands = [\"pause\", \"*\"]; },\n"
	    "{ name = \"Two\"; groups = [\"0\"]; commands = [\"reload\", \"test\"]; });");

	(void)state;
	assert_int_equal(c->nroles, 2);
	assert_int_equal(c->roles[0].ngroups, 3);
	assert_int_equal(c->roles[0].gids[0], 4711);
	assert_int_equal(c->roles[0].gids[1], 0);
	assert_int_equal(c->roles[0].gids[2], -1);
	assert_int_equal(c->roles[0].verbs, COMMAND_ALL);
	assert_int_equal(c->roles[1].verbs, 1u << COMMAND_RELOAD | 1u << COMMAND_TEST);
	assert_string_equal(c->control_socket, "");
	config_unref(c);
}

static void
an_empty_list_leaves_root_alone(void **state)
{
	struct config *c = place_config(GOOD "roles: ( );");

	(void)state;
	assert_int_equal(c->nroles, 0);
	config_unref(c);
}

static const struct wrong_case {
	const char *name, *text, *want;
} wrong_cases[] = {
	{ "a slip in a command",
	    "roles: ( { name = \"A\"; groups = [\"adm\"];\ncommands = [\"statsu\"]; } );",
	    "c.conf:5: there is no command \"statsu\"; did you mean \"status\"?\n" },
	{ "no command at all",
	    "roles: ( { name = \"A\"; groups = [\"adm\"];\ncommands = [\"format\"]; } );",
	    "c.conf:5: there is no command \"format\"; it must be \"*\" or a command of "
	    "cswatch(1)\n" },
	{ "nothing said", "roles: ( { } );",
	    "c.conf:4: \"commands\" is missing from a role; it must be [ \"*\" ] or a "
	    "list of commands of cswatch(1)\n"
	    "c.conf:4: \"groups\" is missing from a role; it must be a list of groups of "
	    "this machine\n"
	    "c.conf:4: \"name\" is missing from a role; it must be a name such as "
	    "\"CsHelpDesk\"\n" },
	{ "twice",
	    "roles: ( { name = \"A\"; groups = [\"adm\"]; commands = [\"*\"]; },\n"
	    "{ name = \"a\"; groups = [\"adm\"]; commands = [\"*\"]; } );",
	    "c.conf:5: role a is defined again; it is already at c.conf:4\n" },
};

static int
by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The order of problems in one line is not what is tested here. */
static void
check_wrong(void **state)
{
	const struct wrong_case *c = *state;
	char text[2000], *got, *lines[8], sorted[2000] = "";
	size_t n = 0;

	snprintf(text, sizeof(text), "%s%s", GOOD, c->text);
	assert_null(place_load(text, &got));
	for (char *p = got; n < 8 && *p != '\0'; n++) {
		char *end = strchr(p, '\n');

		lines[n] = p;
		*end = '\0';
		p = end + 1;
	}
	qsort(lines, n, sizeof(*lines), by_line);
	for (size_t i = 0; i < n; i++) {
		size_t at = strlen(sorted);

		snprintf(sorted + at, sizeof(sorted) - at, "%s\n", lines[i]);
	}
	assert_string_equal(sorted, c->want);
	free(got);
}

static void
too_many_groups(void **state)
{
	char text[4000] = GOOD "roles: ( { name = \"A\"; commands = [\"*\"]; groups = [";
	char *got;

	(void)state;
	for (int i = 0; i <= CONFIG_GROUPS_MAX; i++)
		strncat(text, i == 0 ? "\"1\"" : ",\"1\"", 5);
	strncat(text, "]; } );", 10);
	assert_null(place_load(text, &got));
	assert_string_equal(
	    got, "c.conf:4: a role has too many groups; at most 100 are allowed\n");
	free(got);
}

#define PLACED(function) TEST_WITH(function, place_enter, place_leave)

RUN_CASES(PLACED(standard_roles), PLACED(roles_of_the_file),
    PLACED(an_empty_list_leaves_root_alone),
    ROWS_WITH("wrong", wrong_cases, check_wrong, place_enter, place_leave),
    PLACED(too_many_groups));
