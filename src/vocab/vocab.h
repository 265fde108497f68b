/*
 * vocab - the closed lists that the rest of the program shares: steps, causes, warnings.
 *
 * Their names are a contract: logs, the state file, lab faults and the documents use
 * them. Events are in events.h.
 */
#ifndef CSWATCH_VOCAB_VOCAB_H
#define CSWATCH_VOCAB_VOCAB_H
#include <stdbool.h>

#include "base/str.h"

enum step_id {
	STEP_DISCOVER,
	STEP_RESOLVE,
	STEP_SIP_CONNECT,
	STEP_CHALLENGE,
	STEP_CERTPROV_METADATA,
	STEP_TICKET_METADATA,
	STEP_WEB_TICKET,
	STEP_CERTIFICATE,
	STEP_TLS_DSK,
	STEP_REGISTER,
	STEP_LOG_OFF,
	STEP_COUNT
};

/*
 * Kinds of failure; after the semicolon the meaning of struct err's code (else 0). The
 * enums are in vocab/code.h.
 */
enum cause {
	CAUSE_NONE,
	CAUSE_DNS,	   /* the name has no address; enum dns_code */
	CAUSE_CONNECT,	   /* no TCP connection; errno */
	CAUSE_TLS,	   /* TLS failed, version or cipher; alert number or 0 */
	CAUSE_TRUST,	   /* server's certificate not accepted; enum cert_code */
	CAUSE_TIMEOUT,	   /* budget used up; milliseconds of the budget */
	CAUSE_CLOSED,	   /* peer ended the connection too early; errno or 0 */
	CAUSE_HTTP,	   /* an HTTP status not wanted here; status */
	CAUSE_SIP,	   /* a SIP status not wanted here; status */
	CAUSE_FAULT,	   /* SOAP fault or ErrorInfo; ErrorId or 0 */
	CAUSE_AUTH,	   /* credentials refused; status */
	CAUSE_DISABLED,	   /* account is not enabled or unknown; ErrorId or status */
	CAUSE_NOT_OFFERED, /* authentication scheme not offered; status or 0 */
	CAUSE_HANDSHAKE,   /* inner (TLS-DSK) handshake failed; alert number or 0 */
	CAUSE_SIGNATURE,   /* server's signature wrong or missing; status */
	CAUSE_CERTIFICATE, /* the issued one is unusable; enum cert_code */
	CAUSE_REDIRECT,	   /* redirect not followed; status */
	CAUSE_PROTOCOL,	   /* answer not understood; enum protocol_code */
	CAUSE_LIMIT,	   /* answer larger than allowed; the limit, bytes */
	CAUSE_LOCAL,	   /* this machine: memory, files, keys; errno or 0 */
	CAUSE_CANCELLED,   /* the watcher is stopping */
	CAUSE_ONLINE,	   /* the user is homed online; status, or 0 */
	CAUSE_COUNT
};

/*
 * Things that do not change the outcome but should worry an administrator. Used as bits:
 * 1u << WARNING_x.
 */
enum warning {
	WARNING_LOG_OFF,	    /* log-off refused or unsigned */
	WARNING_CLOCK_SKEW,	    /* clocks more than five minutes apart */
	WARNING_SERVER_CERTIFICATE, /* a server certificate ends soon */
	WARNING_LEGACY_TLS,	    /* TLS below 1.2, or legacy_tls, was used */
	WARNING_REDIRECT,	    /* the user is homed on another pool */
	WARNING_LIFETIME,	    /* ticket or certificate of odd lifetime */
	WARNING_DISCOVERY,	    /* a way that clients look by exists, but fails */
	WARNING_COUNT
};

const char *step_name(enum step_id s);
const char *cause_name(enum cause c);
const char *warning_name(enum warning w);

/* Returns false and leaves *ret unchanged if the name is unknown. */
bool step_by_name(struct str name, enum step_id *ret);

#endif
