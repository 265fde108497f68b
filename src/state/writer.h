/*
 * writer - keeps state.json up to date: at most once a second, off the event loop, in
 * slices.
 *
 * The text is made a few tests at a time, so that no turn of the loop is long however
 * many there are; writing and fsync happen in the worker thread.
 */
#ifndef CSWATCH_STATE_WRITER_H
#define CSWATCH_STATE_WRITER_H
#include <stdbool.h>
#include <stddef.h>

struct clock;
struct err;
struct json;
struct log;
struct loop;
struct test_state;
struct worker;
struct writer;

/* Where the writer finds the tests: the nth in name order, or NULL past the end. */
struct writer_source {
	const struct test_state *(*nth)(void *arg, size_t n);
	/* statefile_rest() and what follows it. */
	void (*rest)(void *arg, struct json *j);
	void *arg;
};

/*
 * Borrows everything but path. Trouble is logged once, and once more when it is over.
 * NULL when out of memory.
 */
struct writer *writer_new(struct loop *l, struct worker *w, const struct clock *clock,
    struct log *log, const char *path, const struct writer_source *source);
/* After worker_free(), which sees the last job off. NULL is fine. */
void writer_free(struct writer *w);

/* A NULL writer writes nothing. */

/* Something changed. */
void writer_touch(struct writer *w);
/* The list of tests changed: a text half made is begun again. */
void writer_restart(struct writer *w);
/*
 * Now, in this thread, whatever is pending: before leaving, when the worker is idle or
 * gone. False: *err.
 */
bool writer_flush(struct writer *w, struct err *err);

#endif
