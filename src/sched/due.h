/*
 * due - when a test is due: the slots of its interval. Private to sched/.
 *
 * Whatever kind of schedule there is, the rest of sched/ asks only these functions.
 */
#ifndef CSWATCH_SCHED_DUE_H
#define CSWATCH_SCHED_DUE_H
#include <stdint.h>

struct test;

/* The first slot after that time. */
uint64_t due_after(const struct test *t, uint64_t us);
/* The last slot after since and not after us, and how many there are; 0: none. */
uint64_t due_latest(const struct test *t, uint64_t since, uint64_t us,
    uint64_t *ret_slots);
/* Of a test that is new; due_in_ms as in struct sched_spec. */
uint64_t due_first(const struct test *t, uint64_t due_in_ms, uint64_t now_us);

#endif
