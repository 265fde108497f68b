#include "report/sinks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "base/clock.h"
#include "vocab/err.h"
#include "report/logline.h"

#define BIG (10 * 1024)

/* One value, in the line and in structured data. in is NULL: num is the value. */
static const struct value_case {
	const char *name;
	const char *in;
	int64_t num;
	const char *line, *sd;
} value_cases[] = {
	{ "bare", "WT-CRED", 0, "WT-CRED", "WT-CRED" },
	{ "number", NULL, -401, "-401", "-401" },
	{ "largest number", NULL, INT64_MAX, "9223372036854775807",
	    "9223372036854775807" },
	{ "empty", "", 0, "\"\"", "" },
	{ "space", "a b", 0, "\"a b\"", "a b" },
	{ "quote", "a\"b", 0, "\"a\\\"b\"", "a\\\"b" },
	{ "backslash", "LITWAREINC\\kenmyer", 0, "\"LITWAREINC\\\\kenmyer\"",
	    "LITWAREINC\\\\kenmyer" },
	{ "bracket", "[x]", 0, "[x]", "[x\\]" },
	{ "equals sign", "a=b", 0, "\"a=b\"", "a=b" },
	{ "new line", "a\nb", 0, "\"a\\nb\"", "a.b" },
	{ "all line ends", "\r\n\v\f", 0, "\"\\r\\n\\x0b\\x0c\"", "...." },
	{ "terminal escape", "\x1b[2J", 0, "\"\\x1b[2J\"", ".[2J" },
	{ "UTF-8",
	    "Br\xc3\xbc"
	    "cke",
	    0,
	    "\"Br\xc3\xbc"
	    "cke\"",
	    "Br\xc3\xbc"
	    "cke" },
	{ "broken UTF-8", "a\xc3(", 0, "\"a\\xc3(\"", "a.(" },
	{ "C1 control", "a\xc2\x85z", 0, "\"a\\xc2\\x85z\"", "a.z" },
	{ "line separator", "a\xe2\x80\xa8z", 0, "\"a\\xe2\\x80\\xa8z\"", "a.z" },
};

static struct kv
kv_of(const struct value_case *c)
{
	return (struct kv){ "error", c->in, c->num };
}

static void
check_line(void **state)
{
	const struct value_case *c = *state;
	const struct kv kv = kv_of(c);
	struct buf b;
	char want[256];

	buf_init(&b, LOG_LINE_MAX);
	logline_format(&b, EVENT_TEST_FINISHED, &kv, 1);
	snprintf(want, sizeof(want), "test.finished error=%s", c->line);
	assert_string_equal(buf_view(&b).p, want);
	buf_free(&b);
}

static void
long_values_are_cut(void **state)
{
	char big[BIG + 1], number[24];
	const struct kv kv = KV_S("error", big);
	struct str got;

	(void)state;
	/* U+20AC over the edge: cut before it, not in it. */
	for (size_t before = 0; before <= 3; before++) {
		memset(big, 'x', BIG);
		big[BIG] = '\0';
		memcpy(big + LOGLINE_VALUE_MAX - before, "\xe2\x82\xac", 3);
		got = logline_value(&kv, number);
		assert_int_equal(got.len, LOGLINE_VALUE_MAX - before % 3);
	}
}

static void
an_event_without_pairs(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, LOG_LINE_MAX);
	logline_format(&b, EVENT_DAEMON_STOPPED, NULL, 0);
	assert_string_equal(buf_view(&b).p, "daemon.stopped");
	buf_free(&b);
}

static const struct kind_case {
	const char *name;
	bool ok;
	enum log_kind kind;
} kind_cases[] = {
	{ "journal", true, LOG_TO_JOURNAL },
	{ "syslog", true, LOG_TO_SYSLOG },
	{ "stderr", true, LOG_TO_STDERR },
	{ "Journal", false, LOG_TO_STDERR },
	{ "", false, LOG_TO_STDERR },
};

static void
check_kind(void **state)
{
	const struct kind_case *c = *state;
	enum log_kind kind = LOG_TO_STDERR;

	assert_int_equal(log_kind_by_name(c->name, &kind), c->ok);
	assert_int_equal(kind, c->kind);
}

/* What can be read from fd now. */
static char *
read_now(int fd, char *text, size_t size)
{
	ssize_t n = read(fd, text, size - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
stderr_gets_one_line(void **state)
{
	char text[256];
	struct log *log;
	struct err err;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	log = log_stderr_new(fd[1], false, &err);
	assert_non_null(log);
	LOG_EVENT(
	    log, LOG_INFO, EVENT_TEST_STATE, KV_S("test", "a\nb"), KV_I("failures", 2));
	assert_string_equal(read_now(fd[0], text, sizeof(text)),
	    "test.state test=\"a\\nb\" failures=2\n");
	log->close(log);
	log = log_stderr_new(fd[1], true, &err);
	assert_non_null(log);
	LOG_EVENT(log, LOG_ERR, EVENT_TEST_STATE, KV_S("test", "a"));
	LOG_EVENT(log, LOG_INFO, EVENT_TEST_STATE, KV_S("test", "b"));
	assert_string_equal(read_now(fd[0], text, sizeof(text)),
	    "<3>test.state test=a\n<6>test.state test=b\n");
	log->close(log);
	close(fd[0]);
	close(fd[1]);
}

/* Opens the log with `stream` as JOURNAL_STREAM and stderr on a pipe: what comes out. */
static void
log_under_stream(const char *stream, char *text, size_t size)
{
	int saved = dup(STDERR_FILENO), fd[2];
	struct log *log;
	struct err err;
	char own[64];
	struct stat st;

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(fstat(fd[1], &st), 0);
	snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	if (stream == NULL)
		unsetenv("JOURNAL_STREAM");
	else
		setenv("JOURNAL_STREAM", strcmp(stream, "own") == 0 ? own : stream, 1);
	dup2(fd[1], STDERR_FILENO);
	log = log_open(LOG_TO_STDERR, &clock_system, &err);
	LOG_EVENT(log, LOG_INFO, EVENT_DAEMON_STOPPED, KV_I("status", 0));
	log->close(log);
	dup2(saved, STDERR_FILENO);
	unsetenv("JOURNAL_STREAM");
	read_now(fd[0], text, size);
	close(saved);
	close(fd[0]);
	close(fd[1]);
}

static void
the_prefix_is_for_the_journal_only(void **state)
{
	char text[128];

	(void)state;
	log_under_stream(NULL, text, sizeof(text));
	assert_string_equal(text, "daemon.stopped status=0\n");
	log_under_stream("1:2", text, sizeof(text));
	assert_string_equal(text, "daemon.stopped status=0\n");
	log_under_stream("own", text, sizeof(text));
	assert_string_equal(text, "<6>daemon.stopped status=0\n");
}

static void
the_journal_must_be_there(void **state)
{
	struct err err = { .cause = CAUSE_NONE };
	struct log *log = log_open(LOG_TO_JOURNAL, &clock_system, &err);

	(void)state;
	assert_int_equal(log != NULL, access("/run/systemd/journal/socket", W_OK) == 0);
	if (log != NULL)
		log->close(log);
	else
		assert_int_equal(err.cause, CAUSE_LOCAL);
}

/* A syslog daemon: its socket, in a directory of its own. */
struct syslogd {
	char dir[64];
	struct sockaddr_un at;
	int fd;
	struct log *log;
	char text[LOG_LINE_MAX + 1];
};

static uint64_t
no_mono(void *arg)
{
	(void)arg;
	return 0;
}

static int64_t
fixed_wall(void *arg)
{
	(void)arg;
	return 1795352652103;
}

static const struct clock fixed = { no_mono, fixed_wall, NULL };

static void
syslogd_start(struct syslogd *d)
{
	d->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(d->fd >= 0);
	assert_int_equal(bind(d->fd, (struct sockaddr *)&d->at, sizeof(d->at)), 0);
}

static void
syslogd_stop(struct syslogd *d)
{
	close(d->fd);
	unlink(d->at.sun_path);
	d->fd = -1;
}

/* The next datagram; NULL when there is none. */
static const char *
syslogd_read(struct syslogd *d)
{
	ssize_t n = recv(d->fd, d->text, sizeof(d->text) - 1, 0);

	if (n < 0)
		return NULL;
	d->text[n] = '\0';
	return d->text;
}

static int
setup_syslogd(void **state)
{
	struct syslogd *d = calloc(1, sizeof(*d));
	struct err err;

	assert_non_null(d);
	snprintf(d->dir, sizeof(d->dir), "/tmp/cswatch-sinks-XXXXXX");
	assert_non_null(mkdtemp(d->dir));
	d->at.sun_family = AF_UNIX;
	snprintf(d->at.sun_path, sizeof(d->at.sun_path), "%s/log", d->dir);
	syslogd_start(d);
	d->log = log_syslog_new(d->at.sun_path, &fixed, &err);
	assert_non_null(d->log);
	*state = d;
	return 0;
}

static int
teardown_syslogd(void **state)
{
	struct syslogd *d = *state;

	d->log->close(d->log);
	if (d->fd >= 0)
		syslogd_stop(d);
	rmdir(d->dir);
	free(d);
	return 0;
}

static void
emit_test(struct syslogd *d, const char *test)
{
	LOG_EVENT(d->log, LOG_WARNING, EVENT_TEST_FINISHED, KV_S("test", test));
}

static void
expect_message(struct syslogd *d, const char *sd, const char *line)
{
	char host[256] = "", want[4096];

	gethostname(host, sizeof(host) - 1);
	snprintf(want, sizeof(want),
	    "<28>1 2026-11-22T13:04:12.103Z %s cswatchd %ld test.finished "
	    "[cswatch@32473%s] test.finished%s",
	    host, (long)getpid(), sd, line);
	assert_string_equal(syslogd_read(d), want);
}

static void
syslog_gets_rfc_5424(void **state)
{
	struct syslogd *d = *state;

	LOG_EVENT(d->log, LOG_WARNING, EVENT_TEST_FINISHED, KV_S("test", "atl/kenmyer"),
	    KV_I("code", 401), KV_S("error", "a \"b\" [c]\\\n"));
	expect_message(d,
	    " test=\"atl/kenmyer\" code=\"401\" error=\"a \\\"b\\\" [c\\]\\\\.\"",
	    " test=atl/kenmyer code=401 error=\"a \\\"b\\\" [c]\\\\\\n\"");
	assert_null(syslogd_read(d));
}

/* The daemon of these values is made anew for each, which the table cannot say. */
static void
syslog_escapes_every_value(void **state)
{
	struct syslogd *d = *state;

	for (size_t i = 0; i < NROWS(value_cases); i++) {
		const struct kv kv = kv_of(&value_cases[i]);
		char sd[256], line[256];

		log_event(d->log, LOG_WARNING, EVENT_TEST_FINISHED, &kv, 1);
		snprintf(sd, sizeof(sd), " error=\"%s\"", value_cases[i].sd);
		snprintf(line, sizeof(line), " error=%s", value_cases[i].line);
		expect_message(d, sd, line);
	}
}

static void
syslog_survives_long_values(void **state)
{
	struct syslogd *d = *state;
	char big[BIG + 1];
	const char *got;

	memset(big, '\x01', BIG); /* the longest when escaped */
	big[BIG] = '\0';
	LOG_EVENT(d->log, LOG_WARNING, EVENT_TEST_FINISHED, KV_S("error", big));
	got = syslogd_read(d);
	assert_non_null(got);
	assert_int_equal(got[strlen(got) - 1], '"');
	/* More than a line may have: left out, and said with the next. */
	LOG_EVENT(d->log, LOG_WARNING, EVENT_TEST_FINISHED, KV_S("a", big),
	    KV_S("b", big), KV_S("c", big), KV_S("d", big));
	assert_null(syslogd_read(d));
	emit_test(d, "next");
	expect_message(d, " test=\"next\" lost=\"1\"", " test=next lost=1");
}

static void
syslog_finds_a_daemon_that_started_again(void **state)
{
	struct syslogd *d = *state;

	emit_test(d, "1");
	expect_message(d, " test=\"1\"", " test=1");
	syslogd_stop(d);
	syslogd_start(d);
	emit_test(d, "2");
	expect_message(d, " test=\"2\"", " test=2");
}

static void
syslog_counts_what_nobody_took(void **state)
{
	struct syslogd *d = *state;

	syslogd_stop(d);
	emit_test(d, "1");
	emit_test(d, "2");
	syslogd_start(d);
	emit_test(d, "3");
	expect_message(d, " test=\"3\" lost=\"2\"", " test=3 lost=2");
	emit_test(d, "4");
	expect_message(d, " test=\"4\"", " test=4");
}

static void
a_stuck_daemon_does_not_stop_us(void **state)
{
	enum { LINES = 1000 };
	struct syslogd *d = *state;
	int received = 0;
	char sd[64], line[64];

	for (int i = 0; i < LINES; i++)
		emit_test(d, "x"); /* would hang here */
	while (syslogd_read(d) != NULL)
		received++;
	assert_true(received > 0);
	assert_true(received < LINES);
	emit_test(d, "y");
	snprintf(sd, sizeof(sd), " test=\"y\" lost=\"%d\"", LINES - received);
	snprintf(line, sizeof(line), " test=y lost=%d", LINES - received);
	expect_message(d, sd, line);
}

static void
a_path_too_long_for_a_socket_is_refused(void **state)
{
	struct err err = { .cause = CAUSE_NONE };
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1];

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_null(log_syslog_new(path, &fixed, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(err.code, ENAMETOOLONG);
}

/* What the journal was given last: fields, one a line. */
static struct buf journal;

int __wrap_sd_journal_sendv(const struct iovec *iov, int n);

int
__wrap_sd_journal_sendv(const struct iovec *iov, int n)
{
	buf_clear(&journal);
	for (int i = 0; i < n; i++) {
		buf_add(&journal, iov[i].iov_base, iov[i].iov_len);
		buf_putc(&journal, '\n');
	}
	return 0;
}

static void
the_journal_gets_fields(void **state)
{
	struct log *log;
	struct err err;

	(void)state;
	buf_init(&journal, 1 << 20);
	log = log_journal_new(&err);
	assert_non_null(log);
	LOG_EVENT(log, LOG_ERR, EVENT_TEST_STATE, KV_S("test", "atl/kenmyer"),
	    KV_S("to", "alert"), KV_I("failures", 2), KV_S("target_fqdn", "a b"));
	assert_string_equal(buf_view(&journal).p,
	    "MESSAGE=test.state test=atl/kenmyer to=alert failures=2 "
	    "target_fqdn=\"a b\"\n"
	    "MESSAGE_ID=97069c8b36ea43dcb33e4ffcae83650e\n"
	    "PRIORITY=3\n"
	    "SYSLOG_IDENTIFIER=cswatchd\n"
	    "CSWATCH_EVENT=test.state\n"
	    "CSWATCH_TEST=atl/kenmyer\n"
	    "CSWATCH_TO=alert\n"
	    "CSWATCH_FAILURES=2\n"
	    "CSWATCH_TARGET_FQDN=a b\n");
	LOG_EVENT(log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("error", "one\nMESSAGE=two"));
	assert_non_null(strstr(
	    buf_view(&journal).p, "MESSAGE=test.finished error=\"one\\nMESSAGE=two\"\n"));
	log->close(log);
	buf_free(&journal);
}

#define WITH_SYSLOGD(test) TEST_WITH(test, setup_syslogd, teardown_syslogd)

RUN_CASES(ROWS("line", value_cases, check_line), TEST(long_values_are_cut),
    TEST(an_event_without_pairs), ROWS("kind", kind_cases, check_kind),
    TEST(stderr_gets_one_line), TEST(the_prefix_is_for_the_journal_only),
    TEST(the_journal_must_be_there), WITH_SYSLOGD(syslog_gets_rfc_5424),
    WITH_SYSLOGD(syslog_escapes_every_value), WITH_SYSLOGD(syslog_survives_long_values),
    WITH_SYSLOGD(syslog_finds_a_daemon_that_started_again),
    WITH_SYSLOGD(syslog_counts_what_nobody_took),
    WITH_SYSLOGD(a_stuck_daemon_does_not_stop_us),
    TEST(a_path_too_long_for_a_socket_is_refused), TEST(the_journal_gets_fields));
