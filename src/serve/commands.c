#include "serve/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vocab/err.h"
#include "base/suggest.h"
#include "report/log.h"
#include "config/config.h"
#include "control/roles.h"
#include "control/server.h"
#include "serve/commands_parts.h"
#include "serve/request_log.h"
#include "watch/operator.h"
#include "watch/parts.h"

#define PROBLEMS_MAX (64 * 1024) /* octets of text */

void
line_begin(struct json *j, struct buf *line, const char *kind)
{
	buf_init(line, CONTROL_ANSWER_MAX);
	jsonw_init(j, line);
	jsonw_object(j, NULL);
	jsonw_string(j, "event", kind);
}

void
line_say(struct json *j, struct control_call *call)
{
	struct buf *line = j->out;

	jsonw_object_end(j);
	control_say(call, line);
	buf_free(line);
}

bool
names_known(
    const struct daemon *d, struct control_call *call, const struct control_request *r)
{
	for (size_t i = 0; i < r->nnames; i++) {
		struct suggest g = suggest_of(r->names[i]);

		if (probes_find(d, r->names[i]) != NULL)
			continue;
		for (size_t n = 0; n < d->nprobes; n++)
			suggest_offer(&g, d->probes[n]->state.name);
		control_end_error(call, "there is no test \"%s\"%s%s%s", g.word,
		    g.best == NULL ? "" : "; did you mean \"",
		    g.best == NULL ? "" : g.best, g.best == NULL ? "" : "\"?");
		return false;
	}
	return true;
}

/* ---- what changes the daemon ---- */

static void
reload(struct daemon *d, struct control_call *call, const struct control_request *r)
{
	struct buf problems;

	(void)r;
	buf_init(&problems, PROBLEMS_MAX);
	if (d->reload(d, &problems))
		control_end_ok(call);
	else
		control_end_error(call,
		    "the configuration is refused; the one before stays\n%s",
		    problems.len > 0 ? buf_view(&problems).p : "out of memory");
	buf_free(&problems);
}

/* One of pause, resume, acknowledge; for each name, which is a test or a pool. */
struct change {
	struct operate_count (*apply)(struct daemon *d, const char *target,
	    uint64_t for_ms, const struct operate_note *note);
	const char *none; /* why nothing changed */
};

static struct operate_count
apply_resume(struct daemon *d, const char *target, uint64_t for_ms,
    const struct operate_note *note)
{
	(void)for_ms;
	return daemon_resume(d, target, note);
}

static struct operate_count
apply_acknowledge(struct daemon *d, const char *target, uint64_t for_ms,
    const struct operate_note *note)
{
	(void)for_ms;
	return daemon_acknowledge(d, target, note);
}

static bool
targets_known(
    const struct daemon *d, struct control_call *call, const struct control_request *r)
{
	for (size_t i = 0; i < r->nnames; i++) {
		struct suggest g = suggest_of(r->names[i]);
		bool known = probes_find(d, g.word) != NULL;

		for (size_t n = 0; !known && n < d->config->npools; n++) {
			known = str_caseeq(str_of(g.word), d->config->pools[n].fqdn);
			suggest_offer(&g, d->config->pools[n].fqdn);
		}
		if (known)
			continue;
		for (size_t n = 0; n < d->nprobes; n++)
			suggest_offer(&g, d->probes[n]->state.name);
		control_end_error(call, "there is no test and no pool \"%s\"%s%s%s",
		    g.word, g.best == NULL ? "" : "; did you mean \"",
		    g.best == NULL ? "" : g.best, g.best == NULL ? "" : "\"?");
		return false;
	}
	return true;
}

static void
change(struct daemon *d, struct control_call *call, const struct control_request *r,
    const struct change *what)
{
	const struct control_peer *p = control_call_peer(call);
	char by[PEER_NAME_SIZE];
	const struct operate_note note = { by, r->reason };
	struct json j;
	struct buf line;

	if (p->name[0] != '\0')
		(void)str_copy(by, sizeof(by), str_of(p->name));
	else
		snprintf(by, sizeof(by), "uid %u", (unsigned)p->uid);
	if (r->nnames == 0)
		control_end_error(call, "which test or pool? None is named");
	if (r->nnames == 0 || !targets_known(d, call, r))
		return;
	for (size_t i = 0; i < r->nnames; i++) {
		struct operate_count count =
		    what->apply(d, r->names[i], r->for_ms, &note);

		line_begin(&j, &line, "changed");
		jsonw_string(&j, "target", r->names[i]);
		jsonw_int(&j, "tests", (int64_t)count.tests);
		jsonw_int(&j, "changed", (int64_t)count.changed);
		if (count.changed == 0)
			jsonw_string(&j, "note", what->none);
		line_say(&j, call);
	}
	control_end_ok(call);
}

static void
pause(struct daemon *d, struct control_call *call, const struct control_request *r)
{
	change(d, call, r, &(struct change){ daemon_pause, "out of memory" });
}

static void
resume(struct daemon *d, struct control_call *call, const struct control_request *r)
{
	change(d, call, r, &(struct change){ apply_resume, "not paused" });
}

static void
acknowledge(struct daemon *d, struct control_call *call, const struct control_request *r)
{
	change(d, call, r,
	    &(struct change){
		apply_acknowledge, "no alert was said that is not acknowledged" });
}

/* ---- who may, and who did ---- */

static const struct row {
	command_run run;
	bool changes; /* more than what somebody sees */
} table[COMMAND_COUNT] = {
	[COMMAND_TEST] = { command_test, true },
	[COMMAND_STATUS] = { command_status, false },
	[COMMAND_SHOW] = { command_show, false },
	[COMMAND_CERTIFICATES] = { command_certificates, false },
	[COMMAND_ROLES] = { command_roles, false },
	[COMMAND_PAUSE] = { pause, true },
	[COMMAND_RESUME] = { resume, true },
	[COMMAND_ACKNOWLEDGE] = { acknowledge, true },
	[COMMAND_TRACE] = { command_trace, false },
	[COMMAND_SCHEDULE] = { command_schedule, false },
	[COMMAND_RELOAD] = { reload, true },
};

static void
refuse(struct daemon *d, struct control_call *call, const struct control_request *r)
{
	const struct control_peer *p = control_call_peer(call);
	struct buf roles, line;
	struct json j;
	char why[1024];

	buf_init(&roles, sizeof(why) / 2);
	buf_init(&line, CONTROL_ANSWER_MAX);
	roles_that_could(d->config, r->verb, ", ", &roles);
	snprintf(why, sizeof(why), "%s (uid %u) has no role that may use \"%s\"; %s%s",
	    p->name[0] == '\0' ? "this account" : p->name, (unsigned)p->uid,
	    command_id_name(r->verb),
	    roles.len == 0 ? "only root may" : "roles that may: ",
	    roles.len == 0 ? "" : roles.data);
	request_log_refusal(d->commands->log, p, r, roles.len == 0 ? "" : roles.data);
	jsonw_init(&j, &line);
	jsonw_object(&j, NULL);
	jsonw_bool(&j, "ok", false);
	jsonw_string(&j, "error", why);
	jsonw_array(&j, "roles");
	for (size_t i = 0; i < d->config->nroles; i++)
		if ((d->config->roles[i].verbs & 1u << r->verb) != 0)
			jsonw_string(&j, NULL, d->config->roles[i].name);
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	control_end(call, &line);
	buf_free(&line);
	buf_free(&roles);
}

static void
ask(void *arg, struct control_call *call, const struct control_request *r)
{
	struct daemon *d = arg;
	const struct row *row = &table[r->verb];

	if (!roles_allow(d->config, control_call_peer(call), r->verb)) {
		refuse(d, call, r);
		return;
	}
	request_log_command(d->commands->log, control_call_peer(call), r, row->changes);
	if (row->run == NULL)
		control_end_error(
		    call, "this version has no \"%s\"", command_id_name(r->verb));
	else if (d->stopping)
		control_end_error(call, "the daemon is stopping");
	else
		row->run(d, call, r);
}

/* ---- the socket ---- */

static bool
has_role(void *arg, const struct control_peer *peer)
{
	const struct daemon *d = arg;

	return roles_any(d->config, peer);
}

static void
on_file_lost(void *arg, const char *path, const struct err *err)
{
	const struct daemon *d = arg;

	if (err == NULL)
		LOG_EVENT(
		    d->log, LOG_WARNING, EVENT_CONTROL_RESTORED, KV_S("socket", path));
	else
		LOG_EVENT(d->log, LOG_ERR, EVENT_CONTROL_UNAVAILABLE,
		    KV_S("error", err->detail));
}

void
commands_start(struct daemon *d)
{
	const struct control_handler handler = {
		.ask = ask,
		.has_role = has_role,
		.file_lost = on_file_lost,
		.arg = d,
	};
	struct commands *c;
	struct err err;

	if (d->config->control_socket[0] == '\0')
		return;
	err_local(&err, 0, "out of memory");
	c = calloc(1, sizeof(*c));
	if (c != NULL)
		c->log = request_log_new(d->world.env.loop, d->world.env.clock, d->log);
	if (c != NULL && c->log != NULL)
		c->control = control_new(
		    d->world.env.loop, d->config->control_socket, &handler, &err);
	d->commands = c;
	if (c != NULL && c->control != NULL) {
		d->events = commands_run_events;
		return;
	}
	commands_stop(d);
	LOG_EVENT(d->log, LOG_ERR, EVENT_CONTROL_UNAVAILABLE, KV_S("error", err.detail));
}

void
commands_stop(struct daemon *d)
{
	if (d->commands == NULL)
		return;
	control_free(d->commands->control);
	request_log_free(d->commands->log);
	free(d->commands);
	d->commands = NULL;
	d->events = (struct watch_events){ NULL };
}
