#include "cmd/status_text.h"

#include <stdio.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "state/statefile.h"

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
status_state(char dst[STATUS_STATE_SIZE], const struct test_state *t)
{
	snprintf(dst, STATUS_STATE_SIZE, "%s%s", alert_state_name(t->alert.state),
	    t->alert.flapping ? "/flapping" : "");
}

static bool
has_test(const struct state *s, const struct pool_state *p)
{
	for (size_t i = 0; i < s->ntests; i++)
		if (strcasecmp(s->tests[i].pool, p->fqdn) == 0)
			return true;
	return false;
}

static void
whole_pool(struct buf *out, const struct pool_state *p)
{
	char fqdn[STATUS_TEXT_SIZE], by[STATUS_TEXT_SIZE] = "", since[TEXT_TIME_SIZE];

	text_printable(fqdn, sizeof(fqdn), str_of(p->fqdn));
	text_time_s(since, p->rollup.since_ms / 1000);
	buf_printf(
	    out, "pool %s has been in alert since %s: %s", fqdn, since, p->rollup.diag);
	if (p->acknowledged != NULL) {
		text_printable(by, sizeof(by), str_of(p->acknowledged->by));
		buf_printf(out, " (acknowledged by %s)", by);
	}
	buf_putc(out, '\n');
}

void
status_whole(struct buf *out, const struct state *s)
{
	char since[TEXT_TIME_SIZE];

	if (s->watcher.state == ISOLATION_CUT_OFF) {
		text_time_s(since, s->watcher.since_ms / 1000);
		buf_printf(out,
		    "the watcher has been cut off since %s: "
		    "the state of the pools is not known\n",
		    since);
	}
	for (size_t i = 0; i < s->npools; i++)
		if (has_test(s, &s->pools[i]))
			whole_pool(out, &s->pools[i]);
}

void
status_json(struct buf *out, const struct state *s)
{
	statefile_format(out, s);
}
