/* cmd/options, cmd/cmdlet, cmd/nagios: what is typed, and what a plugin says. */
#include <string.h>

#include "../cases.h"
#include "base/text.h"
#include "cmd/cmdlet.h"
#include "cmd/command.h"
#include "cmd/nagios.h"
#include "cmd/options.h"

static char last_error[512];

/* In place of that of cswatch.c. */
int
command_usage_error(const char *command, const char *fmt, ...)
{
	va_list ap;

	(void)command;
	va_start(ap, fmt);
	vsnprintf(last_error, sizeof(last_error), fmt, ap);
	va_end(ap);
	return EXIT_USAGE;
}

/* Splits at blanks; line is cut up. */
static int
split(char *line, char **argv, int max)
{
	int n = 0;

	for (char *p = strtok_r(line, " ", &line); p != NULL && n < max;
	    p = strtok_r(NULL, " ", &line))
		argv[n++] = p;
	return n;
}

static const char *
set_even(void *arg, const char *value)
{
	uint64_t n;

	if (!str_uint(str_of(value), 0, 100, &n) || n % 2 != 0)
		return "an even number";
	*(unsigned *)arg = (unsigned)n;
	return NULL;
}

static const struct option_case {
	const char *name, *line;
	int status;
	const char *what; /* "flag text ms even words", or the error */
} option_cases[] = {
	{ "nothing", "x", EXIT_OK, "0 - 0 1" },
	{ "all of it", "x a --flag --text t b --for 2m --even 8 c", EXIT_OK,
	    "1 t 120000 8 a b c" },
	{ "with an equals sign", "x --text=t=u --for=1s", EXIT_OK, "0 t=u 1000 1" },
	{ "a value that is empty", "x --text=", EXIT_OK, "0  0 1" },
	{ "words after the dashes", "x -- --flag a", EXIT_OK, "0 - 0 1 --flag a" },
	{ "a single dash is a word", "x -", EXIT_OK, "0 - 0 1 -" },
	{ "a slip", "x --tex", EXIT_USAGE,
	    "there is no option --tex; did you mean --text?" },
	{ "no such thing", "x --colour", EXIT_USAGE, "there is no option --colour" },
	{ "a single dash's option", "x -f", EXIT_USAGE, "there is no option -f" },
	{ "no value", "x --text", EXIT_USAGE, "--text requires a value" },
	{ "a value too many", "x --flag=1", EXIT_USAGE, "--flag takes no value" },
	{ "no duration", "x --for 2", EXIT_USAGE,
	    "--for is '2'; it must be a duration such as 30m or 2h" },
	{ "checked, with an equals sign", "x --even=0", EXIT_OK, "0 - 0 0" },
	{ "not as the command wants it", "x --even 7", EXIT_USAGE,
	    "--even is '7'; it must be an even number" },
	{ "checked, no value", "x --even", EXIT_USAGE, "--even requires a value" },
};

static void
check_option(void **state)
{
	const struct option_case *c = *state;
	bool flag = false;
	const char *text = "-";
	uint64_t ms = 0;
	unsigned even = 1;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "flag", OPTION_FLAG, &flag },
		{ "text", OPTION_TEXT, &text }, { "for", OPTION_DURATION, &ms },
		{ "even", OPTION_CHECKED, &(struct option_check){ set_even, &even } } };
	char line[200], *argv[16], got[400];
	int argc, n;

	snprintf(line, sizeof(line), "%s", c->line);
	argc = split(line, argv, 16);
	assert_int_equal(
	    options_read("x", "help", rows, NROWS(rows), argc, argv, &words), c->status);
	if (c->status != EXIT_OK) {
		assert_string_equal(last_error, c->what);
		return;
	}
	n = snprintf(got, sizeof(got), "%d %s %u %u", flag, text, (unsigned)ms, even);
	for (size_t i = 0; i < words.n; i++)
		n += snprintf(got + n, sizeof(got) - (size_t)n, " %s", words.v[i]);
	assert_string_equal(got, c->what);
}

static void
no_words_where_there_are_none(void **state)
{
	char x[] = "x", word[] = "word", *argv[] = { x, word };

	(void)state;
	assert_int_equal(options_read("x", "", NULL, 0, 2, argv, NULL), EXIT_USAGE);
	assert_string_equal(last_error, "the argument 'word' is not expected");
}

static const struct cmdlet_case {
	const char *name, *line;
	const char *want; /* what it becomes; or, after "!", why not */
} cmdlet_cases[] = {
	{ "as in an administrator's notes",
	    "Test-CsClientAuth -TargetFqdn a.b -UserSipAddress sip:k@x "
	    "-UserCredential FILE -Verbose",
	    "test --target-fqdn a.b --user-sip-address sip:k@x "
	    "--user-credential FILE --verbose" },
	{ "in any case, the longer name",
	    "test-csclientauthentication -targetfqdn a.b -REGISTRARPORT 5061",
	    "test --target-fqdn a.b --registrar-port 5061" },
	{ "as short as it is unique", "Test-CsClientAuth -TargetF a -Reg 1 -V",
	    "test --target-fqdn a --registrar-port 1 --verbose" },
	{ "a colon", "Test-CsClientAuth -TargetUri:https://x/y -Verbose:$true",
	    "test --target-uri https://x/y --verbose" },
	{ "switched off", "Test-CsClientAuth -Verbose:$false", "test" },
	{ "our own options stay", "Test-CsClientAuth -TargetFqdn a --ca-file c",
	    "test --target-fqdn a --ca-file c" },
	{ "and so do their values", "Get-CsClientCertificate sip:k@x --socket s",
	    "certificates --user sip:k@x --socket s" },
	{ "a user's certificates", "Get-CsClientCertificate -Identity sip:k@x",
	    "certificates --user sip:k@x" },
	{ "without the parameter's name", "Get-CsClientCertificate sip:k@x",
	    "certificates --user sip:k@x" },
	{ "roles", "GET-CSADMINROLE", "roles" },
	{ "one role", "Get-CsAdminRole -Identity CsHelpDesk", "roles CsHelpDesk" },
	{ "not unique", "Test-CsClientAuth -Target x",
	    "!-Target is ambiguous: it may be -TargetFqdn or -TargetUri" },
	{ "a slip", "Test-CsClientAuth -TargetFqnd x",
	    "!Test-CsClientAuth has no parameter -TargetFqnd; did you mean "
	    "-TargetFqdn?" },
	{ "no value", "Test-CsClientAuth -TargetFqdn", "!-TargetFqdn requires a value" },
};

static void
check_cmdlet(void **state)
{
	const struct cmdlet_case *c = *state;
	char text[300], got[400] = "", *argv[CMDLET_WORDS_MAX];
	struct cmdlet_line line;
	int argc;
	bool ok;

	snprintf(text, sizeof(text), "%s", c->line);
	argc = split(text, argv, CMDLET_WORDS_MAX);
	assert_true(cmdlet_is(argv[0]));
	ok = cmdlet_translate(argc, argv, &line);
	assert_int_equal(ok, c->want[0] != '!');
	for (int i = 0; ok && i < line.argc; i++) {
		size_t n = strlen(got);

		snprintf(
		    got + n, sizeof(got) - n, "%s%s", i == 0 ? "" : " ", line.argv[i]);
	}
	assert_string_equal(ok ? got : line.why, c->want + !ok);
	cmdlet_free(&line);
}

static void
too_many_words(void **state)
{
	char name[] = "Get-CsAdminRole", word[] = "x", *argv[CMDLET_WORDS_MAX + 1];
	struct cmdlet_line line;

	(void)state;
	argv[0] = name;
	for (int i = 1; i <= CMDLET_WORDS_MAX; i++)
		argv[i] = word;
	assert_true(cmdlet_translate(CMDLET_WORDS_MAX, argv, &line));
	assert_int_equal(line.argc, CMDLET_WORDS_MAX);
	assert_null(line.argv[line.argc]);
	cmdlet_free(&line);
	assert_false(cmdlet_translate(CMDLET_WORDS_MAX + 1, argv, &line));
	cmdlet_free(&line);
	assert_false(cmdlet_is("Get-Nothing"));
}

#define OK_RECORD                                                                        \
	"{\"target_fqdn\":\"a\",\"result\":\"Success\",\"latency\":0.412,\"warnings\":[" \
	"],"                                                                             \
	"\"steps\":[{\"step\":\"resolve\",\"ms\":0.9}]}"
#define WARNED_RECORD                                                                    \
	"{\"target_fqdn\":\"b\",\"result\":\"Success\",\"latency\":1,"                   \
	"\"warnings\":[\"log-off\",\"redirect\"],\"steps\":[]}"
#define FAILED_RECORD                                                                    \
	"{\"target_fqdn\":\"c\",\"result\":\"Failure\",\"latency\":3.365,"               \
	"\"error\":\"No | pipe\\nno line\",\"step\":\"register\",\"diag\":\"X-Y\","      \
	"\"warnings\":[],\"steps\":[]}"

static const struct nagios_case {
	const char *name;
	const char *records[3], *names[3];
	enum nagios_status status;
	const char *line;
} nagios_cases[] = {
	{ "success", { OK_RECORD }, { NULL }, NAGIOS_OK,
	    "CSWATCH OK - a Success in 0.412s | 'latency'=0.412s;;;0 "
	    "'resolve'=0.0009s;;;0\n" },
	{ "warnings", { WARNED_RECORD }, { NULL }, NAGIOS_WARNING,
	    "CSWATCH WARNING - b Success in 1.000s, warnings: log-off,redirect | "
	    "'latency'=1.000s;;;0\n" },
	{ "failure in one line", { FAILED_RECORD }, { NULL }, NAGIOS_CRITICAL,
	    "CSWATCH CRITICAL - c Failure in 3.365s at register, X-Y: No / pipe no line "
	    "| "
	    "'latency'=3.365s;;;0\n" },
	{ "the worst counts", { OK_RECORD, FAILED_RECORD }, { "p/a", "p/c='x" },
	    NAGIOS_CRITICAL,
	    "CSWATCH CRITICAL - p/a Success in 0.412s; p/c='x Failure in 3.365s at "
	    "register, X-Y: No / pipe no line | 'p/a latency'=0.412s;;;0 "
	    "'p/a resolve'=0.0009s;;;0 'p/c__x latency'=3.365s;;;0\n" },
	{ "nothing", { NULL }, { NULL }, NAGIOS_UNKNOWN,
	    "CSWATCH UNKNOWN - no result\n" },
};

static void
check_nagios(void **state)
{
	const struct nagios_case *c = *state;
	struct nagios n;
	struct buf line;

	nagios_init(&n);
	for (int i = 0; i < 3 && c->records[i] != NULL; i++) {
		json_t *record = json_loads(c->records[i], 0, NULL);

		assert_non_null(record);
		nagios_add(&n, c->names[i], record);
		json_decref(record);
	}
	buf_init(&line, NAGIOS_MAX);
	assert_int_equal(nagios_finish(&n, &line), c->status);
	assert_string_equal(line.data, c->line);
	buf_free(&line);
}

RUN_CASES(ROWS("option", option_cases, check_option), TEST(no_words_where_there_are_none),
    ROWS("cmdlet", cmdlet_cases, check_cmdlet), TEST(too_many_words),
    ROWS("nagios", nagios_cases, check_nagios));
