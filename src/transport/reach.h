/*
 * reach - whether any of a few addresses can be reached: a TCP connection that is closed
 * as soon as it stands. Nothing is sent.
 */
#ifndef CSWATCH_TRANSPORT_REACH_H
#define CSWATCH_TRANSPORT_REACH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct reach;
struct resolver;

#define REACH_MAX 8 /* targets */

struct reach_target {
	const char *host; /* name or literal address */
	uint16_t port;
};

/*
 * Tries all at once, every address that a name has. done(arg, true) is called as soon as
 * one answers, else done(arg, false) when all have failed or the budget is used up: once,
 * never inside this function; the struct reach is gone by then. Targets are copied where
 * needed. NULL when out of memory.
 */
struct reach *reach_start(struct loop *l, struct resolver *r,
    const struct reach_target *targets, size_t n, uint64_t budget_ms,
    void (*done)(void *arg, bool reached), void *arg);
/* done is not called any more. NULL is fine. */
void reach_cancel(struct reach *r);

#endif
