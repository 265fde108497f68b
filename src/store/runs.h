/*
 * runs - finished runs as the store keeps them: as a row with a blob of steps while they
 * are new, packed into one blob for each test and period later.
 *
 * Steps and warnings are numbered by lists of our own, which never change, so that a
 * store outlives the order of our enums. A number that this version does not know costs
 * that step or warning.
 */
#ifndef CSWATCH_STORE_RUNS_H
#define CSWATCH_STORE_RUNS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/histogram.h"
#include "store/varint.h"
#include "vocab/result.h"

struct buf;
struct test_state;

/* A run as history knows it. Times are kept to 0.1 ms. */
struct store_run {
	int64_t failure;    /* id of what is known of the failure; 0: it succeeded */
	int64_t started_ms; /* wall clock, milliseconds since the epoch */
	uint64_t latency_us;
	char run[RESULT_RUN_SIZE];
	bool ok;
	unsigned warnings; /* bits, 1u << enum warning */
	unsigned nsteps;
	struct step_time steps[RESULT_STEPS_MAX];
};

/* Six hexadecimal digits as a number; 0 for anything else. */
uint32_t run_number(const char *run);
void run_name(char ret[RESULT_RUN_SIZE], uint32_t number);

/* Result and warnings as one number, and back. The lowest bit is set of a failure. */
uint64_t run_flags(bool ok, unsigned warnings);
void run_read_flags(uint64_t flags, bool *ret_ok, unsigned *ret_warnings);

/* Appends the steps of a run, a format byte first. */
void steps_encode(const struct step_time *steps, unsigned n, struct buf *out);
/* Returns how many steps there are; 0 also for a blob that cannot be read. */
unsigned steps_decode(
    const void *data, size_t size, struct step_time ret[RESULT_STEPS_MAX]);

/*
 * Appends what a test remembers when its last run is over: counters, the next run,
 * certificates, what alert/ counts.
 */
void memory_encode(const struct test_state *t, struct buf *out);
/*
 * Reads it back, but for what alert/ counts if t knows of more runs already. started_ms:
 * of the run that it goes with. False: it cannot be read, or out of memory; *t unchanged.
 */
bool memory_decode(
    const void *data, size_t size, int64_t started_ms, struct test_state *t);

/* Appends how long each step took in many runs; nothing when there is none. */
void step_times_encode(const struct histogram steps[STEP_COUNT], struct buf *out);
/* Adds what was encoded. False: it cannot be read further. */
bool step_times_decode(struct histogram steps[STEP_COUNT], const void *data, size_t size);

/* ---- many runs of one test in one blob ---- */

struct chunk_writer {
	struct buf *out;
	int64_t started_ms, failure; /* of the run before */
	unsigned nsteps;
	uint8_t steps[RESULT_STEPS_MAX];
};

/* first_ms, first_id: of the period, which the reader is given again. */
void chunk_begin(
    struct chunk_writer *w, struct buf *out, int64_t first_ms, int64_t first_id);
void chunk_add(struct chunk_writer *w, const struct store_run *r);

struct chunk_reader {
	struct varint_reader in;
	int64_t started_ms, failure;
	unsigned nsteps;
	uint8_t steps[RESULT_STEPS_MAX];
};

void chunk_read(struct chunk_reader *r, const void *data, size_t size, int64_t first_ms,
    int64_t first_id);
/* False at the end, and where it cannot be read further. */
bool chunk_next(struct chunk_reader *r, struct store_run *ret);

#endif
