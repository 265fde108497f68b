/*
 * loop - the event loop: time, timers, signals, descriptors.
 *
 * libevent behind one door (transport/ and lab/ take the event_base itself).
 * One loop per process part; no function here may be called from another thread.
 */
#ifndef CSWATCH_LOOP_LOOP_H
#define CSWATCH_LOOP_LOOP_H
#include <stdbool.h>
#include <stdint.h>

struct err;
struct event_base;
struct loop;
struct timer;
struct watch;

/*
 * NULL on failure, and then *err says why. Free everything that uses it before
 * loop_free().
 */
struct loop *loop_new(struct err *err);
void loop_free(struct loop *l);
struct event_base *loop_base(struct loop *l);

/* Returns after loop_stop(), or when nothing is left to wait for. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);
/* From now on measures the CPU time of each turn; the longest so far, microseconds. */
void loop_measure(struct loop *l);
uint64_t loop_longest_turn_us(const struct loop *l);

/* One-shot. cb may free or set the timer again. NULL when out of memory. */
struct timer *timer_new(struct loop *l, void (*cb)(void *arg), void *arg);
void timer_free(struct timer *t); /* NULL is fine */
/* From now; replaces an earlier setting. */
void timer_set(struct timer *t, uint64_t us);
/*
 * Still in this turn of the loop, after what is running now: for news, not for long work.
 */
void timer_soon(struct timer *t);
void timer_clear(struct timer *t);

#define WATCH_READ  1u
#define WATCH_WRITE 2u
/*
 * Level-triggered and lasting, on a descriptor that stays the caller's; what says which
 * it is.
 */
struct watch *watch_fd(struct loop *l, int fd, unsigned what,
    void (*cb)(void *arg, unsigned what), void *arg);
/* Changes what is waited for (0: nothing for now). */
void watch_set(struct watch *w, unsigned what);
/* cb(arg, signal number) on the loop, not in signal context. */
struct watch *watch_signal(
    struct loop *l, int signum, void (*cb)(void *arg, unsigned signum), void *arg);
/* Before the descriptor is closed. NULL is fine. */
void watch_free(struct watch *w);

#endif
