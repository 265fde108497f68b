/*
 * due - when a test is due: the slots of its interval, in its windows, or its times of
 * day, with their jitter. Private to sched/.
 *
 * Whatever kind of schedule there is, the rest of sched/ asks only these functions.
 * Times are those of the schedule's clock; ahead_us is how far the wall clock is ahead of
 * it, for times of day.
 */
#ifndef CSWATCH_SCHED_DUE_H
#define CSWATCH_SCHED_DUE_H
#include <stdbool.h>
#include <stdint.h>

struct test;

/*
 * A wall clock that is set by more than this was wrong before: nothing is caught up with
 * when it goes forward, nothing is left out when it goes back.
 */
#define DUE_STEP_MAX_US ((int64_t)3 * 3600 * 1000000)

/* Returns whether the schedule of the test depends on the wall clock. */
bool due_by_wall(const struct test *t);
/* Returns the first slot after that time, or SCHED_NEVER. */
uint64_t due_after(const struct test *t, uint64_t us, int64_t ahead_us);
/*
 * Returns the last slot after since and not after us, and sets *ret_slots to how many
 * there are, which may be 0. Slots of the wall clock are counted eight days back at most.
 */
uint64_t due_latest(const struct test *t, uint64_t since, uint64_t us, int64_t ahead_us,
    uint64_t *ret_slots);
/* Returns the first slot of a new test; due_in_ms is as in struct sched_spec. */
uint64_t due_first(
    const struct test *t, uint64_t due_in_ms, uint64_t now_us, int64_t ahead_us);
/* Returns that moment by the wall clock, in milliseconds. */
int64_t due_wall_ms(uint64_t us, int64_t ahead_us);

#endif
