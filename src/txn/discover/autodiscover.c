/*
 * Documents name the next URL, at most five times; only the very first may be asked over
 * http. Wherever a link leads, it must be a host to which credentials may go: they will.
 */
#include "txn/discover/autodiscover.h"

#include <stdio.h>

#include "crypto/crypto.h"
#include "soap/autodiscover.h"
#include "txn/domains.h"
#include "txn/facts.h"
#include "txn/ticket_leg.h"
#include "txn/web_leg.h"
#include "txn/web_refusal.h"
#include "vocab/code.h"
#include "vocab/err.h"

#define REDIRECTS_MAX 5
#define TICKET_MAX    65536 /* bytes of a ticket in a header */

static const char who[] = "autodiscover service";

enum step_move
autodiscover_begin(struct txn *t, const char *root)
{
	struct discover *d = &txn_facts(t)->discover;
	char asked[DISCOVERY_ASKED_MAX];

	d->leg = LEG_DOCUMENT;
	d->documents = d->links = 0;
	d->ticketed = false;
	if (root == NULL) {
		discovery_asked(d->way, d->clear_text,
		    sip_address_domain(txn_spec(t)->user).p, asked, sizeof(asked));
		root = asked;
	}
	if (!autodiscover_url(root, txn_spec(t)->user, d->url)) {
		err_set(txn_err(t), CAUSE_LIMIT, URL_MAX,
		    "the URL of autodiscover is longer than %d octets", URL_MAX);
		return MOVE_FAIL;
	}
	return autodiscover_leg(t);
}

static enum step_move
ask_document(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct discover *d = &f->discover;
	struct https *web = txn_web(t);
	struct https_request rq = {
		.url = d->url,
		.clear_text = d->clear_text && d->links == 0,
		.stops_at = domains_is_online,
		.accept = AUTODISCOVER_ACCEPT,
	};

	if (web == NULL)
		return MOVE_FAIL;
	txn_try(t, "Asking %s%s", d->url, d->ticketed ? " with the web ticket" : "");
	if (d->ticketed) {
		buf_wipe_free(&f->request);
		buf_init(&f->request, TICKET_MAX);
		buf_puts(&f->request, "opaque=");
		crypto_base64(&f->request, f->ticket.assertion, f->ticket.assertion_len);
		if (f->request.failed) {
			err_set(txn_err(t), CAUSE_LIMIT, TICKET_MAX,
			    "the web ticket is too large for a header");
			return MOVE_FAIL;
		}
		rq.ticket = f->request.data;
	}
	return https_start(web, &rq, txn_err(t)) ? MOVE_WAIT : MOVE_FAIL;
}

enum step_move
autodiscover_leg(struct txn *t)
{
	struct discover *d = &txn_facts(t)->discover;

	switch (d->leg) {
	case LEG_METADATA:
		return ticket_leg_metadata(t, d->issuer);
	case LEG_TICKET:
		return ticket_leg_issue(t, d->url);
	case LEG_DOCUMENT:
		break;
	}
	return ask_document(t);
}

static void
note_oauth(struct txn *t, const struct https_answer *a)
{
	if (web_refusal_is_oauth(a))
		err_evidence(txn_err(t), EVIDENCE_OAUTH);
}

/* 401: what for, and who issues it? */
static enum step_move
wants_ticket(struct txn *t, const struct https_answer *a)
{
	struct discover *d = &txn_facts(t)->discover;

	if (d->ticketed) /* the status says it all */
		return MOVE_FAIL;
	if (d->documents == 0) { /* the root is open to everyone */
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 401,
		    "autodiscover asks for authentication (%.*s) at its root",
		    a->schemes.len > 0 ? (int)a->schemes.len : 7,
		    a->schemes.len > 0 ? a->schemes.p : "nothing");
		note_oauth(t, a);
		return MOVE_FAIL;
	}
	if (a->ticket_url.len == 0) {
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 401,
		    "autodiscover wants authentication, but names no web ticket service "
		    "(X-MS-WebTicketURL)");
		note_oauth(t, a);
		return MOVE_FAIL;
	}
	if (!str_copy(d->issuer, sizeof(d->issuer), a->ticket_url)) {
		err_set(txn_err(t), CAUSE_LIMIT, URL_MAX,
		    "the URL in X-MS-WebTicketURL is longer than %d octets", URL_MAX);
		return MOVE_FAIL;
	}
	if (!domains_allow_url(t, d->issuer, "autodiscover (X-MS-WebTicketURL)"))
		return MOVE_FAIL;
	d->leg = LEG_METADATA;
	return MOVE_AGAIN;
}

/* On to the document that this one names. */
static enum step_move
follow(struct txn *t, const char *link, const char *token)
{
	struct discover *d = &txn_facts(t)->discover;

	if (!domains_allow_url(t, link, "autodiscover"))
		return MOVE_FAIL;
	/* The user's own link is no redirect, but it must have an end, too. */
	if (++d->links > REDIRECTS_MAX + 1) {
		err_set(txn_err(t), CAUSE_REDIRECT, 200,
		    "autodiscover redirects more than %d times, last to %.120s",
		    REDIRECTS_MAX, link);
		return MOVE_FAIL;
	}
	txn_saw(t, "Link %s: %s", token, link);
	str_copy(d->url, sizeof(d->url), str_of(link));
	d->ticketed = false;
	return MOVE_AGAIN;
}

static enum step_move
take_registrar(struct txn *t, const struct autodiscover *a)
{
	const struct autodiscover_server *s = autodiscover_registrar(a);
	struct discovery *found = &txn_result(t)->discovery;

	if (s == NULL && !a->names_servers) {
		err_set(txn_err(t), CAUSE_PROTOCOL, PROTOCOL_OLD,
		    "autodiscover is the first one, of Lync Server 2010: it names no "
		    "registrar");
		return MOVE_FAIL;
	}
	if (s == NULL) {
		err_set(txn_err(t), CAUSE_PROTOCOL, 0,
		    "autodiscover names no registrar for %s clients",
		    a->access[0] == '\0'  ? "SIP"
		    : a->access[0] == 'I' ? "internal"
					  : "external");
		return MOVE_FAIL;
	}
	str_copy(found->host, sizeof(found->host), str_of(s->fqdn));
	found->port = s->port;
	str_copy(found->access, sizeof(found->access), str_of(a->access));
	return MOVE_NEXT;
}

static enum step_move
read_document(struct txn *t, const struct https_answer *answer)
{
	struct discover *d = &txn_facts(t)->discover;
	bool clear_text = d->clear_text && d->documents == 0;
	struct autodiscover a;

	if (!autodiscover_parse(answer->content_type, answer->body, &a, txn_err(t)))
		return MOVE_FAIL;
	d->documents++;
	if (a.redirect[0] != '\0')
		return follow(t, a.redirect, "Redirect");
	/* A server that answers over http may send us to https, and that is all. */
	if (clear_text) {
		err_set(txn_err(t), CAUSE_PROTOCOL, 0,
		    "autodiscover over http names no link Redirect");
		return MOVE_FAIL;
	}
	if (a.is_user)
		return take_registrar(t, &a);
	if (a.user[0] != '\0')
		return follow(t, a.user, "User");
	err_set(txn_err(t), CAUSE_PROTOCOL, 0, "autodiscover names no link User");
	return MOVE_FAIL;
}

static enum step_move
document_answer(struct txn *t)
{
	struct https_answer a = { .status = 0 };
	enum step_move move = web_leg_answer(t, who, &a);

	if (a.status == 401)
		return wants_ticket(t, &a);
	return move == MOVE_NEXT ? read_document(t, &a) : move;
}

enum step_move
autodiscover_answer(struct txn *t)
{
	struct discover *d = &txn_facts(t)->discover;
	enum step_move move;

	switch (d->leg) {
	case LEG_METADATA:
		move = ticket_leg_metadata_answer(t);
		d->leg = LEG_TICKET;
		break;
	case LEG_TICKET:
		move = ticket_leg_issue_answer(t);
		d->leg = LEG_DOCUMENT;
		d->ticketed = true;
		break;
	default:
		return document_answer(t);
	}
	return move == MOVE_NEXT ? MOVE_AGAIN : move;
}
