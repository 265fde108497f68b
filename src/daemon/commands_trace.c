/* commands_trace - what was kept of a run: the steps and messages of the last one. */
#include <stdlib.h>
#include <string.h>

#include "daemon/commands_parts.h"
#include "daemon/parts.h"
#include "daemon/traces.h"
#include "trace/lines.h"
#include "trace/trace.h"

#define ENTRIES_PER_TURN 4	/* 16 KiB each at most */

/* One on its way to a client. */
struct telling {
	struct trace *trace;
	bool begun;
	const struct trace_entry *next;
};

static void
telling_free(void *state)
{
	struct telling *s = state;

	trace_free(s->trace);
	free(s);
}

static void
say_line(const struct telling *s, const struct trace_entry *e, struct control_call *call)
{
	struct buf line;
	struct json j;

	line_begin(&j, &line, lines_kind(e));
	if (e == NULL)
		lines_put_head(&j, s->trace);
	else
		lines_put_entry(&j, e);
	line_say(&j, call);
}

static void
more(void *state, struct control_call *call)
{
	struct telling *s = state;

	if (!s->begun) {
		say_line(s, NULL, call);
		s->next = trace_first(s->trace);
		s->begun = true;
	}
	for (unsigned i = 0; i < ENTRIES_PER_TURN && s->next != NULL; i++) {
		say_line(s, s->next, call);
		s->next = trace_next(s->next);
	}
	if (s->next != NULL)
		return;
	control_end_ok(call);
	telling_free(s);
}

static void
tell(struct control_call *call, struct trace *trace)
{
	struct telling *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		control_end_error(call, "out of memory");
		return;
	}
	s->trace = trace_ref(trace);
	control_keep(call, telling_free, s);
	control_feed(call, more);
}

void
command_trace(struct daemon *d, struct control_call *call,
    const struct control_request *r)
{
	struct trace *last;

	if (r->nnames != 1) {
		control_end_error(call, "which test? One is named");
		return;
	}
	if (!names_known(d, call, r))
		return;
	last = traces_last(probes_find(d, r->names[0]));
	if (last == NULL)
		control_end_error(call, "nothing is kept of \"%s\" yet", r->names[0]);
	else if (r->run != NULL && strcmp(trace_head(last)->run, r->run) != 0)
		control_end_error(call, "of \"%s\" only run %s is kept", r->names[0],
		    trace_head(last)->run);
	else
		tell(call, last);
}
