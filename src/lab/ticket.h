/*
 * ticket - the web ticket service: reads a RequestSecurityToken, issues proof tickets,
 * remembers them.
 *
 * The key of a ticket stays here, found by the assertion's id; the assertion that travels
 * is signed, so that an altered one is refused. Spec 02 sections 3 and 5, spec 07 4.3
 * and 4.5.
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
#define TICKET_ENTROPY_MIN 16 /* octets */
#define TICKET_ENTROPY_MAX 64
#define TICKET_ENTROPY	   32 /* octets of the server's entropy */
#define TICKET_LIFE_S	   (8 * 3600)
#define TICKETS_MAX	   1024 /* remembered; the oldest gives way */

/* A request, checked as far as it can be without knowing who asks. */
struct lab_rst {
	char context[TICKET_CONTEXT_MAX];
	char applies_to[TICKET_URL_MAX];
	char claim[SIP_ADDRESS_MAX + 8]; /* as sent, "sip:user@domain" */
	uint8_t entropy[TICKET_ENTROPY_MAX];
	size_t entropy_len;
};

/* action: the SOAPAction header with its quotes, or NULL. False: *fault says why, *ret is
 * untouched. */
bool lab_rst_parse(const char *action, struct str body, struct lab_rst *ret,
    struct lab_soapfault *fault);

struct lab_ticket {
	char id[TICKET_ID_MAX]; /* AssertionID */
	char address[SIP_ADDRESS_MAX];
	char audience[TICKET_URL_MAX];
	char created[40], expires[40]; /* as in the answer's Lifetime */
	int64_t expires_s;
	uint8_t client[TICKET_ENTROPY_MAX];
	size_t client_len;
	uint8_t server[TICKET_ENTROPY];
};

struct lab_tickets *lab_tickets_new(void);    /* NULL when out of memory */
void lab_tickets_free(struct lab_tickets *t); /* NULL is fine; keys are wiped */
/* NULL: unknown, or forgotten. */
const struct lab_ticket *lab_tickets_find(const struct lab_tickets *t, const char *id);

struct lab_ticket_wish {
	const struct lab_rst *rst;
	const char *address; /* whose ticket */
	const char *issuer;  /* URL of this service */
	int64_t now;	     /* of the lab's clock at this step */
	int64_t life_s;	     /* negative: it has ended already */
	bool spoil;	     /* alter the assertion after it was signed */
};
/* Makes and remembers a ticket, appends the answer. False: *err (CAUSE_LOCAL). */
bool lab_tickets_issue(struct lab_tickets *t, struct lab_xmlsig *x,
    const struct lab_ticket_wish *w, struct buf *out, struct err *err);

/* Is that URL the service at that path of ours? */
bool lab_ticket_service_is(const char *url, const char *path);
/* Is it one that takes web tickets? */
bool lab_ticket_service_known(const char *url);

#endif
