/*
 * services - the web services behind their paths: autodiscover, metadata, tickets,
 * certificates.
 */
#ifndef CSWATCH_LAB_SERVICES_H
#define CSWATCH_LAB_SERVICES_H
#include <stdbool.h>

#include "base/str.h"

struct lab_web_request;

/* Fills in rq->step and the answer. */
void lab_services_serve(struct lab_web_request *rq, bool post, struct str path);
/* The fault of this step, in place of the answer from that path. False: there is none. */
bool lab_services_strike(struct lab_web_request *rq, const char *path);

#endif
