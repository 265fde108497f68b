/*
 * fault - how the web services say no: SOAP faults and X-Ms-diagnostics.
 * [MS-OCAUTHWS] 2.2.4.1, 3.2.4.1.
 */
#ifndef CSWATCH_SOAP_FAULT_H
#define CSWATCH_SOAP_FAULT_H
#include <stdbool.h>

#include "base/str.h"

struct xml_doc;

struct fault {
	unsigned id; /* ErrorId; 0 when none was given */
	/* "28020;source=...;reason=..." or "faultcode: faultstring; Reason", printable */
	char text[320];
	/* faultcode FailedAuthentication, InvalidSecurityToken, InvalidSecurity */
	bool failed_authentication;
};

/* False when the body is not a SOAP fault (1.1 or 1.2). */
bool fault_parse(struct str body, struct fault *ret);
/* The same for an answer that is read already. */
bool fault_of(const struct xml_doc *d, struct fault *ret);
/* The header's value; lenient: leading digits, then anything. False when it has no id. */
bool fault_parse_diagnostics(struct str header, struct fault *ret);

#endif
