/* cswatch trace - the trace of a run, step by step and message by message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/ask.h"
#include "cmd/command.h"
#include "cmd/htmlfile.h"
#include "cmd/options.h"
#include "cmd/table.h"
#include "cmd/traceask.h"
#include "cmd/tracetext.h"
#include "control/request.h"
#include "state/statefile_fields.h"
#include "trace/trace.h"

static const char usage[] =
    "Usage: cswatch trace NAME [--run RUN] [--list] [--json] [--html FILE]\n"
    "Prints the trace of the last run of a test, or of RUN: each step and each message,\n"
    "with secrets masked. The last 20 failed runs of each test are kept.\n\n"
    "  --run RUN      id of the run, as in log lines and in the list\n"
    "  --list         list the runs that are kept\n"
    "  --json         print a JSON object on each line\n"
    "  --html FILE    write one page that needs no other file\n"
    "  --socket FILE  control socket of the daemon (default " CSWATCH_SOCKET ")\n"
    "  --help         print this text\n";

static bool
wants_color(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0');
}

/* Prints a trace, or writes it to the file html if that is not NULL. */
static int
print_trace(const char *socket, const struct control_request *r, const char *html)
{
	struct trace *trace = NULL;
	struct err err;
	enum ask_result result = traceask(socket, r, &trace, &err);

	if (result == ASK_DONE && html == NULL)
		tracetext_print(stdout, trace, wants_color());
	else if (result == ASK_DONE && htmlfile_write(html, trace, &err))
		printf("%s: run %s of %s\n", html, trace_head(trace)->run, r->names[0]);
	else if (result == ASK_DONE)
		result = ASK_REFUSED;
	trace_free(trace);
	return ask_status("trace", result, &err);
}

/* ---- --list ---- */

struct list {
	struct table *table;
	long long now_ms;
	size_t n;
};

static void
on_kept(void *arg, const char *kind, const json_t *line)
{
	struct list *l = arg;
	const char *result = line_text(line, "result");
	char when[TABLE_TIME_SIZE] = "", latency[32];
	int64_t ms = 0;

	if (strcmp(kind, "kept") != 0)
		return;
	if (field_time_ms(json_object_get(line, "started"), &ms))
		table_time(when, ms, l->now_ms);
	snprintf(latency, sizeof(latency), "%.3f",
	    json_number_value(json_object_get(line, "latency")));
	table_row(l->table,
	    (const char *[]){ line_text(line, "run"), when, result, latency,
		line_text(line, "step"), line_text(line, "diag"),
		line_text(line, "kept") },
	    2, strcmp(result, "Success") == 0 ? "green" : "red");
	l->n++;
}

static int
print_list(const char *socket, const struct control_request *r)
{
	static const struct table_column columns[] = { { "RUN", false, false },
		{ "STARTED", false, false }, { "RESULT", false, false },
		{ "LATENCY", false, true }, { "STEP", false, false },
		{ "DIAG", false, false }, { "KEPT IN", false, false } };
	struct list l = { table_new(columns, 7), clock_wall_ms(&clock_system), 0 };
	struct err err;
	enum ask_result result = ask(socket, r, ASK_WAIT_MS, on_kept, &l, &err);

	if (result != ASK_DONE || l.n == 0) {
		table_free(l.table);
		if (result == ASK_DONE)
			printf("No run of %s is kept.\n", r->names[0]);
	} else if (!table_print(l.table)) {
		err_local(&err, 0, "out of memory");
		result = ASK_LOST;
	}
	return ask_status("trace", result, &err);
}

static int
run_trace(int argc, char **argv)
{
	struct control_request r = { .verb = COMMAND_TRACE };
	const char *socket = NULL, *html = NULL;
	bool json = false;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "html", OPTION_TEXT, &html },
		{ "run", OPTION_TEXT, &r.run }, { "list", OPTION_FLAG, &r.list },
		{ "json", OPTION_FLAG, &json }, { "socket", OPTION_TEXT, &socket } };
	int status = options_read("trace", usage, rows, 5, argc, argv, &words);
	struct err err;

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	if (words.n != 1)
		return command_usage_error(
		    "trace", words.n == 0 ? "which test? A name is required"
					  : "only one test can be shown at a time");
	r.names[0] = words.v[0];
	r.nnames = 1;
	if (r.list && r.run != NULL)
		return command_usage_error(
		    "trace", "--run and --list exclude each other");
	if (html != NULL && (r.list || json))
		return command_usage_error(
		    "trace", "--html goes neither with --list nor with --json");
	if (!json)
		return r.list ? print_list(socket, &r) : print_trace(socket, &r, html);
	return ask_status(
	    "trace", ask(socket, &r, ASK_WAIT_MS, ask_print_json, NULL, &err), &err);
}

const struct command command_trace = { "trace", "what a run did, message by message",
	run_trace };
