/*
 * alert/isolation: what a result tells of the way to the servers; and the verdict, which
 * agrees with a slow model of it over random histories.
 */
#include <string.h>

#include "../cases.h"
#include "alert/isolation.h"

#define POOLS  5
#define EVENTS 60

/* ---- what a result tells ---- */

static const struct evidence_case {
	const char *name;
	enum step_id steps[4]; /* that ran; STEP_COUNT: no more */
	enum cause cause;      /* of the last of them; CAUSE_NONE: a success */
	enum isolation_evidence want;
} evidence_cases[] = {
	{ "success", { STEP_RESOLVE, STEP_SIP_CONNECT, STEP_REGISTER, STEP_COUNT },
	    CAUSE_NONE, EVIDENCE_PROOF },
	{ "no name", { STEP_RESOLVE, STEP_COUNT }, CAUSE_DNS, EVIDENCE_NO_NAME },
	{ "no answer to the question for it", { STEP_RESOLVE, STEP_COUNT }, CAUSE_TIMEOUT,
	    EVIDENCE_NO_NAME },
	{ "no registrar found", { STEP_DISCOVER, STEP_COUNT }, CAUSE_DNS,
	    EVIDENCE_NO_NAME },
	{ "the one found before",
	    { STEP_DISCOVER, STEP_RESOLVE, STEP_SIP_CONNECT, STEP_COUNT }, CAUSE_CONNECT,
	    EVIDENCE_NO_WAY },
	{ "no connection", { STEP_RESOLVE, STEP_SIP_CONNECT, STEP_COUNT }, CAUSE_CONNECT,
	    EVIDENCE_NO_WAY },
	{ "no connection in time", { STEP_RESOLVE, STEP_SIP_CONNECT, STEP_COUNT },
	    CAUSE_TIMEOUT, EVIDENCE_NO_WAY },
	{ "closed at once", { STEP_RESOLVE, STEP_SIP_CONNECT, STEP_COUNT }, CAUSE_CLOSED,
	    EVIDENCE_PROOF },
	{ "not trusted", { STEP_RESOLVE, STEP_SIP_CONNECT, STEP_COUNT }, CAUSE_TRUST,
	    EVIDENCE_PROOF },
	{ "no web service, when it comes first",
	    { STEP_RESOLVE, STEP_CERTPROV_METADATA, STEP_COUNT }, CAUSE_CONNECT,
	    EVIDENCE_NO_WAY },
	{ "without a name, that", { STEP_RESOLVE, STEP_CERTPROV_METADATA, STEP_COUNT },
	    CAUSE_DNS, EVIDENCE_NO_NAME },
	{ "after the registrar, that",
	    { STEP_RESOLVE, STEP_SIP_CONNECT, STEP_CERTPROV_METADATA, STEP_COUNT },
	    CAUSE_CONNECT, EVIDENCE_PROOF },
	{ "no registrar, after the web",
	    { STEP_RESOLVE, STEP_CERTPROV_METADATA, STEP_SIP_CONNECT, STEP_COUNT },
	    CAUSE_TIMEOUT, EVIDENCE_PROOF },
	{ "no descriptors", { STEP_RESOLVE, STEP_SIP_CONNECT, STEP_COUNT }, CAUSE_LOCAL,
	    EVIDENCE_NOTHING },
	{ "not even begun", { STEP_RESOLVE, STEP_COUNT }, CAUSE_LOCAL, EVIDENCE_NOTHING },
};

static void
check_evidence(void **state)
{
	const struct evidence_case *c = *state;
	struct result r = { .ok = c->cause == CAUSE_NONE };

	err_clear(&r.err);
	for (; c->steps[r.nsteps] != STEP_COUNT; r.nsteps++)
		r.steps[r.nsteps].step = c->steps[r.nsteps];
	if (!r.ok) {
		err_set(&r.err, c->cause, 0, "x");
		r.err.step = r.steps[r.nsteps - 1].step;
	}
	assert_int_equal(isolation_evidence(&r), c->want);
}

/* ---- the verdict ---- */

struct past {
	size_t pool;
	enum isolation_evidence evidence; /* EVIDENCE_PROOF: also a reference */
	int64_t at;
};

static struct runtime {
	size_t n;
	bool active[POOLS];
	struct past past[EVENTS];
	size_t npast;
} w;

static const struct past *
last_of(size_t pool)
{
	for (size_t k = w.npast; k > 0; k--)
		if (w.past[k - 1].pool == pool)
			return &w.past[k - 1];
	return NULL;
}

static struct isolation_pool
nth(void *arg, size_t i)
{
	const struct past *p = last_of(i);

	(void)arg;
	return (struct isolation_pool){ w.active[i], p == NULL ? 0 : p->at,
		p == NULL ? EVIDENCE_NOTHING : p->evidence };
}

struct judgement {
	enum isolation_evidence evidence;
	int64_t from, until;
	bool references, unreachable;
	size_t begun; /* w.npast then */
};

/* The last one of each pool when it began, and all that came later. */
static bool
is_asked(const struct judgement *j, size_t k)
{
	if (k >= j->begun)
		return true;
	for (size_t later = k + 1; later < j->begun; later++)
		if (w.past[later].pool == w.past[k].pool)
			return false;
	return true;
}

/* By definition: over all that ever came. */
static enum isolation_decision
model(const struct judgement *j, int64_t now)
{
	size_t failed = 0, missing = 0;
	bool alike = true;

	for (size_t k = 0; k < w.npast; k++) {
		if (w.past[k].at < j->from)
			continue;
		if (w.past[k].evidence == EVIDENCE_PROOF)
			return ISOLATION_NO;
		if (is_asked(j, k))
			alike = alike && w.past[k].evidence == j->evidence;
	}
	for (size_t i = 0; i < w.n; i++) {
		bool fresh = last_of(i) != NULL && last_of(i)->at >= j->from;

		failed += w.active[i] && fresh;
		missing += w.active[i] && !fresh;
	}
	if (j->references && !j->unreachable)
		return now < j->until ? ISOLATION_WAIT : ISOLATION_NO;
	if (!j->references && !alike)
		return ISOLATION_NO;
	if (missing > 0 && now < j->until)
		return ISOLATION_WAIT;
	return failed >= (j->references ? 1 : 2) ? ISOLATION_YES : ISOLATION_NO;
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* The pool of index n is none: a reference. */
static void
happens(struct isolation *s, size_t pool, enum isolation_evidence evidence, int64_t now)
{
	const struct past *before = last_of(pool);

	if (evidence == EVIDENCE_PROOF)
		isolation_proof(s, now);
	else if (s->state == ISOLATION_JUDGING)
		isolation_failure(s, evidence, now, before == NULL ? 0 : before->at);
	w.past[w.npast++] = (struct past){ pool, evidence, now };
}

static enum isolation_evidence
random_evidence(uint32_t *random, enum isolation_evidence usual, unsigned proofs)
{
	unsigned r = next_random(random) % 64;

	if (r < proofs)
		return EVIDENCE_PROOF;
	return r < 62 ? usual : EVIDENCE_NO_NAME;
}

static void
begin(struct isolation *s, struct judgement *j, int64_t now, uint32_t *random)
{
	const struct isolation_pools pools = { w.n, NULL, nth };

	j->references = next_random(random) % 2 == 0;
	j->from = w.past[w.npast - 1 - next_random(random) % 6].at;
	j->until = now + 100 + next_random(random) % 100;
	j->begun = w.npast;
	isolation_begin(s, &pools, j->evidence, j->references, j->from, j->until);
}

static void
play(uint32_t seed, unsigned *verdicts)
{
	struct isolation s = { .state = ISOLATION_NONE };
	struct judgement j = { .evidence = EVIDENCE_NO_WAY };
	uint32_t random = seed;
	int64_t now = 1000;
	unsigned proofs;

	memset(&w, 0, sizeof(w));
	w.n = 1 + next_random(&random) % POOLS;
	proofs = next_random(&random) % 6;
	for (size_t i = 0; i < w.n; i++)
		w.active[i] = i == 0 || next_random(&random) % 6 != 0;
	while (w.npast < EVENTS) {
		size_t pool = next_random(&random) % w.n;
		enum isolation_decision got;

		now += 1 + next_random(&random) % 20;
		if (w.active[pool])
			happens(
			    &s, pool, random_evidence(&random, j.evidence, proofs), now);
		else
			w.past[w.npast++] = (struct past){ POOLS, EVIDENCE_NO_WAY, 0 };
		if (s.state == ISOLATION_JUDGING && next_random(&random) % 4 == 0)
			s.unreachable = j.unreachable = j.references;
		if (s.state == ISOLATION_NONE && w.npast > 5 &&
		    next_random(&random) % 4 == 0) {
			j.unreachable = false;
			begin(&s, &j, now, &random);
		}
		if (s.state != ISOLATION_JUDGING)
			continue;
		got = isolation_decide(&s, now);
		if (got != model(&j, now))
			fail_msg("seed %u, after %zu: %d, not %d", seed, w.npast, got,
			    model(&j, now));
		verdicts[got]++;
		if (got != ISOLATION_WAIT)
			isolation_end(&s);
	}
}

static void
random_histories(void **state)
{
	unsigned verdicts[3] = { 0, 0, 0 };

	(void)state;
	for (uint32_t seed = 1; seed <= 10000; seed++)
		play(seed, verdicts);
	for (size_t i = 0; i < NROWS(verdicts); i++)
		assert_true(verdicts[i] > 1000);
}

static void
it_is_said_again_until_it_ends(void **state)
{
	struct isolation s = { .state = ISOLATION_JUDGING, .from_ms = 700 };

	(void)state;
	assert_int_equal(isolation_next_reminder(&s, 1000), INT64_MAX);
	isolation_confirm(&s, 1000);
	assert_int_equal(s.since_ms, 700);
	assert_int_equal(isolation_next_reminder(&s, 0), INT64_MAX);
	assert_int_equal(isolation_next_reminder(&s, 1000), 2000);
	assert_false(isolation_remind(&s, 1000, 1999));
	assert_true(isolation_remind(&s, 1000, 5500));
	assert_int_equal(isolation_next_reminder(&s, 1000), 6000);
	isolation_end(&s);
	assert_false(isolation_remind(&s, 1000, 9000));
}

RUN_CASES(ROWS("evidence", evidence_cases, check_evidence), TEST(random_histories),
    TEST(it_is_said_again_until_it_ends));
