#include "watch/gates.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/text.h"
#include "config/config.h"
#include "sched/sched.h"
#include "watch/agenda.h"
#include "watch/keys_ahead.h"
#include "watch/probe.h"
#include "watch/timetable.h"

struct gate {
	const char *word;
	/*
	 * Fills *ret if the test is paused; by is NULL before. Lowers ret->edge_ms to
	 * when the answer may be another. NULL: a gate of the other kind.
	 */
	void (*find_pause)(const struct gates *g, const struct probe *p, int64_t now_ms,
	    struct pause *ret);
	/*
	 * Returns whether a run that is due may begin. If not, sched_ready() is called
	 * for it later, and it is asked again.
	 */
	bool (*admit)(const struct gates *g, struct probe *p);
	/* Appends what the run waits for. */
	void (*explain)(const struct probe *p, struct buf *out);
};

/* ---- maintenance ---- */

/* Returns when it ends, if it is under way; otherwise 0, and when it begins. */
static int64_t
maintained_until(const struct config_maintenance *m, int64_t now, int64_t *ret_begin)
{
	int64_t lasts = (int64_t)m->for_ms, next;
	int64_t begin = calendar_next(m->at, now - lasts);

	if (begin > now) {
		*ret_begin = begin;
		return 0;
	}
	while ((next = calendar_next(m->at, begin)) <= now)
		begin = next;
	return begin + lasts;
}

static void
lower_edge(struct pause *p, int64_t at_ms)
{
	if (at_ms < p->edge_ms)
		p->edge_ms = at_ms;
}

static void
find_maintenance(
    const struct gates *g, const struct probe *p, int64_t now_ms, struct pause *ret)
{
	const struct config *c = g->config;

	for (size_t i = 0; i < c->nmaintenance; i++) {
		const struct config_maintenance *m = &c->maintenance[i];
		int64_t begin = AGENDA_NEVER, until;

		if (!config_maintains(c, m, p->test))
			continue;
		until = maintained_until(m, now_ms, &begin);
		lower_edge(ret, until == 0 ? begin : until);
		if (until == 0 || (ret->by != NULL && until <= ret->until_ms))
			continue;
		ret->by = "maintenance";
		ret->reason = m->reason;
		ret->until_ms = until;
	}
}

/* ---- an operator's pause ---- */

static void
find_operator(
    const struct gates *g, const struct probe *p, int64_t now_ms, struct pause *ret)
{
	const struct remark *r = p->state.pause;

	(void)g;
	(void)now_ms;
	if (r == NULL)
		return;
	ret->by = r->by;
	ret->reason = r->reason;
	ret->until_ms = r->until_ms;
	if (r->until_ms != 0)
		lower_edge(ret, r->until_ms);
}

/* ---- the key ---- */

static bool
admit_with_key(const struct gates *g, struct probe *p)
{
	return keys_at_hand(g->keys, p);
}

static void
explain_key(const struct probe *p, struct buf *out)
{
	buf_printf(out, "the RSA key of %s is being made", p->state.user);
}

/* ---- the list ---- */

static const struct gate gates[] = {
	{ .word = "paused", .find_pause = find_maintenance },
	{ .word = "paused", .find_pause = find_operator },
	{ .word = "waits", .admit = admit_with_key, .explain = explain_key },
};

#define NGATES (sizeof(gates) / sizeof(gates[0]))

static bool
lasts_longer(const struct pause *a, const struct pause *b)
{
	if (a->by == NULL || b->by == NULL)
		return a->by != NULL;
	return b->until_ms != 0 && (a->until_ms == 0 || a->until_ms > b->until_ms);
}

/* Returns the gate that pauses p longest, and NULL if none does. */
static const struct gate *
find_pause(
    const struct gates *g, const struct probe *p, int64_t now_ms, struct pause *ret)
{
	const struct gate *longest = NULL;
	int64_t edge_ms = AGENDA_NEVER;

	*ret = (struct pause){ NULL, "", 0, 0 };
	for (size_t i = 0; i < NGATES; i++) {
		struct pause one = { NULL, "", 0, edge_ms };

		if (gates[i].find_pause == NULL)
			continue;
		gates[i].find_pause(g, p, now_ms, &one);
		edge_ms = one.edge_ms;
		if (!lasts_longer(&one, ret))
			continue;
		*ret = one;
		longest = &gates[i];
	}
	ret->edge_ms = edge_ms;
	return longest;
}

struct pause
gates_find_pause(const struct gates *g, const struct probe *p, int64_t now_ms)
{
	struct pause ret;

	(void)find_pause(g, p, now_ms, &ret);
	return ret;
}

bool
gates_admit(const struct gates *g, struct probe *p)
{
	p->waits_at = NULL;
	for (size_t i = 0; i < NGATES; i++) {
		if (gates[i].admit == NULL || gates[i].admit(g, p))
			continue;
		p->waits_at = &gates[i];
		sched_defer(g->timetable->sched, p->id);
		return false;
	}
	return true;
}

/* ---- why ---- */

void
gates_explain_pause(
    const struct gates *g, const struct probe *p, int64_t now_ms, struct buf *out)
{
	char until[TEXT_TIME_SIZE];
	struct pause pause;
	const struct gate *gate = find_pause(g, p, now_ms, &pause);

	buf_puts(out, gate == NULL ? "paused" : gate->word);
	if (pause.until_ms != 0) {
		text_time_s(until, pause.until_ms / 1000);
		buf_printf(out, " until %s", until);
	}
	if (pause.by != NULL && pause.by[0] != '\0')
		buf_printf(out, " by %s", pause.by);
	if (pause.reason[0] != '\0')
		buf_printf(out, ": %s", pause.reason);
}

void
gates_explain_wait(const struct probe *p, struct buf *out)
{
	buf_printf(out, "%s: ", p->waits_at->word);
	p->waits_at->explain(p, out);
}
