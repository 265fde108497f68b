#include "cmd/run_remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ask.h"
#include "cmd/command.h"
#include "cmd/htmlfile.h"
#include "cmd/nagios.h"
#include "cmd/options.h"
#include "cmd/run_log.h"
#include "cmd/traceask.h"
#include "control/request.h"
#include "trace/trace.h"
#include "txn/txn.h"

/* A transaction takes at most ten minutes and may have to wait for another one. */
#define WAIT_MS (1200 * 1000)

enum format { FORMAT_RECORD, FORMAT_JSON, FORMAT_NAGIOS };

struct view {
	enum format format;
	struct nagios nagios;
	struct run_log log;
	char of[CONTROL_WORD_MAX + 1]; /* the test whose log was printed last */
	size_t wanted, records;
	bool failed;
	const char *html; /* NULL: no page is wanted */
	struct ran {
		char test[CONTROL_WORD_MAX + 1], run[16];
	} *ran; /* --html: the runs that have ended */
	size_t nran;
};

static void
print_note(struct view *v, const json_t *line)
{
	struct txn_note note = { .text = line_text(line, "text") };
	const char *test = line_text(line, "test");

	(void)step_by_name(str_of(line_text(line, "step")), &note.step);
	note.step_us =
	    (uint64_t)(json_number_value(json_object_get(line, "ms")) * 1000 + 0.5);
	(void)trace_kind_by_name(str_of(line_text(line, "kind")), &note.kind);
	if (v->wanted > 1 && strcmp(v->of, test) != 0) {
		fprintf(v->log.out, "-- %s\n", test);
		v->log.steps = 0;
		(void)str_copy(v->of, sizeof(v->of), str_of(test));
	}
	run_log_note(&v->log, &note);
}

static void
print_record(struct view *v, const json_t *line)
{
	const json_t *record = json_object_get(line, "record");
	const char *name = line_text(line, "test");

	if (v->ran != NULL && v->nran < v->wanted) {
		struct ran *ran = &v->ran[v->nran++];

		(void)str_copy(ran->test, sizeof(ran->test), str_of(name));
		(void)str_copy(
		    ran->run, sizeof(ran->run), str_of(line_text(line, "run")));
	}
	v->failed = v->failed || line_text(record, "result")[0] != 'S';
	if (v->format == FORMAT_NAGIOS) {
		nagios_add(&v->nagios, v->wanted > 1 ? name : NULL, record);
		return;
	}
	if (v->format == FORMAT_JSON) {
		json_dumpf(record, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		if (v->records++ > 0)
			putchar('\n');
		fputs(line_text(line, "text"), stdout);
	}
	fflush(stdout);
}

static void
on_event(void *arg, const char *kind, const json_t *line)
{
	if (strcmp(kind, "note") == 0)
		print_note(arg, line);
	else if (strcmp(kind, "record") == 0)
		print_record(arg, line);
}

/* ---- --html ---- */

static bool
add_run(struct htmlfile *f, const struct ran *ran, const char *socket, struct err *err)
{
	struct control_request r = { .verb = COMMAND_TRACE,
		.names = { ran->test },
		.nnames = 1,
		.run = ran->run };
	struct trace *trace;

	if (traceask(socket, &r, &trace, err) != ASK_DONE)
		return false;
	htmlfile_add(f, trace);
	trace_free(trace);
	return true;
}

/*
 * Writes the traces of the runs that have ended. Returns false after printing the error.
 */
static bool
write_html(const struct view *v, const char *socket)
{
	struct htmlfile f;
	struct err err;
	char title[CONTROL_WORD_MAX + 64];
	bool ok;

	snprintf(title, sizeof(title), "%s%s", v->ran[0].test,
	    v->nran > 1 ? " and others" : "");
	ok = htmlfile_open(&f, v->html, title, &err);
	for (size_t i = 0; ok && i < v->nran; i++)
		ok = add_run(&f, &v->ran[i], socket, &err);
	if (ok)
		ok = htmlfile_close(&f, &err);
	else
		htmlfile_drop(&f);
	if (!ok)
		fprintf(
		    stderr, "cswatch test: %s is not written: %s\n", v->html, err.detail);
	return ok;
}

static int
send_request(struct view *v, const struct control_request *r, const char *socket)
{
	enum ask_result result;
	struct err err;
	struct buf line;
	bool written;
	int status;

	/* The log is not mixed with a record that programs read. */
	run_log_init(&v->log, v->format == FORMAT_RECORD ? stdout : stderr);
	nagios_init(&v->nagios);
	result = ask(socket, r, WAIT_MS, on_event, v, &err);
	written = v->nran == 0 || write_html(v, socket);
	if (v->format == FORMAT_NAGIOS) {
		buf_init(&line, NAGIOS_MAX);
		status = (int)nagios_finish(&v->nagios, &line);
		if (result == ASK_DONE)
			fputs(line.data, stdout);
		else
			status = (int)nagios_unknown(err.detail);
		buf_free(&line);
		return status;
	}
	status = ask_status("test", result, &err);
	if (status == EXIT_OK && v->failed)
		return EXIT_TEST_FAILED;
	return status == EXIT_OK && !written ? EXIT_CANNOT : status;
}

static bool
read_format(const char *word, enum format *ret)
{
	static const char *const words[] = { "record", "json", "nagios" };

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		*ret = (enum format)i;
		return true;
	}
	return false;
}

int
run_remote(int argc, char **argv, const char *usage)
{
	struct control_request r = { .verb = COMMAND_TEST };
	struct view v = { .format = FORMAT_RECORD };
	const char *socket = NULL, *format = "record";
	bool json = false;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "verbose", OPTION_FLAG, &r.verbose },
		{ "json", OPTION_FLAG, &json }, { "format", OPTION_TEXT, &format },
		{ "html", OPTION_TEXT, &v.html }, { "socket", OPTION_TEXT, &socket } };
	int status = options_read("test", usage, rows, 5, argc, argv, &words);

	if (strcmp(format, "nagios") == 0 &&
	    (status == EXIT_USAGE || (status == EXIT_OK && words.n == 0)))
		return (int)nagios_unknown("wrong usage");
	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	if (!read_format(json ? "json" : format, &v.format))
		return command_usage_error("test",
		    "--format is '%s'; it must be record, json or nagios", format);
	if (words.n == 0)
		return command_usage_error("test",
		    "which test? Names are required, or --target-fqdn, "
		    "--user-sip-address and --user-credential");
	memcpy(r.names, words.v, sizeof(r.names));
	r.nnames = v.wanted = words.n;
	if (v.html != NULL && (v.ran = calloc(words.n, sizeof(*v.ran))) == NULL)
		return EXIT_CANNOT;
	status = send_request(&v, &r, socket);
	free(v.ran);
	return status;
}
