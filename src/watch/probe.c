#include "watch/probe.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "keys/keyring.h"
#include "trace/trace.h"
#include "vocab/result.h"
#include "watch/line_queue.h"
#include "watch/traces.h"

struct probe *
probe_new(const struct config_test *test)
{
	struct probe *p = calloc(1, sizeof(*p));
	char user[SIP_ADDRESS_MAX + 4];

	if (p == NULL)
		return NULL;
	p->test = test;
	p->alert_from = ALERT_FAILING;
	snprintf(user, sizeof(user), "sip:%s", test->user->address);
	if (!test_state_init(&p->state, test->name, test->pool->fqdn, user)) {
		free(p);
		return NULL;
	}
	return p;
}

struct probe *
probe_new_remembered(struct test_state *t)
{
	struct probe *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->alert_from = ALERT_FAILING;
	p->state = *t;
	*t = (struct test_state){ .name = NULL };
	return p;
}

void
probe_free(struct probe *p)
{
	if (p == NULL)
		return;
	traces_drop(p->kept);
	trace_free(p->tracing);
	key_wait_cancel(p->key_wait);
	line_queue_leave(p->lines);
	test_state_free(&p->state);
	free(p->discovery);
	free(p);
}

struct alert_rules
probe_rules(const struct probe *p)
{
	const struct config_test *t = p->test;

	return (struct alert_rules){ t->confirm, t->recover, t->remind_ms };
}

/* Whether a registrar that the same way names first could not be reached. */
static bool
passed_over(const struct discovery *d)
{
	for (unsigned i = 0; i < d->ntries; i++)
		if (d->tries[i].dead)
			return true;
	return false;
}

/*
 * A registrar that did not let itself be reached may be another one by now; whether one
 * that was dead is back, only a look can tell.
 */
static bool
disproves(const struct result *r)
{
	return r->discovery.moved_on || passed_over(&r->discovery) ||
	       (!r->ok &&
		   (r->err.step == STEP_DISCOVER || r->err.step == STEP_RESOLVE ||
		       r->err.step == STEP_SIP_CONNECT || r->err.step == STEP_CHALLENGE));
}

void
probe_note_discovery(struct probe *p, const struct result *r)
{
	bool stale = p->forget_run;

	p->forget_run = false;
	p->look_again = disproves(r);
	if (stale || r->discovery.at_ms == 0 || r->discovery.known ||
	    r->err.cause == CAUSE_CANCELLED)
		return;
	if (p->discovery == NULL)
		p->discovery = malloc(sizeof(*p->discovery));
	if (p->discovery != NULL) /* else the next run looks again */
		*p->discovery = r->discovery;
}

void
probe_forget_discovery(struct probe *p)
{
	free(p->discovery);
	p->discovery = NULL;
	p->forget_run = p->run != NULL;
}

int64_t
probe_discovery_until(const struct probe *p)
{
	if (p->discovery == NULL || !p->discovery->found)
		return 0;
	return p->discovery->at_ms + (int64_t)p->test->pool->discovery_age_ms;
}

/* A clock that was set back makes nothing young. */
const struct discovery *
probe_known_discovery(const struct probe *p, int64_t now_ms)
{
	bool fresh = probe_discovery_until(p) > now_ms && p->discovery->at_ms <= now_ms;

	return fresh && !p->look_again ? p->discovery : NULL;
}
