/* commands_run - runs configured tests now, and tells the client how it goes. */
#include <stdlib.h>
#include <string.h>

#include "report/record.h"
#include "serve/answer.h"
#include "serve/commands.h"
#include "serve/service.h"
#include "state/state.h"
#include "trace/trace.h"
#include "txn/txn.h"
#include "vocab/result.h"
#include "watch/operator.h"
#include "watch/subscribers.h"
#include "watch/view.h"

/* One request: it ends when the last of its tests has. */
struct asked {
	struct service *service;
	struct control_call *call;
	bool verbose;
	size_t left, failed;
};

/* One test of it. */
struct waiter {
	LIST_ENTRY(waiter) link;
	struct asked *asked;
	const struct probe *probe; /* which test: to be compared */
};

/* ---- requests ---- */

static void
drop_waiters(struct service *s, const struct asked *a)
{
	struct waiter *w = LIST_FIRST(&s->waiters), *next;

	for (; w != NULL; w = next) {
		next = LIST_NEXT(w, link);
		if (w->asked != a)
			continue;
		LIST_REMOVE(w, link);
		free(w);
	}
}

/* The client went away; the runs go on. */
static void
on_gone(void *state)
{
	struct asked *a = state;

	drop_waiters(a->service, a);
	free(a);
}

static void
end_one(struct asked *a)
{
	struct buf line;
	struct json j;

	if (--a->left > 0)
		return;
	buf_init(&line, CONTROL_ANSWER_MAX);
	jsonw_init(&j, &line);
	jsonw_object(&j, NULL);
	jsonw_bool(&j, "ok", true);
	jsonw_int(&j, "failed", (int64_t)a->failed);
	jsonw_object_end(&j);
	control_end(a->call, &line);
	buf_free(&line);
	free(a);
}

/* ---- what happens to the tests ---- */

static bool
wants_notes(void *arg, const struct test_view *t)
{
	const struct service *s = arg;
	const struct waiter *w;

	LIST_FOREACH(w, &s->waiters, link)
	if (w->probe == t->probe && w->asked->verbose)
		return true;
	return false;
}

static void
on_note(void *arg, const struct test_view *t, const struct txn_note *note)
{
	const struct service *s = arg;
	const struct waiter *w = LIST_FIRST(&s->waiters);
	struct buf line;
	struct json j;

	for (; w != NULL; w = LIST_NEXT(w, link)) {
		if (w->probe != t->probe || !w->asked->verbose)
			continue;
		answer_begin_line(&j, &line, "note");
		jsonw_string(&j, "test", t->state->name);
		jsonw_string(&j, "kind", trace_kind_name(note->kind));
		jsonw_string(&j, "step", step_name(note->step));
		jsonw_fixed(&j, "ms", ((int64_t)note->step_us + 50) / 100, 1);
		jsonw_string(&j, "text", note->text);
		answer_say_line(&j, w->asked->call);
	}
}

static void
say_record(struct control_call *call, const struct test_state *t, const struct result *r)
{
	struct buf line, text;
	struct json j;

	buf_init(&text, RECORD_MAX);
	record_text(&text, t->pool, r);
	answer_begin_line(&j, &line, "record");
	jsonw_string(&j, "test", t->name);
	jsonw_string(&j, "run", r->run);
	jsonw_str(&j, "text", buf_view(&text));
	/* The record is an object already: it goes in as it is. */
	buf_puts(&line, ",\"record\":");
	record_json(&line, t->pool, t->user, r);
	buf_cut(&line, line.len - 1);
	answer_say_line(&j, call);
	buf_free(&text);
}

static void
end_waiters(struct service *s, const struct test_view *t, const struct result *r)
{
	struct waiter *w, *next;

	for (w = LIST_FIRST(&s->waiters); w != NULL; w = next) {
		next = LIST_NEXT(w, link);
		if (w->probe != t->probe)
			continue;
		LIST_REMOVE(w, link);
		w->asked->failed += !r->ok;
		say_record(w->asked->call, t->state, r);
		end_one(w->asked);
		free(w);
	}
}

static void
on_finished(void *arg, const struct finished_run *run)
{
	end_waiters(arg, &run->test, run->result);
}

static void
on_removed(void *arg, const struct test_view *t)
{
	struct result r = { .ok = false };

	err_set(
	    &r.err, CAUSE_CANCELLED, 0, "the test was removed from the configuration");
	end_waiters(arg, t, &r);
}

const struct watch_events commands_run_events = {
	.wants_notes = wants_notes,
	.run_noted = on_note,
	.run_finished = on_finished,
	.test_removed = on_removed,
};

/* ---- the command ---- */

static bool
wait_for(struct asked *a, const char *name)
{
	struct waiter *w = calloc(1, sizeof(*w));
	struct test_view t;

	if (w == NULL || !view_find_test(a->service->view, name, &t)) {
		free(w);
		return false;
	}
	w->asked = a;
	w->probe = t.probe;
	LIST_INSERT_HEAD(&a->service->waiters, w, link);
	a->left++;
	return true;
}

/* All waiters are there before the first test starts. */
void
command_test(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	struct asked *a;
	bool ok = true;

	if (r->nnames == 0) {
		control_end_error(call, "which test? None is named");
		return;
	}
	if (!answer_know_tests(s->view, call, r))
		return;
	a = calloc(1, sizeof(*a));
	if (a == NULL) {
		control_end_error(call, "out of memory");
		return;
	}
	*a = (struct asked){ s, call, r->verbose, 0, 0 };
	for (size_t i = 0; ok && i < r->nnames; i++)
		ok = wait_for(a, r->names[i]);
	if (!ok) {
		on_gone(a);
		control_end_error(call, "out of memory");
		return;
	}
	control_keep(call, on_gone, a);
	/* One that is running already is waited for. */
	for (size_t i = 0; i < r->nnames; i++)
		(void)operator_run_now(s->operator, r->names[i]);
}
