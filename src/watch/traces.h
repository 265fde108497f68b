/*
 * traces - the traces of runs that are over: of each test the last one, in memory as long
 * as there is room for it; and of failed runs the last ones in files (trace/shelf),
 * written and read off the loop.
 */
#ifndef CSWATCH_WATCH_TRACES_H
#define CSWATCH_WATCH_TRACES_H
#include <stdbool.h>
#include <stddef.h>

struct err;
struct kept;
struct log;
struct result;
struct shelf_item;
struct test_state;
struct trace;
struct traces;
struct worker;

/* Bytes in memory, of all tests. The oldest go first, successes before failures. */
#define TRACES_MEMORY_MAX ((size_t)2 * 1024 * 1024)
/* Runs that wait to be written. When more fail at once, some are not kept. */
#define TRACES_PENDING_MAX 64

/* Borrows all but directory. Returns NULL when out of memory. */
struct traces *traces_new(struct worker *w, struct log *log, const char *directory);
/* When nothing is kept any more, after worker_free(). NULL is allowed. */
void traces_free(struct traces *ts);

/*
 * Keeps the trace of a finished run of the test in place of the one in *at; a failed one
 * is written to a file. Takes t over; NULL is allowed, and keeps what is there. *at is
 * NULL again once there is no room for the trace any more.
 */
void traces_keep(struct traces *ts, struct kept **at, struct trace *t,
    const struct test_state *test, const struct result *r);
/* Returns the trace that is kept, borrowed. k NULL is allowed: NULL. */
struct trace *traces_last(const struct kept *k);
/* Drops it: the test ends. NULL is allowed. */
void traces_drop(struct kept *k);

/*
 * Read a file, or the list of them. The answer comes later, from the loop: the trace
 * (borrowed), or why not; or the list of what there is. Return false when out of memory:
 * nothing comes.
 */
bool traces_read(struct traces *ts, const char *test, const char *run,
    void (*got)(void *arg, struct trace *t, const struct err *err), void *arg);
bool traces_list(struct traces *ts, const char *test,
    void (*got)(void *arg, const struct shelf_item *items, size_t n), void *arg);
/*
 * Removes the files of tests that are gone: is_test(arg, name) says so later, from the
 * loop. find(arg, directory) is for names that were cut, and slow.
 */
void traces_sweep(struct traces *ts, bool (*is_test)(void *arg, const char *name),
    bool (*find)(void *arg, const char *directory), void *arg);

#endif
