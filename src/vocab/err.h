/*
 * err - why something failed: where, what kind, the number, and evidence for a human.
 *
 * Steps fill in cause, code and detail; the transaction's driver alone stamps the step.
 * What to do about it is looked up later, in report/diagnose.
 */
#ifndef CSWATCH_VOCAB_ERR_H
#define CSWATCH_VOCAB_ERR_H
#include <stdbool.h>

#include "base/str.h"
#include "vocab/evidence.h"
#include "vocab/vocab.h"

#define ERR_DETAIL_MAX 256
#define ERR_SAID_MAX   320
#define ERR_PHRASE_MAX 64

struct err {
	enum step_id step; /* STEP_COUNT until stamped */
	enum cause cause;
	long code; /* meaning per cause, see vocab/vocab.h */
	enum evidence evidence;
	/* All text is printable; none of it is secret. */
	char detail[ERR_DETAIL_MAX]; /* our evidence */
	char said[ERR_SAID_MAX];     /* what the server said: ms-diagnostics, fault */
	char phrase[ERR_PHRASE_MAX]; /* reason phrase of a SIP status */
};

void err_clear(struct err *e);
/*
 * Replaces the whole error. Unprintable bytes of the result become '.'; text that is too
 * long is cut. The arguments may be parts of the old error.
 */
void err_set(struct err *e, enum cause cause, long code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds what the server said; keeps the rest. */
void err_said(struct err *e, struct str said);
/* Adds what else was seen; keeps the rest. */
void err_evidence(struct err *e, enum evidence evidence);
/* Adds the reason phrase of a SIP status; keeps the rest. */
void err_phrase(struct err *e, struct str phrase);
/*
 * Like err_set(), for CAUSE_LOCAL: errnum is the code, and unless it is 0 strerror(3) of
 * it ends the text.
 */
void err_local(struct err *e, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/*
 * Returns whether this machine had no descriptor, memory or buffer to make a socket with:
 * no fault of the peer that was to be called.
 */
bool err_is_own(int errnum);

#endif
