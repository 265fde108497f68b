/*
 * loop - the event loop: time, timers, signals, descriptors.
 *
 * libevent behind one door (transport/ and lab/ take the event_base itself). No function
 * here may be called from a thread other than that of the loop.
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
 * Makes a loop. Returns NULL and sets *err on failure. Release with loop_free(), after
 * everything that uses it.
 */
struct loop *loop_new(struct err *err);
void loop_free(struct loop *l);
struct event_base *loop_base(struct loop *l);

/* Runs until loop_stop(), or until nothing is left to wait for. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);
/* Begins to measure the CPU time of each turn. */
void loop_measure(struct loop *l);
/* Returns the longest turn so far, in microseconds of CPU time. */
uint64_t loop_longest_turn_us(const struct loop *l);

/*
 * Makes a timer, which is not set yet and runs out once each time it is set. cb may free
 * it or set it again. Returns NULL if memory ran out.
 */
struct timer *timer_new(struct loop *l, void (*cb)(void *arg), void *arg);
void timer_free(struct timer *t); /* NULL is allowed */
/* Sets the timer to run out after us, in place of an earlier setting. */
void timer_set(struct timer *t, uint64_t us);
/*
 * Has the timer run out still in this turn of the loop, after what is running now: for
 * news, not for long work.
 */
void timer_soon(struct timer *t);
void timer_clear(struct timer *t);

#define WATCH_READ  1u
#define WATCH_WRITE 2u
/*
 * Calls cb(arg, what) whenever the descriptor, which the caller keeps, is ready as what
 * says (level-triggered). Returns NULL if memory ran out.
 */
struct watch *watch_fd(struct loop *l, int fd, unsigned what,
    void (*cb)(void *arg, unsigned what), void *arg);
/* Changes what is waited for; 0 is nothing for now. */
void watch_set(struct watch *w, unsigned what);
/* Calls cb(arg, signal number) on the loop, not in the context of the signal. */
struct watch *watch_signal(
    struct loop *l, int signum, void (*cb)(void *arg, unsigned signum), void *arg);
/* Ends it; call before the descriptor is closed. NULL is allowed. */
void watch_free(struct watch *w);

#endif
