#include "alert/alert.h"

#include <limits.h>

#include "alert/remind.h"

static const char *const names[ALERT_COUNT] = {
	[ALERT_UNKNOWN] = "unknown",
	[ALERT_OK] = "ok",
	[ALERT_FAILING] = "failing",
	[ALERT_ALERT] = "alert",
	[ALERT_PAUSED] = "paused",
};

const char *
alert_state_name(enum alert_state s)
{
	return names[s];
}

const char *
alert_announcer_name(enum alert_announcer v)
{
	static const char *const words[ALERT_ANNOUNCERS] = {
		[ALERT_BY_TEST] = "test",
		[ALERT_PENDING] = "nobody",
		[ALERT_BY_POOL] = "pool",
	};

	return words[v];
}

static void
count(unsigned *up, unsigned *reset)
{
	if (*up < UINT_MAX)
		++*up;
	*reset = 0;
}

/* Returns the state of a test after a result that is already counted. */
static enum alert_state
state_after(const struct alert_rules *rules, const struct alert *a, bool ok)
{
	switch (a->state) {
	case ALERT_ALERT:
		return ok && a->successes >= rules->recover ? ALERT_OK : ALERT_ALERT;
	case ALERT_UNKNOWN:
	case ALERT_OK:
	case ALERT_FAILING:
	case ALERT_PAUSED:
	case ALERT_COUNT:
		break;
	}
	if (ok)
		return ALERT_OK;
	return a->failures >= rules->confirm ? ALERT_ALERT : ALERT_FAILING;
}

static unsigned
larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* Notes whether a result is unlike the one before; called before it is counted. */
static void
note_unlike(struct alert *a, bool ok)
{
	bool failed = a->failures > 0;
	bool unlike = ok ? failed : !failed && a->state != ALERT_UNKNOWN;

	a->recent = (uint16_t)(a->recent << 1 | unlike);
}

static bool
is_calm(const struct alert_rules *rules, const struct alert *a)
{
	unsigned alike = larger(a->failures, a->successes);

	return alike >= larger(FLAP_CALM, larger(rules->confirm, rules->recover));
}

static unsigned
update_flapping(const struct alert_rules *rules, struct alert *a)
{
	if (a->flapping && is_calm(rules, a)) {
		a->flapping = false;
		a->recent = 0;
		return ALERT_IS_CALM;
	}
	if (!a->flapping && __builtin_popcount(a->recent) >= FLAP_CHANGES) {
		a->flapping = true;
		return ALERT_FLAPS;
	}
	return 0;
}

static void
change_to(struct alert *a, enum alert_state to, int64_t now_ms, struct alert_change *ret)
{
	int64_t first = a->state == ALERT_FAILING ? a->since_ms : now_ms;

	*ret = (struct alert_change){ a->state, to, first };
	a->state = to;
	a->since_ms = now_ms;
	a->announced_ms = to == ALERT_ALERT ? now_ms : 0;
	a->announced_by = to == ALERT_ALERT ? ALERT_PENDING : ALERT_BY_TEST;
	a->acknowledged = false;
}

unsigned
alert_feed(const struct alert_rules *rules, struct alert *a, bool ok, int64_t now_ms,
    struct alert_change *ret)
{
	enum alert_state to;
	unsigned news;

	if (a->state == ALERT_PAUSED)
		return 0;
	note_unlike(a, ok);
	if (ok)
		count(&a->successes, &a->failures);
	else
		count(&a->failures, &a->successes);
	if (a->state == ALERT_FAILING && a->failures == 1)
		a->since_ms = now_ms; /* those before it were excused, or flapping */
	news = update_flapping(rules, a);
	to = a->flapping ? a->state : state_after(rules, a, ok);
	if (to == a->state)
		return news;
	change_to(a, to, now_ms, ret);
	return news | ALERT_CHANGED;
}

bool
alert_excuse(struct alert *a, int64_t now_ms, struct alert_change *ret)
{
	if (a->state == ALERT_PAUSED || a->flapping)
		return false;
	a->successes = 0;
	if (a->state == ALERT_ALERT)
		return false;
	a->failures = 0;
	if (a->state == ALERT_FAILING)
		return false;
	change_to(a, ALERT_FAILING, now_ms, ret);
	return true;
}

void
alert_announced(struct alert *a, enum alert_announcer by, int64_t now_ms)
{
	a->announced_by = by;
	a->announced_ms = now_ms;
}

bool
alert_is_pending(const struct alert *a)
{
	enum alert_state s = a->state == ALERT_PAUSED ? a->resume_state : a->state;

	return s == ALERT_ALERT && a->announced_by == ALERT_PENDING;
}

static bool
wants_reminder(const struct alert *a)
{
	return a->state == ALERT_ALERT && a->announced_by == ALERT_BY_TEST &&
	       !a->acknowledged && !a->flapping;
}

int64_t
alert_next_reminder(const struct alert_rules *rules, const struct alert *a)
{
	return remind_next(wants_reminder(a), a->announced_ms, rules->remind_ms);
}

bool
alert_remind(const struct alert_rules *rules, struct alert *a, int64_t now_ms)
{
	return remind_now(wants_reminder(a), &a->announced_ms, rules->remind_ms, now_ms);
}

bool
alert_pause(struct alert *a, int64_t now_ms, struct alert_change *ret)
{
	if (a->state == ALERT_PAUSED)
		return false;
	*ret = (struct alert_change){ a->state, ALERT_PAUSED, now_ms };
	a->resume_state = a->state;
	a->resume_since_ms = a->since_ms;
	a->state = ALERT_PAUSED;
	a->since_ms = now_ms;
	return true;
}

bool
alert_resume(struct alert *a, struct alert_change *ret)
{
	if (a->state != ALERT_PAUSED)
		return false;
	*ret = (struct alert_change){ ALERT_PAUSED, a->resume_state, a->resume_since_ms };
	a->state = a->resume_state;
	a->since_ms = a->resume_since_ms;
	return true;
}

bool
alert_acknowledge(struct alert *a)
{
	enum alert_state s = a->state == ALERT_PAUSED ? a->resume_state : a->state;

	if (s != ALERT_ALERT || a->acknowledged || a->announced_by == ALERT_PENDING)
		return false;
	a->acknowledged = true;
	return true;
}
