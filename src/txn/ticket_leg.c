/*
 * ticket_leg - how a web ticket is got from the service that issues them: what it says of
 * itself, then the ticket. Spec 02 sections 2.2 to 5. Shared by discover and by the two
 * steps that are named after these legs.
 */
#include <stdio.h>

#include "base/buf.h"
#include "trace/secret_words.h"
#include "txn/step.h"
#include "vocab/err.h"

#define REQUEST_MAX 16384 /* octets */

enum verdict
ticket_leg_metadata(struct txn *t, const char *issuer)
{
	char url[URL_MAX + 4];

	txn_try(t, "Asking the web ticket service %s how to authenticate", issuer);
	snprintf(url, sizeof(url), "%s/mex", issuer);
	return web_leg_get(t, url);
}

enum verdict
ticket_leg_metadata_answer(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct mex_ticket ports;
	struct https_answer a;
	enum verdict v = web_leg_answer(t, "web ticket service", &a);
	const char *url;

	if (v != VERDICT_NEXT)
		return v;
	if (!mex_parse_ticket(a.body, &ports, txn_err(t)))
		return VERDICT_FAIL;
	url = ports.win_negotiate[0] != '\0' ? ports.win_negotiate : ports.win_ntlm;
	if (url[0] == '\0') {
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 0,
		    "no port for Windows authentication (WebTicketServiceWinNegotiate, "
		    "...WinNtlm) among: %s",
		    ports.ports);
		return VERDICT_FAIL;
	}
	if (!web_leg_allowed(t, url, "the web ticket service's port"))
		return VERDICT_FAIL;
	snprintf(f->ticket_url, sizeof(f->ticket_url), "%s", url);
	txn_saw(t, "Windows authentication at %s", f->ticket_url);
	return VERDICT_NEXT;
}

/* Our half of the proof key, which the request carries. False: txn_err(t). */
static bool
hide_entropy(struct txn *t)
{
	struct facts *f = txn_facts(t);
	const struct str bytes = { (const char *)f->ticket_request.entropy,
		sizeof(f->ticket_request.entropy) };

	if (f->tickets == SECRET_KEYS_MAX)
		err_set(txn_err(t), CAUSE_LIMIT, SECRET_KEYS_MAX,
		    "more than %d web tickets would be needed", SECRET_KEYS_MAX);
	else if (!secret_words_add_key(txn_words(t), bytes))
		err_local(txn_err(t), 0, "out of memory");
	else
		return true;
	return false;
}

enum verdict
ticket_leg_issue(struct txn *t, const char *applies_to)
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

	if (web == NULL)
		return VERDICT_FAIL;
	txn_try(t, "Trying to get web ticket.");
	txn_try(t, "Web Service url : %s", f->ticket_url);
	txn_try(t, "Using NTLM/Kerb auth. (NTLM, account %s)", s->username);
	str_copy(claim + 4, sizeof(claim) - 4, str_of(s->user));
	/* Any UUID would do; clients in the field say which endpoint asks. */
	sip_instance_from_epid(s->epid, f->ticket_context);
	crypto_random(f->ticket_request.entropy, sizeof(f->ticket_request.entropy));
	if (!hide_entropy(t))
		return VERDICT_FAIL;
	f->tickets++;
	f->ticket_request.context = f->ticket_context;
	f->ticket_request.applies_to = applies_to;
	f->ticket_request.claim = claim;
	buf_free(&f->request);
	buf_init(&f->request, REQUEST_MAX);
	webticket_build(&f->ticket_request, &f->request);
	f->ticket_request.claim = NULL; /* they are not ours */
	f->ticket_request.applies_to = NULL;
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
		    "HTTP 401 and no challenge",
		    a->scheme);
	else
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 401,
		    "the web ticket service offers %.*s, not NTLM", (int)offer.len,
		    offer.p);
	if (a->diagnostics.len > 0)
		err_said(txn_err(t), a->diagnostics);
	return VERDICT_FAIL;
}

enum verdict
ticket_leg_issue_answer(struct txn *t)
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
	txn_saw(t, "Web ticket %s, valid %s to %s, %u HTTP legs", f->ticket.assertion_id,
	    f->ticket.created, f->ticket.expires, a.legs);
	if (f->ticket.expires_s <= now || f->ticket.created_s > now + 300)
		txn_warn(t, WARNING_LIFETIME,
		    "Warning: the web ticket is not valid now by our clock");
	return VERDICT_NEXT;
}
