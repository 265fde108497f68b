/*
 * cswatch status - every test, its state, since when, last latency, next run: from the
 * state file.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "cmd/command.h"
#include "report/statefile.h"
#include "report/status.h"

static const char usage[] =
    "Usage: cswatch status [--json] [--state-file FILE]\n"
    "Prints every test: its state, since when, the last latency and error, the next "
    "run.\n\n"
    "  --state-file FILE  default " CSWATCH_STATEDIR "/state.json\n"
    "  --json             the whole document instead of the table\n"
    "  --help             this text\n\n"
    "Exit status: 0 no test is failing, 1 one is, 2 wrong usage, 3 no state to read.\n";

static const struct option long_options[] = {
	{ "state-file", required_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
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

static int
show(const char *path, bool json)
{
	struct state s;
	struct buf out;
	struct err err;
	int status;

	if (!statefile_peek(path, &s, &err)) {
		fprintf(stderr,
		    "cswatch status: %s\nIs cswatchd running? See 'systemctl status "
		    "cswatchd'.\n",
		    err.detail);
		return EXIT_CANNOT;
	}
	buf_init(&out, STATEFILE_MAX);
	if (json)
		status_json(&out, &s);
	else
		status_table(&out, &s);
	fwrite(out.data, 1, out.len, stdout);
	status = out.failed ? EXIT_CANNOT : verdict(&s);
	buf_free(&out);
	state_free(&s);
	return status;
}

static int
run_status(int argc, char **argv)
{
	const char *path = CSWATCH_STATEDIR "/state.json";
	bool json = false;
	int opt;

	opterr = 0;
	optind = 1;
	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (opt == 's') {
			path = optarg;
		} else if (opt == 'j') {
			json = true;
		} else if (opt == 'h') {
			fputs(usage, stdout);
			return EXIT_OK;
		} else {
			return command_usage_error("status",
			    "%s: unknown option, or its value is missing",
			    argv[optind - 1]);
		}
	}
	if (optind < argc)
		return command_usage_error(
		    "status", "'%s' is one word too many", argv[optind]);
	return show(path, json);
}

const struct command command_status = {
	.name = "status",
	.summary = "every test and its state, from the state file",
	.run = run_status,
};
