#include "config/config.h"

#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/calendar.h"
#include "base/hash.h"
#include "base/host.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/loader.h"
#include "tls/outer.h"

#define SERVERS_MAX 1024 /* bytes of dns_servers, joined */

/*
 * Writes a suffix made of the host name. Watchers must differ in it: two of the same epid
 * are one endpoint for the server, and each logs the other off.
 */
static void
host_suffix(char *dst, size_t size)
{
	char host[HOST_NAME_SIZE];
	struct str label;

	host_name(host);
	(void)str_split(str_of(host), '.', &label);
	snprintf(dst, size, "%08x", (unsigned)hash_32(label));
}

static void
build_epid(struct loader *l)
{
	const char *given = value_string(&l->top, KEY_ENDPOINT_SUFFIX);
	char suffix[9];

	host_suffix(suffix, sizeof(suffix));
	snprintf(
	    l->c->epid, sizeof(l->c->epid), "STEpid%s", given == NULL ? suffix : given);
}

/* Joins the name servers. Returns false if out of memory. */
static bool
build_servers(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_DNS_SERVERS);
	struct buf b;

	if (n == 0)
		return true;
	buf_init(&b, SERVERS_MAX);
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : ",",
		    value_element(&l->top, KEY_DNS_SERVERS, i));
	if (b.failed)
		problem_add(&l->problems, setting_line(l->top.at[KEY_DNS_SERVERS]),
		    "\"dns_servers\" is too long; its addresses may have %d characters "
		    "together",
		    SERVERS_MAX);
	l->c->dns_servers = buf_take(&b, NULL);
	buf_free(&b);
	return true;
}

static bool
build_top(struct loader *l)
{
	build_epid(l);
	l->c->remind_ms = value_number(l, &l->top, KEY_REMIND);
	return values_store(l, &l->top, IN_TOP, l->c) && build_servers(l) &&
	       references_build(l) && roles_build(l);
}

/* Merges what the files have at the top level. */
static void
read_tops(struct loader *l)
{
	l->top.lists = l->lists;
	for (size_t i = 0; i < l->nunits; i++)
		values_add(l, config_root_setting(&l->units[i].tree), IN_TOP, &l->top);
	for (unsigned i = 0; i < value_count(&l->top, KEY_DEFAULTS); i++)
		values_add(l, value_element_at(&l->top, KEY_DEFAULTS, i), IN_DEFAULTS,
		    &l->defaults);
}

static void
check_names(struct loader *l)
{
	const struct config *c = l->c;
	char place[PLACE_SIZE];

	/* Sorted by name and then by line. */
	for (size_t i = 1; i < c->ntests; i++) {
		if (strcmp(c->tests[i].name, c->tests[i - 1].name) != 0)
			continue;
		problem_add(&l->problems, c->tests[i].at.line,
		    "test %s is defined again; it is already at %s", c->tests[i].name,
		    place_text(l, c->tests[i - 1].at.line, place, sizeof(place)));
	}
}

/*
 * Finds the problems that only the whole configuration shows: no tests, names that are
 * used twice.
 */
static void
check_whole(struct loader *l)
{
	const struct values *top = &l->top;

	if (top->at[KEY_CERTIFICATE_WARNING] != NULL &&
	    l->defaults.at[KEY_CERTIFICATE_WARNING] != NULL)
		problem_add(&l->problems,
		    setting_line(l->defaults.at[KEY_CERTIFICATE_WARNING]),
		    "\"certificate_warning\" is both at the top level and in defaults; "
		    "it may be given once");
	check_names(l);
	/* If there are other problems, this one may only be a consequence of them. */
	if (l->c->ntests == 0 && l->problems.total == 0)
		problem_add(&l->problems,
		    top->at[KEY_TESTS] == NULL ? 0 : setting_line(top->at[KEY_TESTS]),
		    "no tests are configured; at least one is needed, as in "
		    "tests: ( { pool = \"...\"; user = \"...\"; } );");
}

static bool
build(struct loader *l)
{
	read_tops(l);
	if (l->no_memory || !build_top(l) || !timing_build_defaults(l) ||
	    !users_build(l) || !pools_build(l) || !tests_build(l) ||
	    !maintenance_build(l))
		return false;
	check_whole(l);
	return true;
}

/* ---- the files ---- */

/*
 * Returns the end of the string or comment that begins at p, or p if none begins there.
 */
static const char *
skip_opaque(const char *p)
{
	const char *end;

	if (p[0] == '"') {
		for (p++; *p != '\0' && *p != '"'; p++)
			if (p[0] == '\\' && p[1] != '\0')
				p++;
		return *p == '\0' ? p : p + 1;
	}
	if (p[0] == '#' || (p[0] == '/' && p[1] == '/'))
		return p + strcspn(p, "\n");
	if (p[0] == '/' && p[1] == '*') {
		end = strstr(p + 2, "*/");
		return end == NULL ? p + strlen(p) : end + 2;
	}
	return p;
}

/*
 * Finds the most frequent mistake: a comma before a closing bracket, where the last
 * element was removed. Returns the line of the bracket, 0 if there is none.
 */
static unsigned
find_comma_too_many(const char *text)
{
	unsigned line = 1;
	char last = '\0';

	for (const char *p = text, *end; *p != '\0';) {
		end = skip_opaque(p);
		if (end == p && (*p == ')' || *p == ']') && last == ',')
			return line;
		if (*p == '"' || (end == p && strchr(" \t\r\n\f", *p) == NULL))
			last = *p;
		for (end = end == p ? p + 1 : end; p < end; p++)
			line += *p == '\n';
	}
	return 0;
}

/*
 * Returns what is wrong with the text of a tree, and where; NULL if nothing is. libconfig
 * 1.7 accepts a comma too many, 1.5 does not; what is valid must not depend on it.
 */
static const char *
find_mistake(const config_t *tree, const char *text, bool parsed, unsigned *ret_line)
{
	unsigned line = parsed ? UINT_MAX : (unsigned)config_error_line(tree);
	unsigned comma = find_comma_too_many(text);
	const char *why;

	if (comma != 0 && comma <= line) {
		*ret_line = comma;
		return "there is a comma before a closing bracket; the last element is "
		       "written without one";
	}
	if (parsed)
		return NULL;
	*ret_line = line;
	why = config_error_text(tree);
	if (strcmp(why, "duplicate setting name") == 0)
		return "this key is given twice in its group; it may be given once";
	if (strcmp(why, "syntax error") == 0)
		return "there is a syntax error; settings are written KEY = VALUE;";
	return why;
}

static void
parse_unit(struct loader *l, const struct source_unit *source)
{
	struct unit *u = &l->units[l->nunits];
	const char *text = buf_view(&l->source.text).p + source->text, *why;
	unsigned line;

	u->source = source;
	config_init(&u->tree);
	why = find_mistake(
	    &u->tree, text, config_read_string(&u->tree, text) == CONFIG_TRUE, &line);
	if (why == NULL) {
		l->nunits++;
		return;
	}
	problem_add(&l->problems, source->before + line, "%s", why);
	config_destroy(&u->tree);
	l->partial = true;
}

/* Checks everything that could be read, so that all problems are found at once. */
static void
parse_and_build(struct loader *l)
{
	const struct source *src = &l->source;

	l->units = calloc(src->nunits + 1, sizeof(*l->units));
	for (size_t i = 0; l->units != NULL && i < src->nunits; i++)
		if (src->units[i].whole)
			parse_unit(l, &src->units[i]);
	if (l->units == NULL || (l->nunits > 0 && !build(l)))
		problem_add(&l->problems, 0, "out of memory");
}

/* ---- the end ---- */

static void
resolve_place(const struct source *src, struct config_place *at)
{
	struct source_place place = source_place(src, at->line);

	if (at->line != 0)
		*at = (struct config_place){ place.file, place.line };
}

/*
 * Replaces lines of the joined text by files and lines, and takes over the names of the
 * files from src. Returns false if out of memory.
 */
static bool
resolve_places(struct config *c, struct source *src)
{
	c->files = calloc(src->nfiles + 1, sizeof(*c->files));
	if (c->files == NULL)
		return false;
	for (size_t i = 0; i < c->nroles; i++)
		resolve_place(src, &c->roles[i].at);
	for (size_t i = 0; i < c->nusers; i++)
		resolve_place(src, &c->users[i].at);
	for (size_t i = 0; i < c->npools; i++)
		resolve_place(src, &c->pools[i].at);
	for (size_t i = 0; i < c->ntests; i++)
		resolve_place(src, &c->tests[i].at);
	for (size_t i = 0; i < c->nmaintenance; i++)
		resolve_place(src, &c->maintenance[i].place);
	for (; c->nfiles < src->nfiles; c->nfiles++) {
		c->files[c->nfiles] = src->files[c->nfiles].path;
		src->files[c->nfiles].path = NULL;
	}
	return true;
}

/* Gives memory back to the system: the parse trees need many times of what is kept. */
static void
return_memory(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

static void
loader_free(struct loader *l)
{
	map_free(&l->labels);
	map_free(&l->pools);
	map_free(&l->user_parts);
	map_free(&l->users);
	for (enum key k = 0; k < KEY_COUNT; k++)
		free(l->lists[k].v);
	for (size_t i = 0; i < l->nunits; i++)
		config_destroy(&l->units[i].tree);
	free(l->units);
	source_free(&l->source);
	problems_free(&l->problems);
}

/* Reads, checks and builds. Returns false if l->problems has any. */
static bool
load(struct loader *l, const char *path)
{
	problems_init(&l->problems);
	for (enum key k = 0; k < KEY_COUNT; k++)
		l->standard[k] = schema_standard(k);
	if (l->c != NULL) {
		l->c->refs = 1;
		l->c->path = str_dup(str_of(path));
	}
	l->partial = !source_read(&l->source, path, &l->problems);
	if (l->c == NULL || l->c->path == NULL)
		problem_add(&l->problems, 0, "out of memory");
	else
		parse_and_build(l);
	if (l->problems.total == 0 && !resolve_places(l->c, &l->source))
		problem_add(&l->problems, 0, "out of memory");
	return l->problems.total == 0;
}

struct config *
config_examine(const char *path, const char *credentials,
    void (*tell)(void *arg, const struct config_problem *problem), void *arg)
{
	struct loader l = { .credentials = credentials, .c = calloc(1, sizeof(*l.c)) };

	if (!load(&l, path)) {
		source_tell(&l.source, &l.problems, tell, arg);
		config_unref(l.c);
		l.c = NULL;
	}
	loader_free(&l);
	return_memory();
	return l.c;
}

void
config_problem_line(struct buf *out, const struct config_problem *problem)
{
	char file[PATH_MAX];

	text_printable(file, sizeof(file), str_of(problem->file));
	buf_puts(out, file);
	if (problem->line > 0)
		buf_printf(out, ":%u", problem->line);
	buf_printf(out, ": %s\n", problem->text);
}

static void
add_line(void *arg, const struct config_problem *problem)
{
	config_problem_line(arg, problem);
}

struct config *
config_load(const char *path, const char *credentials, struct buf *problems)
{
	return config_examine(path, credentials, add_line, problems);
}

struct config *
config_ref(struct config *c)
{
	c->refs++;
	return c;
}

void
config_unref(struct config *c)
{
	if (c == NULL || --c->refs > 0)
		return;
	maintenance_free(c);
	for (size_t i = 0; i < c->ncalendars; i++)
		calendar_free(c->calendars[i]);
	free(c->calendars);
	for (size_t i = 0; i < c->ntests; i++)
		free(c->tests[i].name);
	free(c->tests);
	for (size_t i = 0; i < c->npools; i++) {
		tls_outer_free(c->pools[i].tls);
		values_free_texts(IN_POOL, &c->pools[i]);
		free(c->pools[i].fqdn);
	}
	free(c->pools);
	for (size_t i = 0; i < c->nusers; i++) {
		secret_free(c->users[i].account.secret);
		values_free_texts(IN_USER, &c->users[i]);
	}
	free(c->users);
	roles_free(c);
	for (size_t i = 0; i < c->nfiles; i++)
		free(c->files[i]);
	free(c->files);
	references_free(c);
	free(c->dns_servers);
	values_free_texts(IN_TOP, c);
	free(c->path);
	free(c);
}
