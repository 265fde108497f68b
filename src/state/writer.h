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

/* Where the writer finds the tests. */
struct writer_source {
	/* Returns the nth in the order of names, or NULL past the end. */
	const struct test_state *(*nth)(void *arg, size_t n);
	/* Calls statefile_rest() and what follows it. */
	void (*rest)(void *arg, struct json *j);
	void *arg;
};

/*
 * Borrows everything but path. Logs trouble once, and once more when it is over. Returns
 * NULL when out of memory.
 */
struct writer *writer_new(struct loop *l, struct worker *w, const struct clock *clock,
    struct log *log, const char *path, const struct writer_source *source);
/* After worker_free(), which ends the last job. NULL is allowed. */
void writer_free(struct writer *w);

/* A NULL writer writes nothing. */

/* Says that something has changed. */
void writer_touch(struct writer *w);
/* Says that the list of tests has changed: a text half made is begun again. */
void writer_restart(struct writer *w);
/*
 * Writes the file now, in this thread: before leaving, when the worker is idle or gone.
 * Returns false and fills *err if that fails.
 */
bool writer_flush(struct writer *w, struct err *err);

#endif
