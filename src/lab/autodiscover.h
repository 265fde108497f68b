/*
 * autodiscover - the lab's autodiscover service: its documents, and who may see the
 * document of a user. [MS-OCDISCWS], spec 05 section 2.
 *
 * It answers in XML if the client accepts that, else in JSON, as real servers do.
 */
#ifndef CSWATCH_LAB_AUTODISCOVER_H
#define CSWATCH_LAB_AUTODISCOVER_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct buf;
struct lab_tickets;
struct lab_web_request;
struct lab_xmlsig;

/*
 * Answers with the root document: over http it leads to https, over https to the user's
 * document.
 */
void lab_autodiscover_root(struct lab_web_request *rq);
/* Answers with the user's document if there is a ticket that was issued for it. */
void lab_autodiscover_user(struct lab_web_request *rq);

struct lab_autodiscover_registrar {
	const char *fqdn;
	uint16_t port;
};

/* The URLs of the links; NULL: there is none. */
struct lab_autodiscover_links {
	const char *redirect, *user, *self;
};

void lab_autodiscover_root_xml(
    const struct lab_autodiscover_links *links, struct buf *out);
void lab_autodiscover_root_json(
    const struct lab_autodiscover_links *links, struct buf *out);
void lab_autodiscover_user_xml(const struct lab_autodiscover_registrar *r,
    const struct lab_autodiscover_links *links, struct buf *out);

/*
 * Returns the address of the user to whom the ticket in X-MS-WebTicket was issued, or
 * NULL. The value is "opaque=" and the assertion in base64, which must be signed by us,
 * issued for this service, and must not have expired.
 */
const char *lab_autodiscover_ticket(
    struct str value, const struct lab_tickets *t, struct lab_xmlsig *x, int64_t now);

#endif
