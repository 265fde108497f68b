#include "config/config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/calendar.h"
#include "base/secret.h"
#include "config/loader.h"
#include "tls/trust.h"

#define SERVERS_MAX 1024	/* octets of dns_servers, joined */
#define DAY_MS	    (24 * 3600 * (uint64_t)1000)

/*
 * Watchers must differ: two endpoints of one epid are one endpoint, and each would log
 * the other off.
 */
static void
host_suffix(char *dst, size_t size)
{
	char host[256] = "";
	uint32_t h = 0x811c9dc5; /* FNV-1a */

	(void)gethostname(host, sizeof(host) - 1);
	for (const char *p = host; *p != '\0' && *p != '.'; p++)
		h = (h ^ (unsigned char)*p) * 0x01000193;
	snprintf(dst, size, "%08x", (unsigned)h);
}

static void
build_epid(struct loader *l)
{
	const char *given = value_string(&l->top, KEY_ENDPOINT_SUFFIX);
	char suffix[9];

	host_suffix(suffix, sizeof(suffix));
	if (given != NULL && !check_suffix(given))
		value_wrong(l, &l->top, KEY_ENDPOINT_SUFFIX, "letters and digits only");
	snprintf(l->c->epid, sizeof(l->c->epid), "STEpid%s",
	    given == NULL ? suffix : given);
}

/* False: out of memory. */
static bool
build_servers(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_DNS_SERVERS);
	struct buf b;

	if (n == 0)
		return true;
	buf_init(&b, SERVERS_MAX);
	for (unsigned i = 0; i < n; i++) {
		const char *s = value_element(&l->top, KEY_DNS_SERVERS, i);

		if (!check_server(s))
			problem_add(&l->problems,
			    setting_line(value_element_at(&l->top, KEY_DNS_SERVERS, i)),
			    "\"dns_servers\" holds \"%s\"; expected an address such as "
			    "\"10.0.0.1\", \"10.0.0.1:53\" or \"[2001:db8::1]:53\"",
			    s);
		buf_printf(&b, "%s%s", i == 0 ? "" : ",", s);
	}
	if (b.failed)
		problem_add(&l->problems, setting_line(l->top.at[KEY_DNS_SERVERS]),
		    "too many \"dns_servers\"; expected at most %d characters",
		    SERVERS_MAX);
	l->c->dns_servers = buf_take(&b, NULL);
	buf_free(&b);
	return true;
}

static bool
build_top(struct loader *l)
{
	const struct values *top = &l->top;
	const char *dir = value_string(top, KEY_STATE_DIRECTORY);
	const char *agent = value_string(top, KEY_USER_AGENT);
	const char *socket = value_string(top, KEY_CONTROL_SOCKET);
	struct config *c = l->c;

	c->max_parallel = (unsigned)value_number(l, top, KEY_MAX_PARALLEL);
	c->key_lifetime_s = value_number(l, top, KEY_KEY_LIFETIME) / 1000;
	c->certificate_warning_days =
	    (unsigned)((value_number(l, top, KEY_CERTIFICATE_WARNING) + DAY_MS - 1) /
		       DAY_MS);
	build_epid(l);
	if (agent != NULL && !check_agent(agent))
		value_wrong(l, top, KEY_USER_AGENT, "printable ASCII");
	c->user_agent =
	    str_dup(str_of(agent == NULL ? schema[KEY_USER_AGENT].standard : agent));
	c->state_directory = source_path(&l->source,
	    dir == NULL ? schema[KEY_STATE_DIRECTORY].standard : dir);
	c->control_socket = socket == NULL || socket[0] != '\0'
	    ? source_path(&l->source,
		  socket == NULL ? schema[KEY_CONTROL_SOCKET].standard : socket)
	    : str_dup(STR_LIT(""));
	return c->user_agent != NULL && c->state_directory != NULL &&
	    c->control_socket != NULL && build_servers(l) && roles_build(l);
}

static bool
build(struct loader *l)
{
	values_read(l, config_root_setting(&l->tree), IN_TOP, &l->top);
	if (l->top.at[KEY_DEFAULTS] != NULL)
		values_read(l, l->top.at[KEY_DEFAULTS], IN_DEFAULTS, &l->defaults);
	if (!build_top(l) || !timing_build_defaults(l) || !users_build(l) ||
	    !pools_build(l) || !tests_build(l) || !maintenance_build(l))
		return false;
	check_whole(l);
	return true;
}

/* From lines of the joined text to those of the files, as they are shown from now on. */
static void
settle_lines(struct loader *l)
{
	struct config *c = l->c;

	for (size_t i = 0; i < c->nusers; i++)
		c->users[i].line = source_place(&l->source, c->users[i].line).line;
	for (size_t i = 0; i < c->npools; i++)
		c->pools[i].line = source_place(&l->source, c->pools[i].line).line;
	for (size_t i = 0; i < c->ntests; i++)
		c->tests[i].line = source_place(&l->source, c->tests[i].line).line;
	for (size_t i = 0; i < c->nmaintenance; i++)
		c->maintenance[i].line =
		    source_place(&l->source, c->maintenance[i].line).line;
}

static void
parse_and_build(struct loader *l)
{
	if (config_read_string(&l->tree, buf_view(&l->source.text).p) != CONFIG_TRUE)
		problem_add(&l->problems, (unsigned)config_error_line(&l->tree),
		    "%s; expected libconfig syntax, KEY = VALUE;",
		    config_error_text(&l->tree));
	else if (!build(l))
		problem_add(&l->problems, 0, "out of memory");
	else
		settle_lines(l);
}

/* The parse tree takes many times the memory of what is kept: give it back. */
static void
return_memory(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

struct config *
config_load(const char *path, const char *credentials, struct buf *problems)
{
	struct loader l = { .credentials = credentials, .c = calloc(1, sizeof(*l.c)) };
	bool good;

	problems_init(&l.problems);
	config_init(&l.tree);
	for (enum key k = 0; k < KEY_COUNT; k++)
		l.standard[k] = schema_standard(k);
	if (l.c != NULL) {
		l.c->refs = 1;
		l.c->path = str_dup(str_of(path));
	}
	if (source_read(&l.source, path, &l.problems)) {
		if (l.c == NULL || l.c->path == NULL)
			problem_add(&l.problems, 0, "out of memory");
		else
			parse_and_build(&l);
	}
	good = l.problems.total == 0;
	problems_write(&l.problems, &l.source, problems);
	map_free(&l.labels);
	map_free(&l.pools);
	map_free(&l.user_parts);
	map_free(&l.users);
	config_destroy(&l.tree);
	source_free(&l.source);
	problems_free(&l.problems);
	if (!good) {
		config_unref(l.c);
		l.c = NULL;
	}
	return_memory();
	return l.c;
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
		char **domains = c->pools[i].allowed_web_domains;

		tls_outer_free(c->pools[i].tls);
		for (char **d = domains; d != NULL && *d != NULL; d++)
			free(*d);
		free(domains);
		free(c->pools[i].cert_provisioning_uri);
		free(c->pools[i].address);
		free(c->pools[i].fqdn);
	}
	free(c->pools);
	for (size_t i = 0; i < c->nusers; i++) {
		secret_free(c->users[i].password);
		free(c->users[i].username);
	}
	free(c->users);
	roles_free(c);
	free(c->control_socket);
	free(c->dns_servers);
	free(c->user_agent);
	free(c->state_directory);
	free(c->path);
	free(c);
}
