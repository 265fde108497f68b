#include "alert/isolation.h"

#include "alert/remind.h"

#define QUORUM 2 /* pools that have to fail if there is no reference */

/* Returns whether the step asks for names only, which may be remembered. */
static bool
asks_for_names(enum step_id step)
{
	return step == STEP_DISCOVER || step == STEP_RESOLVE;
}

/* Returns whether the run got an answer from any peer. */
static bool
has_connected(const struct result *r)
{
	for (unsigned i = 0; i < r->nsteps; i++)
		if (!asks_for_names(r->steps[i].step) && r->steps[i].step != r->err.step)
			return true;
	return false;
}

enum isolation_evidence
isolation_evidence(const struct result *r)
{
	if (r->ok || has_connected(r))
		return EVIDENCE_PROOF;
	switch (r->err.cause) {
	case CAUSE_DNS:
		return EVIDENCE_NO_NAME;
	case CAUSE_CONNECT:
		return EVIDENCE_NO_WAY;
	case CAUSE_TIMEOUT:
		return asks_for_names(r->err.step) ? EVIDENCE_NO_NAME : EVIDENCE_NO_WAY;
	case CAUSE_LOCAL:
	case CAUSE_CANCELLED:
		return EVIDENCE_NOTHING;
	default:
		return EVIDENCE_PROOF;
	}
}

bool
isolation_is_possible(
    const struct isolation *w, size_t npools, bool references, int64_t since_ms)
{
	return npools >= (references ? 1 : QUORUM) &&
	       (w->proof_ms == 0 || w->proof_ms < since_ms);
}

void
isolation_begin(struct isolation *w, const struct isolation_pools *pools,
    enum isolation_evidence evidence, bool references, int64_t from_ms, int64_t until_ms)
{
	*w = (struct isolation){ .state = ISOLATION_JUDGING,
		.proof_ms = w->proof_ms,
		.from_ms = from_ms,
		.until_ms = until_ms,
		.evidence = evidence,
		.references = references };
	for (size_t i = 0; i < pools->n; i++) {
		struct isolation_pool p = pools->nth(pools->arg, i);
		bool fresh = p.begun_ms != 0 && p.begun_ms >= from_ms;

		w->failed += p.active && fresh;
		w->pending += p.active && !fresh;
		w->mixed = w->mixed || (p.active && fresh && p.evidence != evidence);
	}
}

void
isolation_failure(struct isolation *w, enum isolation_evidence evidence, int64_t begun_ms,
    int64_t was_ms)
{
	if (w->state != ISOLATION_JUDGING || begun_ms < w->from_ms)
		return;
	w->mixed = w->mixed || evidence != w->evidence;
	if (was_ms != 0 && was_ms >= w->from_ms)
		return;
	w->failed++;
	w->pending -= w->pending > 0;
}

void
isolation_proof(struct isolation *w, int64_t at_ms)
{
	if (at_ms > w->proof_ms)
		w->proof_ms = at_ms;
}

enum isolation_decision
isolation_decide(const struct isolation *w, int64_t now_ms)
{
	/* It is over, or the clock was set back. */
	bool over = now_ms >= w->until_ms || now_ms < w->from_ms;

	if (w->proof_ms != 0 && w->proof_ms >= w->from_ms)
		return ISOLATION_NO;
	if (w->references ? !w->unreachable : w->mixed)
		return w->references && !over ? ISOLATION_WAIT : ISOLATION_NO;
	if (w->pending > 0 && !over)
		return ISOLATION_WAIT;
	return w->failed >= (w->references ? 1 : QUORUM) ? ISOLATION_YES : ISOLATION_NO;
}

void
isolation_confirm(struct isolation *w, int64_t now_ms)
{
	w->state = ISOLATION_CUT_OFF;
	w->since_ms = w->from_ms;
	w->announced_ms = now_ms;
}

void
isolation_end(struct isolation *w)
{
	w->state = ISOLATION_NONE;
}

int64_t
isolation_next_reminder(const struct isolation *w, uint64_t remind_ms)
{
	return remind_next(w->state == ISOLATION_CUT_OFF, w->announced_ms, remind_ms);
}

bool
isolation_remind(struct isolation *w, uint64_t remind_ms, int64_t now_ms)
{
	return remind_now(
	    w->state == ISOLATION_CUT_OFF, &w->announced_ms, remind_ms, now_ms);
}
