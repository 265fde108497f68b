#include "watch/cutoff.h"

#include <stdlib.h>

#include "base/clock.h"
#include "config/config.h"
#include "transport/reach.h"
#include "watch/agenda.h"
#include "watch/announce.h"
#include "watch/subscribers.h"

#define POOLS_AT_ONCE  8     /* asked whether they fail, too */
#define REACH_MS       3000  /* for all references together */
#define REACH_AGAIN_MS 30000 /* while the watcher is cut off */

_Static_assert(CONFIG_REFERENCES_MAX <= REACH_MAX, "all of them are tried");

struct cutoff {
	struct cutoff_settings set;
	const struct cutoff_peers *peers;
	void *peers_arg;
	const struct config *config; /* the live one */
	struct isolation isolation;
	struct agenda_kind kind;
	struct agenda_item item;
	struct reach *reach;  /* references are being tried; or NULL */
	size_t next_pool;     /* to be asked whether it fails, too */
	uint32_t connections; /* how often it was cut off and is no more */
};

static int64_t
now_of(const struct cutoff *c)
{
	return clock_wall_ms(c->set.clock);
}

const struct isolation *
cutoff_state(const struct cutoff *c)
{
	return &c->isolation;
}

bool
cutoff_is_active(const struct cutoff *c)
{
	return c->isolation.state == ISOLATION_CUT_OFF;
}

uint32_t
cutoff_connections(const struct cutoff *c)
{
	return c->connections;
}

/* ---- what it becomes ---- */

static void
announce(struct cutoff *c, enum event_id event)
{
	announce_watcher(c->set.announcer, event, c->peers->count_pools(c->peers_arg),
	    c->peers->count_tests(c->peers_arg), c->isolation.since_ms);
}

static void
plan_wake(struct cutoff *c)
{
	const struct isolation *w = &c->isolation;
	int64_t wake = AGENDA_NEVER, again;

	if (w->state == ISOLATION_JUDGING)
		wake = w->until_ms;
	if (w->state == ISOLATION_CUT_OFF) {
		wake = isolation_next_reminder(w, c->config->remind_ms);
		again = now_of(c) + REACH_AGAIN_MS;
		if (c->config->nreferences > 0 && again < wake)
			wake = again;
	}
	agenda_set(c->set.agenda, &c->item, wake);
}

static void
conclude_cut_off(struct cutoff *c)
{
	isolation_confirm(&c->isolation, now_of(c));
	announce(c, EVENT_WATCHER_ISOLATED);
	c->peers->cut_off(c->peers_arg);
	plan_wake(c);
	subscribers_watcher_changed(c->set.subscribers);
}

static void
conclude_connected(struct cutoff *c)
{
	announce(c, EVENT_WATCHER_CONNECTED);
	isolation_end(&c->isolation);
	c->connections++;
	c->peers->connected(c->peers_arg);
	agenda_set(c->set.agenda, &c->item, AGENDA_NEVER);
	subscribers_watcher_changed(c->set.subscribers);
}

static void
conclude_not_cut_off(struct cutoff *c)
{
	isolation_end(&c->isolation);
	reach_cancel(c->reach);
	c->reach = NULL;
	agenda_set(c->set.agenda, &c->item, AGENDA_NEVER);
	c->peers->not_cut_off(c->peers_arg);
}

void
cutoff_judge(struct cutoff *c)
{
	if (c->isolation.state != ISOLATION_JUDGING)
		return;
	switch (isolation_decide(&c->isolation, now_of(c))) {
	case ISOLATION_WAIT:
		break;
	case ISOLATION_NO:
		conclude_not_cut_off(c);
		break;
	case ISOLATION_YES:
		conclude_cut_off(c);
		break;
	}
}

/* ---- finding it out ---- */

/* Up to n more pools are asked. */
static void
ask_other_pools(struct cutoff *c, size_t n)
{
	size_t npools = c->peers->see_pools(c->peers_arg).n;

	for (; n > 0 && c->next_pool < npools; c->next_pool++)
		if (c->peers->ask_pool(c->peers_arg, c->next_pool, c->isolation.from_ms))
			n--;
}

static void
on_reach(void *arg, bool reached)
{
	struct cutoff *c = arg;
	struct isolation *w = &c->isolation;

	c->reach = NULL;
	if (reached)
		isolation_proof(w, now_of(c));
	if (w->state == ISOLATION_CUT_OFF && reached)
		conclude_connected(c);
	if (w->state != ISOLATION_JUDGING)
		return;
	w->unreachable = !reached;
	if (!reached)
		ask_other_pools(c, POOLS_AT_ONCE);
	cutoff_judge(c);
}

static void
try_references(struct cutoff *c)
{
	const struct config *cfg = c->config;
	struct reach_target targets[REACH_MAX];
	uint64_t budget = REACH_MS;

	if (c->reach != NULL || cfg->nreferences == 0)
		return;
	if (cfg->rollup_wait_ms / 2 < budget)
		budget = cfg->rollup_wait_ms / 2 + 1;
	for (size_t i = 0; i < cfg->nreferences; i++)
		targets[i] = (struct reach_target){ cfg->references[i].host,
			cfg->references[i].port };
	/* Without memory there is no answer, which the wait puts an end to. */
	c->reach = reach_start(
	    c->set.loop, c->set.resolver, targets, cfg->nreferences, budget, on_reach, c);
}

static void
begin_judging(struct cutoff *c, enum isolation_evidence began, int64_t from_ms)
{
	const struct isolation_pools seen = c->peers->see_pools(c->peers_arg);
	bool references = c->config->nreferences > 0;
	int64_t until = now_of(c) + (int64_t)c->config->rollup_wait_ms;

	isolation_begin(&c->isolation, &seen, began, references, from_ms, until);
	c->next_pool = 0;
	agenda_set(c->set.agenda, &c->item, 0);
	if (references)
		try_references(c);
	else
		ask_other_pools(c, POOLS_AT_ONCE);
}

bool
cutoff_must_wait(struct cutoff *c, enum isolation_evidence began, int64_t from_ms)
{
	if (!evidence_is_local(began) ||
	    !isolation_is_possible(&c->isolation, c->peers->count_pools(c->peers_arg),
		c->config->nreferences > 0, from_ms))
		return false;
	if (c->isolation.state == ISOLATION_NONE)
		begin_judging(c, began, from_ms);
	return true;
}

/* ---- results ---- */

void
cutoff_note_result(struct cutoff *c, enum isolation_evidence evidence, int64_t begun_ms)
{
	const struct isolation *w = &c->isolation;

	if (evidence != EVIDENCE_PROOF)
		return;
	isolation_proof(&c->isolation, begun_ms);
	/* Before since_ms is now only when the clock was set back. */
	if (w->state == ISOLATION_CUT_OFF &&
	    (begun_ms >= w->since_ms || now_of(c) < w->since_ms))
		conclude_connected(c);
}

bool
cutoff_excuses(
    const struct cutoff *c, enum isolation_evidence evidence, uint32_t connections)
{
	return cutoff_is_active(c) ||
	       (evidence_is_local(evidence) && connections != c->connections);
}

void
cutoff_note_failure(
    struct cutoff *c, enum isolation_evidence evidence, int64_t begun_ms, int64_t was_ms)
{
	struct isolation *w = &c->isolation;

	if (w->state != ISOLATION_JUDGING || !evidence_is_local(evidence))
		return;
	isolation_failure(w, evidence, begun_ms, was_ms);
	if (!w->references || w->unreachable)
		ask_other_pools(c, 1);
}

bool
cutoff_needs_later_run(const struct cutoff *c, int64_t begun_ms)
{
	return c->isolation.state == ISOLATION_JUDGING && begun_ms < c->isolation.from_ms;
}

static void
on_due(void *arg, struct agenda_item *item)
{
	struct cutoff *c = arg;

	(void)item;
	cutoff_judge(c);
	if (c->isolation.state == ISOLATION_JUDGING)
		plan_wake(c);
	if (!cutoff_is_active(c))
		return;
	if (isolation_remind(&c->isolation, c->config->remind_ms, now_of(c))) {
		announce(c, EVENT_WATCHER_REMINDER);
		subscribers_watcher_changed(c->set.subscribers);
	}
	try_references(c);
	plan_wake(c);
}

/* ---- life ---- */

void
cutoff_restore(struct cutoff *c, const struct isolation *remembered)
{
	c->isolation = *remembered;
}

void
cutoff_adopt(struct cutoff *c, const struct config *next)
{
	size_t enough = next->nreferences > 0 ? 1 : 2;

	reach_cancel(c->reach);
	c->reach = NULL;
	c->config = next;
	agenda_add(c->set.agenda, &c->item, &c->kind);
	if (c->isolation.state == ISOLATION_JUDGING)
		isolation_end(&c->isolation);
	if (cutoff_is_active(c) && c->peers->count_pools(c->peers_arg) < enough)
		conclude_connected(c);
	else if (cutoff_is_active(c))
		agenda_set(c->set.agenda, &c->item, 0);
}

void
cutoff_attach(struct cutoff *c, const struct cutoff_peers *peers, void *arg)
{
	c->peers = peers;
	c->peers_arg = arg;
}

struct cutoff *
cutoff_new(const struct cutoff_settings *s)
{
	struct cutoff *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->set = *s;
	c->kind = (struct agenda_kind){ on_due, c };
	return c;
}

void
cutoff_free(struct cutoff *c)
{
	if (c == NULL)
		return;
	reach_cancel(c->reach);
	free(c);
}
