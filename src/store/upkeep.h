/*
 * upkeep - what the store does with its own: packs runs, sums up days, deletes what is
 * too old or too much. In slices of a few milliseconds, in the worker, when nothing else
 * is to be done; ended in the middle at any time, by a crash too, without harm.
 */
#ifndef CSWATCH_STORE_UPKEEP_H
#define CSWATCH_STORE_UPKEEP_H
#include <stdbool.h>
#include <stdint.h>

#include "store/days.h"
#include "store/pack.h"
#include "store/trim.h"

struct db;

struct upkeep {
	enum upkeep_stage {
		UPKEEP_LOOK, /* what is due? */
		UPKEEP_PACK,
		UPKEEP_DAYS,
		UPKEEP_TRIM
	} stage;
	struct pack pack;
	struct days days;
	struct trim trim;
	int64_t trimmed_ms; /* when it was trimmed last */
};

struct upkeep_order {
	int64_t now_ms;
	uint64_t keep_ms, max_size;
};

/* One slice. False: nothing is due now, or see db. */
bool upkeep_step(struct db *db, struct upkeep *u, const struct upkeep_order *o);
/* What is half done is begun again. */
void upkeep_reset(struct upkeep *u);

#endif
