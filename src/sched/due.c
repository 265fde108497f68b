#include "sched/due.h"

#include "sched/queue.h"

#define SECOND	  ((uint64_t)1000000)
#define OVERDUE_S 60		/* after a long stop, not everything starts at once */

uint64_t
due_after(const struct test *t, uint64_t us)
{
	if (us < t->phase_us)
		return t->phase_us;
	return us - (us - t->phase_us) % t->every_us + t->every_us;
}

uint64_t
due_latest(const struct test *t, uint64_t since, uint64_t us,
    uint64_t *ret_slots)
{
	uint64_t first = due_after(t, since);

	if (first > us) {
		*ret_slots = 0;
		return 0;
	}
	*ret_slots = (us - first) / t->every_us + 1;
	return first + (*ret_slots - 1) * t->every_us;
}

/* The test's own share of a window: spread like the phases. */
static uint64_t
spread(const struct test *t, uint64_t window_us)
{
	return t->phase_us % (window_us < t->every_us ? window_us : t->every_us);
}

uint64_t
due_first(const struct test *t, uint64_t due_in_ms, uint64_t now_us)
{
	if (due_in_ms == 0)
		return now_us + spread(t, OVERDUE_S * SECOND);
	if (due_in_ms != SCHED_NEVER)
		return due_in_ms < t->every_us / 1000 ? now_us + due_in_ms * 1000 :
							now_us + t->every_us;
	if (t->every_us <= SCHED_FIRST_S * SECOND)
		return due_after(t, now_us);
	return now_us + spread(t, SCHED_FIRST_S * SECOND);
}
