/* cswatch show - everything that the daemon knows of a test. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cmd/ask.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/showtiming.h"
#include "control/request.h"
#include "report/record.h"
#include "state/state.h"
#include "state/statefile_fields.h"

static const char usage[] =
    "Usage: cswatch show NAME... [--json]\n"
    "Prints everything that is known of a test: its state, where the configuration\n"
    "defines it, its schedule, why it is not running at the moment, its last run with "
    "all\n"
    "steps, its certificates, how the registrar of a SIP domain was found, its "
    "settings.\n\n"
    "  --json         print a JSON object on each line\n"
    "  --socket FILE  control socket of the daemon (default " CSWATCH_SOCKET ")\n"
    "  --help         print this text\n";

static void
print_time(const char *label, int64_t wall_s)
{
	char time[TEXT_TIME_SIZE];

	text_time_s(time, wall_s);
	if (wall_s != 0)
		printf("%-13s: %s\n", label, time);
}

static void
print_remark(const char *label, const struct remark *r)
{
	char until[TEXT_TIME_SIZE] = "";

	if (r == NULL)
		return;
	if (r->until_ms != 0)
		text_time_s(until, r->until_ms / 1000);
	printf("%-13s: by %s%s%s%s%s\n", label, r->by[0] == '\0' ? "?" : r->by,
	    until[0] == '\0' ? "" : ", until ", until, r->reason[0] == '\0' ? "" : ": ",
	    r->reason);
}

/* Prints what has announced the alert of a test, unless it was the test itself. */
static void
print_announcer(const struct test_state *t, const json_t *pool)
{
	struct pool_state p = { .fqdn = NULL };
	char since[TEXT_TIME_SIZE];
	const char *bad;

	if (pool != NULL && fields_read_pool(pool, &p, &bad)) {
		text_time_s(since, p.rollup.since_ms / 1000);
		printf("Pool         : in alert as a whole since %s, %s\n", since,
		    p.rollup.diag);
		print_remark("Acknowledged", p.acknowledged);
	} else if (alert_is_pending(&t->alert)) {
		puts("Announced    : not yet; the pool is being judged");
	}
	pool_state_free(&p);
}

static void
print_state(const struct test_state *t, const json_t *line)
{
	printf("Test         : %s\n", t->name);
	printf("Pool         : %s\n", t->pool);
	printf("User         : %s\n", t->user);
	printf("State        : %s\n", alert_state_name(t->alert.state));
	print_time("Since", t->alert.since_ms / 1000);
	if (t->alert.flapping)
		puts("Flapping     : yes; the state is not updated until the results "
		     "settle");
	print_announcer(t, json_object_get(line, "pool"));
	print_remark("Paused", t->pause);
	print_remark("Acknowledged", t->acknowledged);
	printf("Now          : %s\n", line_text(line, "why"));
	printf("Runs         : %llu, %llu failed, %u failed in a row\n",
	    (unsigned long long)t->runs, (unsigned long long)t->failed_runs,
	    t->alert.failures);
	print_time("Last success", t->last_success_ms / 1000);
	print_time("Last failure", t->last_failure_ms / 1000);
}

static void
print_last(const struct last_run *last)
{
	char latency[TEXT_TIME_SIZE];
	struct buf warnings;

	if (last->run[0] == '\0') {
		puts("Last run     : none yet");
		return;
	}
	text_timespan(latency, last->latency_us);
	printf("\nLast run     : %s\n", last->run);
	print_time("Started", last->started_ms / 1000);
	printf("Result       : %s\n", last->ok ? "Success" : "Failure");
	printf("Latency      : %s\n", latency);
	if (last->failure != NULL) {
		printf("Error        : %s\n", last->failure->error);
		printf("Diagnosis    : %s\n", last->failure->diagnosis);
	}
	buf_init(&warnings, RECORD_MAX);
	record_warnings(&warnings, last->warnings, ", ");
	if (warnings.len > 0)
		printf("Warnings     : %s\n", warnings.data);
	buf_free(&warnings);
	for (unsigned i = 0; i < last->nsteps; i++)
		printf("  %-18s %10.1f ms%s\n", step_name(last->steps[i].step),
		    (double)last->steps[i].us / 1000,
		    last->failure != NULL && last->failure->step == last->steps[i].step
			? "  FAILED"
			: "");
}

static void
print_certificates(const struct test_state *t)
{
	const struct cert_summary *c = &t->certificate;

	putchar('\n');
	if (c->serial[0] != '\0') {
		if (c->subject != NULL)
			printf("Subject      : %s\n", c->subject);
		printf("Certificate  : serial %s\n", c->serial);
		printf("Thumbprint   : %s\n", c->sha1);
		print_time("Issued", c->not_before);
		print_time("Expires", c->not_after);
	}
	print_time("Registrar's", t->registrar_not_after);
	print_time("Web service's", t->web_not_after);
}

static const char *
text_or(const json_t *object, const char *key, const char *none)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? none : text;
}

/* Prints which registrar was found for a SIP domain, and how. */
static void
print_discovery(const json_t *d)
{
	const json_t *tried = json_object_get(d, "tried");
	const char *registrar = text_or(d, "registrar", NULL), *access;

	if (d == NULL)
		return;
	putchar('\n');
	if (registrar != NULL) {
		access = text_or(d, "access", NULL);
		printf("Registrar    : %s:%lld\n", registrar,
		    (long long)json_integer_value(json_object_get(d, "port")));
		printf("Found by     : %s%s%s\n", text_or(d, "asked", "?"),
		    access == NULL ? "" : ", access location ",
		    access == NULL ? "" : access);
	} else {
		printf("Registrar    : %s\n",
		    json_is_object(d) ? "not found" : "not looked for yet");
	}
	if (!json_is_object(d))
		return;
	printf("Looked       : %s\n", text_or(d, "looked", "?"));
	printf("Look again   : %s\n", text_or(d, "look_again", "with the next run"));
	for (size_t i = 0; i < json_array_size(tried); i++) {
		const json_t *t = json_array_get(tried, i);

		printf("Tried        : %s: %s\n", text_or(t, "asked", "?"),
		    text_or(t, "came", "?"));
	}
}

static void
print_setting(const json_t *settings, const char *key, const char *label)
{
	const json_t *v = json_object_get(settings, key);

	if (json_is_string(v))
		printf("%-13s: %s\n", label, json_string_value(v));
	else if (json_is_integer(v))
		printf("%-13s: %lld\n", label, (long long)json_integer_value(v));
}

static void
print_settings(const json_t *settings)
{
	putchar('\n');
	print_setting(settings, "username", "Account");
	print_setting(settings, "registrar_port", "Port");
	print_setting(settings, "address", "Address");
	print_setting(settings, "cert_provisioning_uri", "Provisioning");
	print_setting(settings, "discovery_uri", "Discovery URI");
	print_setting(settings, "timeout_ms", "Timeout (ms)");
	print_setting(settings, "confirm", "Confirm");
	print_setting(settings, "recover", "Recover");
}

static void
on_event(void *arg, const char *kind, const json_t *line)
{
	bool *more = arg;
	struct test_state t = { .name = NULL };
	const char *bad;

	if (strcmp(kind, "test") != 0)
		return;
	if (*more)
		putchar('\n');
	*more = true;
	t.name = str_dup(str_of(line_text(line, "name")));
	if (t.name != NULL && fields_read_test(json_object_get(line, "test"), &t, &bad)) {
		print_state(&t, line);
		show_timing(line);
		print_last(&t.last);
		print_certificates(&t);
		print_discovery(json_object_get(line, "discovery"));
		print_settings(json_object_get(line, "settings"));
	}
	test_state_free(&t);
}

static int
run_show(int argc, char **argv)
{
	struct control_request r = { .verb = COMMAND_SHOW };
	const char *socket = NULL;
	bool json = false, more = false;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json },
		{ "socket", OPTION_TEXT, &socket } };
	int status = options_read("show", usage, rows, 2, argc, argv, &words);
	enum ask_result result;
	struct err err;

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	if (words.n == 0)
		return command_usage_error(
		    "show", "which test? At least one name is required");
	memcpy(r.names, words.v, sizeof(r.names));
	r.nnames = words.n;
	result =
	    ask(socket, &r, ASK_WAIT_MS, json ? ask_print_json : on_event, &more, &err);
	return ask_status("show", result, &err);
}

const struct command command_show = { "show", "everything that is known of a test",
	run_show };
