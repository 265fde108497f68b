/*
 * web-ticket - IssueToken with the test user's credentials (NTLM over HTTP); the answer
 * is a ticket with a proof key.
 */
#include "base/buf.h"
#include "base/err.h"
#include "txn/step.h"

#define REQUEST_MAX 16384	/* octets */

static enum verdict
start(struct txn *t)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);
	struct https *web = txn_web(t);
	struct https_request rq = {
		.url = f->ticket_url,
		.soap_action = WEBTICKET_ACTION,
		.username = s->username,
		.password = s->password,
	};
	char claim[SIP_ADDRESS_MAX + 4] = "sip:";

	if (web_leg_done(t))
		return VERDICT_NEXT;
	if (web == NULL)
		return VERDICT_FAIL;
	txn_try(t, "Trying to get web ticket.");
	txn_try(t, "Web Service url : %s", f->ticket_url);
	txn_try(t, "Using NTLM/Kerb auth. (NTLM, account %s)", s->username);
	str_copy(claim + 4, sizeof(claim) - 4, str_of(s->user));
	/* Any UUID would do; clients in the field say which endpoint asks. */
	sip_instance_from_epid(s->epid, f->ticket_context);
	crypto_random(f->ticket_request.entropy, sizeof(f->ticket_request.entropy));
	f->ticket_request.context = f->ticket_context;
	f->ticket_request.applies_to = f->certprov.service;
	f->ticket_request.claim = claim;
	buf_free(&f->request);
	buf_init(&f->request, REQUEST_MAX);
	webticket_build(&f->ticket_request, &f->request);
	f->ticket_request.claim = NULL;		/* it was on this function's stack */
	rq.body = buf_view(&f->request);
	if (f->request.failed) {
		err_set(txn_err(t), CAUSE_LIMIT, REQUEST_MAX,
		    "the ticket request is too large");
		return VERDICT_FAIL;
	}
	return https_start(web, &rq, txn_err(t)) ? VERDICT_WAIT : VERDICT_FAIL;
}

/*
 * 401 means one of three things: our credentials were refused, the scheme that we speak
 * is not offered, or it is but not with NTLM in it (Negotiate for Kerberos alone).
 */
static enum verdict
judge_401(struct txn *t, const struct https_answer *a)
{
	struct str offer = a->schemes.len > 0 ? a->schemes : STR_LIT("nothing");
	bool by = a->server_fqdn.len > 0;

	if (a->proven)
		err_set(txn_err(t), CAUSE_AUTH, 401, "HTTP 401 after %s as %s%s%.*s",
		    a->scheme, txn_spec(t)->username, by ? ", by " : "",
		    (int)a->server_fqdn.len, a->server_fqdn.p);
	else if (a->scheme != NULL)
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 401,
		    "the web ticket service offers %s, but answers NTLM in it with "
		    "HTTP 401 and no challenge", a->scheme);
	else
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 401,
		    "the web ticket service offers %.*s, not NTLM", (int)offer.len,
		    offer.p);
	if (a->diagnostics.len > 0)
		err_said(txn_err(t), a->diagnostics);
	return VERDICT_FAIL;
}

static enum verdict
finish(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct https_answer a = { .status = 0 };
	enum verdict v = web_leg_answer(t, "web ticket service", &a);
	int64_t now = clock_wall_ms(txn_env(t)->clock) / 1000;

	if (a.status == 401)
		return judge_401(t, &a);
	if (v != VERDICT_NEXT)
		return v;
	webticket_clear(&f->ticket);
	if (!webticket_parse(a.body, &f->ticket_request, &f->ticket, txn_err(t)))
		return VERDICT_FAIL;
	if (f->certprov.proof && !f->ticket.proof) {
		err_set(txn_err(t), CAUSE_PROTOCOL, 0,
		    "a proof ticket was asked for, a bearer ticket came");
		return VERDICT_FAIL;
	}
	txn_saw(t, "Web ticket %s, valid %s to %s, %u HTTP legs", f->ticket.assertion_id,
	    f->ticket.created, f->ticket.expires, a.legs);
	if (f->ticket.expires_s <= now || f->ticket.created_s > now + 300)
		txn_warn(t, WARNING_LIFETIME,
		    "Warning: the web ticket is not valid now by our clock");
	return VERDICT_NEXT;
}

const struct step step_web_ticket = {
	.id = STEP_WEB_TICKET,
	.budget_ms = 20000,
	.wakes = FROM(SOURCE_WEB),
	.start = start,
	.finish = finish,
};
