/*
 * diagnosis_table - what can go wrong, as data: the source of every diagnosis, of
 * `cswatch explain` and of doc/DIAGNOSIS.
 *
 * Private to report/: others call diagnose() and explain_*().
 */
#ifndef CSWATCH_REPORT_DIAGNOSIS_TABLE_H
#define CSWATCH_REPORT_DIAGNOSIS_TABLE_H
#include <limits.h>
#include <stddef.h>

#include "vocab/evidence.h"
#include "vocab/vocab.h"

#define DIAGNOSIS_ANY_CODE LONG_MIN

/* A failure that looks alike at several steps is one row; diagnose() completes it. */
struct diagnosis_row {
	unsigned steps;		/* bits, 1u << enum step_id; 0: any step, or none */
	enum cause cause;	/* CAUSE_COUNT: any */
	long code;		/* DIAGNOSIS_ANY_CODE: any */
	enum evidence evidence; /* EVIDENCE_NONE: any */
	const char *tag;	/* without the prefix of the step */
	const char *meaning; /* no capital, no full stop; {who}, {request} of the step */
	const char *action;  /* what to do; whole sentences */
};

/* What the rows of a step have in common. */
struct diagnosis_step {
	const char *prefix;  /* of its tags */
	const char *who;     /* the server that the step asks, or NULL */
	const char *request; /* what the step sends, of the steps that speak SIP */
	const char *about;   /* what the step does; whole sentences */
};

/* What was seen of a failure, as a text, and what to do about it, if that is known. */
struct diagnosis_evidence {
	const char *seen;   /* a phrase: "the number of the server speaks of ..." */
	const char *action; /* instead of the row's; whole sentences; NULL: the row's */
};

/* The first row that matches counts; the last one matches everything. */
extern const struct diagnosis_row diagnosis_rows[];
extern const size_t diagnosis_nrows;
/* By enum step_id; the last is for failures at any step, or at none. */
extern const struct diagnosis_step diagnosis_steps[STEP_COUNT + 1];
/* By enum evidence. */
extern const struct diagnosis_evidence diagnosis_evidence[EVIDENCE_COUNT];

#endif
