#include "alert/alert.h"

#include <limits.h>

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

bool
alert_state_by_name(struct str name, enum alert_state *ret)
{
	for (enum alert_state s = 0; s < ALERT_COUNT; s++) {
		if (str_eq(name, names[s])) {
			*ret = s;
			return true;
		}
	}
	return false;
}

void
alert_init(struct alert *a)
{
	*a = (struct alert){ .state = ALERT_UNKNOWN };
}

void
alert_restore(struct alert *a, enum alert_state state, unsigned failures,
    int64_t since_ms)
{
	*a = (struct alert){ .state = state, .failures = failures, .since_ms = since_ms };
}

static void
count(unsigned *up, unsigned *reset)
{
	if (*up < UINT_MAX)
		++*up;
	*reset = 0;
}

/* Where a test stands after a result that is already counted. */
static enum alert_state
judge(const struct alert_rules *rules, const struct alert *a, bool ok)
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

bool
alert_feed(const struct alert_rules *rules, struct alert *a, bool ok, int64_t now_ms,
    struct alert_change *ret)
{
	enum alert_state to;

	if (a->state == ALERT_PAUSED)
		return false;
	if (ok)
		count(&a->successes, &a->failures);
	else
		count(&a->failures, &a->successes);
	to = judge(rules, a, ok);
	if (to == a->state)
		return false;
	*ret = (struct alert_change){ a->state, to };
	a->state = to;
	a->since_ms = now_ms;
	a->acknowledged = false;
	return true;
}

bool
alert_pause(struct alert *a, int64_t now_ms, struct alert_change *ret)
{
	if (a->state == ALERT_PAUSED)
		return false;
	*ret = (struct alert_change){ a->state, ALERT_PAUSED };
	a->held = a->state;
	a->held_since_ms = a->since_ms;
	a->state = ALERT_PAUSED;
	a->since_ms = now_ms;
	return true;
}

bool
alert_resume(struct alert *a, struct alert_change *ret)
{
	if (a->state != ALERT_PAUSED)
		return false;
	*ret = (struct alert_change){ ALERT_PAUSED, a->held };
	a->state = a->held;
	a->since_ms = a->held_since_ms;
	return true;
}

bool
alert_acknowledge(struct alert *a)
{
	enum alert_state s = a->state == ALERT_PAUSED ? a->held : a->state;

	if (s != ALERT_ALERT || a->acknowledged)
		return false;
	a->acknowledged = true;
	return true;
}
