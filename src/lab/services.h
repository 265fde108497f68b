/*
 * services - the web services behind their paths: autodiscover, metadata, tickets,
 * certificates.
 */
#ifndef CSWATCH_LAB_SERVICES_H
#define CSWATCH_LAB_SERVICES_H
#include <stdbool.h>

#include "base/str.h"

struct web_request;

/* Fills in rq->step and the answer. */
void services_serve(struct web_request *rq, bool post, struct str path);
/* The fault of this step, in place of the answer from that path. False: there is none. */
bool services_strike(struct web_request *rq, const char *path);

#endif
