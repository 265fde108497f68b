/*
 * faults - the mistakes that the lab makes on purpose, step by step.
 *
 * The table has one entry for each step, which words such as "web-ticket=http-503" set,
 * at start or while the pool serves. cswatch-lab(1) says what each combination does; a
 * combination without a meaning is refused. The web server and the registrar look up
 * their faults here.
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
	/*
	 * The same faults of the content of an answer (a ticket, a certificate, a flight)
	 * instead of the answer.
	 */
	LAB_FAULT_CONTENT_GARBAGE,
	LAB_FAULT_CONTENT_SIGNATURE,
	LAB_FAULT_CONTENT_EXPIRED,
	LAB_FAULT_CONTENT_NAME,
	LAB_FAULT_COUNT
};

#define LAB_FAULT_TARGET_MAX 260 /* bytes of HOST:PORT with its NUL */
#define LAB_FAULT_SKEW_MAX   (400 * 86400)

struct lab_fault {
	enum lab_fault_kind kind;
	unsigned status; /* HTTP, SIP */
	unsigned id;	 /* HTTP, SIP: ErrorId; 0: none */
	int64_t skew_s;	 /* SKEW: seconds by which the lab's clock is ahead */
	char target[LAB_FAULT_TARGET_MAX]; /* REDIRECT */
};

struct lab_faults {
	struct lab_fault at[STEP_COUNT];
};

/*
 * Sets the fault of a step from "STEP=KIND[:ARG]". Returns false, leaves *t unchanged and
 * writes to why what is wrong if it is refused.
 */
bool lab_faults_add(struct lab_faults *t, struct str words, char *why, size_t why_size);
void lab_faults_clear(struct lab_faults *t);

static inline bool
faults_is(const struct lab_faults *t, enum step_id step, enum lab_fault_kind kind)
{
	return t->at[step].kind == kind;
}

/* Returns the seconds to add to the clock at a step. */
int64_t lab_faults_skew(const struct lab_faults *t, enum step_id step);

#endif
