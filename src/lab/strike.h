/*
 * strike - what a fault of the lab does to a web request, whatever service is asked.
 */
#ifndef CSWATCH_LAB_STRIKE_H
#define CSWATCH_LAB_STRIKE_H
#include <stdbool.h>

struct lab_fault;
struct lab_web_request;

/* The fault of the request's step. */
const struct lab_fault *lab_strike_fault(const struct lab_web_request *rq);
/*
 * Drops or stalls the request, if that is the fault: before anything is looked at.
 * Returns false if it is not.
 */
bool lab_strike_early(struct lab_web_request *rq);
/*
 * Fills in what the fault has in place of the answer from that path; for a ticket, after
 * the credentials were accepted. Returns false if it has nothing.
 */
bool lab_strike(struct lab_web_request *rq, const char *path);

#endif
