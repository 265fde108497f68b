/*
 * services - the web services at their paths: autodiscover, metadata, tickets,
 * certificates.
 */
#ifndef CSWATCH_LAB_SERVICES_H
#define CSWATCH_LAB_SERVICES_H
#include <stdbool.h>

#include "base/str.h"

struct lab_web_request;

/* Fills in rq->step and the answer of a request; for lab_web_new(). */
void lab_services_serve(struct lab_web_request *rq, bool post, struct str path);

#endif
