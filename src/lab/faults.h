/*
 * faults - what the lab does wrong on purpose, step by step.
 *
 * A table with one entry for each step; words like "web-ticket=http-503" fill it, at
 * start or while the pool serves. What each pair means on the wire is in cswatch-lab(1);
 * a pair without a sensible meaning is refused. Decides nothing by itself: web.c and
 * registrar.c look here.
 */
#ifndef CSWATCH_LAB_FAULTS_H
#define CSWATCH_LAB_FAULTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "vocab/vocab.h"

enum lab_fault_kind {
	LAB_FAULT_NONE,
	LAB_FAULT_REFUSE,
	LAB_FAULT_DROP,
	LAB_FAULT_STALL,
	LAB_FAULT_GARBAGE,
	LAB_FAULT_OVERSIZE,
	LAB_FAULT_BAD_SIGNATURE,
	LAB_FAULT_EXPIRED,
	LAB_FAULT_WRONG_NAME,
	LAB_FAULT_UNSIGNED,
	LAB_FAULT_NOT_OFFERED,
	LAB_FAULT_HTTP,
	LAB_FAULT_SIP,
	LAB_FAULT_REDIRECT,
	LAB_FAULT_SKEW,
	/* The same of what an answer carries (a ticket, a certificate, a flight), not of
	   the answer. */
	LAB_FAULT_CONTENT_GARBAGE,
	LAB_FAULT_CONTENT_SIGNATURE,
	LAB_FAULT_CONTENT_EXPIRED,
	LAB_FAULT_CONTENT_NAME,
	LAB_FAULT_COUNT
};

#define LAB_FAULT_TARGET_MAX 260 /* HOST:PORT, NUL included */
#define LAB_FAULT_SKEW_MAX   (400 * 86400)

struct lab_fault {
	enum lab_fault_kind kind;
	unsigned status;		   /* HTTP, SIP */
	unsigned id;			   /* HTTP, SIP: ErrorId; 0: none given */
	int64_t skew_s;			   /* SKEW: how far the lab's clock is ahead */
	char target[LAB_FAULT_TARGET_MAX]; /* REDIRECT */
};

struct lab_faults {
	struct lab_fault at[STEP_COUNT];
};

/*
 * "STEP=KIND[:ARG]" into *t; on refusal *t is untouched and why says what is wrong with
 * it.
 */
bool lab_faults_add(struct lab_faults *t, struct str words, char *why, size_t why_size);
void lab_faults_clear(struct lab_faults *t);

static inline bool
faults_is(const struct lab_faults *t, enum step_id step, enum lab_fault_kind kind)
{
	return t->at[step].kind == kind;
}

/* Seconds to add to the clock at that step. */
int64_t lab_faults_skew(const struct lab_faults *t, enum step_id step);

#endif
