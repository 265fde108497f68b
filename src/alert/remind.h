/* remind - when something that is active is announced again. Private to alert/. */
#ifndef CSWATCH_ALERT_REMIND_H
#define CSWATCH_ALERT_REMIND_H
#include <stdbool.h>
#include <stdint.h>

/* Returns when the next reminder is due, or INT64_MAX. */
static inline int64_t
remind_next(bool wanted, int64_t announced_ms, uint64_t every_ms)
{
	return wanted && every_ms != 0 ? announced_ms + (int64_t)every_ms : INT64_MAX;
}

/*
 * Returns whether a reminder is due now: once, however many have gone by. *announced_ms
 * keeps the pace.
 */
static inline bool
remind_now(bool wanted, int64_t *announced_ms, uint64_t every_ms, int64_t now_ms)
{
	int64_t every = (int64_t)every_ms;

	if (remind_next(wanted, *announced_ms, every_ms) == INT64_MAX)
		return false;
	if (*announced_ms > now_ms) /* the clock was set back */
		*announced_ms = now_ms;
	if (*announced_ms + every > now_ms)
		return false;
	*announced_ms += (now_ms - *announced_ms) / every * every;
	return true;
}

#endif
