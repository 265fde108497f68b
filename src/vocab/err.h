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
 * Replaces the whole error. Unprintable octets of the result become '.'; overlong text is
 * cut. The arguments may be parts of the old error.
 */
void err_set(struct err *e, enum cause cause, long code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds what the server said; keeps the rest. */
void err_said(struct err *e, struct str said);
/* Adds what else was seen; keeps the rest. */
void err_evidence(struct err *e, enum evidence evidence);
void err_phrase(struct err *e, struct str phrase);
/*
 * The same for CAUSE_LOCAL; errnum (0: none) is the code, and strerror(3) of it ends the
 * text.
 */
void err_local(struct err *e, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/*
 * True: what kept a socket from being made is this machine's want of descriptors, memory
 * or buffers, and no fault of whoever was to be called.
 */
bool err_is_own(int errnum);

#endif
