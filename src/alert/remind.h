/*
 * remind - when something that stands is said again. Private to alert/.
 */
#ifndef CSWATCH_ALERT_REMIND_H
#define CSWATCH_ALERT_REMIND_H
#include <stdbool.h>
#include <stdint.h>

/* When it is due; INT64_MAX: never. */
static inline int64_t
remind_next(bool wanted, int64_t said_ms, uint64_t every_ms)
{
	return wanted && every_ms != 0 ? said_ms + (int64_t)every_ms : INT64_MAX;
}

/* True: now, once, however many have gone by. *said_ms keeps the pace. */
static inline bool
remind_now(bool wanted, int64_t *said_ms, uint64_t every_ms, int64_t now_ms)
{
	int64_t every = (int64_t)every_ms;

	if (remind_next(wanted, *said_ms, every_ms) == INT64_MAX)
		return false;
	if (*said_ms > now_ms) /* the clock was set back */
		*said_ms = now_ms;
	if (*said_ms + every > now_ms)
		return false;
	*said_ms += (now_ms - *said_ms) / every * every;
	return true;
}

#endif
