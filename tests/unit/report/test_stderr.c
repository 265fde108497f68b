/* report/stderr: whoever reads may stop reading; we do not wait, and say what is lost. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "../cases.h"
#include "vocab/err.h"
#include "report/sinks.h"

#define PATIENCE_MS 60000 /* an upper limit; nothing waits for it */
#define LINES	    20000 /* more than any pipe, socket or terminal takes */

/* ret[0] is read, ret[1] written to. */
static void
make_pipe(int ret[2])
{
	assert_int_equal(pipe(ret), 0);
}

static void
make_sockets(int ret[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ret), 0);
}

static void
make_terminal(int ret[2])
{
	struct termios t;

	ret[0] = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(ret[0] >= 0);
	assert_int_equal(grantpt(ret[0]), 0);
	assert_int_equal(unlockpt(ret[0]), 0);
	ret[1] = open(ptsname(ret[0]), O_RDWR | O_NOCTTY);
	assert_true(ret[1] >= 0);
	assert_int_equal(tcgetattr(ret[1], &t), 0);
	cfmakeraw(&t);
	assert_int_equal(tcsetattr(ret[1], TCSANOW, &t), 0);
}

static void
make_file(int ret[2])
{
	char name[] = "/tmp/cswatch-stderr-XXXXXX";

	ret[1] = mkstemp(name);
	assert_true(ret[1] >= 0);
	ret[0] = open(name, O_RDONLY);
	assert_true(ret[0] >= 0);
	unlink(name);
}

static struct log *
open_log(int fd, bool without_descriptors)
{
	struct rlimit had, none;
	struct log *log;
	struct err err;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &had), 0);
	none = (struct rlimit){ 0, had.rlim_max };
	if (without_descriptors)
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	log = log_stderr_new(fd, false, &err);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &had), 0);
	assert_non_null(log);
	return log;
}

/* Appends what is there to text. */
static void
drain(int fd, char *text, size_t size)
{
	size_t len = strlen(text);
	ssize_t n;

	assert_int_equal(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), 0);
	while ((n = read(fd, text + len, size - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
}

static void
wait_and_drain(int fd, char *text, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, PATIENCE_MS) != 1)
		fail_msg("nothing comes any more: %zu octets", strlen(text));
	drain(fd, text, size);
}

static const struct door_case {
	const char *name;
	void (*make)(int ret[2]);
	bool without_descriptors; /* it cannot be opened anew */
	bool all;		  /* nobody has to read */
} door_cases[] = {
	{ "a pipe", make_pipe, false, false },
	{ "a pipe, no descriptor left", make_pipe, true, false },
	{ "a socket", make_sockets, false, false },
	{ "a terminal", make_terminal, false, false },
	{ "a file", make_file, false, true },
};

/* Lines of text, and those in *ret_lost that they say are missing. */
static size_t
count(const char *text, size_t *ret_lost)
{
	size_t lines = 0;

	*ret_lost = 0;
	for (; strchr(text, '\n') != NULL; lines++) {
		unsigned long lost = 0;
		char letter;
		int n = 0;

		if (sscanf(text, "test.finished test=%c%n", &letter, &n) != 1)
			fail_msg("line %zu: %.60s", lines, text);
		text += n;
		if (sscanf(text, " lost=%lu%n", &lost, &n) == 1)
			text += n;
		assert_int_equal(*text++, '\n');
		*ret_lost += lost;
	}
	return lines;
}

static void
check_door(void **state)
{
	const struct door_case *tc = *state;
	size_t size = 2 * LINES * 40, lines, lost, said = 0;
	char *text = calloc(1, size);
	struct log *log;
	int fd[2], flags;

	assert_non_null(text);
	tc->make(fd);
	flags = fcntl(fd[1], F_GETFL);
	log = open_log(fd[1], tc->without_descriptors);
	for (unsigned i = 0; i < LINES; i++) /* would hang here */
		LOG_EVENT(log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("test", "x"));
	/* Others who share the open file notice nothing. */
	assert_int_equal(fcntl(fd[1], F_GETFL), flags);
	/* What went into a terminal comes out some time later. */
	for (; strstr(text, "test=y") == NULL; said++) {
		LOG_EVENT(log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("test", "y"));
		wait_and_drain(fd[0], text, size);
	}
	log->close(log);
	while ((lines = count(text, &lost)) + lost < LINES + said)
		wait_and_drain(fd[0], text, size);
	assert_int_equal(lines + lost, LINES + said);
	assert_int_equal(lost == 0, tc->all);
	close(fd[0]);
	close(fd[1]);
	free(text);
}

/* A line longer than there is room for comes whole, in two parts. */
static void
a_line_in_two_parts(void **state)
{
	char big[2001], text[8192] = "";
	struct log *log;
	int fd[2];

	(void)state;
	memset(big, 'x', 2000);
	big[2000] = '\0';
	make_pipe(fd);
	assert_true(fcntl(fd[1], F_SETPIPE_SZ, 4096) > 0);
	log = open_log(fd[1], false);
	for (unsigned i = 0; i < 3; i++)
		LOG_EVENT(
		    log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("a", big), KV_S("b", big));
	drain(fd[0], text, sizeof(text));
	LOG_EVENT(log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("test", "y"));
	drain(fd[0], text, sizeof(text));
	assert_non_null(strstr(text, "test.finished test=y lost="));
	log->close(log);
	close(fd[0]);
	close(fd[1]);
}

static void
nobody_reads_any_more(void **state)
{
	struct log *log;
	int fd[2];

	(void)state;
	make_sockets(fd);
	log = open_log(fd[1], false);
	close(fd[0]);
	for (unsigned i = 0; i < 10; i++)
		LOG_EVENT(log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("test", "x"));
	log->close(log);
	close(fd[1]);
}

RUN_CASES(ROWS("reader stalls", door_cases, check_door), TEST(a_line_in_two_parts),
    TEST(nobody_reads_any_more));
