#include "cmd/config_report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "cmd/command.h"
#include "config/config.h"
#include "config/source.h"

#define JSON_MAX   (64 * 1024 * 1024) /* bytes; names of all users and pools */
#define LINE_SIZE  8192		      /* bytes; a path and a problem */
#define IDLE_SHOWN 5

struct checking {
	enum config_report_form form;
	bool denied;	/* this account may not read one of the files */
	struct buf out; /* JSON */
	struct json json;
};

/* ---- problems ---- */

static void
put_problem(struct json *j, const struct config_problem *p)
{
	jsonw_object(j, NULL);
	jsonw_string(j, "file", p->file);
	if (p->line == 0)
		jsonw_string(j, "line", NULL);
	else
		jsonw_int(j, "line", p->line);
	jsonw_string(j, "problem", p->text);
	jsonw_object_end(j);
}

static void
tell(void *arg, const struct config_problem *p)
{
	struct checking *c = arg;
	struct buf line;

	if (strstr(p->text, strerror(EACCES)) != NULL)
		c->denied = true;
	if (c->form == CONFIG_REPORT_JSON) {
		put_problem(&c->json, p);
		return;
	}
	buf_init(&line, LINE_SIZE);
	config_problem_line(&line, p);
	fputs(buf_view(&line).p, stderr);
	buf_free(&line);
}

/* Returns whether a file is in conf.d, and therefore only a part of a configuration. */
static bool
is_part(const char *file)
{
	const char *slash = strrchr(file, '/');
	size_t n = sizeof(SOURCE_DIRECTORY) - 1;

	return slash != NULL && (size_t)(slash - file) >= n &&
	       strncmp(slash - n, SOURCE_DIRECTORY, n) == 0 &&
	       (slash - n == file || slash[-(ptrdiff_t)n - 1] == '/');
}

static void
give_hints(const struct checking *c, const char *file)
{
	if (c->form != CONFIG_REPORT_SUMMARY)
		return;
	if (c->denied && geteuid() != 0)
		fputs("You may not read some of the files: try again as root.\n", stderr);
	if (is_part(file))
		fputs("A file of " SOURCE_DIRECTORY
		      " is only a part: check the main file of the "
		      "configuration.\n",
		    stderr);
}

/* ---- what is good, but perhaps not what was meant ---- */

struct idle {
	bool *users, *pools; /* by index in the configuration: a test uses it */
};

static bool
idle_find(struct idle *idle, const struct config *c)
{
	idle->users = calloc(c->nusers + 1, sizeof(*idle->users));
	idle->pools = calloc(c->npools + 1, sizeof(*idle->pools));
	if (idle->users == NULL || idle->pools == NULL)
		return false;
	for (size_t i = 0; i < c->ntests; i++) {
		idle->users[c->tests[i].user - c->users] = true;
		idle->pools[c->tests[i].pool - c->pools] = true;
	}
	return true;
}

static void
idle_free(struct idle *idle)
{
	free(idle->users);
	free(idle->pools);
}

/* ---- for programs ---- */

static void
put_counts(struct json *j, const struct config *c)
{
	jsonw_array(j, "files");
	for (size_t i = 0; i < c->nfiles; i++)
		jsonw_string(j, NULL, c->files[i]);
	jsonw_array_end(j);
	jsonw_int(j, "tests", (int64_t)c->ntests);
	jsonw_int(j, "users", (int64_t)c->nusers);
	jsonw_int(j, "pools", (int64_t)c->npools);
	jsonw_int(j, "maintenance", (int64_t)c->nmaintenance);
}

static void
put_idle(struct json *j, const struct config *c, const struct idle *idle)
{
	jsonw_array(j, "untested");
	for (size_t i = 0; i < c->nusers; i++)
		if (!idle->users[i])
			jsonw_string(j, NULL, c->users[i].address);
	for (size_t i = 0; i < c->npools; i++)
		if (!idle->pools[i])
			jsonw_string(j, NULL, c->pools[i].fqdn);
	jsonw_array_end(j);
}

static void
put_roles(struct json *j, const struct config *c)
{
	jsonw_array(j, "roles");
	for (size_t i = 0; i < c->nroles; i++)
		jsonw_string(j, NULL, c->roles[i].name);
	jsonw_array_end(j);
}

/* ---- for people ---- */

static void
print_path(const char *path)
{
	char shown[4096];

	text_printable(shown, sizeof(shown), str_of(path));
	puts(shown);
}

static void
print_names(const char *what, size_t n, const bool *used, const char *const *names)
{
	size_t shown = 0, idle = 0;

	for (size_t i = 0; i < n; i++) {
		if (used[i])
			continue;
		if (idle++ < IDLE_SHOWN)
			printf("%s%s", shown++ == 0 ? what : ", ", names[i]);
	}
	if (idle > shown)
		printf(" and %zu more", idle - shown);
	if (idle > 0)
		putchar('\n');
}

/* Prints the users and pools that no test uses. Returns false if out of memory. */
static bool
print_idle(const struct config *c, const struct idle *idle)
{
	size_t n = c->nusers > c->npools ? c->nusers : c->npools;
	const char **names = calloc(n + 1, sizeof(*names));

	if (names == NULL)
		return false;
	for (size_t i = 0; i < c->nusers; i++)
		names[i] = c->users[i].address;
	print_names("Not used     : user ", c->nusers, idle->users, names);
	for (size_t i = 0; i < c->npools; i++)
		names[i] = c->pools[i].fqdn;
	print_names("Not used     : pool ", c->npools, idle->pools, names);
	free(names);
	return true;
}

/* Prints the roles, and groups that do not exist, except those of the standard roles. */
static void
print_roles(const struct config *c)
{
	bool standard = c->nroles > 0 && c->roles[0].at.line == 0;

	printf("Roles        : ");
	for (size_t i = 0; i < c->nroles; i++)
		printf("%s%s", i == 0 ? "" : ", ", c->roles[i].name);
	puts(c->nroles == 0 ? "none, only root may run commands"
	     : standard	    ? " (the standard ones)"
			    : "");
	for (size_t i = 0; !standard && i < c->nroles; i++)
		for (size_t j = 0; j < c->roles[i].ngroups; j++)
			if (c->roles[i].gids[j] < 0)
				printf("No such group: %s, of role %s\n",
				    c->roles[i].groups[j], c->roles[i].name);
}

static void
print_next(const char *file)
{
	if (strcmp(file, CONFIG_REPORT_DEFAULT_FILE) == 0)
		puts("Next         : 'systemctl reload cswatchd' or 'cswatch reload' "
		     "makes it active");
	else
		printf("Next         : 'cswatchd -c %s' uses it\n", file);
}

static bool
print_summary(const char *file, const struct config *c, const struct idle *idle)
{
	puts("Configuration: good");
	for (size_t i = 0; i < c->nfiles; i++) {
		fputs(i == 0 ? "Files        : " : "               ", stdout);
		print_path(c->files[i]);
	}
	printf("Tests        : %zu, of %zu users on %zu pools\n", c->ntests, c->nusers,
	    c->npools);
	if (!print_idle(c, idle))
		return false;
	if (c->nmaintenance > 0)
		printf("Maintenance  : %zu\n", c->nmaintenance);
	print_roles(c);
	print_next(file);
	return true;
}

/* ---- all of it ---- */

static bool
say_good(struct checking *k, const char *file, const struct config *c)
{
	struct idle idle = { NULL, NULL };
	bool ok = idle_find(&idle, c);

	if (ok && k->form == CONFIG_REPORT_LINE) {
		printf("%s: %zu tests of %zu users on %zu pools\n", file, c->ntests,
		    c->nusers, c->npools);
	} else if (ok && k->form == CONFIG_REPORT_SUMMARY) {
		ok = print_summary(file, c, &idle);
	} else if (ok) {
		put_counts(&k->json, c);
		put_idle(&k->json, c, &idle);
		put_roles(&k->json, c);
	}
	idle_free(&idle);
	return ok;
}

int
config_report(const char *file, enum config_report_form form)
{
	struct checking k = { .form = form };
	struct config *c;
	bool good;

	buf_init(&k.out, JSON_MAX);
	jsonw_init(&k.json, &k.out);
	jsonw_object(&k.json, NULL);
	jsonw_string(&k.json, "file", file);
	jsonw_array(&k.json, "problems");
	c = config_examine(file, getenv("CREDENTIALS_DIRECTORY"), tell, &k);
	jsonw_array_end(&k.json);
	jsonw_bool(&k.json, "ok", c != NULL);
	good = c != NULL;
	if (c == NULL)
		give_hints(&k, file);
	else if (!say_good(&k, file, c) || k.out.failed) {
		fputs("out of memory\n", stderr);
		good = false;
	}
	jsonw_object_end(&k.json);
	if (form == CONFIG_REPORT_JSON && !k.out.failed)
		puts(buf_view(&k.out).p);
	config_unref(c);
	buf_free(&k.out);
	return good ? EXIT_OK : EXIT_TEST_FAILED;
}
