/*
 * services - the web services behind their paths: autodiscover, metadata, tickets,
 * certificates.
 */
#ifndef CSWATCH_LAB_SERVICES_H
#define CSWATCH_LAB_SERVICES_H
#include <stdbool.h>

#include "base/str.h"

struct lab_web_request;

/* For lab_web_new(): fills in rq->step and the answer. */
void lab_services_serve(struct lab_web_request *rq, bool post, struct str path);

#endif
