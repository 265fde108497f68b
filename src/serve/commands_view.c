/* commands_view - what can be looked at: a line for each test, as the client reads them.
 */
#include <stdlib.h>
#include <string.h>

#include "build_config.h"

#include "base/host.h"
#include "base/text.h"
#include "config/config.h"
#include "control/roles.h"
#include "serve/commands_parts.h"
#include "watch/operator.h"
#include "watch/parts.h"
#include "report/resultjson.h"
#include "state/statefile.h"
#include "sched/sched.h"

#define TESTS_PER_TURN 16 /* well below a millisecond */
#define WHY_MAX	       512
#define POOLS_SAID     500 /* in alert; a line is short, but nobody has read yet */

/* A list on its way to a client. Tests may come and go meanwhile: it goes on by name. */
struct view {
	struct daemon *d;
	void (*put)(
	    const struct view *v, const struct probe *p, struct control_call *call);
	char **names; /* those that were asked for; NULL: all */
	size_t nnames, at;
	char *last; /* of all: the name that was said last */
	char *user; /* only this one's; NULL: everybody's */
};

static void
view_free(void *state)
{
	struct view *v = state;

	for (size_t i = 0; i < v->nnames; i++)
		free(v->names[i]);
	free(v->names);
	free(v->last);
	free(v->user);
	free(v);
}

/* The first of them that stands behind name. */
static size_t
place_after(const struct daemon *d, const char *name)
{
	size_t low = 0, high = d->nprobes;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(d->probes[middle]->state.name, name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
end(struct view *v, struct control_call *call)
{
	control_end_ok(call);
	view_free(v);
}

static void
more_names(struct view *v, struct control_call *call)
{
	for (unsigned i = 0; i < TESTS_PER_TURN && v->at < v->nnames; i++) {
		const struct probe *p = probes_find(v->d, v->names[v->at++]);

		if (p != NULL) /* not removed meanwhile */
			v->put(v, p, call);
	}
	if (v->at == v->nnames)
		end(v, call);
}

static void
more(void *state, struct control_call *call)
{
	struct view *v = state;
	size_t from, to;
	char *last;

	if (v->names != NULL) {
		more_names(v, call);
		return;
	}
	from = v->last == NULL ? 0 : place_after(v->d, v->last);
	to = from + TESTS_PER_TURN;
	if (to > v->d->nprobes)
		to = v->d->nprobes;
	for (size_t i = from; i < to; i++)
		v->put(v, v->d->probes[i], call);
	if (to == v->d->nprobes) {
		end(v, call);
		return;
	}
	last = str_dup(str_of(v->d->probes[to - 1]->state.name));
	if (last == NULL) {
		control_end_error(call, "out of memory");
		view_free(v);
		return;
	}
	free(v->last);
	v->last = last;
}

/* False: out of memory. */
static bool
copy_names(struct view *v, const struct control_request *r)
{
	v->names = calloc(r->nnames, sizeof(*v->names));
	for (; v->names != NULL && v->nnames < r->nnames; v->nnames++) {
		v->names[v->nnames] = str_dup(str_of(r->names[v->nnames]));
		if (v->names[v->nnames] == NULL)
			return false;
	}
	return v->names != NULL;
}

static void
view(struct daemon *d, struct control_call *call, const struct control_request *r,
    void (*put)(const struct view *v, const struct probe *p, struct control_call *call))
{
	struct view *v;

	if (!names_known(d, call, r))
		return;
	v = calloc(1, sizeof(*v));
	if (v == NULL) {
		control_end_error(call, "out of memory");
		return;
	}
	v->d = d;
	v->put = put;
	if ((r->nnames > 0 && !copy_names(v, r)) ||
	    (r->user != NULL && (v->user = str_dup(str_of(r->user))) == NULL)) {
		control_end_error(call, "out of memory");
		view_free(v);
		return;
	}
	control_keep(call, view_free, v);
	control_feed(call, more);
}

static void
put_time_ms(struct json *j, const char *key, int64_t wall_ms)
{
	char time[TEXT_TIME_SIZE];

	text_time_ms(time, wall_ms);
	jsonw_string(j, key, wall_ms == 0 ? NULL : time);
}

/* ---- status ---- */

static void
put_status(const struct view *v, const struct probe *p, struct control_call *call)
{
	struct buf line;
	struct json j;

	(void)v;
	line_begin(&j, &line, "test");
	jsonw_string(&j, "name", p->state.name);
	jsonw_object(&j, "test");
	statefile_members(&j, &p->state);
	jsonw_object_end(&j);
	line_say(&j, call);
}

/* What stands at the head of a state file. */
static void
say_head(const struct daemon *d, struct control_call *call)
{
	char host[HOST_NAME_SIZE];
	struct buf line;
	struct json j;

	host_name(host);
	line_begin(&j, &line, "head");
	jsonw_int(&j, "schema", STATEFILE_SCHEMA);
	put_time_ms(&j, "written", clock_wall_ms(d->world.env.clock));
	jsonw_string(&j, "host", host);
	jsonw_string(&j, "version", PACKAGE_VERSION);
	if (d->isolation.state == ISOLATION_CUT_OFF) {
		jsonw_object(&j, "watcher");
		statefile_watcher_members(&j, &d->isolation);
		jsonw_object_end(&j);
	}
	line_say(&j, call);
}

static void
put_pool(struct json *j, const struct pool *p)
{
	jsonw_object(j, "pool");
	statefile_pool_members(j, &p->state);
	jsonw_object_end(j);
}

/* Those in alert, before the tests. */
static void
say_pools(const struct daemon *d, struct control_call *call)
{
	struct buf line;
	struct json j;
	size_t said = 0;

	for (size_t i = 0; i < d->pools.n && said < POOLS_SAID; i++) {
		if (d->pools.v[i].state.rollup.state != ROLLUP_STANDING)
			continue;
		line_begin(&j, &line, "pool");
		jsonw_string(&j, "name", d->pools.v[i].state.fqdn);
		put_pool(&j, &d->pools.v[i]);
		line_say(&j, call);
		said++;
	}
}

void
command_status(
    struct daemon *d, struct control_call *call, const struct control_request *r)
{
	say_head(d, call);
	say_pools(d, call);
	view(d, call, r, put_status);
}

/* ---- show ---- */

static void
put_why(struct json *j, const struct daemon *d, const char *name)
{
	struct buf why;

	buf_init(&why, WHY_MAX);
	daemon_why_waiting(d, name, &why);
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
put_show(const struct view *v, const struct probe *p, struct control_call *call)
{
	struct buf line;
	struct json j;

	line_begin(&j, &line, "test");
	jsonw_string(&j, "name", p->state.name);
	jsonw_object(&j, "test");
	statefile_members(&j, &p->state);
	jsonw_object_end(&j);
	if (p->pool->state.rollup.state == ROLLUP_STANDING)
		put_pool(&j, p->pool);
	put_why(&j, v->d, p->state.name);
	if (p->test->pool->is_domain)
		resultjson_discovery(&j, p->discovery, p->state.pool,
		    p->look_again ? 0 : probe_discovery_until(p));
	put_timing(&j, p->test);
	put_settings(&j, p->test);
	line_say(&j, call);
}

void
command_show(struct daemon *d, struct control_call *call, const struct control_request *r)
{
	if (r->nnames == 0)
		control_end_error(call, "which test? None is named");
	else
		view(d, call, r, put_show);
}

/* ---- certificates, schedule ---- */

static struct str
bare(const char *user)
{
	struct str s = str_of(user);

	return str_caseprefix(s, "sip:") ? (struct str){ s.p + 4, s.len - 4 } : s;
}

static void
put_certificate(const struct view *v, const struct probe *p, struct control_call *call)
{
	const struct cert_summary *c = &p->state.certificate;
	struct buf line;
	struct json j;

	if (c->serial[0] == '\0')
		return;
	if (v->user != NULL && !str_caseeq(bare(p->state.user), bare(v->user).p))
		return;
	line_begin(&j, &line, "certificate");
	jsonw_string(&j, "test", p->state.name);
	jsonw_string(&j, "user", p->state.user);
	jsonw_string(&j, "pool", p->state.pool);
	jsonw_string(&j, "subject", c->subject);
	jsonw_string(&j, "serial", c->serial);
	jsonw_string(&j, "sha1", c->sha1);
	resultjson_time(&j, "not_before", c->not_before);
	resultjson_time(&j, "not_after", c->not_after);
	line_say(&j, call);
}

void
command_certificates(
    struct daemon *d, struct control_call *call, const struct control_request *r)
{
	view(d, call, r, put_certificate);
}

static void
put_schedule(const struct view *v, const struct probe *p, struct control_call *call)
{
	struct buf line;
	struct json j;

	line_begin(&j, &line, "next");
	jsonw_string(&j, "test", p->state.name);
	jsonw_string(&j, "state", alert_state_name(p->state.alert.state));
	put_time_ms(&j, "next", p->state.next_ms);
	put_why(&j, v->d, p->state.name);
	line_say(&j, call);
}

/* How well the schedule was kept since the daemon started. */
static void
say_lateness(const struct daemon *d, struct control_call *call)
{
	struct sched_stats s;
	struct buf line;
	struct json j;

	sched_get_stats(d->sched, &s);
	line_begin(&j, &line, "lateness");
	jsonw_int(&j, "running", (int64_t)s.running);
	jsonw_int(&j, "waiting", (int64_t)s.waiting);
	jsonw_int(&j, "runs", (int64_t)s.started);
	jsonw_int(&j, "late", (int64_t)s.late);
	jsonw_fixed(
	    &j, "mean_ms", s.started == 0 ? 0 : (int64_t)(s.late_sum_us / s.started), 3);
	jsonw_fixed(&j, "max_ms", (int64_t)s.late_max_us, 3);
	jsonw_int(&j, "missed", (int64_t)s.missed);
	line_say(&j, call);
}

void
command_schedule(
    struct daemon *d, struct control_call *call, const struct control_request *r)
{
	say_lateness(d, call);
	view(d, call, r, put_schedule);
}

/* ---- roles ---- */

static void
say_role(const struct config_role *role, struct control_call *call)
{
	struct buf line;
	struct json j;

	line_begin(&j, &line, "role");
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
	line_say(&j, call);
}

void
command_roles(
    struct daemon *d, struct control_call *call, const struct control_request *r)
{
	enum command_id about = COMMAND_COUNT;

	if (r->about != NULL && !command_id_by_name(str_of(r->about), &about)) {
		control_end_error(call, "there is no command \"%s\"", r->about);
		return;
	}
	for (size_t i = 0; i < d->config->nroles; i++)
		if (about == COMMAND_COUNT ||
		    (d->config->roles[i].verbs & 1u << about) != 0)
			say_role(&d->config->roles[i], call);
	control_end_ok(call);
}
