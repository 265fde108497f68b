/*
 * fault - how the web services say no: SOAP faults and X-Ms-diagnostics.
 * [MS-OCAUTHWS] 2.2.4.1, 3.2.4.1.
 */
#ifndef CSWATCH_SOAP_FAULT_H
#define CSWATCH_SOAP_FAULT_H
#include <stdbool.h>

#include "base/str.h"

struct err;
struct xml_doc;

/* What a fault comes from, whatever the HTTP status. */
enum fault_kind {
	FAULT_OTHER,
	FAULT_TOKEN,	/* the security token in the message is not accepted */
	FAULT_CLOCK,	/* the message or its token is too old, or from the future */
	FAULT_MISMATCH, /* the SIP address asked for is not that of the credentials */
	FAULT_DISABLED, /* the account is disabled, or not enabled for SIP */
	FAULT_OAUTH,	/* an OAuth token is wanted */
	FAULT_ADDRESS,	/* the message is addressed to another service than it reached */
	FAULT_ACTION	/* the action is not known: SOAPAction was lost on the way */
};

struct fault {
	unsigned id; /* ErrorId; 0 when none was given */
	/* "28020;source=...;reason=..." or "faultcode: faultstring; Reason", printable */
	char text[320];
	enum fault_kind kind; /* by ErrorId, else by the reason, else by the fault code */
};

/*
 * Fills *err by what the fault comes from; status is of HTTP, in whose answer it came.
 * Its cause is AUTH (the account is not that of the SIP address), DISABLED, NOT_OFFERED
 * (OAuth) or FAULT; detail is as of printf.
 */
void fault_describe(const struct fault *f, unsigned status, struct err *err,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* False when the body is not a SOAP fault (1.1 or 1.2). */
bool fault_parse(struct str body, struct fault *ret);
/* The same for an answer that is read already. */
bool fault_of(const struct xml_doc *d, struct fault *ret);
/* The header's value; lenient: leading digits, then anything. False when it has no id. */
bool fault_parse_diagnostics(struct str header, struct fault *ret);

#endif
