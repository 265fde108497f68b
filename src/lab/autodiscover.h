/*
 * autodiscover - the lab's autodiscover service: which documents it has, and who may see
 * the user's. [MS-OCDISCWS], spec 05 section 2.
 *
 * It answers in XML to whoever accepts that, else in JSON, as real servers do.
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

/* The root: over http it leads to https, over https to the user's document. */
void lab_autodiscover_root(struct lab_web_request *rq);
/* The user's document, for a ticket that was issued for it. */
void lab_autodiscover_user(struct lab_web_request *rq);

struct lab_autodiscover_registrar {
	const char *fqdn;
	uint16_t port;
};

/* redirect, user, self: URLs, or NULL for none. */
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
 * Whose ticket the value of X-MS-WebTicket is: "opaque=" and the assertion in base64,
 * signed by us, not over, and issued for this service. NULL: nobody's.
 */
const char *lab_autodiscover_ticket(
    struct str value, const struct lab_tickets *t, struct lab_xmlsig *x, int64_t now);

#endif
