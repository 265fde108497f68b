/*
 * traces - the accounts of runs that are over: of each test the last one, in memory as
 * long as there is room for it; and of failed runs the last ones in files (trace/shelf),
 * written and read off the loop.
 */
#ifndef CSWATCH_WATCH_TRACES_H
#define CSWATCH_WATCH_TRACES_H
#include <stdbool.h>
#include <stddef.h>

struct err;
struct kept;
struct log;
struct probe;
struct result;
struct shelf_item;
struct trace;
struct traces;
struct worker;

/* Octets in memory, of all tests. The oldest go first, successes before failures. */
#define TRACES_MEMORY_MAX ((size_t)2 * 1024 * 1024)
/* Runs that wait to be written. When more fail at once, some are not kept. */
#define TRACES_PENDING_MAX 64

/* Borrows all but directory. NULL: out of memory. */
struct traces *traces_new(struct worker *w, struct log *log, const char *directory);
/* When no probe is left, after worker_free(); NULL is fine. */
void traces_free(struct traces *ts);

/* Before its run starts: p->tracing. Memory that there is none of costs the account. */
void traces_begin(struct probe *p);
/* The run is over: its account takes the place of the one before. ts NULL: nothing. */
void traces_over(struct traces *ts, struct probe *p, const struct result *r);
/* Of the last run; NULL: there is none any more. Borrowed. */
struct trace *traces_last(const struct probe *p);
/* The probe ends; k NULL is fine. */
void traces_drop(struct kept *k);

/*
 * What is in files. The answer comes later, from the loop: the trace (borrowed), or why
 * not; or the list of what there is. False: out of memory, and nothing comes.
 */
bool traces_read(struct traces *ts, const char *test, const char *run,
    void (*got)(void *arg, struct trace *t, const struct err *err), void *arg);
bool traces_list(struct traces *ts, const char *test,
    void (*got)(void *arg, const struct shelf_item *items, size_t n), void *arg);
/*
 * Removes those of tests that are none any more: is_test(arg, name) says so later, from
 * the loop. find(arg, directory) is for names that were cut, and slow.
 */
void traces_sweep(struct traces *ts, bool (*is_test)(void *arg, const char *name),
    bool (*find)(void *arg, const char *directory), void *arg);

#endif
