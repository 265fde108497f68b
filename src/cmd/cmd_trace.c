/* cswatch trace - what was kept of a run, step by step and message by message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/ask.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/traceask.h"
#include "cmd/tracetext.h"
#include "control/request.h"
#include "trace/trace.h"

static const char usage[] =
    "Usage: cswatch trace NAME [--run RUN] [--json]\n"
    "Prints what was kept of a run of this test: each step and each message, secrets\n"
    "masked. Of the last run, or of the one given.\n\n"
    "  --run RUN      its id, as log lines and records have it\n"
    "  --json         a JSON object a line\n"
    "  --socket FILE  where the daemon is asked (" CSWATCH_SOCKET ")\n"
    "  --help         this text\n";

static bool
wants_color(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0');
}

static int
print_trace(const char *socket, const struct control_request *r)
{
	struct trace *trace = NULL;
	struct err err;
	enum ask_result result = traceask(socket, r, &trace, &err);

	if (result == ASK_DONE)
		tracetext_print(stdout, trace, wants_color());
	trace_free(trace);
	return ask_status("trace", result, &err);
}

static int
run_trace(int argc, char **argv)
{
	struct control_request r = { .verb = VERB_TRACE };
	const char *socket = NULL;
	bool json = false;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "run", OPTION_TEXT, &r.run },
		{ "json", OPTION_FLAG, &json }, { "socket", OPTION_TEXT, &socket } };
	int status = options_read("trace", usage, rows, 3, argc, argv, &words);
	struct err err;

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	if (words.n != 1)
		return command_usage_error("trace",
		    words.n == 0 ? "which test?" : "one test at a time");
	r.names[0] = words.v[0];
	r.nnames = 1;
	if (!json)
		return print_trace(socket, &r);
	return ask_status(
	    "trace", ask(socket, &r, ASK_WAIT_MS, ask_print_json, NULL, &err), &err);
}

const struct command command_trace = { "trace",
	"what a run did, message by message", run_trace };
