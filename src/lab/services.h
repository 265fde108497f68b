/*
 * services - the two web services behind their paths: metadata, tickets, certificates.
 */
#ifndef CSWATCH_LAB_SERVICES_H
#define CSWATCH_LAB_SERVICES_H
#include <stdbool.h>

#include "base/str.h"

struct web_request;

/* Fills in rq->step and the answer. */
void services_serve(struct web_request *rq, bool post, struct str path);

#endif
