/* commands_change - what changes the daemon: pause, resume, acknowledge, reload. */
#include <stdio.h>

#include "base/str.h"
#include "serve/answer.h"
#include "serve/commands.h"
#include "serve/service.h"
#include "watch/operator.h"

#define PROBLEMS_MAX (64 * 1024) /* bytes of text */

/* One of pause, resume, acknowledge; for each name, which is a test or a pool. */
struct change {
	struct operator_count (*apply)(const struct operator* op, const char *target,
	    uint64_t for_ms, const struct operator_note *note);
	const char *none; /* why nothing changed */
};

static struct operator_count
apply_resume(const struct operator* op, const char *target, uint64_t for_ms,
    const struct operator_note *note)
{
	(void)for_ms;
	return operator_resume(op, target, note);
}

static struct operator_count
apply_acknowledge(const struct operator* op, const char *target, uint64_t for_ms,
    const struct operator_note *note)
{
	(void)for_ms;
	return operator_acknowledge(op, target, note);
}

static void
apply_change(struct service *s, struct control_call *call,
    const struct control_request *r, const struct change *what)
{
	const struct control_peer *p = control_call_peer(call);
	char by[PEER_NAME_SIZE];
	const struct operator_note note = { by, r->reason };
	struct json j;
	struct buf line;

	if (p->name[0] != '\0')
		(void)str_copy(by, sizeof(by), str_of(p->name));
	else
		snprintf(by, sizeof(by), "uid %u", (unsigned)p->uid);
	if (r->nnames == 0)
		control_end_error(call, "which test or pool? None is named");
	if (r->nnames == 0 || !answer_know_targets(s->view, call, r))
		return;
	for (size_t i = 0; i < r->nnames; i++) {
		struct operator_count count =
		    what->apply(s->operator, r->names[i], r->for_ms, &note);

		answer_begin_line(&j, &line, "changed");
		jsonw_string(&j, "target", r->names[i]);
		jsonw_int(&j, "tests", (int64_t)count.tests);
		jsonw_int(&j, "changed", (int64_t)count.changed);
		if (count.changed == 0)
			jsonw_string(&j, "note", what->none);
		answer_say_line(&j, call);
	}
	control_end_ok(call);
}

void
command_pause(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	apply_change(s, call, r, &(struct change){ operator_pause, "out of memory" });
}

void
command_resume(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	apply_change(s, call, r, &(struct change){ apply_resume, "not paused" });
}

void
command_acknowledge(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	apply_change(s, call, r,
	    &(struct change){
		apply_acknowledge, "no alert was said that is not acknowledged" });
}

void
command_reload(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	struct buf problems;

	(void)r;
	buf_init(&problems, PROBLEMS_MAX);
	if (s->reload(s->reload_arg, &problems))
		control_end_ok(call);
	else
		control_end_error(call,
		    "the configuration is refused; the one before stays\n%s",
		    problems.len > 0 ? buf_view(&problems).p : "out of memory");
	buf_free(&problems);
}
