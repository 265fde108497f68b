/*
 * mex - what the metadata (WSDL with policies) of the two web services say. Parses only.
 * Spec 02 section 2.
 */
#ifndef CSWATCH_SOAP_MEX_H
#define CSWATCH_SOAP_MEX_H
#include <stdbool.h>

#include "base/str.h"
#include "soap/url.h"

struct err;

struct mex_certprov {
	char issuer[URL_MAX];  /* the web ticket service */
	char service[URL_MAX]; /* POST target, wsa:To and AppliesTo of the ticket */
	bool proof;	       /* must be a proof ticket: requests are signed */
};
struct mex_ticket {
	char url[URL_MAX]; /* of the best of the wanted ports; empty: none is offered */
	char ports[160];   /* names of all ports, for the error text */
};

/*
 * Returns false and leaves *ret unchanged on failure: *err is CAUSE_PROTOCOL, which says
 * what was expected where, or CAUSE_NOT_OFFERED if there are ports, but none for web
 * tickets.
 */
bool mex_parse_certprov(struct str text, struct mex_certprov *ret, struct err *err);
/* wanted: names of ports, the best first; NULL-terminated. */
bool mex_parse_ticket(
    struct str text, const char *const *wanted, struct mex_ticket *ret, struct err *err);

#endif
