/*
 * cswatch status - every test, its state and since when, its last latency, its next run:
 * from the daemon, or from the state file if no daemon answers.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cmd/ask.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/state_query.h"
#include "cmd/table.h"
#include "control/request.h"
#include "report/record.h"
#include "state/statefile.h"
#include "cmd/status_text.h"

#define WATCH_MS 2000

static const char usage[] =
    "Usage: cswatch status [NAME]... [--json] [--watch]\n"
    "Prints every test, or those named: its state and since when, its last latency, its\n"
    "next run and its last error. Reads the state file if the daemon does not answer.\n\n"
    "  --json             print the document of the state file instead of a table\n"
    "  --watch            print the table again every 2 seconds, in place on a terminal\n"
    "  --state-file FILE  read FILE and do not ask the daemon\n"
    "                     (default: " CSWATCH_STATEDIR
    "/state.json if it does not answer)\n"
    "  --socket FILE      control socket of the daemon (default " CSWATCH_SOCKET ")\n"
    "  --help             print this text\n\n"
    "Exit status: 0 no test is failing, 1 a test is failing, 2 wrong usage, 3 neither "
    "the\n"
    "daemon answers nor a state file can be read.\n";

struct options {
	const char *state_file, *socket;
	bool json, watch;
	struct words names;
};

static int
verdict(const struct state *s)
{
	for (size_t i = 0; i < s->ntests; i++)
		if (s->tests[i].alert.state == ALERT_FAILING ||
		    s->tests[i].alert.state == ALERT_ALERT)
			return EXIT_TEST_FAILED;
	return EXIT_OK;
}

static void
print_whole(const struct state *s)
{
	struct buf out;

	buf_init(&out, STATEFILE_MAX);
	status_whole(&out, s);
	if (out.len > 0)
		printf("%s\n", out.data);
	buf_free(&out);
}

static bool
print_table(const struct state *s)
{
	static const struct table_column columns[] = { { "TEST", false, false },
		{ "STATE", false, false }, { "SINCE", false, false },
		{ "LATENCY", false, true }, { "NEXT", false, false },
		{ "LAST-ERROR", true, false } };
	struct table *t = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	long long now = clock_wall_ms(&clock_system);

	for (size_t i = 0; i < s->ntests; i++) {
		const struct test_state *ts = &s->tests[i];
		char since[TABLE_TIME_SIZE], next[TABLE_TIME_SIZE];
		char name[STATUS_TEXT_SIZE], latency[RECORD_SECONDS_SIZE];
		char error[STATUS_TEXT_SIZE];
		char state[STATUS_STATE_SIZE];

		status_name(name, ts);
		status_state(state, ts);
		status_latency(latency, ts);
		status_error(error, ts);
		table_time(since, ts->alert.since_ms, now);
		table_time(next, ts->next_ms, now);
		table_row(t,
		    (const char *const[]){ name, state, since, latency, next, error }, 1,
		    table_state_color(alert_state_name(ts->alert.state)));
	}
	print_whole(s);
	return table_print(t);
}

static bool
print_json(const struct state *s)
{
	struct buf out;
	bool ok;

	buf_init(&out, STATEFILE_MAX);
	status_json(&out, s);
	ok = !out.failed && fwrite(out.data, 1, out.len, stdout) == out.len;
	buf_free(&out);
	return ok;
}

/* Fills *s. Returns EXIT_OK, or another status after printing the error. */
static int
fetch(const struct options *o, struct state *s)
{
	const char *path = CSWATCH_STATEDIR "/state.json";
	enum ask_result result;
	struct err err, no_file;

	if (o->state_file != NULL) {
		if (statefile_peek(o->state_file, s, &err))
			return state_query_keep(s, o->names.v, o->names.n, "status");
		fprintf(stderr, "cswatch status: %s\n", err.detail);
		return EXIT_CANNOT;
	}
	result =
	    state_query_ask(o->socket, COMMAND_STATUS, o->names.v, o->names.n, s, &err);
	if (result != ASK_NOBODY)
		return ask_status("status", result, &err);
	if (!statefile_peek(path, s, &no_file)) {
		fprintf(stderr,
		    "cswatch status: cswatchd does not answer: %s\n"
		    "and there is no state file to read: %s\n",
		    err.detail, no_file.detail);
		return EXIT_CANNOT;
	}
	fprintf(stderr,
	    "cswatch status: cswatchd does not answer (%s); this is what %s "
	    "says\n",
	    err.detail, path);
	return state_query_keep(s, o->names.v, o->names.n, "status");
}

static int
show(const struct options *o)
{
	struct state s = { .ntests = 0 };
	int status = fetch(o, &s);

	if (status == EXIT_OK && o->watch && table_on_terminal() && !o->json)
		fputs("\033[H\033[J", stdout);
	if (status == EXIT_OK)
		status =
		    (o->json ? print_json : print_table)(&s) ? verdict(&s) : EXIT_CANNOT;
	fflush(stdout);
	state_free(&s);
	return status;
}

static int
run_status(int argc, char **argv)
{
	struct options o = { .json = false };
	const struct option_row rows[] = {
		{ "json", OPTION_FLAG, &o.json },
		{ "watch", OPTION_FLAG, &o.watch },
		{ "state-file", OPTION_TEXT, &o.state_file },
		{ "socket", OPTION_TEXT, &o.socket },
	};
	int status = options_read(
	    "status", usage, rows, sizeof(rows) / sizeof(rows[0]), argc, argv, &o.names);

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	status = show(&o);
	/* Goes on while the daemon does not answer, as it may be restarting. */
	while (o.watch && !ferror(stdout) && poll(NULL, 0, WATCH_MS) == 0)
		status = show(&o);
	return status;
}

const struct command command_status = {
	.name = "status",
	.summary = "every test and its state",
	.run = run_status,
};
