/*
 * pack - new runs out of the table recent into one blob for each test: a period.
 */
#ifndef CSWATCH_STORE_PACK_H
#define CSWATCH_STORE_PACK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/runs.h"

struct db;

#define PACK_ROWS 200000 /* so many are packed before a day is over */

struct pack {
	enum pack_stage {
		PACK_IDLE,
		PACK_READ,  /* which run is of which test */
		PACK_WRITE, /* a blob for each test */
		PACK_CARRY, /* what tests remember that are not in it */
		PACK_DELETE /* what is packed, from recent */
	} stage;
	int64_t period, first_id, last_id; /* of recent, both included */
	int64_t first_ms, last_ms;
	/* lists of runs by test, of offsets to first_id, plus one; 0 ends a list */
	uint32_t *heads, *next;
	uint32_t ntests;    /* size of heads */
	int64_t at;	    /* how far the reading has come, downwards */
	uint32_t test, run; /* what is being written */
	/* the period before, which was the newest: its number, and what it holds */
	int64_t before, before_ms, before_first, before_last;
	struct buf blob, memory; /* of the test: its runs, and what the last remembers */
	struct chunk_writer writer;
};

/* How many runs are not packed, and when the oldest began; 0: there is none. */
int64_t pack_count(struct db *db, int64_t *ret_oldest_ms);
/* Removes what a crash or a failure has left of a period, or of runs that are packed. */
void pack_clean(struct db *db);
/* Begins; false: there is nothing to pack, or see db. */
bool pack_begin(struct db *db, struct pack *p);
/* One slice. False: it is done, or see db. */
bool pack_step(struct db *db, struct pack *p);
/* Frees what it holds. */
void pack_end(struct pack *p);

#endif
