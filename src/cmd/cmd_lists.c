/* cswatch schedule, certificates, roles, names - what the daemon knows, as lists. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/ask.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/state_query.h"
#include "cmd/table.h"
#include "control/request.h"
#include "state/statefile_fields.h"

#define COMMON_HELP                                                                      \
	"  --json         print a JSON object on each line instead of a table\n"         \
	"  --socket FILE  control socket of the daemon (default " CSWATCH_SOCKET ")\n"   \
	"  --help         print this text\n"

static const char schedule_usage[] = "Usage: cswatch schedule [NAME]... [--json]\n"
				     "Prints when each test, or those named, runs next, "
				     "and why not sooner.\n\n" COMMON_HELP;

static const char certificates_usage[] =
    "Usage: cswatch certificates [--user SIP] [--json]\n"
    "Prints the client certificate that each test obtained last "
    "(Get-CsClientCertificate).\n"
    "\n"
    "  --user SIP     print only those of this user (-Identity)\n" COMMON_HELP;

static const char roles_usage[] =
    "Usage: cswatch roles [ROLE]... [--command COMMAND] [--json]\n"
    "Prints which role may run which command, and which roles are yours "
    "(Get-CsAdminRole).\n\n"
    "  --command C    print only roles that may run C (| Where Cmdlets -match "
    "C)\n" COMMON_HELP;

static const char names_usage[] =
    "Usage: cswatch names\n"
    "Prints the names of all tests, one on each line, for scripts and completion.\n\n"
    "  --socket FILE  control socket of the daemon (default " CSWATCH_SOCKET ")\n"
    "  --help         print this text\n";

/* A list: how an answer becomes a row. */
struct list {
	const char *command;
	const struct table_column *columns;
	size_t ncolumns;
	void (*row)(struct list *l, const json_t *line);
	const struct words *only; /* roles: the roles that were named; else NULL */
	struct table *table;
	long long now_ms;
	char below[256]; /* text below the table */
};

static void
on_event(void *arg, const char *kind, const json_t *line)
{
	struct list *l = arg;

	if (strcmp(kind, "end") != 0)
		l->row(l, line);
}

static int
print_list(struct list *l, const struct control_request *r, const char *socket, bool json)
{
	enum ask_result result;
	struct err err;

	if (json) {
		result = ask(socket, r, ASK_WAIT_MS, ask_print_json, NULL, &err);
		return ask_status(l->command, result, &err);
	}
	l->table = table_new(l->columns, l->ncolumns);
	l->now_ms = clock_wall_ms(&clock_system);
	result = ask(socket, r, ASK_WAIT_MS, on_event, l, &err);
	if (result != ASK_DONE) {
		table_free(l->table);
	} else if (!table_print(l->table)) {
		err_local(&err, 0, "out of memory");
		result = ASK_LOST;
	} else if (l->below[0] != '\0') {
		printf("\n%s\n", l->below);
	}
	return ask_status(l->command, result, &err);
}

static void
time_of(
    char dst[TABLE_TIME_SIZE], const struct list *l, const json_t *line, const char *key)
{
	int64_t ms = 0;

	(void)field_time_ms(json_object_get(line, key), &ms);
	table_time(dst, ms, l->now_ms);
}

/* Joins an array of texts: "a, b". */
static void
join_texts(char *dst, size_t size, const json_t *line, const char *key)
{
	const json_t *array = json_object_get(line, key);
	size_t at = 0;

	dst[0] = '\0';
	for (size_t i = 0; i < json_array_size(array) && at < size; i++) {
		const char *word = json_string_value(json_array_get(array, i));

		at += (size_t)snprintf(dst + at, size - at, "%s%s", i == 0 ? "" : ", ",
		    word == NULL ? "" : word);
	}
}

/* ---- schedule ---- */

static long long
count_of(const json_t *line, const char *key)
{
	return json_integer_value(json_object_get(line, key));
}

static void
schedule_lateness(struct list *l, const json_t *line)
{
	snprintf(l->below, sizeof(l->below),
	    "Since the daemon started: %lld runs, %lld "
	    "of them more than 10 ms late (at most %.1f ms), %lld missed. Now: %lld "
	    "running, %lld waiting.",
	    count_of(line, "runs"), count_of(line, "late"),
	    json_number_value(json_object_get(line, "max_ms")), count_of(line, "missed"),
	    count_of(line, "running"), count_of(line, "waiting"));
}

static void
schedule_row(struct list *l, const json_t *line)
{
	const char *state = line_text(line, "state");
	char next[TABLE_TIME_SIZE];

	if (json_object_get(line, "test") == NULL) {
		schedule_lateness(l, line);
		return;
	}
	time_of(next, l, line, "next");
	table_row(l->table,
	    (const char *const[]){
		line_text(line, "test"), state, next, line_text(line, "why") },
	    1, table_state_color(state));
}

static int
run_schedule(int argc, char **argv)
{
	static const struct table_column columns[] = { { "TEST", false, false },
		{ "STATE", false, false }, { "NEXT", false, false },
		{ "WHY", true, false } };
	const char *socket = NULL;
	bool json = false;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json },
		{ "socket", OPTION_TEXT, &socket } };
	int status =
	    options_read("schedule", schedule_usage, rows, 2, argc, argv, &words);
	struct list l = { "schedule", columns, 4, schedule_row, .now_ms = 0 };
	struct control_request r = { .verb = COMMAND_SCHEDULE, .nnames = words.n };

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	memcpy(r.names, words.v, sizeof(r.names));
	return print_list(&l, &r, socket, json);
}

/* ---- certificates ---- */

static void
certificate_row(struct list *l, const json_t *line)
{
	const char *subject = line_text(line, "subject");

	/* An earlier version of the daemon did not keep the subject. */
	if (subject[0] == '\0')
		subject = line_text(line, "user");
	table_row(l->table,
	    (const char *const[]){ subject, line_text(line, "pool"),
		line_text(line, "serial"), line_text(line, "sha1"),
		line_text(line, "not_before"), line_text(line, "not_after") },
	    0, NULL);
}

static int
run_certificates(int argc, char **argv)
{
	static const struct table_column columns[] = { { "SUBJECT", false, false },
		{ "POOL", false, false }, { "SERIAL", true, false },
		{ "THUMBPRINT", true, false }, { "ISSUED", false, false },
		{ "EXPIRES", false, false } };
	const char *socket = NULL, *user = NULL;
	bool json = false;
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json },
		{ "socket", OPTION_TEXT, &socket }, { "user", OPTION_TEXT, &user } };
	int status =
	    options_read("certificates", certificates_usage, rows, 3, argc, argv, NULL);
	struct list l = { "certificates", columns, 6, certificate_row, .now_ms = 0 };
	struct control_request r = { .verb = COMMAND_CERTIFICATES, .user = user };

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	return print_list(&l, &r, socket, json);
}

/* ---- roles ---- */

static bool
is_wanted(const struct list *l, const char *role)
{
	if (l->only->n == 0)
		return true;
	for (size_t i = 0; i < l->only->n; i++)
		if (str_caseeq(str_of(role), l->only->v[i]))
			return true;
	return false;
}

static void
role_row(struct list *l, const json_t *line)
{
	const char *name = line_text(line, "name");
	bool yours = json_is_true(json_object_get(line, "yours"));
	char groups[512], missing[512], commands[512];

	if (!is_wanted(l, name))
		return;
	join_texts(groups, sizeof(groups), line, "groups");
	join_texts(missing, sizeof(missing), line, "missing_groups");
	join_texts(commands, sizeof(commands), line, "commands");
	table_row(l->table,
	    (const char *const[]){ name, yours ? "yes" : "", groups, missing, commands },
	    1, yours ? "green" : NULL);
}

static int
run_roles(int argc, char **argv)
{
	static const struct table_column columns[] = { { "ROLE", false, false },
		{ "YOURS", false, false }, { "GROUPS", false, false },
		{ "NO-SUCH-GROUP", false, false }, { "COMMANDS", true, false } };
	const char *socket = NULL, *about = NULL;
	bool json = false;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json },
		{ "socket", OPTION_TEXT, &socket }, { "command", OPTION_TEXT, &about } };
	int status = options_read("roles", roles_usage, rows, 3, argc, argv, &words);
	struct list l = { "roles", columns, 5, role_row, .only = &words };
	struct control_request r = { .verb = COMMAND_ROLES, .about = about };

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	return print_list(&l, &r, socket, json);
}

/* ---- names ---- */

static int
run_names(int argc, char **argv)
{
	const char *socket = NULL;
	const struct option_row rows[] = { { "socket", OPTION_TEXT, &socket } };
	int status = options_read("names", names_usage, rows, 1, argc, argv, NULL);
	struct state s = { .ntests = 0 };
	enum ask_result result;
	struct err err;

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	result = state_query_ask(socket, COMMAND_STATUS, NULL, 0, &s, &err);
	for (size_t i = 0; i < s.ntests; i++)
		puts(s.tests[i].name);
	state_free(&s);
	return ask_status("names", result, &err);
}

const struct command command_schedule = { "schedule",
	"when each test runs next, and why not sooner", run_schedule };
const struct command command_certificates = { "certificates",
	"client certificates of the tests (Get-CsClientCertificate)", run_certificates };
const struct command command_roles = { "roles",
	"which role may run which command (Get-CsAdminRole)", run_roles };
const struct command command_names = { "names", "the names of all tests", run_names };
