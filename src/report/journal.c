#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>

#define SD_JOURNAL_SUPPRESS_LOCATION  /* the place in our source is of no use to readers \
				       */
#include <systemd/sd-journal.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "report/logline.h"
#include "report/sinks.h"

#define FIELDS_OWN 5
#define FIELDS_MAX (FIELDS_OWN + 32)

struct journal_log {
	struct log log;	 /* first: a struct log * points to the whole */
	struct buf text; /* all fields, one after the other */
	size_t start[FIELDS_MAX + 1];
};

static void
add_pair(struct buf *out, const struct kv *kv)
{
	char number[24];

	buf_puts(out, "CSWATCH_");
	for (const char *p = kv->key; *p != '\0'; p++)
		buf_putc(out, *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p);
	buf_putc(out, '=');
	buf_str(out, logline_value(kv, number));
}

/*
 * MESSAGE is escaped like any line of ours. The values of the fields are not, because the
 * journal stores bytes and its readers escape them.
 */
static void
emit(struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	struct journal_log *j = (struct journal_log *)log;
	struct iovec iov[FIELDS_MAX];
	size_t used = 0;

	if (n > FIELDS_MAX - FIELDS_OWN)
		n = FIELDS_MAX - FIELDS_OWN;
	buf_clear(&j->text);
	j->start[used++] = j->text.len;
	buf_puts(&j->text, "MESSAGE=");
	logline_format(&j->text, event, kv, n);
	j->start[used++] = j->text.len;
	buf_printf(&j->text, "MESSAGE_ID=%s", event_message_id(event));
	j->start[used++] = j->text.len;
	buf_printf(&j->text, "PRIORITY=%d", priority);
	j->start[used++] = j->text.len;
	buf_puts(&j->text, "SYSLOG_IDENTIFIER=" LOG_IDENTIFIER);
	j->start[used++] = j->text.len;
	buf_printf(&j->text, "CSWATCH_EVENT=%s", event_name(event));
	for (size_t i = 0; i < n; i++) {
		j->start[used++] = j->text.len;
		add_pair(&j->text, &kv[i]);
	}
	j->start[used] = j->text.len;
	if (j->text.failed)
		return;
	for (size_t i = 0; i < used; i++)
		iov[i] = (struct iovec){ j->text.data + j->start[i],
			j->start[i + 1] - j->start[i] };
	sd_journal_sendv(iov, (int)used);
}

static void
close_log(struct log *log)
{
	struct journal_log *j = (struct journal_log *)log;

	buf_free(&j->text);
	free(j);
}

struct log *
log_journal_new(struct err *err)
{
	struct journal_log *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		err_local(err, ENOMEM, "log");
		return NULL;
	}
	j->log = (struct log){ emit, close_log };
	buf_init(&j->text, 4 * LOG_LINE_MAX);
	return &j->log;
}
