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
#include "base/err.h"
#include "report/sinks.h"

#define LINES 20000		/* more than any pipe, socket or terminal takes */
#define LINE  "test.finished test=x\n"

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

/*
 * Writes a line and reads what is there, until that line is. A terminal hands over what
 * was written, and gets room again, only when the kernel comes to it. How many times.
 */
static size_t
write_last(struct log *log, int fd, char *text, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t tries = 0;

	drain(fd, text, size);
	while (strstr(text, "test=y") == NULL) {
		LOG_EVENT(log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("test", "y"));
		tries++;
		(void)poll(&p, 1, 1000);
		drain(fd, text, size);
		assert_true(tries < 1000);
	}
	return tries;
}

static const struct door_case {
	const char *name;
	void (*make)(int ret[2]);
	bool without_descriptors;	/* it cannot be opened anew */
	bool all;			/* nobody has to read */
} door_cases[] = {
	{ "a pipe", make_pipe, false, false },
	{ "a pipe, no descriptor left", make_pipe, true, false },
	{ "a socket", make_sockets, false, false },
	{ "a terminal", make_terminal, false, false },
	{ "a file", make_file, false, true },
};

static void
check_door(void **state)
{
	const struct door_case *tc = *state;
	size_t size = LINES * sizeof(LINE), whole = 0, lost = 0, tries;
	char *text = calloc(1, size), *at = text;
	struct log *log;
	int fd[2], flags;

	assert_non_null(text);
	tc->make(fd);
	flags = fcntl(fd[1], F_GETFL);
	log = open_log(fd[1], tc->without_descriptors);
	for (unsigned i = 0; i < LINES; i++)	/* would hang here */
		LOG_EVENT(log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("test", "x"));
	/* Others who share the open file notice nothing. */
	assert_int_equal(fcntl(fd[1], F_GETFL), flags);
	tries = write_last(log, fd[0], text, size);
	for (; strncmp(at, LINE, strlen(LINE)) == 0; at += strlen(LINE))
		whole++;
	assert_true(whole > 0);
	assert_int_equal(whole == LINES, tc->all);
	if (sscanf(at, "test.finished test=y lost=%zu", &lost) != 1)
		assert_memory_equal(at, "test.finished test=y\n", 21);
	assert_true(lost >= LINES - whole && lost < LINES - whole + tries);
	log->close(log);
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
		LOG_EVENT(log, LOG_INFO, EVENT_TEST_FINISHED, KV_S("a", big),
		    KV_S("b", big));
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
