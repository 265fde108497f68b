/*
 * query - what history is asked: runs, changes, days, traces. A page at a time, each made
 * in a few milliseconds, so that questions never keep a change of state waiting.
 *
 * The daemon asks through its store (store_ask(), store/ask.h); a program without one
 * opens the file for reading (query_open()).
 */
#ifndef CSWATCH_STORE_QUERY_H
#define CSWATCH_STORE_QUERY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "store/days.h"
#include "store/histogram.h"
#include "store/runs.h"

struct db;
struct err;

enum query_what {
	QUERY_TESTS,   /* names that history knows, also of tests that are gone */
	QUERY_RUNS,    /* of a test, the oldest first */
	QUERY_CHANGES, /* of state: of a test or pool, or of all; the oldest first */
	QUERY_DAYS,    /* sums of a test's days, the oldest first */
	QUERY_TRACES,  /* which failed runs of a test have a trace, the newest first */
	QUERY_TRACE    /* the text of one */
};

#define QUERY_PAGE_MAX 200 /* rows */

struct query {
	enum query_what what;
	const char *subject;	/* test or pool; NULL: of all (changes) */
	int64_t from_ms, to_ms; /* wall clock; to_ms 0: until now. Of days: whole ones */
	bool failures;		/* of runs: only those that failed */
	const char *run;	/* of a trace; NULL: the newest */
};

/* Texts are valid until the next page. */

struct query_test {
	const char *name, *pool, *user;
	int64_t gone_ms; /* 0: it is watched */
};

struct query_failure {
	const char *step, *cause, *diag, *error, *diagnosis;
	long code;
};

struct query_change {
	int64_t at_ms;
	int kind;						  /* enum store_subject */
	const char *subject, *was, *now, *incident, *run, *event; /* "": none */
};

struct query_day {
	int64_t day; /* since 1970, UTC */
	int64_t runs, failed;
	struct day_times times;
	struct histogram latency; /* of successful runs */
	bool has_steps;
	struct histogram steps[STEP_COUNT];
};

struct query_trace {
	char run[RESULT_RUN_SIZE];
	int64_t started_ms;
	uint64_t latency_us;
	const char *step, *diag;
};

struct query_page {
	size_t n;  /* rows; of a trace 1 if there is one */
	bool last; /* none follows */
	const struct query_test *tests;
	const struct store_run *runs;
	const struct query_failure *failures; /* of runs[i], where it failed */
	const struct query_change *changes;
	const struct query_day *days;
	const struct query_trace *traces;
	struct str text;   /* of a trace */
	const char *error; /* what is wrong, and then it is the last; NULL: nothing */
};

struct query_state;

/* Copies the query. NULL when out of memory. */
struct query_state *query_begin(const struct query *q);
/* NULL is allowed. */
void query_end(struct query_state *q);
/*
 * Makes the next page, which may have no rows. It is valid until the next call. Blocks,
 * a few milliseconds.
 */
const struct query_page *query_step(struct query_state *q, struct db *db);

/* ---- without a daemon ---- */

struct query_file;

/* NULL: *err, which names a daemon that has the file open. */
struct query_file *query_open(const char *path, struct err *err);
void query_close(struct query_file *f); /* NULL is allowed */
/* Calls each(arg, page) for pages that have rows. False: *err. */
bool query_run(struct query_file *f, const struct query *q,
    void (*each)(void *arg, const struct query_page *page), void *arg, struct err *err);

#endif
