/*
 * soapfault - writes the SOAP 1.1 faults of the lab's web services ([MS-OCAUTHWS]
 * 2.2.4.1).
 */
#ifndef CSWATCH_LAB_SOAPFAULT_H
#define CSWATCH_LAB_SOAPFAULT_H

struct buf;

struct lab_soapfault {
	const char *ns, *code; /* namespace and name of faultcode */
	const char *text;      /* faultstring and Reason */
	unsigned id;	       /* ErrorId; 0: no detail */
};

#define SOAPFAULT_NO_TOKEN "No valid security token."
#define SOAPFAULT_CLAIM                                                                  \
	"The SIP URI in the claim type requirements of the web ticket request does not " \
	"match the SIP URI associated with the presented credentials."

void lab_soapfault_build(const struct lab_soapfault *f, struct buf *out);
/*
 * Appends the X-Ms-diagnostics of a 403 for an account that is authenticated, but not a
 * SIP user of the pool.
 */
void lab_soapfault_not_enabled(const char *fqdn, struct buf *out);

#endif
