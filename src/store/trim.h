/*
 * trim - deletes what is too old, and what is too much: in batches that stall nothing.
 *
 * Above the size go, in this order: traces, the oldest runs, the oldest steps of days,
 * the oldest days with the changes of that time. Never what a test or an alert is now.
 */
#ifndef CSWATCH_STORE_TRIM_H
#define CSWATCH_STORE_TRIM_H
#include <stdbool.h>
#include <stdint.h>

struct db;

#define TRIM_DAYS_KEPT	    1096		/* three years: sums, changes, names */
#define TRIM_TRACES_MAX	    ((int64_t)64 << 20) /* bytes of all, packed */
#define TRIM_TRACES_OF_TEST 20

struct trim_limits {
	int64_t now_ms;
	int64_t keep_ms; /* runs, and what belongs to them */
	uint64_t max_size;
};

struct trim {
	enum trim_stage {
		TRIM_AGE,     /* periods, and what belongs to them */
		TRIM_DAYS,    /* sums of days */
		TRIM_CHANGES, /* changes of state */
		TRIM_TRACES,  /* too many of a test, or of all */
		TRIM_SIZE,    /* the file is too large */
		TRIM_SPARE,   /* free pages are given back */
		TRIM_DONE
	} stage;
	int64_t at;	 /* where the stage has come to */
	uint8_t *counts; /* traces by test */
	uint32_t ncounts;
	int64_t traces; /* bytes that were seen of them */
};

/* One slice; begins with a zeroed struct. False: it is done, or see db. */
bool trim_step(struct db *db, struct trim *t, const struct trim_limits *l);
void trim_end(struct trim *t); /* frees what it holds */

#endif
