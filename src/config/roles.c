/* roles - who may ask for what: the roles of the file, or the standard ones. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "vocab/command_id.h"
#include "config/loader.h"

#define GROUP_ROOM                                                                       \
	((size_t)1024 * 1024) /* bytes; enough for a group with many members             \
			       */

/* The roles of a configuration without `roles`. */
static const struct standard {
	const char *name, *group;
	unsigned verbs;
} standards[] = {
	{ "CsAdministrator", "cswatch-admin", COMMAND_ALL },
	{ "CsHelpDesk", "helpdesk",
	    1u << COMMAND_TEST | 1u << COMMAND_STATUS | 1u << COMMAND_SHOW |
		1u << COMMAND_HISTORY },
	{ "CsViewOnlyAdministrator", "adm",
	    1u << COMMAND_STATUS | 1u << COMMAND_SHOW | 1u << COMMAND_HISTORY |
		1u << COMMAND_REPORT | 1u << COMMAND_CERTIFICATES |
		1u << COMMAND_SCHEDULE | 1u << COMMAND_ROLES },
};
#define NSTANDARDS (sizeof(standards) / sizeof(standards[0]))

/*
 * Returns the id of a group that is given by name or, as in chown(1), by number; -1 if it
 * does not exist.
 */
static int64_t
group_id(const char *name)
{
	struct group g, *found = NULL;
	uint64_t number;
	char *room;

	if (str_uint(str_of(name), 0, UINT_MAX - 1, &number))
		return (int64_t)number;
	room = malloc(GROUP_ROOM);
	if (room == NULL || getgrnam_r(name, &g, room, GROUP_ROOM, &found) != 0)
		found = NULL;
	number = found == NULL ? 0 : g.gr_gid;
	free(room);
	return found == NULL ? -1 : (int64_t)number;
}

/* Makes room for n groups. Returns false if out of memory. */
static bool
groups_init(struct config_role *r, size_t n)
{
	r->groups = calloc(n + 1, sizeof(*r->groups));
	r->gids = calloc(n + 1, sizeof(*r->gids));
	return r->groups != NULL && r->gids != NULL;
}

static bool
add_group(struct config_role *r, const char *group)
{
	r->groups[r->ngroups] = str_dup(str_of(group));
	if (r->groups[r->ngroups] == NULL)
		return false;
	r->gids[r->ngroups++] = group_id(group);
	return true;
}

static bool
build_standard(struct config *c)
{
	c->roles = calloc(NSTANDARDS, sizeof(*c->roles));
	if (c->roles == NULL)
		return false;
	for (size_t i = 0; i < NSTANDARDS; i++) {
		struct config_role *r = &c->roles[c->nroles++];

		r->name = str_dup(str_of(standards[i].name));
		if (r->name == NULL || !groups_init(r, 1) ||
		    !add_group(r, standards[i].group))
			return false;
		r->verbs = standards[i].verbs;
	}
	return true;
}

static void
unknown_command(struct loader *l, const config_setting_t *s, const char *word)
{
	struct suggest g = suggest_of(word);

	for (enum command_id v = 0; v < COMMAND_COUNT; v++)
		suggest_offer(&g, command_id_name(v));
	if (g.best != NULL)
		problem_add(&l->problems, setting_line(s),
		    "there is no command \"%.64s\"; did you mean \"%s\"?", word, g.best);
	else
		problem_add(&l->problems, setting_line(s),
		    "there is no command \"%.64s\"; it must be \"*\" or a command of "
		    "cswatch(1)",
		    word);
}

static unsigned
read_commands(struct loader *l, const struct values *v)
{
	unsigned n = value_count(v, KEY_ROLE_COMMANDS), verbs = 0;
	enum command_id verb;

	for (unsigned i = 0; i < n; i++) {
		const char *word = value_element(v, KEY_ROLE_COMMANDS, i);

		if (strcmp(word, "*") == 0)
			verbs = COMMAND_ALL;
		else if (command_id_by_name(str_of(word), &verb))
			verbs |= 1u << verb;
		else
			unknown_command(
			    l, value_element_at(v, KEY_ROLE_COMMANDS, i), word);
	}
	return verbs;
}

static void
check_role(struct loader *l, const struct values *v, const char *name)
{
	const struct config *c = l->c;
	char place[PLACE_SIZE];

	for (size_t i = 0; i < c->nroles; i++)
		if (name != NULL && c->roles[i].name != NULL &&
		    str_caseeq(str_of(name), c->roles[i].name))
			problem_add(&l->problems, v->line,
			    "role %s is defined again; it is already at %s", name,
			    place_text(l, c->roles[i].at.line, place, sizeof(place)));
	if (value_count(v, KEY_ROLE_GROUPS) > CONFIG_GROUPS_MAX)
		problem_add(&l->problems, v->line,
		    "a role has too many groups; at most %d are allowed",
		    CONFIG_GROUPS_MAX);
}

static bool
read_role(struct loader *l, const struct values *v, struct config_role *r)
{
	unsigned n = value_count(v, KEY_ROLE_GROUPS);

	check_role(l, v, value_string(v, KEY_ROLE_NAME));
	if (n > CONFIG_GROUPS_MAX)
		n = 0;
	l->c->nroles++;
	if (!values_store(l, v, IN_ROLE, r) || !groups_init(r, n))
		return false;
	for (unsigned i = 0; i < n; i++)
		if (!add_group(r, value_element(v, KEY_ROLE_GROUPS, i)))
			return false;
	r->verbs = read_commands(l, v);
	r->at.line = v->line;
	return true;
}

bool
roles_build(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_ROLES);
	struct config *c = l->c;
	struct values v;

	if (l->top.at[KEY_ROLES] == NULL)
		return build_standard(c);
	if (n > CONFIG_ROLES_MAX) {
		problem_add(&l->problems, setting_line(l->top.at[KEY_ROLES]),
		    "there are too many roles; at most %d are allowed", CONFIG_ROLES_MAX);
		return true;
	}
	c->roles = calloc(n + 1, sizeof(*c->roles));
	if (c->roles == NULL)
		return false;
	for (unsigned i = 0; i < n; i++) {
		values_read(l, value_element_at(&l->top, KEY_ROLES, i), IN_ROLE, &v);
		if (!read_role(l, &v, &c->roles[c->nroles]))
			return false;
	}
	return true;
}

void
roles_free(struct config *c)
{
	for (size_t i = 0; i < c->nroles; i++) {
		for (size_t j = 0; j < c->roles[i].ngroups; j++)
			free(c->roles[i].groups[j]);
		free(c->roles[i].groups);
		free(c->roles[i].gids);
		values_free_texts(IN_ROLE, &c->roles[i]);
	}
	free(c->roles);
}
