/*
 * state - what the daemon remembers of its tests: one plain struct test_state for each.
 *
 * A test that never failed costs less than 1 KiB; long texts exist only while its last
 * run failed. Strings are owned: test_state_init(), then test_state_free().
 */
#ifndef CSWATCH_STATE_STATE_H
#define CSWATCH_STATE_STATE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"
#include "alert/rollup.h"
#include "vocab/result.h"
#include "report/diagnose.h"

/* Only after a failed run. */
struct failure_text {
	enum step_id step;
	enum cause cause;
	long code;
	char diag[DIAGNOSIS_TAG_SIZE];
	char *error, *diagnosis; /* one allocation each; never NULL */
};

/* The last finished run. */
struct last_run {
	char run[RESULT_RUN_SIZE]; /* empty: none, ignore the rest */
	bool ok;
	uint8_t warnings; /* bits, 1u << enum warning */
	uint8_t nsteps;
	int64_t started_ms;
	uint64_t latency_us;	      /* kept to the millisecond */
	struct step_time *steps;      /* nsteps, kept to 0.1 ms */
	struct failure_text *failure; /* NULL when ok */
};

/* What an operator did to a test, and why. */
struct remark {
	int64_t at_ms, until_ms; /* until 0: for as long as it takes */
	char by[64];		 /* who; empty: not known */
	char reason[192];
};

#define INCIDENT_SIZE 9 /* eight hexadecimal digits and NUL; state/incident.h */

struct cert_summary {
	char *subject;	 /* owned; NULL: of an older state file */
	char serial[48]; /* hex; empty: no certificate known */
	char sha1[41];
	int64_t not_before, not_after; /* seconds since the epoch */
};

/* Times are wall clock, milliseconds since the epoch; 0 means never or not known. */
struct test_state {
	char *name, *pool, *user; /* user with "sip:" */
	uint32_t id;		  /* in the store; 0: not there yet */
	struct alert alert;
	char incident[INCIDENT_SIZE]; /* of what is failing or an alert; else empty */
	struct remark *pause;	      /* by an operator; NULL: none */
	struct remark *acknowledged;  /* NULL: none; only of a standing alert */
	uint64_t runs, failed_runs;
	int64_t next_ms, last_success_ms, last_failure_ms;
	struct last_run last;
	struct cert_summary certificate;
	int64_t registrar_not_after, web_not_after; /* seconds since the epoch */
};

/* A pool that has something to remember: an alert of its own. Strings are owned. */
struct pool_state {
	char *fqdn;
	struct rollup rollup;
	char incident[INCIDENT_SIZE]; /* of an alert that is active; else empty */
	struct remark *acknowledged;  /* NULL: none */
};

void pool_state_free(struct pool_state *p); /* contents; a zeroed one is fine */
void last_run_free(struct last_run *last);  /* the same */

/* Copies the names. False when out of memory: *t is then as after test_state_free(). */
bool test_state_init(
    struct test_state *t, const char *name, const char *pool, const char *user);
void test_state_free(struct test_state *t); /* contents; a zeroed one is fine */
/*
 * Takes over a finished run: counts, times, last, certificates (those that the run saw).
 * `alert` and `next_ms` are the business of alert and sched. finished_ms: wall clock at
 * the end. False when out of memory: *t unchanged.
 */
bool test_state_note_run(
    struct test_state *t, const struct result *r, int64_t finished_ms);

#endif
