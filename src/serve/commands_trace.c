/* commands_trace - what was kept of a run: the last one, and failed ones in files. */
#include <stdlib.h>
#include <string.h>

#include "vocab/err.h"
#include "base/text.h"
#include "serve/answer.h"
#include "serve/commands.h"
#include "serve/service.h"
#include "watch/traces.h"
#include "watch/view.h"
#include "trace/trace_json.h"
#include "trace/shelf.h"
#include "trace/trace.h"

#define ENTRIES_PER_TURN 4 /* 16 KiB each at most */

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

	answer_begin_line(&j, &line, trace_json_kind(e));
	if (e == NULL)
		trace_json_put_head(&j, s->trace);
	else
		trace_json_put_entry(&j, e);
	answer_say_line(&j, call);
}

static void
say_more(void *state, struct control_call *call)
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
tell_trace(struct control_call *call, struct trace *trace)
{
	struct telling *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		control_end_error(call, "out of memory");
		return;
	}
	s->trace = trace_ref(trace);
	control_keep(call, telling_free, s);
	control_feed(call, say_more);
}

/* ---- what the worker reads ---- */

/* A question that waits for it. It outlives a client that goes away. */
struct waiting {
	struct control_call *call; /* NULL: the client went away */
	struct trace *last;	   /* list: what there is in memory */
};

static void
on_gone(void *state)
{
	struct waiting *w = state;

	w->call = NULL;
}

static struct control_call *
stop_waiting(struct waiting *w)
{
	struct control_call *call = w->call;

	trace_free(w->last);
	free(w);
	return call;
}

static void
on_read(void *arg, struct trace *t, const struct err *err)
{
	struct control_call *call = stop_waiting(arg);

	if (call == NULL)
		return;
	if (t != NULL)
		tell_trace(call, t);
	else
		control_end_error(call, "%s", err->detail);
}

static void
say_item(const struct shelf_item *item, const char *where, struct control_call *call)
{
	char time[TEXT_TIME_SIZE];
	struct buf line;
	struct json j;

	text_time_ms(time, item->started_ms);
	answer_begin_line(&j, &line, "kept");
	jsonw_string(&j, "run", item->run);
	jsonw_string(&j, "started", item->damaged ? NULL : time);
	jsonw_string(&j, "result",
	    item->damaged ? "damaged"
	    : item->ok	  ? "Success"
			  : "Failure");
	jsonw_fixed(&j, "latency", (int64_t)((item->latency_us + 500) / 1000), 3);
	jsonw_string(&j, "step", item->step);
	jsonw_string(&j, "diag", item->diag);
	jsonw_string(&j, "kept", where);
	answer_say_line(&j, call);
}

static void
say_last(const struct trace *last, struct control_call *call)
{
	const struct trace_head *h = trace_head(last);
	struct shelf_item item = {
		.started_ms = h->started_ms, .latency_us = h->latency_us, .ok = h->ok
	};

	(void)str_copy(item.run, sizeof(item.run), str_of(h->run));
	(void)str_copy(item.step, sizeof(item.step), str_of(h->step));
	(void)str_copy(item.diag, sizeof(item.diag), str_of(h->diag));
	say_item(&item, "memory", call);
}

static void
on_listed(void *arg, const struct shelf_item *items, size_t n)
{
	struct waiting *w = arg;
	bool both = false;

	for (size_t i = 0; w->call != NULL && w->last != NULL && i < n; i++)
		both = both || strcmp(items[i].run, trace_head(w->last)->run) == 0;
	if (w->call != NULL && w->last != NULL && !both)
		say_last(w->last, w->call);
	for (size_t i = 0; w->call != NULL && i < n; i++)
		say_item(&items[i], "file", w->call);
	if (w->call != NULL)
		control_end_ok(w->call);
	(void)stop_waiting(w);
}

static void
ask_files(struct service *s, struct control_call *call, const struct control_request *r,
    struct trace *last)
{
	struct waiting *w = calloc(1, sizeof(*w));
	const char *test = r->names[0];
	bool asked = false;

	if (w != NULL) {
		*w = (struct waiting){ call, trace_ref(last) };
		asked = r->list ? traces_list(s->traces, test, on_listed, w)
				: traces_read(s->traces, test, r->run, on_read, w);
	}
	if (asked) {
		control_keep(call, on_gone, w);
		return;
	}
	if (w != NULL)
		(void)stop_waiting(w);
	control_end_error(call, "out of memory");
}

void
command_trace(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	struct test_view t;
	struct trace *last;

	if (r->nnames != 1) {
		control_end_error(call, "which test? One is named");
		return;
	}
	if (!answer_know_tests(s->view, call, r) ||
	    !view_find_test(s->view, r->names[0], &t))
		return;
	last = t.trace;
	if (!r->list && last != NULL &&
	    (r->run == NULL || strcmp(trace_head(last)->run, r->run) == 0))
		tell_trace(call, last);
	else
		ask_files(s, call, r, last);
}
