/*
 * webticket - asks the Web Ticket Service for a ticket and reads it. Bytes only.
 * Spec 02 sections 3, 5, 6.
 */
#ifndef CSWATCH_SOAP_WEBTICKET_H
#define CSWATCH_SOAP_WEBTICKET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf;
struct err;

#define WEBTICKET_ENTROPY 32 /* octets of client entropy, and of the proof key */
#define WEBTICKET_ACTION  "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue"

struct webticket_request {
	const char *context;	/* a UUID */
	const char *applies_to; /* service auth URI */
	const char *claim;	/* "sip:user@domain" */
	uint8_t entropy[WEBTICKET_ENTROPY];
};

struct webticket {
	char *assertion; /* verbatim XML of the ticket */
	size_t assertion_len;
	char assertion_id[160];
	char created[40], expires[40]; /* as sent */
	int64_t created_s, expires_s;  /* seconds since the epoch */
	bool proof;		       /* key is set */
	uint8_t key[WEBTICKET_ENTROPY];
};

/* Appends the SOAP message. */
void webticket_build(const struct webticket_request *r, struct buf *out);
/* False: *err is CAUSE_PROTOCOL (what misses where) or CAUSE_FAULT; *ret untouched. */
bool webticket_parse(struct str body, const struct webticket_request *r,
    struct webticket *ret, struct err *err);
void webticket_clear(struct webticket *t); /* frees and wipes; fine on zeroes */

/*
 * The wsse:Security header of a call that uses the ticket: Timestamp, assertion, and for
 * a proof ticket the signature. False: no memory, or SHA-1 is not to be had.
 */
bool webticket_security(const struct webticket *t, struct buf *out);
/* The pieces that are signed, in exclusive canonical form (spec 02 6.3). */
void webticket_timestamp(const char *created, const char *expires, struct buf *out);
void webticket_signed_info(const char *digest_base64, struct buf *out);

#endif
