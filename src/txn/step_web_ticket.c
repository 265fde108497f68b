/*
 * web-ticket - IssueToken with the test user's credentials, by the method of the account;
 * the answer is a ticket with a proof key.
 */
#include "vocab/err.h"
#include "txn/step.h"

static enum verdict
start(struct txn *t)
{
	if (web_leg_done(t))
		return VERDICT_NEXT;
	return ticket_leg_issue(t, txn_facts(t)->certprov.service);
}

static enum verdict
finish(struct txn *t)
{
	const struct facts *f = txn_facts(t);
	enum verdict v = ticket_leg_issue_answer(t);

	if (v == VERDICT_NEXT && f->certprov.proof && !f->ticket.proof) {
		err_set(txn_err(t), CAUSE_PROTOCOL, 0,
		    "a proof ticket was asked for, a bearer ticket came");
		return VERDICT_FAIL;
	}
	return v;
}

const struct step step_web_ticket = {
	.id = STEP_WEB_TICKET,
	.budget_ms = 20000,
	.wakes = FROM(SOURCE_WEB),
	.start = start,
	.finish = finish,
};
