/*
 * certprov - GetAndPublishCert of the certificate provisioning service. Bytes only.
 * Spec 03; [MS-OCAUTHWS] 3.1.4.1.
 */
#ifndef CSWATCH_SOAP_CERTPROV_H
#define CSWATCH_SOAP_CERTPROV_H
#include <stdbool.h>

#include "base/str.h"

struct buf;
struct err;
struct webticket;

#define CERTPROV_ACTION                                                                  \
	"http://schemas.microsoft.com/OCS/AuthWebServices/GetAndPublishCert"

struct certprov_request {
	const char *to;		/* POST URL */
	const char *message_id; /* UUID without prefix */
	const char *request_id; /* UUID */
	const char *device_id;	/* UUID without braces: the endpoint's instance */
	const char *entity;	/* user@domain */
	struct str pkcs10;	/* DER */
};

/* Appends the SOAP message. False: the ticket could not sign. */
bool certprov_build(
    const struct certprov_request *r, const struct webticket *ticket, struct buf *out);
/*
 * Appends the DER of what was issued. False: *err is CAUSE_FAULT (fault, ErrorInfo, told
 * in err->said) or CAUSE_PROTOCOL; der is untouched.
 */
bool certprov_parse(struct str body, struct buf *der, struct err *err);

#endif
