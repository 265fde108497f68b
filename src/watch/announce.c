#include "watch/announce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "config/config.h"
#include "report/events.h"
#include "report/log.h"
#include "watch/gates.h"
#include "watch/line_queue.h"
#include "watch/pools.h"
#include "watch/probe.h"
#include "watch/subscribers.h"

#define USERS_SHOWN 20
#define USERS_MAX   1900 /* bytes; a value of a line is cut at 2048 */
#define MORE_SIZE   32

/* What the line that is being made is about. */
struct subject {
	struct line_queue **lines;
	const struct probe *probe;
	const struct pool *pool;
	bool changes; /* it tells of a change of state */
};

struct announcer {
	struct log sink; /* first: where report/ writes the lines to */
	struct line_queues *queues;
	const struct subscribers *subscribers;
	struct subject about;
	struct line_queue *watcher_lines;
};

/* ---- from report/ to the queue ---- */

/* Shows a change to the subscribers. Its line waits for those that write it. */
static void
commit_change(struct announcer *an, const struct announcement *a)
{
	const struct subscribers *s = an->subscribers;

	for (size_t i = 0; i < s->n; i++) {
		struct delay *d;

		if (s->v[i].events->commit == NULL)
			continue;
		d = delay_begin(an->queues, an->about.lines, COMMIT_WAIT_MS);
		if (d != NULL && !s->v[i].events->commit(s->v[i].arg, a, d))
			delay_end(d);
	}
}

static void
take_line(
    struct log *sink, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	struct announcer *an = (struct announcer *)(void *)sink;
	const struct subject *about = &an->about;
	struct announcement a = { priority, event, kv, n, NULL, NULL };
	struct test_view t;

	if (about->probe != NULL) {
		t = test_view_of(about->probe);
		a.test = &t;
	}
	if (about->pool != NULL)
		a.pool = &about->pool->state;
	if (about->changes)
		commit_change(an, &a);
	line_queue_log(an->queues, about->lines, priority, event, kv, n);
}

/* Returns the sink for a line about that. */
static struct log *
about_test(struct announcer *an, struct probe *p)
{
	an->about = (struct subject){ &p->lines, p, NULL, true };
	return &an->sink;
}

static struct log *
about_pool(struct announcer *an, struct pool *p)
{
	an->about = (struct subject){ &p->lines, NULL, p, true };
	return &an->sink;
}

static struct log *
about_watcher(struct announcer *an)
{
	an->about = (struct subject){ &an->watcher_lines, NULL, NULL, true };
	return &an->sink;
}

struct announcer *
announcer_new(struct loop *l, struct log *log, const struct subscribers *subscribers)
{
	struct announcer *an = calloc(1, sizeof(*an));

	if (an == NULL || (an->queues = line_queues_new(l, log)) == NULL) {
		free(an);
		return NULL;
	}
	an->sink.emit = take_line;
	an->subscribers = subscribers;
	return an;
}

void
announcer_free(struct announcer *an)
{
	if (an == NULL)
		return;
	line_queues_free(an->queues);
	free(an);
}

/* ---- tests ---- */

struct delay *
announce_delay(struct announcer *an, struct probe *p, unsigned limit_ms)
{
	return delay_begin(an->queues, &p->lines, limit_ms);
}

void
announce_run(struct announcer *an, struct probe *p, const struct result *r)
{
	struct log *sink = about_test(an, p);

	an->about.changes = false;
	report_finished(
	    sink, p->test->name, p->test->pool->fqdn, p->test->user->address, r);
}

static struct state_change
describe_test(const struct probe *p)
{
	const struct failure_text *f = p->state.last.failure;

	return (struct state_change){ .test = p->state.name,
		.pool = p->state.pool,
		.failures = p->state.alert.failures,
		.since_ms = p->state.alert.since_ms,
		.diag = f == NULL ? NULL : f->diag };
}

void
announce_reminder(struct announcer *an, struct probe *p)
{
	const struct state_change line = describe_test(p);

	report_reminder(about_test(an, p), &line);
}

const char *
announce_rollup_word(const struct alert *a)
{
	switch (a->announced_by) {
	case ALERT_BY_POOL:
		return "pool";
	case ALERT_PENDING:
		return "held";
	case ALERT_BY_TEST:
	case ALERT_ANNOUNCERS:
		break;
	}
	return a->acknowledged ? "acknowledged" : NULL;
}

void
announce_alert(struct announcer *an, struct probe *p)
{
	struct state_change line = describe_test(p);

	line.from = p->alert_from;
	line.to = ALERT_ALERT;
	line.rollup = announce_rollup_word(&p->state.alert);
	report_state(about_test(an, p), &line);
}

void
announce_change(struct announcer *an, struct probe *p, const struct alert_change *change,
    const char *rollup)
{
	struct state_change line = describe_test(p);

	line.from = change->from;
	line.to = change->to;
	line.rollup = rollup;
	if (change->from == ALERT_PAUSED || change->to == ALERT_PAUSED)
		line.diag = NULL;
	if (change->to == ALERT_ALERT && change->from != ALERT_PAUSED)
		p->alert_from = change->from; /* for announce_alert() */
	else
		report_state(about_test(an, p), &line);
}

void
announce_flapping(struct announcer *an, struct probe *p)
{
	const struct alert *a = &p->state.alert;

	report_flapping(
	    about_test(an, p), p->state.name, p->state.pool, a->flapping, a->state);
}

void
announce_pause(
    struct announcer *an, struct probe *p, enum event_id event, const struct pause *pause)
{
	char until[TEXT_TIME_SIZE] = "";

	if (pause->until_ms != 0)
		text_time_s(until, pause->until_ms / 1000);
	LOG_EVENT(about_test(an, p), LOG_NOTICE, event, KV_S("test", p->state.name),
	    KV_S("pool", p->state.pool), KV_S("until", until),
	    KV_S("by", pause->by == NULL ? "" : pause->by),
	    KV_S("reason", pause->reason));
}

void
announce_acknowledged(struct announcer *an, struct probe *p, const struct remark *r)
{
	LOG_EVENT(about_test(an, p), LOG_NOTICE, EVENT_TEST_ACKNOWLEDGED,
	    KV_S("test", p->state.name), KV_S("pool", p->state.pool), KV_S("by", r->by),
	    KV_S("reason", r->reason));
}

/* ---- pools ---- */

static bool
is_shown(const char *const *shown, size_t n, const char *user)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(shown[i], user) == 0)
			return true;
	return false;
}

struct count {
	size_t tests, of, more;
	bool mixed;
	struct buf users;
	const char *shown[USERS_SHOWN];
	size_t nshown;
};

static void
add_user(struct count *c, const char *user)
{
	if (is_shown(c->shown, c->nshown, user))
		return;
	if (c->nshown == USERS_SHOWN ||
	    c->users.len + strlen(user) + MORE_SIZE > USERS_MAX) {
		c->more++;
		return;
	}
	buf_printf(&c->users, "%s%s", c->nshown == 0 ? "" : ", ", user);
	c->shown[c->nshown++] = user;
}

static void
count_tests(const struct pool *pool, struct count *c)
{
	*c = (struct count){ .tests = 0 };
	buf_init(&c->users, USERS_MAX);
	for (size_t i = 0; i < pool->ntests; i++) {
		const struct probe *p = pool->tests[i];
		const struct failure_text *f = p->state.last.failure;

		if (p->state.alert.state == ALERT_PAUSED)
			continue;
		c->of++;
		if (f == NULL)
			continue;
		c->tests++;
		c->mixed |= strcmp(f->diag, pool->state.rollup.diag) != 0;
		add_user(c, p->state.user);
	}
	if (c->more > 0)
		buf_printf(&c->users, " ... and %zu more", c->more);
}

void
announce_pool(struct announcer *an, enum event_id event, struct pool *pool)
{
	struct count c;

	count_tests(pool, &c);
	report_pool(about_pool(an, pool), event,
	    &(struct pool_line){ .pool = pool->state.fqdn,
		.tests = c.tests,
		.of = c.of,
		.users = c.users.len == 0 ? "" : c.users.data,
		.diag = c.mixed ? "mixed" : pool->state.rollup.diag,
		.since_ms = pool->state.rollup.since_ms });
	buf_free(&c.users);
}

void
announce_pool_acknowledged(
    struct announcer *an, struct pool *pool, const struct remark *r)
{
	LOG_EVENT(about_pool(an, pool), LOG_NOTICE, EVENT_POOL_ACKNOWLEDGED,
	    KV_S("pool", pool->state.fqdn), KV_S("by", r->by), KV_S("reason", r->reason));
}

/* ---- the watcher ---- */

void
announce_watcher(struct announcer *an, enum event_id event, size_t pools, size_t tests,
    int64_t since_ms)
{
	report_watcher(about_watcher(an), event, pools, tests, since_ms);
}
