/*
 * spec - what is to be scheduled: tests, and the limits that they share. Plain data.
 */
#ifndef CSWATCH_SCHED_SPEC_H
#define CSWATCH_SCHED_SPEC_H
#include <stddef.h>
#include <stdint.h>

struct calendar;

#define SCHED_NONE    UINT32_MAX /* no such limit */
#define SCHED_NEVER   UINT64_MAX
#define SCHED_FIRST_S 300 /* a new test runs within this time */

/* At most max runs of the tests that share it at a time. */
struct sched_limit {
	const char *name; /* the same limit in the next set has the same name */
	unsigned max;	  /* at least 1 */
};

struct sched_spec {
	const char *name;
	void *owner; /* handed to start() */
	/*
	 * Times of day, in place of an interval; or windows within which the interval
	 * runs, each beginning it again. One of them at most; borrowed until the next
	 * sched_adopt().
	 */
	const struct calendar *at, *active;
	uint64_t every_ms;   /* at least 1, if there is no at */
	uint64_t jitter_ms;  /* each slot is later by up to this; at most every_ms */
	uint64_t retry_ms;   /* after a failure, if that is sooner than the interval */
	unsigned retries;    /* of how many failures in a row; alert's confirm - 1 */
	uint32_t pool, user; /* its limits in the set, or SCHED_NONE */
	/*
	 * Only for a test that the schedule does not know yet: how long until it is due,
	 * as the state file remembers it (0: overdue), or SCHED_NEVER if it never ran.
	 */
	uint64_t due_in_ms;
	unsigned failures; /* in a row so far; likewise only for such a test */
};

struct sched_set {
	const struct sched_spec *tests; /* sorted by name, names unique */
	size_t ntests;
	const struct sched_limit *pools, *users;
	size_t npools, nusers;
	unsigned max_parallel; /* over all; at least 1 */
};

#endif
