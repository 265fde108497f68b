/*
 * alert: agrees with a slow model of it over random histories.
 *
 * The model keeps the whole history as text and answers by looking back over it; what it
 * knows between two events is only what the world was told.
 */
#include <limits.h>
#include <string.h>

#include "../cases.h"
#include "alert/alert.h"

#define EVENTS 400

struct model {
	char results[EVENTS + 1]; /* '+' and '-', since the test is known */
	size_t n, settled;	  /* results before settled are no flapping */
	char state;		  /* u o f a, as told last */
	bool paused, flapping, acknowledged;
	int64_t said;
};

/* How many of the last results are alike. */
static size_t
alike(const struct model *m)
{
	size_t k = 1;

	if (m->n == 0)
		return 0;
	while (k < m->n && m->results[m->n - 1 - k] == m->results[m->n - 1])
		k++;
	return k;
}

static unsigned
changes(const struct model *m)
{
	unsigned k = 0;

	for (size_t i = m->n; i > 1 && i > m->settled && m->n - i < FLAP_WINDOW; i--)
		k += m->results[i - 1] != m->results[i - 2];
	return k;
}

static char
verdict(const struct model *m, const struct alert_rules *rules)
{
	bool ok = m->results[m->n - 1] == '+';

	if (m->state == 'a')
		return ok && alike(m) >= rules->recover ? 'o' : 'a';
	return ok ? 'o' : alike(m) >= rules->confirm ? 'a' : 'f';
}

static unsigned
model_feed(struct model *m, const struct alert_rules *rules, bool ok, int64_t now)
{
	size_t need = FLAP_CALM;
	unsigned say = 0;
	char to;

	if (m->paused)
		return 0;
	m->results[m->n++] = ok ? '+' : '-';
	need = rules->confirm > need ? rules->confirm : need;
	need = rules->recover > need ? rules->recover : need;
	if (m->flapping && alike(m) >= need) {
		m->flapping = false;
		m->settled = m->n;
		say = ALERT_IS_CALM;
	} else if (!m->flapping && changes(m) >= FLAP_CHANGES) {
		m->flapping = true;
		say = ALERT_FLAPS;
	}
	to = m->flapping ? m->state : verdict(m, rules);
	if (to == m->state)
		return say;
	m->state = to;
	m->said = now;
	m->acknowledged = false;
	return say | ALERT_CHANGED;
}

static bool
model_remind(struct model *m, const struct alert_rules *rules, int64_t now)
{
	int64_t every = (int64_t)rules->remind_ms;

	if (m->paused || m->flapping || m->acknowledged || m->state != 'a' ||
	    every == 0 || now < m->said + every)
		return false;
	while (m->said + every <= now)
		m->said += every;
	return true;
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* What a state file keeps is enough to go on with: the rest is forgotten. */
static void
restart(struct alert *a)
{
	struct alert kept = { .state = a->state,
		.failures = a->failures,
		.since_ms = a->since_ms,
		.acknowledged = a->acknowledged };

	if (a->announced_ms != 0 || a->recent != 0) {
		kept.announced_ms = a->announced_ms;
		kept.successes = a->successes;
		kept.recent = a->recent;
		kept.flapping = a->flapping;
	}
	if (a->state == ALERT_PAUSED) {
		kept.resume_state = a->resume_state;
		kept.resume_since_ms = a->resume_since_ms;
	}
	*a = kept;
}

static void
expect_alike(const struct model *m, const struct alert *a, uint32_t seed, unsigned event)
{
	enum alert_state shown = a->state == ALERT_PAUSED ? a->resume_state : a->state;

	if ("uofa"[shown] != m->state || (a->state == ALERT_PAUSED) != m->paused ||
	    a->flapping != m->flapping || a->acknowledged != m->acknowledged)
		fail_msg("seed %u, event %u: %c%s%s, not %c%s%s; after %s", seed, event,
		    "uofa"[shown], a -> flapping ? " flapping" : "",
		    a->acknowledged ? " acknowledged" : "", m->state,
		    m->flapping ? " flapping" : "",
		    m->acknowledged ? " acknowledged" : "", m->results);
}

static void
one_event(struct model *m, struct alert *a, const struct alert_rules *rules,
    uint32_t *random, int64_t now, unsigned fail_of_16)
{
	unsigned what = next_random(random) >> 8 & 63;
	bool ok = (next_random(random) >> 8 & 15) >= fail_of_16;
	struct alert_change c = { ALERT_COUNT, ALERT_COUNT, 0 };

	if (what == 0) {
		assert_int_equal(alert_pause(a, now, &c), !m->paused);
		m->paused = true;
	} else if (what < 4) {
		assert_int_equal(alert_resume(a, &c), m->paused);
		m->paused = false;
	} else if (what == 4) {
		bool can = m->state == 'a' && !m->acknowledged;

		assert_int_equal(alert_acknowledge(a), can);
		m->acknowledged = m->acknowledged || can;
	} else if (what < 8) {
		restart(a);
	} else {
		unsigned said = alert_feed(rules, a, ok, now, &c);

		assert_int_equal(said, model_feed(m, rules, ok, now));
		assert_int_equal((said & ALERT_CHANGED) != 0, c.to != ALERT_COUNT);
		assert_int_equal(alert_is_pending(a), c.to == ALERT_ALERT);
		if (c.to == ALERT_ALERT)
			alert_announced(a, ALERT_BY_TEST, now);
	}
	assert_int_equal(alert_remind(rules, a, now), model_remind(m, rules, now));
}

static void
play(uint32_t seed)
{
	uint32_t random = seed;
	struct alert_rules rules = { 1 + next_random(&random) % 5,
		1 + next_random(&random) % 4, 60 * (next_random(&random) % 4) };
	unsigned fail_of_16 = 1 + next_random(&random) % 15;
	struct model m = { .state = 'u' };
	int64_t now = 1000000;
	struct alert a = { .state = ALERT_UNKNOWN };

	for (unsigned i = 0; i < EVENTS; i++) {
		if (next_random(&random) % 40 == 0)
			fail_of_16 = 1 + next_random(&random) % 15;
		now += 1 + next_random(&random) % 100;
		one_event(&m, &a, &rules, &random, now, fail_of_16);
		expect_alike(&m, &a, seed, i);
	}
}

static void
random_histories(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 5000; seed++)
		play(seed);
}

RUN_CASES(TEST(random_histories));
