/*
 * traces - the accounts of runs that are over: of each test the last one, in memory as
 * long as there is room for it.
 */
#ifndef CSWATCH_DAEMON_TRACES_H
#define CSWATCH_DAEMON_TRACES_H
#include <stddef.h>

struct kept;
struct probe;
struct result;
struct trace;
struct traces;

/* Octets in memory, of all tests. The oldest go first, successes before failures. */
#define TRACES_MEMORY_MAX ((size_t)2 * 1024 * 1024)

struct traces *traces_new(void);	/* NULL: out of memory */
void traces_free(struct traces *ts);	/* when no probe is left; NULL is fine */

/* Before its run starts: p->tracing. Memory that there is none of costs the account. */
void traces_begin(struct probe *p);
/* The run is over: its account takes the place of the one before. ts NULL: nothing. */
void traces_over(struct traces *ts, struct probe *p, const struct result *r);
/* Of the last run; NULL: there is none any more. Borrowed. */
struct trace *traces_last(const struct probe *p);
/* The probe ends; k NULL is fine. */
void traces_drop(struct kept *k);

#endif
