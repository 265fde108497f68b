/*
 * alert/rollup: agrees with a slow model of it over random histories.
 *
 * The model keeps every result that there ever was and answers by looking back over
 * them; the alerts of the tests are made by alert.c, which has a model of its own.
 */
#include <string.h>

#include "../cases.h"
#include "alert/rollup.h"

#define EVENTS 300
#define TESTS  6
#define LINES  64

struct past {
	size_t test;
	const char *diag; /* NULL: success */
	int64_t at;
	bool active; /* the test was, then */
};

static struct runtime {
	size_t n;
	bool paused[TESTS], asleep[TESTS]; /* asleep: would not run now */
	struct alert alerts[TESTS];
	struct past past[EVENTS];
	size_t npast;
	int64_t now;
	uint64_t wait;
	struct alert_rules rules;
	char said[LINES], wanted[LINES];
	size_t nsaid, nwanted;
} w;

/* ---- the implementation's view, and what it says ---- */

static const struct past *
last_of(size_t i)
{
	for (size_t k = w.npast; k > 0; k--)
		if (w.past[k - 1].test == i)
			return &w.past[k - 1];
	return NULL;
}

static struct rollup_member
nth(void *arg, size_t i)
{
	const struct past *p = last_of(i);

	(void)arg;
	return (struct rollup_member){ .active = !w.paused[i],
		.expected = !w.paused[i] && !w.asleep[i],
		.diag = p == NULL ? NULL : p->diag,
		.begun_ms = p == NULL ? 0 : p->at,
		.alert = &w.alerts[i] };
}

static void
add(char *lines, size_t *n, char c)
{
	assert_true(*n < LINES - 1);
	lines[(*n)++] = c;
	lines[*n] = '\0';
}

/* 'a' ... : that test itself; 'A' ... : it, by its pool; + and -: the pool. */
static void
say(void *arg, size_t i, enum alert_announcer by)
{
	(void)arg;
	assert_int_equal(w.alerts[i].announced_by, by);
	assert_int_equal(w.alerts[i].state, ALERT_ALERT);
	add(w.said, &w.nsaid, (char)((by == ALERT_BY_TEST ? 'a' : 'A') + i));
}

static void
say_pool(void *arg, bool stands)
{
	(void)arg;
	add(w.said, &w.nsaid, stands ? '+' : '-');
}

/* ---- the model ---- */

static struct model {
	bool stands, judging;
	const char *diag;
	int64_t from, until;
	size_t begun; /* w.npast then */
	enum alert_announcer announced_by[TESTS];
} m;

static bool
in_alert(size_t i)
{
	return !w.paused[i] && w.alerts[i].state == ALERT_ALERT;
}

static bool
counts(const struct past *p)
{
	return p != NULL && p->at >= m.from;
}

static bool
differs(const struct past *p)
{
	return p->diag == NULL || strcmp(p->diag, m.diag) != 0;
}

static bool
is_contradicted(void)
{
	for (size_t i = 0; i < w.n; i++)
		if (!w.paused[i] && counts(last_of(i)) && differs(last_of(i)))
			return true;
	for (size_t k = m.begun; k < w.npast; k++)
		if (w.past[k].active && differs(&w.past[k]))
			return true;
	return false;
}

static size_t
failing_alike(void)
{
	size_t n = 0;

	for (size_t i = 0; i < w.n; i++)
		n += !w.paused[i] && counts(last_of(i)) && !differs(last_of(i));
	return n;
}

static bool
is_complete(void)
{
	for (size_t i = 0; i < w.n; i++)
		if (!w.paused[i] && !w.asleep[i] && !counts(last_of(i)))
			return false;
	return true;
}

static void
want(size_t i, enum alert_announcer by)
{
	m.announced_by[i] = by;
	add(w.wanted, &w.nwanted, (char)((by == ALERT_BY_TEST ? 'a' : 'A') + i));
}

static void
model_conclude(void)
{
	bool whole = !is_contradicted() && failing_alike() >= 2, held = false;

	for (size_t i = 0; i < w.n; i++)
		held = held || (in_alert(i) && m.announced_by[i] == ALERT_PENDING);
	m.judging = false;
	if (whole && held)
		add(w.wanted, &w.nwanted, '+');
	m.stands = whole && held;
	for (size_t i = 0; i < w.n; i++) {
		const struct past *p = last_of(i);

		if (!in_alert(i) || m.announced_by[i] != ALERT_PENDING)
			continue;
		if (m.stands)
			want(i, ALERT_BY_POOL);
		else if (counts(p) && p->diag != NULL)
			want(i, ALERT_BY_TEST);
	}
}

static void
model_result(size_t i, int64_t first)
{
	const char *diag = last_of(i)->diag;

	if (w.paused[i])
		return;
	if (m.stands && diag == NULL) {
		m.stands = false;
		add(w.wanted, &w.nwanted, '-');
		for (size_t k = 0; k < w.n; k++)
			if (m.announced_by[k] == ALERT_BY_POOL)
				m.announced_by[k] = ALERT_PENDING;
	}
	if (!in_alert(i) || m.announced_by[i] != ALERT_PENDING || diag == NULL)
		return;
	if (m.stands) {
		want(i, ALERT_BY_POOL);
	} else if (w.wait == 0) {
		want(i, ALERT_BY_TEST);
	} else if (!m.judging) {
		m.judging = true;
		m.diag = diag;
		m.from = first;
		m.until = w.now + (int64_t)w.wait;
		m.begun = w.npast;
	}
}

/* ---- both ---- */

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void
a_result(struct rollup *r, const struct rollup_tests *tests, size_t i, const char *diag)
{
	const struct past *before = last_of(i);
	int64_t was = before == NULL ? 0 : before->at;
	struct alert_change change = { .first_ms = w.now };

	w.past[w.npast++] = (struct past){ i, diag, w.now, !w.paused[i] };
	if ((alert_feed(&w.rules, &w.alerts[i], diag == NULL, w.now, &change) &
		ALERT_CHANGED) != 0)
		m.announced_by[i] = w.alerts[i].announced_by;
	if (!w.paused[i]) {
		rollup_result(r, tests, i, was, w.now);
		rollup_pending(r, tests, i, change.first_ms, w.now, w.wait);
	}
	model_result(i, change.first_ms);
}

static void
a_pause(struct rollup *r, const struct rollup_tests *tests, size_t i)
{
	struct alert_change change;

	if (w.paused[i])
		assert_true(alert_resume(&w.alerts[i], &change));
	else
		assert_true(alert_pause(&w.alerts[i], w.now, &change));
	w.paused[i] = !w.paused[i];
	if (r->state == ROLLUP_JUDGING)
		rollup_recount(r, tests);
}

static void
one_event(struct rollup *r, const struct rollup_tests *tests, uint32_t *random)
{
	static const char *const ways[] = { NULL, "REG-DOWN", "REG-DOWN", "REG-DOWN",
		"WT-CRED" };
	static size_t way;
	unsigned what = next_random(random) >> 8 & 127;
	size_t i = next_random(random) % w.n;

	if (next_random(random) % 12 == 0) /* as a rule all of them are alike */
		way = next_random(random) % NROWS(ways);
	if (what < 3) {
		a_pause(r, tests, i);
	} else if (what == 3) { /* a window */
		w.asleep[i] = !w.asleep[i];
		rollup_recount(r, tests);
	} else if (what == 4) { /* it is cut off; or a restart */
		rollup_defer(r);
		m.judging = false;
	} else if (what < 12) {
		a_result(r, tests, i, ways[next_random(random) % NROWS(ways)]);
	} else {
		a_result(r, tests, i, ways[way]);
	}
}

static void
compare(const struct rollup *r, uint32_t seed, unsigned event)
{
	if (strcmp(w.said, w.wanted) != 0 || m.judging != (r->state == ROLLUP_JUDGING) ||
	    m.stands != (r->state == ROLLUP_ACTIVE))
		fail_msg("seed %u, event %u: said \"%s\", not \"%s\"; judging %d, "
			 "stands %d",
		    seed, event, w.said, w.wanted, m.judging, m.stands);
	for (size_t i = 0; i < w.n; i++)
		if (w.alerts[i].announced_by != m.announced_by[i])
			fail_msg("seed %u, event %u: test %zu is said by %s, not %s",
			    seed, event, i,
			    alert_announcer_name(w.alerts[i].announced_by),
			    alert_announcer_name(m.announced_by[i]));
}

static unsigned spoken[4]; /* +, -, a test itself, a test by its pool */

static void
note_coverage(void)
{
	for (size_t i = 0; i < w.nsaid; i++)
		spoken[w.said[i] == '+'	  ? 0
		       : w.said[i] == '-' ? 1
		       : w.said[i] >= 'a' ? 2
					  : 3]++;
}

static void
play(uint32_t seed)
{
	struct rollup_tests tests = { 0, NULL, nth, say, say_pool };
	struct rollup r = { .state = ROLLUP_QUIET };
	uint32_t random = seed;

	memset(&w, 0, sizeof(w));
	memset(&m, 0, sizeof(m));
	w.n = tests.n = 1 + next_random(&random) % TESTS;
	w.wait = next_random(&random) % 5 == 0 ? 0 : 50 + next_random(&random) % 400;
	w.rules = (struct alert_rules){ 1 + next_random(&random) % 3,
		1 + next_random(&random) % 2, 0 };
	w.now = 1000000;
	for (unsigned i = 0; i < EVENTS; i++) {
		w.now += 1 + next_random(&random) % 60;
		w.nsaid = w.nwanted = 0;
		w.said[0] = w.wanted[0] = '\0';
		one_event(&r, &tests, &random);
		if (m.judging && (is_contradicted() || is_complete() || w.now >= m.until))
			model_conclude();
		if (rollup_is_ripe(&r, w.now))
			rollup_conclude(&r, &tests, w.now);
		compare(&r, seed, i);
		note_coverage();
	}
}

static void
random_histories(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 4000; seed++)
		play(seed);
	for (size_t i = 0; i < NROWS(spoken); i++)
		assert_true(spoken[i] > 1000);
}

RUN_CASES(TEST(random_histories));
