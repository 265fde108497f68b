/*
 * ticket-metadata - how the web ticket service lets us authenticate. Spec 02 section
 * 2.2.
 */
#include <stdio.h>

#include "base/err.h"
#include "txn/step.h"

static enum verdict
start(struct txn *t)
{
	char url[URL_MAX + 4];

	if (web_leg_done(t))
		return VERDICT_NEXT;
	txn_try(t, "Asking the web ticket service %s how to authenticate",
	    txn_facts(t)->certprov.issuer);
	snprintf(url, sizeof(url), "%s/mex", txn_facts(t)->certprov.issuer);
	return web_leg_get(t, url);
}

static enum verdict
finish(struct txn *t)
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

const struct step step_ticket_metadata = {
	.id = STEP_TICKET_METADATA,
	.budget_ms = 20000,
	.wakes = FROM(SOURCE_WEB),
	.start = start,
	.finish = finish,
};
