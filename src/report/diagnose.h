/*
 * diagnose - what a failure means: (step, cause, code, evidence) becomes a stable tag, a
 * sentence, and what to do.
 *
 * The tags are a contract (logs, state file, alert rules). Steps only say what they saw;
 * what an administrator is told about it is in report/diagnosis_table.c, and what
 * servers' own numbers mean is in vocab/error_id.c.
 */
#ifndef CSWATCH_REPORT_DIAGNOSE_H
#define CSWATCH_REPORT_DIAGNOSE_H
#include "vocab/err.h"

struct buf;
struct diagnosis_row;

#define DIAGNOSIS_TAG_SIZE     24
#define DIAGNOSIS_MEANING_SIZE 192
#define DIAGNOSIS_TEXT_MAX     2048 /* more than the longest text; the max of a buf */

struct diagnosis {
	enum step_id step;	/* STEP_COUNT: any */
	enum cause cause;	/* CAUSE_COUNT: any */
	long code;		/* DIAGNOSIS_ANY_CODE: any */
	enum evidence evidence; /* EVIDENCE_NONE: any */
	char tag[DIAGNOSIS_TAG_SIZE];
	char meaning[DIAGNOSIS_MEANING_SIZE]; /* no capital, no full stop */
	const char *action;		      /* what to do; whole sentences */
};

/* Finds what a failure means; there is always an answer. */
void diagnose(const struct err *e, struct diagnosis *ret);
/* Writes only the tag. */
void diagnosis_tag(char dst[DIAGNOSIS_TAG_SIZE], const struct err *e);
/* Makes the entry of a row of the table at one of its steps. */
void diagnosis_complete(
    const struct diagnosis_row *row, enum step_id at, struct diagnosis *ret);

/*
 * Returns the ErrorId in what a server said ("ErrorCode=4005,Source=..." or
 * "28020;source=..."), 0 if there is none.
 */
unsigned diagnose_error_id(struct str said);

/*
 * Appends the record's Error: the sentence that the cmdlet prints, or our own. Appends
 * nothing if e has no cause.
 */
void error_text(struct buf *out, const struct err *e);
/*
 * Appends the record's Diagnosis, "TAG: meaning (evidence). The server said: ... What to
 * do." Appends nothing if e has no cause.
 */
void diagnosis_text(struct buf *out, const struct err *e);

#endif
