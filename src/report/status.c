#include "report/status.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/statefile.h"

void
status_name(char dst[STATUS_TEXT_SIZE], const struct test_state *t)
{
	text_printable(dst, STATUS_TEXT_SIZE, str_of(t->name));
}

void
status_latency(char dst[RECORD_SECONDS_SIZE], const struct test_state *t)
{
	dst[0] = '\0';
	if (t->last.run[0] != '\0')
		record_seconds(dst, t->last.latency_us);
}

void
status_error(char dst[STATUS_TEXT_SIZE], const struct test_state *t)
{
	const struct last_run *last = &t->last;
	struct buf b;

	buf_init(&b, 2 * DIAGNOSIS_TEXT_MAX);
	if (last->run[0] != '\0' && !last->ok && last->failure != NULL) {
		buf_printf(&b, "%s: %s", last->failure->diag, last->failure->error);
	} else if (last->run[0] != '\0' && last->warnings != 0) {
		buf_puts(&b, "warning: ");
		record_warnings(&b, last->warnings, ", ");
	}
	text_printable(dst, STATUS_TEXT_SIZE, buf_view(&b));
	buf_free(&b);
}

void
status_json(struct buf *out, const struct state *s)
{
	statefile_format(out, s);
}
