/*
 * ticket - the web ticket service: reads a RequestSecurityToken, issues proof tickets and
 * remembers them.
 *
 * The key of a ticket is kept here and found by the assertion's id. The assertion that is
 * sent is signed, so that an altered one is refused. Spec 02 sections 3 and 5, spec 07
 * 4.3 and 4.5.
 */
#ifndef CSWATCH_LAB_TICKET_H
#define CSWATCH_LAB_TICKET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "lab/soapfault.h"
#include "sip/endpoint.h"

struct buf;
struct err;
struct lab_tickets;
struct lab_xmlsig;

#define TICKET_ACTION	   "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue"
#define TICKET_URL_MAX	   512
#define TICKET_CONTEXT_MAX 128
#define TICKET_ID_MAX	   80
#define TICKET_ENTROPY_MIN 16 /* bytes */
#define TICKET_ENTROPY_MAX 64
#define TICKET_ENTROPY	   32 /* bytes of the server's entropy */
#define TICKET_LIFE_S	   (8 * 3600)
#define TICKETS_MAX	   1024 /* remembered; then the oldest is dropped */

/* A request, checked as far as possible without knowing the user. */
struct lab_rst {
	char context[TICKET_CONTEXT_MAX];
	char applies_to[TICKET_URL_MAX];
	char claim[SIP_ADDRESS_MAX + 8]; /* as sent, "sip:user@domain" */
	uint8_t entropy[TICKET_ENTROPY_MAX];
	size_t entropy_len;
};

/*
 * Reads a request. action is the SOAPAction header with its quotes, or NULL. Returns
 * false, sets *fault and leaves *ret unchanged on failure.
 */
bool lab_rst_parse(const char *action, struct str body, struct lab_rst *ret,
    struct lab_soapfault *fault);

struct lab_ticket {
	char id[TICKET_ID_MAX]; /* AssertionID */
	char address[SIP_ADDRESS_MAX];
	char audience[TICKET_URL_MAX];
	char created[40], expires[40]; /* as in the Lifetime of the answer */
	int64_t expires_s;
	uint8_t client[TICKET_ENTROPY_MAX];
	size_t client_len;
	uint8_t server[TICKET_ENTROPY];
};

struct lab_tickets *lab_tickets_new(void);    /* returns NULL if out of memory */
void lab_tickets_free(struct lab_tickets *t); /* NULL is allowed; keys are wiped */
/* Returns NULL if the ticket is unknown, or no longer remembered. */
const struct lab_ticket *lab_tickets_find(const struct lab_tickets *t, const char *id);

struct lab_ticket_wish {
	const struct lab_rst *rst;
	const char *address; /* SIP address of the user */
	const char *issuer;  /* URL of this service */
	int64_t now;	     /* time of the lab's clock at this step */
	int64_t life_s;	     /* seconds; negative: it has expired already */
	bool spoil;	     /* alter the assertion after signing it */
};
/*
 * Makes and remembers a ticket, and appends the answer. Returns false and sets *err
 * (CAUSE_LOCAL) on failure.
 */
bool lab_tickets_issue(struct lab_tickets *t, struct lab_xmlsig *x,
    const struct lab_ticket_wish *w, struct buf *out, struct err *err);

/* Returns whether a URL is that of our service at a path. */
bool lab_ticket_service_is(const char *url, const char *path);
/* Returns whether a URL is that of a service that accepts web tickets. */
bool lab_ticket_service_known(const char *url);

#endif
