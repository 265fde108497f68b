/* strike - makes the faults of web requests, whatever service is asked. */
#ifndef CSWATCH_LAB_STRIKE_H
#define CSWATCH_LAB_STRIKE_H
#include <stdbool.h>

struct lab_fault;
struct lab_web_request;

/* Returns the fault of the request's step. */
const struct lab_fault *lab_strike_fault(const struct lab_web_request *rq);
/*
 * Drops or stalls the request if that is the fault, before anything else is checked.
 * Returns false if it is not.
 */
bool lab_strike_early(struct lab_web_request *rq);
/*
 * Fills in the answer of the fault instead of that of the path; for a ticket, call it
 * after the credentials were accepted. Returns false if the fault has no answer.
 */
bool lab_strike(struct lab_web_request *rq, const char *path);

#endif
