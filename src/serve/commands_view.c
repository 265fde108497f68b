/* commands_view - what can be looked at: a line for each test, as the client reads them.
 */
#include <stdlib.h>

#include "build_config.h"

#include "base/host.h"
#include "base/text.h"
#include "config/config.h"
#include "control/roles.h"
#include "report/resultjson.h"
#include "sched/sched.h"
#include "serve/answer.h"
#include "serve/commands.h"
#include "serve/listing.h"
#include "serve/service.h"
#include "serve/timing.h"
#include "state/statefile.h"
#include "watch/view.h"

#define TESTS_PER_TURN 16 /* well below a millisecond */
#define WHY_MAX	       512
#define POOLS_SAID     500 /* in alert; a line is short, but none is read yet */

/* ---- a line for each test ---- */

struct telling;

/* Says the line of a test, or none. */
typedef void (*say_test)(
    const struct telling *to, const struct test_view *t, struct control_call *call);

/* A list of tests on its way to a client. */
struct telling {
	const struct view *view;
	struct listing *listing;
	say_test say;
	struct control_call *call; /* during a slice */
	char *user;		   /* only this one's tests, or NULL */
};

static void
telling_free(void *state)
{
	struct telling *to = state;

	listing_free(to->listing);
	free(to->user);
	free(to);
}

static void
say_one(void *arg, const struct test_view *t)
{
	const struct telling *to = arg;

	to->say(to, t, to->call);
}

static void
say_slice(void *state, struct control_call *call)
{
	struct telling *to = state;

	to->call = call;
	switch (listing_next(to->listing, TESTS_PER_TURN, say_one, to)) {
	case LISTING_MORE:
		return;
	case LISTING_END:
		control_end_ok(call);
		break;
	case LISTING_NO_MEMORY:
		control_end_error(call, "out of memory");
		break;
	}
	telling_free(to);
}

/* Says a line for each test that the request names, or for all. */
static void
say_tests(const struct view *v, struct control_call *call,
    const struct control_request *r, say_test say)
{
	struct telling *to;

	if (!answer_know_tests(v, call, r))
		return;
	to = calloc(1, sizeof(*to));
	if (to == NULL) {
		control_end_error(call, "out of memory");
		return;
	}
	to->view = v;
	to->say = say;
	to->listing = listing_new(v, r->names, r->nnames);
	if (to->listing == NULL ||
	    (r->user != NULL && (to->user = str_dup(str_of(r->user))) == NULL)) {
		control_end_error(call, "out of memory");
		telling_free(to);
		return;
	}
	control_keep(call, telling_free, to);
	control_feed(call, say_slice);
}

/* ---- status ---- */

static void
say_status(const struct telling *to, const struct test_view *t, struct control_call *call)
{
	struct buf line;
	struct json j;

	(void)to;
	answer_begin_line(&j, &line, "test");
	jsonw_string(&j, "name", t->state->name);
	jsonw_object(&j, "test");
	statefile_members(&j, t->state);
	jsonw_object_end(&j);
	answer_say_line(&j, call);
}

/* What a state file begins with. */
static void
say_head(const struct view *v, struct control_call *call)
{
	char host[HOST_NAME_SIZE];
	struct buf line;
	struct json j;

	host_name(host);
	answer_begin_line(&j, &line, "head");
	jsonw_int(&j, "schema", STATEFILE_SCHEMA);
	answer_put_time_ms(&j, "written", view_now_ms(v));
	jsonw_string(&j, "host", host);
	jsonw_string(&j, "version", PACKAGE_VERSION);
	if (view_watcher(v).cut_off) {
		jsonw_object(&j, "watcher");
		statefile_watcher_members(&j, view_isolation(v));
		jsonw_object_end(&j);
	}
	answer_say_line(&j, call);
}

static void
put_pool(struct json *j, const struct pool_state *p)
{
	jsonw_object(j, "pool");
	statefile_pool_members(j, p);
	jsonw_object_end(j);
}

/* Those in alert, before the tests. */
static void
say_pools(const struct view *v, struct control_call *call)
{
	struct buf line;
	struct json j;
	size_t said = 0;

	for (size_t i = 0; i < view_count_pools(v) && said < POOLS_SAID; i++) {
		const struct pool_state *p = view_pool(v, i);

		if (p->rollup.state != ROLLUP_ACTIVE)
			continue;
		answer_begin_line(&j, &line, "pool");
		jsonw_string(&j, "name", p->fqdn);
		put_pool(&j, p);
		answer_say_line(&j, call);
		said++;
	}
}

void
command_status(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	say_head(s->view, call);
	say_pools(s->view, call);
	say_tests(s->view, call, r, say_status);
}

/* ---- show ---- */

static void
put_why(struct json *j, const struct view *v, const struct test_view *t)
{
	struct buf why;

	buf_init(&why, WHY_MAX);
	view_explain(v, t, &why);
	jsonw_str(j, "why", buf_view(&why));
	buf_free(&why);
}

static void
put_settings(struct json *j, const struct config_test *t)
{
	jsonw_object(j, "settings");
	jsonw_string(j, "pool", t->pool->fqdn);
	if (!t->pool->is_domain)
		jsonw_int(j, "registrar_port", t->pool->registrar_port);
	jsonw_string(j, "address", t->pool->address);
	jsonw_string(j, "cert_provisioning_uri", t->pool->cert_provisioning_uri);
	if (t->pool->is_domain) {
		jsonw_string(j, "discovery_uri", t->pool->discovery_uri);
		jsonw_int(j, "discovery_age_ms", (int64_t)t->pool->discovery_age_ms);
	}
	jsonw_string(j, "username", t->user->account.username);
	jsonw_int(j, "timeout_ms", t->timeout_ms);
	jsonw_int(j, "confirm", t->confirm);
	jsonw_int(j, "recover", t->recover);
	jsonw_int(j, "retry_ms", (int64_t)t->retry_ms);
	jsonw_object_end(j);
}

static void
say_show(const struct telling *to, const struct test_view *t, struct control_call *call)
{
	struct buf line;
	struct json j;

	answer_begin_line(&j, &line, "test");
	jsonw_string(&j, "name", t->state->name);
	jsonw_object(&j, "test");
	statefile_members(&j, t->state);
	jsonw_object_end(&j);
	if (t->pool->rollup.state == ROLLUP_ACTIVE)
		put_pool(&j, t->pool);
	put_why(&j, to->view, t);
	if (t->config->pool->is_domain)
		resultjson_discovery(
		    &j, t->discovery, t->state->pool, t->discovery_until_ms);
	timing_put(&j, t->config);
	put_settings(&j, t->config);
	answer_say_line(&j, call);
}

void
command_show(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	if (r->nnames == 0)
		control_end_error(call, "which test? None is named");
	else
		say_tests(s->view, call, r, say_show);
}

/* ---- certificates, schedule ---- */

static struct str
bare(const char *user)
{
	struct str s = str_of(user);

	return str_caseprefix(s, "sip:") ? (struct str){ s.p + 4, s.len - 4 } : s;
}

static void
say_certificate(
    const struct telling *to, const struct test_view *t, struct control_call *call)
{
	const struct cert_summary *c = &t->state->certificate;
	struct buf line;
	struct json j;

	if (c->serial[0] == '\0')
		return;
	if (to->user != NULL && !str_caseeq(bare(t->state->user), bare(to->user).p))
		return;
	answer_begin_line(&j, &line, "certificate");
	jsonw_string(&j, "test", t->state->name);
	jsonw_string(&j, "user", t->state->user);
	jsonw_string(&j, "pool", t->state->pool);
	jsonw_string(&j, "subject", c->subject);
	jsonw_string(&j, "serial", c->serial);
	jsonw_string(&j, "sha1", c->sha1);
	resultjson_time(&j, "not_before", c->not_before);
	resultjson_time(&j, "not_after", c->not_after);
	answer_say_line(&j, call);
}

void
command_certificates(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	say_tests(s->view, call, r, say_certificate);
}

static void
say_next(const struct telling *to, const struct test_view *t, struct control_call *call)
{
	struct buf line;
	struct json j;

	answer_begin_line(&j, &line, "next");
	jsonw_string(&j, "test", t->state->name);
	jsonw_string(&j, "state", alert_state_name(t->state->alert.state));
	answer_put_time_ms(&j, "next", t->state->next_ms);
	put_why(&j, to->view, t);
	answer_say_line(&j, call);
}

/* How well the schedule was kept since the daemon started. */
static void
say_lateness(const struct view *v, struct control_call *call)
{
	struct sched_stats s;
	struct buf line;
	struct json j;

	view_lateness(v, &s);
	answer_begin_line(&j, &line, "lateness");
	jsonw_int(&j, "running", (int64_t)s.running);
	jsonw_int(&j, "waiting", (int64_t)s.waiting);
	jsonw_int(&j, "runs", (int64_t)s.started);
	jsonw_int(&j, "late", (int64_t)s.late);
	jsonw_fixed(
	    &j, "mean_ms", s.started == 0 ? 0 : (int64_t)(s.late_sum_us / s.started), 3);
	jsonw_fixed(&j, "max_ms", (int64_t)s.late_max_us, 3);
	jsonw_int(&j, "missed", (int64_t)s.missed);
	answer_say_line(&j, call);
}

void
command_schedule(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	say_lateness(s->view, call);
	say_tests(s->view, call, r, say_next);
}

/* ---- roles ---- */

static void
say_role(const struct config_role *role, struct control_call *call)
{
	struct buf line;
	struct json j;

	answer_begin_line(&j, &line, "role");
	jsonw_string(&j, "name", role->name);
	jsonw_array(&j, "groups");
	for (size_t i = 0; i < role->ngroups; i++)
		jsonw_string(&j, NULL, role->groups[i]);
	jsonw_array_end(&j);
	jsonw_array(&j, "missing_groups");
	for (size_t i = 0; i < role->ngroups; i++)
		if (role->gids[i] < 0)
			jsonw_string(&j, NULL, role->groups[i]);
	jsonw_array_end(&j);
	jsonw_array(&j, "commands");
	for (enum command_id v = 0; v < COMMAND_COUNT; v++)
		if ((role->verbs & 1u << v) != 0)
			jsonw_string(&j, NULL, command_id_name(v));
	jsonw_array_end(&j);
	jsonw_bool(&j, "yours", role_has(role, control_call_peer(call)));
	answer_say_line(&j, call);
}

void
command_roles(
    struct service *s, struct control_call *call, const struct control_request *r)
{
	const struct config *c = s->view->config;
	enum command_id about = COMMAND_COUNT;

	if (r->about != NULL && !command_id_by_name(str_of(r->about), &about)) {
		control_end_error(call, "there is no command \"%s\"", r->about);
		return;
	}
	for (size_t i = 0; i < c->nroles; i++)
		if (about == COMMAND_COUNT || (c->roles[i].verbs & 1u << about) != 0)
			say_role(&c->roles[i], call);
	control_end_ok(call);
}
