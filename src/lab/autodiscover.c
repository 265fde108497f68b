#include "lab/autodiscover.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "lab/paths.h"
#include "lab/proof.h"
#include "lab/strike.h"
#include "lab/ticket.h"
#include "lab/web.h"

#define TYPE	    "application/vnd.microsoft.rtc.autodiscover"
#define TICKET_MAX  (64 * 1024) /* bytes of a ticket in the header */
#define URL_LONGEST 512

/* ---- documents ---- */

static void
link_xml(const char *token, const char *href, struct buf *out)
{
	if (href == NULL)
		return;
	buf_printf(out, "    <Link token=\"%s\" href=\"", token);
	text_xml(out, str_of(href));
	buf_puts(out, "\"/>\n");
}

static void
begin_xml(struct buf *out)
{
	buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		      "<AutodiscoverResponse AccessLocation=\"Internal\">\n");
}

void
lab_autodiscover_root_xml(const struct lab_autodiscover_links *links, struct buf *out)
{
	begin_xml(out);
	buf_puts(out, "  <Root>\n");
	link_xml("Redirect", links->redirect, out);
	link_xml("User", links->user, out);
	link_xml("Self", links->self, out);
	buf_puts(out, "  </Root>\n</AutodiscoverResponse>\n");
}

static void
link_json(struct json *j, const char *token, const char *href)
{
	if (href == NULL)
		return;
	jsonw_object(j, token);
	jsonw_string(j, "href", href);
	jsonw_object_end(j);
}

void
lab_autodiscover_root_json(const struct lab_autodiscover_links *links, struct buf *out)
{
	struct json j;

	jsonw_init(&j, out);
	jsonw_object(&j, NULL);
	jsonw_object(&j, "_links");
	link_json(&j, "self", links->self);
	link_json(&j, "user", links->user);
	link_json(&j, "redirect", links->redirect);
	jsonw_object_end(&j);
	jsonw_object_end(&j);
}

static void
server_xml(const char *name, const struct lab_autodiscover_registrar *r, struct buf *out)
{
	buf_printf(out, "    <%s fqdn=\"", name);
	text_xml(out, str_of(r->fqdn));
	buf_printf(out, "\" port=\"%u\"/>\n", (unsigned)r->port);
}

void
lab_autodiscover_user_xml(const struct lab_autodiscover_registrar *r,
    const struct lab_autodiscover_links *links, struct buf *out)
{
	begin_xml(out);
	buf_puts(out, "  <User>\n");
	server_xml("SipServerInternalAccess", r, out);
	server_xml("SipClientInternalAccess", r, out);
	server_xml("SipClientExternalAccess", r, out);
	link_xml("Internal/Autodiscover", links->self, out);
	buf_puts(out, "  </User>\n</AutodiscoverResponse>\n");
}

/* ---- who may see the user's ---- */

const char *
lab_autodiscover_ticket(
    struct str value, const struct lab_tickets *t, struct lab_xmlsig *x, int64_t now)
{
	const struct lab_ticket *k = NULL;
	char id[PROOF_ID_MAX];
	struct str token, name;
	struct buf assertion;

	token = str_split(value, '=', &name);
	if (token.p == NULL || !str_caseeq(str_trim(name), "opaque"))
		return NULL;
	buf_init(&assertion, TICKET_MAX);
	if (crypto_unbase64(str_trim(token), &assertion) &&
	    lab_proof_bearer(buf_view(&assertion), x, id))
		k = lab_tickets_find(t, id);
	buf_wipe_free(&assertion);
	if (k == NULL || k->expires_s <= now ||
	    !lab_ticket_service_is(k->audience, PATH_DISCOVER_USER))
		return NULL;
	return k->address;
}

/* ---- requests ---- */

static bool
accepts_xml(const struct lab_web_request *rq)
{
	const char *accept = lab_web_request_header(rq, "Accept");

	return accept != NULL && str_caseprefix(str_of(accept), TYPE "+xml") &&
	       !faults_is(&rq->pool->faults, STEP_DISCOVER, LAB_FAULT_CONTENT_GARBAGE);
}

void
lab_autodiscover_root(struct lab_web_request *rq)
{
	const struct lab_fault *f = &rq->pool->faults.at[STEP_DISCOVER];
	char base[WEB_URL_MAX], redirect[URL_LONGEST], user[URL_LONGEST];
	char self[URL_LONGEST];
	struct lab_autodiscover_links links = { .self = self };

	snprintf(self, sizeof(self), "https://%s:%u" PATH_DISCOVER, rq->host,
	    (unsigned)rq->pool->https_port);
	if (f->kind == LAB_FAULT_REDIRECT) {
		snprintf(
		    redirect, sizeof(redirect), "https://%s" PATH_DISCOVER, f->target);
		links.redirect = redirect;
	} else if (rq->clear_text) {
		links = (struct lab_autodiscover_links){ .redirect = self };
	} else {
		lab_web_url(rq, STEP_DISCOVER, base);
		snprintf(user, sizeof(user), "%s" PATH_DISCOVER_USER, base);
		links.user = user;
	}
	if (accepts_xml(rq))
		lab_autodiscover_root_xml(&links, &rq->reply);
	else
		lab_autodiscover_root_json(&links, &rq->reply);
	rq->type = accepts_xml(rq) ? TYPE "+xml;v=1" : TYPE "+json;v=1";
	rq->status = rq->reply.failed ? 500 : 200;
}

static void
refuse_request(struct lab_web_request *rq)
{
	char url[WEB_URL_MAX + sizeof(PATH_WEBTICKET)], base[WEB_URL_MAX];

	lab_web_page(rq, 401, "A web ticket is needed.");
	if (faults_is(&rq->pool->faults, STEP_DISCOVER, LAB_FAULT_NOT_OFFERED))
		return;
	lab_web_url(rq, STEP_TICKET_METADATA, base);
	snprintf(url, sizeof(url), "%s" PATH_WEBTICKET, base);
	lab_web_add_header(rq, "X-MS-WebTicketURL", url);
	lab_web_add_header(rq, "X-MS-WebTicketSupported", "cwt,saml");
}

void
lab_autodiscover_user(struct lab_web_request *rq)
{
	const struct lab_faults *f = &rq->pool->faults;
	struct lab_autodiscover_registrar r = { rq->host, rq->pool->sip_port };
	struct lab_autodiscover_links links = { .self = NULL };
	struct str ticket = str_of(lab_web_request_header(rq, "X-MS-WebTicket"));

	if (ticket.p == NULL ||
	    lab_autodiscover_ticket(ticket, rq->pool->tickets, rq->pool->xmlsig,
		lab_pool_now(rq->pool, STEP_DISCOVER)) == NULL ||
	    faults_is(f, STEP_DISCOVER, LAB_FAULT_CONTENT_SIGNATURE)) {
		refuse_request(rq);
		return;
	}
	if (lab_strike(rq, PATH_DISCOVER_USER))
		return;
	if (faults_is(f, STEP_DISCOVER, LAB_FAULT_CONTENT_NAME))
		r.fqdn = "elsewhere.invalid";
	lab_autodiscover_user_xml(&r, &links, &rq->reply);
	rq->type = TYPE "+xml;v=1";
	rq->status = rq->reply.failed ? 500 : 200;
}
