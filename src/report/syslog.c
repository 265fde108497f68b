#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/host.h"
#include "vocab/err.h"
#include "base/text.h"
#include "report/logline.h"
#include "report/sinks.h"

#define PAIRS_MAX 32

struct syslog_log {
	struct log log; /* first: a struct log * points to the whole */
	const struct clock *clock;
	struct sockaddr_un to;
	int fd;	       /* -1: not connected */
	unsigned lost; /* number of lines since the last that was delivered */
	char hostname[HOST_NAME_SIZE];
	struct buf line; /* kept between lines, to use its memory again */
};

/*
 * Appends a parameter, with '"', '\\' and ']' escaped (RFC 5424 6.3.3), and without
 * control characters.
 */
static void
add_param(struct buf *out, const struct kv *kv)
{
	char number[24], text[LOGLINE_VALUE_MAX + 1];

	text_printable(text, sizeof(text), logline_value(kv, number));
	buf_printf(out, " %s=\"", kv->key);
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\' || *p == ']')
			buf_putc(out, '\\');
		buf_putc(out, *p);
	}
	buf_putc(out, '"');
}

/* Formats <PRI>VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID [SD] MSG (RFC 5424 6). */
static void
format_line(struct syslog_log *s, int priority, enum event_id event, const struct kv *kv,
    size_t n)
{
	char time[TEXT_TIME_SIZE];

	text_time_ms(time, clock_wall_ms(s->clock));
	buf_clear(&s->line);
	buf_printf(&s->line, "<%d>1 %s %s " LOG_IDENTIFIER " %ld %s ",
	    LOG_DAEMON | priority, time, s->hostname, (long)getpid(), event_name(event));
	buf_puts(&s->line, "[" LOG_SD_ID);
	for (size_t i = 0; i < n; i++)
		add_param(&s->line, &kv[i]);
	buf_puts(&s->line, "] ");
	logline_format(&s->line, event, kv, n);
}

static void
disconnect(struct syslog_log *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static bool
reconnect(struct syslog_log *s)
{
	disconnect(s);
	s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0)
		return false;
	if (connect(s->fd, (const struct sockaddr *)&s->to, sizeof(s->to)) == 0)
		return true;
	disconnect(s);
	return false;
}

static bool
deliver(const struct syslog_log *s)
{
	ssize_t n;

	do {
		n = send(s->fd, s->line.data, s->line.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	return n >= 0;
}

/*
 * Delivers the line, after connecting again if necessary: a syslog daemon that was
 * restarted has a new socket. A daemon that is stuck loses the line.
 */
static bool
deliver_or_reconnect(struct syslog_log *s)
{
	if (s->line.failed)
		return false;
	if (s->fd >= 0) {
		if (deliver(s))
			return true;
		if (errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE)
			return false;
	}
	return reconnect(s) && deliver(s);
}

static void
emit(struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	struct syslog_log *s = (struct syslog_log *)log;
	struct kv all[PAIRS_MAX];

	if (s->lost > 0 && n < PAIRS_MAX) {
		for (size_t i = 0; i < n; i++)
			all[i] = kv[i];
		all[n++] = KV_I("lost", s->lost);
		kv = all;
	}
	format_line(s, priority, event, kv, n);
	if (deliver_or_reconnect(s))
		s->lost = 0;
	else
		s->lost++;
}

static void
close_log(struct log *log)
{
	struct syslog_log *s = (struct syslog_log *)log;

	disconnect(s);
	buf_free(&s->line);
	free(s);
}

/*
 * Sets the host name in PRINTUSASCII; any other character would shift the fields after
 * it.
 */
static void
set_hostname(struct syslog_log *s)
{
	host_name(s->hostname);
	if (s->hostname[0] == '\0')
		s->hostname[0] = '-';
	for (char *p = s->hostname; *p != '\0'; p++) {
		if (*p <= ' ' || *p > '~')
			*p = '-';
	}
}

struct log *
log_syslog_new(const char *path, const struct clock *clock, struct err *err)
{
	struct syslog_log *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		err_local(err, ENOMEM, "log");
		return NULL;
	}
	s->log = (struct log){ emit, close_log };
	s->clock = clock;
	s->fd = -1;
	s->to.sun_family = AF_UNIX;
	if (!str_copy(s->to.sun_path, sizeof(s->to.sun_path), str_of(path))) {
		err_local(err, ENAMETOOLONG, "%s", path);
		free(s);
		return NULL;
	}
	set_hostname(s);
	buf_init(&s->line, LOG_LINE_MAX);
	reconnect(s); /* early, because the sandbox may become stricter */
	return &s->log;
}
