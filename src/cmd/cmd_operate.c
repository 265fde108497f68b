/* cswatch pause, resume, acknowledge, reload - what changes how the daemon behaves. */
#include <stdio.h>
#include <string.h>

#include "cmd/ask.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "control/request.h"

#define COMMON_HELP                                                                      \
	"  --json         print a JSON object on each line\n"                            \
	"  --socket FILE  control socket of the daemon (default " CSWATCH_SOCKET ")\n"   \
	"  --help         print this text\n"

#define RELOAD_WAIT_MS 60000

static const char pause_usage[] =
    "Usage: cswatch pause NAME|POOL... [--for DURATION] [--reason TEXT]\n"
    "Stops running the tests named, or all tests of a pool; their state does not "
    "change.\n\n"
    "  --for 2h       end the pause after this time; default: until 'cswatch resume'\n"
    "  --reason TEXT  text that is kept, logged and shown; at most 200 "
    "characters\n" COMMON_HELP;

static const char resume_usage[] = "Usage: cswatch resume NAME|POOL...\n"
				   "Ends a pause.\n\n" COMMON_HELP;

static const char acknowledge_usage[] =
    "Usage: cswatch acknowledge NAME|POOL... [--reason TEXT]\n"
    "Silences the reminders of an active alert until the test recovers.\n\n"
    "  --reason TEXT  text that is kept, logged and shown; at most 200 "
    "characters\n" COMMON_HELP;

static const char reload_usage[] =
    "Usage: cswatch reload\n"
    "Makes the daemon read its configuration again. A configuration with "
    "a problem changes\n"
    "nothing, and its problems are printed.\n\n" COMMON_HELP;

static void
on_event(void *arg, const char *kind, const json_t *line)
{
	const char *target = line_text(line, "target"), *note = line_text(line, "note");
	json_int_t changed = json_integer_value(json_object_get(line, "changed"));
	const char *done = arg;

	if (strcmp(kind, "changed") != 0)
		return;
	if (changed == 0)
		printf("%s: %s\n", target, note);
	else
		printf("%s: %s (%lld %s)\n", target, done, (long long)changed,
		    changed == 1 ? "test" : "tests");
}

struct operation {
	enum command_id verb;
	const char *usage;
	const char *done; /* what a test is then */
	bool has_for, has_reason;
};

static int
send_operation(
    const struct operation *op, struct control_request *r, const char *socket, bool json)
{
	struct err err;
	enum ask_result result = ask(socket, r, ASK_WAIT_MS,
	    json ? ask_print_json : on_event, (void *)(uintptr_t)op->done, &err);

	return ask_status(command_id_name(op->verb), result, &err);
}

static int
run_operation(const struct operation *op, int argc, char **argv)
{
	struct control_request r = { .verb = op->verb };
	const char *socket = NULL;
	bool json = false;
	struct words words = { .n = 0 };
	struct option_row rows[4] = { { "json", OPTION_FLAG, &json },
		{ "socket", OPTION_TEXT, &socket } };
	size_t n = 2;
	int status;

	if (op->has_for)
		rows[n++] = (struct option_row){ "for", OPTION_DURATION, &r.for_ms };
	if (op->has_reason)
		rows[n++] = (struct option_row){ "reason", OPTION_TEXT, &r.reason };
	status = options_read(
	    command_id_name(op->verb), op->usage, rows, n, argc, argv, &words);
	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	if (words.n == 0)
		return command_usage_error(command_id_name(op->verb),
		    "which test or pool? At least one name is required");
	memcpy(r.names, words.v, sizeof(r.names));
	r.nnames = words.n;
	return send_operation(op, &r, socket, json);
}

static int
run_pause(int argc, char **argv)
{
	return run_operation(
	    &(struct operation){ COMMAND_PAUSE, pause_usage, "paused", true, true }, argc,
	    argv);
}

static int
run_resume(int argc, char **argv)
{
	return run_operation(
	    &(struct operation){ COMMAND_RESUME, resume_usage, "resumed", false, false },
	    argc, argv);
}

static int
run_acknowledge(int argc, char **argv)
{
	return run_operation(&(struct operation){ COMMAND_ACKNOWLEDGE, acknowledge_usage,
				 "acknowledged", false, true },
	    argc, argv);
}

static int
run_reload(int argc, char **argv)
{
	const struct control_request r = { .verb = COMMAND_RELOAD };
	const char *socket = NULL;
	bool json = false;
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json },
		{ "socket", OPTION_TEXT, &socket } };
	int status = options_read("reload", reload_usage, rows, 2, argc, argv, NULL);
	enum ask_result result;
	struct err err;

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	result = ask(socket, &r, RELOAD_WAIT_MS, NULL, NULL, &err);
	if (result == ASK_DONE)
		puts(json ? "{\"event\":\"reloaded\"}" : "reloaded");
	return ask_status("reload", result, &err);
}

const struct command command_pause = { "pause", "stops running tests, for maintenance",
	run_pause };
const struct command command_resume = { "resume", "ends a pause", run_resume };
const struct command command_acknowledge = { "acknowledge",
	"silences the reminders of an alert", run_acknowledge };
const struct command command_reload = { "reload",
	"makes the daemon read its configuration", run_reload };
