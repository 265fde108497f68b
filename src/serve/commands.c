#include "serve/commands.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "config/config.h"
#include "control/roles.h"
#include "serve/request_log.h"
#include "serve/service.h"
#include "watch/view.h"

static const struct row {
	void (*run)(struct service *s, struct control_call *call,
	    const struct control_request *r);
	bool changes; /* more than what people see */
} table[COMMAND_COUNT] = {
	[COMMAND_TEST] = { command_test, true },
	[COMMAND_STATUS] = { command_status, false },
	[COMMAND_SHOW] = { command_show, false },
	[COMMAND_CERTIFICATES] = { command_certificates, false },
	[COMMAND_ROLES] = { command_roles, false },
	[COMMAND_PAUSE] = { command_pause, true },
	[COMMAND_RESUME] = { command_resume, true },
	[COMMAND_ACKNOWLEDGE] = { command_acknowledge, true },
	[COMMAND_TRACE] = { command_trace, false },
	[COMMAND_SCHEDULE] = { command_schedule, false },
	[COMMAND_RELOAD] = { command_reload, true },
};

static void
refuse_request(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	const struct control_peer *p = control_call_peer(call);
	const struct config *c = s->view->config;
	struct buf roles, line;
	struct json j;
	char why[1024];

	buf_init(&roles, sizeof(why) / 2);
	buf_init(&line, CONTROL_ANSWER_MAX);
	roles_that_could(c, r->verb, ", ", &roles);
	snprintf(why, sizeof(why), "%s (uid %u) has no role that may use \"%s\"; %s%s",
	    p->name[0] == '\0' ? "this account" : p->name, (unsigned)p->uid,
	    command_id_name(r->verb),
	    roles.len == 0 ? "only root may" : "roles that may: ",
	    roles.len == 0 ? "" : roles.data);
	request_log_refusal(s->requests, p, r, roles.len == 0 ? "" : roles.data);
	jsonw_init(&j, &line);
	jsonw_object(&j, NULL);
	jsonw_bool(&j, "ok", false);
	jsonw_string(&j, "error", why);
	jsonw_array(&j, "roles");
	for (size_t i = 0; i < c->nroles; i++)
		if ((c->roles[i].verbs & 1u << r->verb) != 0)
			jsonw_string(&j, NULL, c->roles[i].name);
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	control_end(call, &line);
	buf_free(&line);
	buf_free(&roles);
}

void
commands_ask(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	const struct row *row = &table[r->verb];

	if (!roles_allow(s->view->config, control_call_peer(call), r->verb)) {
		refuse_request(s, call, r);
		return;
	}
	request_log_command(s->requests, control_call_peer(call), r, row->changes);
	if (row->run == NULL)
		control_end_error(
		    call, "this version has no \"%s\"", command_id_name(r->verb));
	else if (s->view->stopping)
		control_end_error(call, "the daemon is stopping");
	else
		row->run(s, call, r);
}
