#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "report/logline.h"
#include "report/sinks.h"

#define LAST_WAIT_MS 1000 /* for the rest of a line, when the log is closed */

/*
 * How to write without waiting for the reader. O_NONBLOCK would affect all processes that
 * share the open file, such as the shell at a terminal, so the file is opened again where
 * that is possible.
 */
enum write_method {
	WRITE_FILE, /* never waits for a reader */
	WRITE_OWN,  /* opened again, with O_NONBLOCK */
	WRITE_SOCKET,
	WRITE_ASK /* poll() says whether there is room for PIPE_BUF bytes */
};

struct stderr_log {
	struct log log; /* first: a struct log * points to the whole */
	int fd;
	enum write_method method;
	bool prefix;
	struct buf line; /* the part of the last line that is still to be written */
	uint64_t lost;	 /* number of lines since the last one that could be written */
};

static ssize_t
write_text(const struct stderr_log *s, struct str text)
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };

	if (s->method == WRITE_SOCKET)
		return send(s->fd, text.p, text.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (s->method == WRITE_ASK) {
		if (poll(&p, 1, 0) != 1) {
			errno = EAGAIN;
			return -1;
		}
		text.len = text.len < PIPE_BUF ? text.len : PIPE_BUF;
	}
	return write(s->fd, text.p, text.len);
}

/*
 * Writes as much of the line as there is room for, and drops it if nothing can be written
 * any more.
 */
static void
flush_line(struct stderr_log *s)
{
	while (s->line.len > 0) {
		ssize_t n = write_text(s, buf_view(&s->line));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			buf_clear(&s->line);
		else
			buf_consume(&s->line, (size_t)n);
	}
}

static void
emit(struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	struct stderr_log *s = (struct stderr_log *)log;

	flush_line(s);
	if (s->line.len > 0) {
		s->lost++;
		return;
	}
	buf_clear(&s->line);
	if (s->prefix)
		buf_printf(&s->line, "<%d>", priority);
	logline_format(&s->line, event, kv, n);
	if (s->lost > 0)
		buf_printf(&s->line, " lost=%" PRIu64, s->lost);
	buf_putc(&s->line, '\n');
	if (s->line.failed) {
		buf_clear(&s->line);
		s->lost++;
		return;
	}
	s->lost = 0;
	flush_line(s);
}

static void
close_log(struct log *log)
{
	struct stderr_log *s = (struct stderr_log *)log;
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };

	flush_line(s);
	if (s->line.len > 0 && poll(&p, 1, LAST_WAIT_MS) == 1)
		flush_line(s);
	if (s->method == WRITE_OWN)
		close(s->fd);
	buf_free(&s->line);
	free(s);
}

static void
choose_method(struct stderr_log *s)
{
	struct stat st;
	char path[32];
	int fd;

	s->method = WRITE_FILE;
	if (fstat(s->fd, &st) != 0)
		return;
	if (S_ISSOCK(st.st_mode))
		s->method = WRITE_SOCKET;
	if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", s->fd);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	s->method = fd < 0 ? WRITE_ASK : WRITE_OWN;
	if (fd >= 0)
		s->fd = fd;
}

struct log *
log_stderr_new(int fd, bool prefix, struct err *err)
{
	struct stderr_log *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		err_local(err, ENOMEM, "log");
		return NULL;
	}
	s->log = (struct log){ emit, close_log };
	s->fd = fd;
	s->prefix = prefix;
	choose_method(s);
	buf_init(&s->line, LOG_LINE_MAX);
	return &s->log;
}
