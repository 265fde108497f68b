#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "report/logline.h"
#include "report/sinks.h"

struct stderr_log {
	struct log log;		/* first: a struct log is one of these */
	int fd;
	bool prefix;
	struct buf line;	/* kept from line to line for its memory */
};

static void
write_all(int fd, struct str s)
{
	while (s.len > 0) {
		ssize_t n = write(fd, s.p, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		s.p += n;
		s.len -= (size_t)n;
	}
}

static void
emit(struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	struct stderr_log *s = (struct stderr_log *)log;

	buf_clear(&s->line);
	if (s->prefix)
		buf_printf(&s->line, "<%d>", priority);
	logline_format(&s->line, event, kv, n);
	buf_putc(&s->line, '\n');
	if (!s->line.failed)
		write_all(s->fd, buf_view(&s->line));
}

static void
close_log(struct log *log)
{
	struct stderr_log *s = (struct stderr_log *)log;

	buf_free(&s->line);
	free(s);
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
	buf_init(&s->line, LOG_LINE_MAX);
	return &s->log;
}
