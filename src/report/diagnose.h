/*
 * diagnose - what a failure means: (step, cause, code) -> a stable tag, a sentence, a
 * hint.
 *
 * The tags are a contract (logs, state file, alert rules) and are explained in
 * doc/DIAGNOSIS. Steps only say what they saw; every word for the administrator is here.
 */
#ifndef CSWATCH_REPORT_DIAGNOSE_H
#define CSWATCH_REPORT_DIAGNOSE_H
#include <limits.h>
#include <stddef.h>

#include "vocab/err.h"

struct buf;

#define DIAGNOSIS_ANY_CODE LONG_MIN
#define DIAGNOSIS_TAG_SIZE 24
#define DIAGNOSIS_TEXT_MAX 2048 /* more than the longest text; a buf's max */

struct diagnosis {
	enum step_id step; /* STEP_COUNT: any */
	enum cause cause;  /* CAUSE_COUNT: any */
	long code;	   /* DIAGNOSIS_ANY_CODE: any */
	const char *tag;
	const char *sentence; /* what happened; no capital, no full stop */
	const char *hint;     /* what to do next; whole sentences */
};

/* First match wins; the last row matches everything. */
extern const struct diagnosis diagnosis_table[];
extern const size_t diagnosis_count;

/* Never NULL. */
const struct diagnosis *diagnose(const struct err *e);

/*
 * The ErrorId in what a server said ("ErrorCode=4005,Source=..." or "28020;source=...");
 * 0: none.
 */
unsigned diagnose_error_id(struct str said);
/*
 * What an administrator does about an ms-diagnostics or web ErrorId; NULL: nothing
 * known.
 */
const char *diagnose_id_hint(unsigned id);

/*
 * The record's Error: the sentence that the cmdlet prints, or our own. Nothing when e
 * has no cause.
 */
void error_text(struct buf *out, const struct err *e);
/* "TAG: sentence (evidence). The server said: ... Hint." Nothing when e has no cause. */
void diagnosis_text(struct buf *out, const struct err *e);

#endif
