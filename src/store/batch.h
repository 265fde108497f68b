/*
 * batch - finished runs on their way from the loop to the disk: one buffer, one record
 * after the other, made in a microsecond and written by the worker.
 */
#ifndef CSWATCH_STORE_BATCH_H
#define CSWATCH_STORE_BATCH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/state.h"

struct buf;

/* One record; texts and blobs are borrowed from the buffer. */
struct batch_run {
	uint32_t slot; /* of the test: store_slots */
	uint32_t run;
	int64_t started_ms;
	uint64_t latency_us, flags;
	const void *steps, *memory; /* blobs */
	size_t nsteps, nmemory;	    /* bytes */
	bool failed;		    /* the rest is of a failure */
	const char *step, *cause;   /* literals */
	int64_t code;
	const char *diag, *error, *diagnosis;
	bool traced; /* its trace is in the list that goes with the batch */
};

/* Appends t->last. False: there is no room; out is as before. */
bool batch_add(struct buf *out, const struct test_state *t, bool traced);
/*
 * Reads the record at *at and moves *at behind it. False: there is none. Records are our
 * own and are not checked.
 */
bool batch_next(const struct buf *batch, size_t *at, struct batch_run *ret);

#endif
