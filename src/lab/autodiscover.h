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
struct tickets;
struct web_request;
struct xmlsig;

/* The root: over http it leads to https, over https to the user's document. */
void autodiscover_root(struct web_request *rq);
/* The user's document, for a ticket that was issued for it. */
void autodiscover_user(struct web_request *rq);

struct autodiscover_registrar {
	const char *fqdn;
	uint16_t port;
};

/* redirect, user, self: URLs, or NULL for none. */
struct autodiscover_links {
	const char *redirect, *user, *self;
};

void autodiscover_root_xml(const struct autodiscover_links *links, struct buf *out);
void autodiscover_root_json(const struct autodiscover_links *links, struct buf *out);
void autodiscover_user_xml(const struct autodiscover_registrar *r,
    const struct autodiscover_links *links, struct buf *out);

/*
 * Whose ticket the value of X-MS-WebTicket is: "opaque=" and the assertion in base64,
 * signed by us, not over, and issued for this service. NULL: nobody's.
 */
const char *autodiscover_ticket(
    struct str value, const struct tickets *t, struct xmlsig *x, int64_t now);

#endif
