/*
 * parts - what the files of the loop's side share: struct store. Private to life.c,
 * note.c, jobs.c and work.c.
 *
 * One job at a time is with the worker. While s->busy, the worker owns db, slots_map,
 * flight, the changes and names of the job, and nobody else touches them.
 */
#ifndef CSWATCH_STORE_PARTS_H
#define CSWATCH_STORE_PARTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/clock.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "store/query.h"
#include "store/db.h"
#include "store/store.h"
#include "store/upkeep.h"
#include "store/write.h"

#define CHANGES_AT_ONCE	  50 /* in one transaction */
#define NAMES_AT_ONCE	  500
#define RUNS_AT_ONCE	  2000 /* a few milliseconds */
#define RUNS_ALONG	  256  /* with a change */
#define TRACES_ALONG	  4
#define LASTS_AT_ONCE	  100
#define ROWS_AT_ONCE	  100
#define ANNOUNCED_AT_ONCE 500

#define CHANGES_MAX ((size_t)4 << 20) /* bytes that wait for the disk */
#define RUNS_MAX    ((size_t)4 << 20)
#define TRACES_MAX  ((size_t)4 << 20)

#define BATCH_US   1000000		  /* between two batches of runs */
#define LASTS_US   ((uint64_t)3600000000) /* between two passes over tests */
#define UPKEEP_US  60000000		  /* is something to be packed or deleted? */
#define LOOK_US	   10000000		  /* is the file still there? */
#define WAIT_MAX_S 60

/* What of a test is still to be written. */
enum {
	DUE_NAME = 1,
	DUE_ROW = 2,
	DUE_LAST = 4 /* what a run takes along, and none has yet */
};

struct slot {
	struct test_state *test; /* borrowed; NULL: free, or not taken over yet */
	uint8_t due;
	bool recalled; /* and nobody has taken it over yet */
};

/* Goes over all tests once, and writes what is due of them. */
struct pass {
	bool active, wanted; /* wanted: something is due of a test */
	uint32_t next;	     /* slot */
	uint64_t due_us;     /* the next one */
};

enum job_kind {
	JOB_OPEN,
	JOB_CHANGES,
	JOB_NAMES,
	JOB_RUNS,
	JOB_SWEEP,
	JOB_LOOK,
	JOB_CHECKPOINT,
	JOB_UPKEEP,
	JOB_QUESTION
};

/* What is with the worker, and what it answers. */
struct job {
	enum job_kind kind;
	bool worked; /* false at the end: the worker was stopped before */
	bool ok;
	enum store_kind failed;
	char why[STORE_WHY_SIZE];
	char aside[PATH_MAX]; /* of JOB_OPEN: where a damaged file is now */
	char damage[STORE_WHY_SIZE];
	bool fresh, other; /* JOB_OPEN: begun now; another file than before */
	bool wanted;	   /* JOB_OPEN: `recall` is to be filled */
	struct store_recall recall;
	struct change_work changes;
	struct run_work runs;
	struct memory_work memory;
	struct name_item names[NAMES_AT_ONCE];
	size_t nnames;
	struct row rows[ROWS_AT_ONCE];
	uint32_t row_slots[ROWS_AT_ONCE];
	struct buf lasts;
	bool low;	/* little of the disk is left: no runs were written */
	bool reachable; /* after STORE_MOVED: the directory is there */
	int wal_frames;
	int64_t now_ms;
	struct upkeep_order order; /* JOB_UPKEEP */
	bool more;		   /* of it another slice is to follow */
	struct question *question; /* JOB_QUESTION, and its page */
	const struct query_page *page;
	uint32_t *unclaimed; /* JOB_SWEEP: slots that were recalled, and are nobody's */
	size_t nunclaimed;
};

/* Where it is: waiting in the list, with the worker, or telling a page to who asked. */
struct question {
	STAILQ_ENTRY(question) link;
	struct store *store;
	struct query_state *state;
	void (*page)(void *arg, const struct query_page *page);
	void *arg;
	bool waiting, working, telling, ended;
};
STAILQ_HEAD(question_list, question);

struct flush {
	STAILQ_ENTRY(flush) link;
	void (*done)(void *arg);
	void *arg;
};
STAILQ_HEAD(flush_list, flush);

struct store {
	struct loop *loop;
	const struct clock *clock;
	const struct store_hooks *hooks;
	void *arg;
	struct worker *worker;
	struct timer *timer;
	uint64_t keep_ms, max_size;
	int patience_ms;

	struct db db;
	struct slots map;
	bool is_open, was_read; /* the file is open; it has been read in this life */
	bool salvaged;		/* what was recalled is not in the file */
	bool busy, closing;
	struct job job;

	struct slot *slots; /* the first is not used */
	uint32_t nslots, room;
	uint32_t *free_slots;
	size_t nfree, free_room;
	size_t names_due;	/* slots with DUE_NAME */
	struct name_item *gone; /* names that are to be marked */
	size_t ngone, gone_room;
	bool sweep_due, rows_due, imported_due;
	uint32_t next_row;

	struct change_list queue;   /* not committed, in order */
	struct change_list pending; /* committed, their lines not announced */
	size_t queue_bytes;
	uint64_t next_ticket;
	int64_t *announced; /* ids of changes to be marked */
	size_t nannounced, announced_room;
	bool rewrite_due; /* rows of pools and the watcher were lost */

	struct buf batch, flight; /* runs: noted; being written, from flight_at on */
	size_t nbatch, flight_at, nflight;
	struct trace_list batch_traces, flight_traces, written_traces;
	size_t trace_bytes, ntraces; /* of all three; of batch_traces */
	uint64_t batch_due_us;
	struct pass lasts;
	uint64_t lost; /* runs that there was no room for */

	struct store_trouble trouble;
	bool told;	   /* the hook was called for it */
	bool hard;	   /* changes cannot be written either */
	bool proving;	   /* a write that shows whether it is over */
	unsigned wait_s;   /* before the next try */
	uint64_t retry_us; /* not before */
	uint64_t look_us;
	int wal_frames;

	struct upkeep upkeep; /* the worker's */
	uint64_t upkeep_us;   /* not before */
	struct question_list questions;
	bool question_turn; /* a question, and not upkeep, is next */
	struct flush_list flushes;
};

/* ---- life.c ---- */

static inline uint64_t
now_us(const struct store *s)
{
	return clock_mono_us(s->clock);
}

/* Gives the worker what is most urgent, if it has nothing to do. */
void store_pump(struct store *s);
/* Soon, but not inside this call. */
void store_pump_soon(struct store *s);

/* ---- jobs.c: what a job takes along, and what becomes of it ---- */

/* True: there is such a job, and it is filled in. */
bool job_take_changes(struct store *s);
bool job_take_names(struct store *s);
/* all: whatever is not due yet goes along, too. */
bool job_take_runs(struct store *s, bool all);
bool job_take_sweep(struct store *s);
/* In the worker. */
void job_work(struct store *s);
/* On the loop again: what was taken along is done with, or waits again. */
void job_end(struct store *s);
/* Calls who waits for all to be on disk, when it is, or when that is of no use. */
void end_flushes(struct store *s);

/* ---- ask.c ---- */

bool job_take_question(struct store *s);
void end_question(struct store *s);
/* The store cannot be read now: says so to who has asked. */
void refuse_questions(struct store *s);

/* ---- note.c ---- */

void release_traces(struct store *s, struct trace_list *list);
/* due: DUE_ bits. */
void mark_due(struct store *s, uint32_t slot, unsigned due);
/* Of every test everything is to be written. */
void mark_all_due(struct store *s);
/* The line of that change is out; the next transaction says so. */
void note_announced(struct store *s, int64_t id);
/* Makes the first n slots, for tests that were recalled. False: out of memory. */
bool reserve_slots(struct store *s, size_t n);
/*
 * Gives recalled lines their tickets. salvaged: the file does not have what is recalled,
 * which is noted again, but for tests. Without memory a line is announced again later.
 */
void adopt_recall(struct store *s, struct store_recall *r, bool salvaged);

#endif
