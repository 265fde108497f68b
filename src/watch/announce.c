/* say - the lines about tests, pools and the watcher, made of what the daemon knows. */
#include <stdio.h>
#include <string.h>

#include "alert/alert.h"
#include "base/buf.h"
#include "report/log.h"
#include "config/config.h"
#include "watch/parts.h"
#include "report/events.h"

#define USERS_SHOWN 20
#define USERS_MAX   1900 /* octets; a value of a line is cut at 2048 */
#define MORE_SIZE   32

struct alert_rules
rules_of(const struct config_test *t)
{
	return (struct alert_rules){ t->confirm, t->recover, t->remind_ms };
}

static struct state_change
describe(const struct probe *p)
{
	const struct failure_text *f = p->state.last.failure;

	return (struct state_change){ .test = p->state.name,
		.pool = p->state.pool,
		.failures = p->state.alert.failures,
		.since_ms = p->state.alert.since_ms,
		.diag = f == NULL ? NULL : f->diag };
}

void
say_reminder(struct daemon *d, const struct probe *p)
{
	const struct state_change line = describe(p);

	report_reminder(d->log, &line);
}

/* Why an alert is not said at err; NULL: it is. */
static const char *
rollup_word(const struct alert *a)
{
	switch (a->voice) {
	case ALERT_BY_POOL:
		return "pool";
	case ALERT_HELD:
		return "held";
	case ALERT_SAID:
	case ALERT_VOICES:
		break;
	}
	return a->acknowledged ? "acknowledged" : NULL;
}

/* The same of an alert that was paused. */
static const char *
rollup_resumed(const struct daemon *d, const struct probe *p)
{
	if (d->isolation.state == ISOLATION_CUT_OFF)
		return "isolated";
	if (p->pool->state.rollup.state == ROLLUP_STANDING)
		return "pool";
	return rollup_word(&p->state.alert);
}

void
say_alert(struct daemon *d, const struct probe *p)
{
	struct state_change line = describe(p);

	line.from = p->alert_from;
	line.to = ALERT_ALERT;
	line.rollup = rollup_word(&p->state.alert);
	report_state(d->log, &line);
}

void
say_change(struct daemon *d, struct probe *p, const struct alert_change *change,
    const char *rollup)
{
	struct state_change line = describe(p);

	d->counts[change->from]--;
	d->counts[change->to]++;
	line.from = change->from;
	line.to = change->to;
	line.rollup = rollup;
	if (change->from == ALERT_PAUSED || change->to == ALERT_PAUSED)
		line.diag = NULL;
	if (change->to != ALERT_ALERT) {
		report_state(d->log, &line);
	} else if (change->from == ALERT_PAUSED) {
		line.rollup = rollup_resumed(d, p);
		report_state(d->log, &line);
	} else { /* say_alert(), when it is known who speaks */
		p->alert_from = change->from;
	}
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
say_pool(struct daemon *d, enum event_id event, const struct pool *pool)
{
	struct count c;

	count_tests(pool, &c);
	report_pool(d->log, event,
	    &(struct pool_line){ .pool = pool->state.fqdn,
		.tests = c.tests,
		.of = c.of,
		.users = c.users.len == 0 ? "" : c.users.data,
		.diag = c.mixed ? "mixed" : pool->state.rollup.diag,
		.since_ms = pool->state.rollup.since_ms });
	buf_free(&c.users);
}

void
say_watcher(struct daemon *d, enum event_id event)
{
	report_watcher(
	    d->log, event, d->pools.watched, d->nprobes, d->isolation.since_ms);
}
