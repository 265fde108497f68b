/*
 * write - what the worker writes, one transaction each: changes of state, names of tests,
 * runs, counters. All of it is retried whole when it fails: nothing here may be done
 * half.
 */
#ifndef CSWATCH_STORE_WRITE_H
#define CSWATCH_STORE_WRITE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "store/row.h"

struct buf;
struct db;

/* ---- names ---- */

/*
 * The loop knows a test by its slot, a small number of this life; the disk by the id of
 * its name, which lasts. Only the worker translates.
 */
struct slots {
	uint32_t *ids; /* by slot; 0: not there */
	uint32_t n;
};

void slots_free(struct slots *s);
/* False: out of memory. */
bool slots_set(struct slots *s, uint32_t slot, uint32_t id);
uint32_t slots_id(const struct slots *s, uint32_t slot);

/* A test that has come, or (pool NULL) that is gone. */
struct name_item {
	uint32_t slot;
	char *name, *pool, *user; /* owned */
};

void name_item_free(struct name_item *n); /* contents; a zeroed one is allowed */

/* gone_ms: wall clock. */
bool write_names(struct db *db, struct slots *slots, const struct name_item *items,
    size_t n, int64_t gone_ms);

/* ---- changes ---- */

/* A line that is announced: the event, its level, its pairs as one text. */
struct line {
	char *event, *pairs; /* owned; event NULL: there is nothing to announce */
	int priority;
};

struct change_item {
	STAILQ_ENTRY(change_item) link;
	uint64_t ticket;
	int64_t id;	       /* of the table change; 0: not committed, or not in it */
	bool announced;	       /* when the job was made */
	bool announced_late;   /* the loop's own: in the meantime */
	size_t size;	       /* bytes, about */
	struct name_item name; /* of a test that the disk does not know yet; or empty */
	struct row row; /* kind and subject always; the rest if it is to be written */
	bool has_row;
	int64_t at_ms;
	const char *was, *now; /* literals; NULL: the state did not change */
	char incident[INCIDENT_SIZE];
	char run[RESULT_RUN_SIZE];
	struct line line;
};
STAILQ_HEAD(change_list, change_item);

void change_item_free(struct change_item *c); /* NULL is allowed */

/* Traces that go with a batch of runs, in its order. */
struct trace_item {
	STAILQ_ENTRY(trace_item) link;
	size_t size; /* bytes, about */
	/* Appends the text; runs in the worker. False: there is none. */
	bool (*format)(void *arg, struct buf *out);
	void (*release)(void *arg); /* on the loop */
	void *arg;
	/* what the worker made of it; owned */
	void *packed;
	size_t npacked, length;
};
STAILQ_HEAD(trace_list, trace_item);

/* Runs of a batch from *at on, at most max of them; *at moves on when it succeeds. */
struct run_work {
	const struct buf *batch;
	size_t at, max;
	struct trace_list *traces; /* of the runs from `at` on; those written are moved */
	struct trace_list *written;
};

struct change_work {
	struct change_item *first; /* and what follows it */
	size_t n;
	const int64_t *announced; /* ids: their lines are out */
	size_t nannounced;
	struct run_work *runs; /* go along, so that state and last run agree; or NULL */
};

/*
 * What is on the disk and not in the map is gone: tests that were removed while no store
 * was open.
 */
bool write_sweep(struct db *db, const struct slots *slots, int64_t gone_ms);

/*
 * The daemon has started, or is about to stop: history knows when it was not there. After
 * a crash it was there as long as something was written.
 */
bool write_started(struct db *db, int64_t now_ms);
bool write_stopped(struct db *db, int64_t now_ms);

/* Survives a power cut. Sets the ids of the changes. */
bool write_changes(struct db *db, struct slots *slots, const struct change_work *w);

/* ---- runs, and what tests remember besides ---- */

struct memory_work {
	/*
	 * A batch of its own: tests that are to be written as they were when all runs of
	 * the batch that goes along had been noted; or NULL.
	 */
	const struct buf *lasts;
	const struct row *rows; /* states that are to be written again */
	size_t nrows;
	const int64_t *announced;
	size_t nannounced;
	int64_t alive_ms; /* wall clock: the daemon was alive then; 0: not written */
	bool imported;
};

bool write_runs(struct db *db, const struct slots *slots, struct run_work *runs,
    const struct memory_work *m);

#endif
