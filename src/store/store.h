/*
 * store - what must survive, in state_directory/cswatch.db (SQLite): states of tests,
 * pools and the watcher, every change of them, every finished run, traces of failed ones.
 *
 * The loop never waits for a disk. What is noted here goes to a worker thread of the
 * store's own, changes of state first, each in a transaction that survives a power cut;
 * runs follow in batches of a second. hooks tell what became of it, on the loop. Nothing
 * here logs. When the store cannot be written everything is kept, within bounds, and
 * tried again after 1, 2, 4 ... 60 seconds; a damaged file is set aside.
 */
#ifndef CSWATCH_STORE_STORE_H
#define CSWATCH_STORE_STORE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/statefile.h"
#include "store/trouble.h"

struct buf;
struct clock;
struct err;
struct isolation;
struct loop;
struct store;

/* ---- opening ---- */

/* A line that was committed and not announced. */
struct store_line {
	uint64_t ticket;     /* for store_mark_announced() */
	char *event, *pairs; /* owned */
	int priority;
	int64_t at_ms;
};

struct store_recall {
	bool read;		  /* the store could be read; else all of this is empty */
	bool imported;		  /* the state file of an older version is in it */
	struct state state;	  /* tests, pools, watcher; not host and version */
	struct store_line *lines; /* in the order in which they were committed */
	size_t nlines;
	/* a damaged file was set aside, and this is what could be read of it */
	char aside[STORE_WHY_SIZE], why[STORE_WHY_SIZE]; /* its new name; the trouble */
};

void store_recall_free(struct store_recall *r); /* contents; a zeroed one is allowed */

/* All of them are called from the loop, never inside a call of this module. */
struct store_hooks {
	/* That change is on disk. In the order of the tickets. */
	void (*committed)(void *arg, uint64_t ticket);
	/* Trouble has begun, is another, or (STORE_FINE) is over. */
	void (*trouble)(void *arg, const struct store_trouble *t);
	/*
	 * The store could be read only now, not at the start. What this life has seen is
	 * newer. *r is freed after the call; what the caller takes out it sets to empty.
	 */
	void (*recalled)(void *arg, struct store_recall *r);
	/* A new file was begun: pools and the watcher are to be noted again. */
	void (*rewrite)(void *arg);
};

struct store_options {
	const char *directory; /* the state directory */
	uint64_t keep_ms;      /* runs and traces of failed ones */
	uint64_t max_size;     /* bytes */
	/* how long to wait at the start for another program that has the file open */
	int patience_ms;
	struct loop *loop; /* borrowed, as the rest */
	const struct clock *clock;
	const struct store_hooks *hooks;
	void *arg;
};

enum store_start {
	STORE_STARTED,	/* perhaps with trouble: store_trouble() */
	STORE_IN_USE,	/* another daemon has the directory: *err says which */
	STORE_NO_MEMORY /* *err */
};

/*
 * Opens the store, or begins one, and reads what it remembers. Blocks. The caller frees
 * *ret_recall.
 */
enum store_start store_open(const struct store_options *o, struct store **ret,
    struct store_recall *ret_recall, struct err *err);
/*
 * Writes all that is noted and closes. Blocks. Calls no hooks, but the release() of
 * traces. NULL is allowed.
 */
void store_close(struct store *s);

/* The present trouble; kind STORE_FINE when there is none. */
const struct store_trouble *store_trouble(const struct store *s);
/* False: no use to wait for a commit. */
bool store_is_available(const struct store *s);
/* Another configuration. */
void store_set_history(struct store *s, uint64_t keep_ms, uint64_t max_size);
/*
 * All tests that are watched have been added: what else the store remembers is gone.
 * After the first configuration is live.
 */
void store_sweep(struct store *s);
/* What is noted so far holds the older version's state: once it is on disk, it is so. */
void store_set_imported(struct store *s);

/* ---- noting: never waits, never fails visibly ---- */

/*
 * A test is watched. t is borrowed until store_remove_test(), and read when its counters
 * are written. Of one that was recalled t->id is set; else t->id is set here, and all of
 * *t is written. False: out of memory; the test has no history in this life.
 */
bool store_add_test(struct store *s, struct test_state *t);
/* It is no more: its state goes, its history stays. t->id 0 is allowed. */
void store_remove_test(struct store *s, struct test_state *t);
/* Its next run is another, or whatever else goes along with runs. */
void store_touch_test(struct store *s, const struct test_state *t);

/* The trace of a run, made into text later. */
struct store_trace {
	size_t size; /* bytes in memory, about */
	/* Appends the text; called from the worker. False: there is none. */
	bool (*format)(void *arg, struct buf *out);
	void (*release)(void *arg); /* called from the loop, once, whatever happens */
	void *arg;
};

/* A run of t is over and is t->last by now. trace NULL: none is to be kept. */
void store_note_run(
    struct store *s, const struct test_state *t, const struct store_trace *trace);

/* A change of state, a line that announces something, or both. */
struct store_change {
	/* whose: one of the three. Its row is written with it, as it is now. */
	const struct test_state *test;
	const struct pool_state *pool;
	const struct isolation *watcher;
	const char *was,
	    *now;	      /* words that live for ever; NULL: the state is as before */
	const char *incident; /* "" or NULL: none */
	const char *run;      /* that it is about; NULL: none */
	/* what is announced; event NULL: nothing is */
	const char *event, *pairs;
	int priority;
};

/* Returns a ticket, which is larger than all before it; 0: out of memory. */
uint64_t store_note_change(struct store *s, const struct store_change *c);
/* The line of that change is out. Also before it is committed. */
void store_mark_announced(struct store *s, uint64_t ticket);

/*
 * Calls done(arg) from the loop when the runs and changes that were noted are on disk, or
 * cannot be written. False: out of memory.
 */
bool store_flush(struct store *s, void (*done)(void *arg), void *arg);

#endif
