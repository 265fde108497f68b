/*
 * days - what is left of a day when its runs are gone: for each test how many there were
 * and failed, how long it was in which state, and how long successful runs took.
 */
#ifndef CSWATCH_STORE_DAYS_H
#define CSWATCH_STORE_DAYS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/histogram.h"
#include "vocab/vocab.h"

struct db;

#define DAY_MS	  INT64_C(86400000)
#define SPANS_MAX 512 /* changes of a day that are looked at; of more the first */

/* How long, in milliseconds; together a day. */
struct day_times {
	int64_t ok, lost;	  /* lost: failing, or an alert */
	int64_t paused, isolated; /* isolated: the watcher was cut off */
	int64_t unwatched;	  /* no daemon, or nothing known yet */
};

/* Sums up the days that are over, one test after the other. */
struct days {
	bool active;
	int64_t day;  /* since 1970, UTC */
	int64_t test; /* the last one that is done */
	/* of that day: when the watcher was cut off, or not there */
	struct day_span {
		int64_t from_ms;
		bool isolated, gone;
	} spans[SPANS_MAX];
	size_t nspans;
	struct histogram latency, steps[STEP_COUNT];
};

/*
 * Begins with the first day that is not summed up and is over; its runs must be packed.
 * False: there is none, or see db.
 */
bool days_begin(struct db *db, struct days *d, int64_t now_ms);
/* One slice. False: that day is done, or see db. */
bool days_step(struct db *db, struct days *d);
/* How long that test was in which state, between two moments. */
void days_measure(struct db *db, struct days *d, const char *test, int64_t from_ms,
    int64_t to_ms, struct day_times *ret);
/* Fills d->spans for that time. */
void days_read_spans(struct db *db, struct days *d, int64_t from_ms, int64_t to_ms);

#endif
