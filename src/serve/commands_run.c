/* commands_run - runs configured tests now, and tells who asked how it goes. */
#include <stdlib.h>

#include "vocab/result.h"
#include "config/config.h"
#include "serve/commands.h"
#include "serve/commands_parts.h"
#include "watch/operator.h"
#include "watch/parts.h"
#include "report/record.h"
#include "txn/txn.h"

/* One request: it ends when the last of its tests has. */
struct asked {
	struct commands *commands;
	struct control_call *call;
	bool verbose;
	size_t left, failed;
};

/* One test of it. */
struct wait {
	LIST_ENTRY(wait) link;
	struct asked *asked;
	const struct probe *probe;
};

static void
drop_waits(struct commands *c, const struct asked *a)
{
	struct wait *w = LIST_FIRST(&c->waits), *next;

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

	drop_waits(a->commands, a);
	free(a);
}

static void
end_of_one(struct asked *a)
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

static bool
wants_notes(const struct daemon *d, const struct probe *p)
{
	const struct wait *w =
	    d->commands == NULL ? NULL : LIST_FIRST(&d->commands->waits);

	for (; w != NULL; w = LIST_NEXT(w, link))
		if (w->probe == p && w->asked->verbose)
			return true;
	return false;
}

static void
run_noted(struct probe *p, const struct txn_note *note)
{
	const struct daemon *d = p->owner;
	const struct wait *w =
	    d->commands == NULL ? NULL : LIST_FIRST(&d->commands->waits);
	struct buf line;
	struct json j;

	for (; w != NULL; w = LIST_NEXT(w, link)) {
		if (w->probe != p || !w->asked->verbose)
			continue;
		line_begin(&j, &line, "note");
		jsonw_string(&j, "test", p->state.name);
		jsonw_string(&j, "kind", trace_kind_name(note->kind));
		jsonw_string(&j, "step", step_name(note->step));
		jsonw_fixed(&j, "ms", ((int64_t)note->step_us + 50) / 100, 1);
		jsonw_string(&j, "text", note->text);
		line_say(&j, w->asked->call);
	}
}

static void
say_record(struct control_call *call, const struct probe *p, const struct result *r)
{
	struct buf line, text;
	struct json j;

	buf_init(&text, RECORD_MAX);
	record_text(&text, p->state.pool, r);
	line_begin(&j, &line, "record");
	jsonw_string(&j, "test", p->state.name);
	jsonw_string(&j, "run", r->run);
	jsonw_str(&j, "text", buf_view(&text));
	/* The record is an object already: it goes in as it is. */
	buf_puts(&line, ",\"record\":");
	record_json(&line, p->state.pool, p->state.user, r);
	buf_cut(&line, line.len - 1);
	line_say(&j, call);
	buf_free(&text);
}

static void
run_finished(struct daemon *d, const struct probe *p, const struct result *r)
{
	struct wait *w, *next;

	if (d->commands == NULL)
		return;
	for (w = LIST_FIRST(&d->commands->waits); w != NULL; w = next) {
		next = LIST_NEXT(w, link);
		if (w->probe != p)
			continue;
		LIST_REMOVE(w, link);
		w->asked->failed += !r->ok;
		say_record(w->asked->call, p, r);
		end_of_one(w->asked);
		free(w);
	}
}

static void
test_removed(struct daemon *d, const struct probe *p)
{
	struct result r = { .ok = false };

	err_set(
	    &r.err, CAUSE_CANCELLED, 0, "the test was removed from the configuration");
	run_finished(d, p, &r);
}

const struct watch_events commands_run_events = {
	.wants_notes = wants_notes,
	.run_noted = run_noted,
	.run_finished = run_finished,
	.test_removed = test_removed,
};

static bool
wait_for(struct commands *c, struct asked *a, const struct probe *p)
{
	struct wait *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return false;
	w->asked = a;
	w->probe = p;
	LIST_INSERT_HEAD(&c->waits, w, link);
	a->left++;
	return true;
}

/* All waits stand before the first test starts. */
void
command_test(struct daemon *d, struct control_call *call, const struct control_request *r)
{
	struct asked *a;
	bool ok = true;

	if (r->nnames == 0) {
		control_end_error(call, "which test? None is named");
		return;
	}
	if (!names_known(d, call, r))
		return;
	a = calloc(1, sizeof(*a));
	if (a == NULL) {
		control_end_error(call, "out of memory");
		return;
	}
	*a = (struct asked){ d->commands, call, r->verbose, 0, 0 };
	for (size_t i = 0; ok && i < r->nnames; i++)
		ok = wait_for(d->commands, a, probes_find(d, r->names[i]));
	if (!ok) {
		on_gone(a);
		control_end_error(call, "out of memory");
		return;
	}
	control_keep(call, on_gone, a);
	/* One that is running already is waited for. */
	for (size_t i = 0; i < r->nnames; i++)
		(void)daemon_run_now(d, r->names[i]);
}
