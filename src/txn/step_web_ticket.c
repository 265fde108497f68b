/*
 * web-ticket - IssueToken with the test user's credentials, by the method of the account;
 * the answer is a ticket with a proof key.
 */
#include "vocab/err.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn/ticket_leg.h"
#include "txn/web_leg.h"

static enum step_move
start(struct txn *t)
{
	if (web_leg_done(t))
		return MOVE_NEXT;
	return ticket_leg_issue(t, txn_facts(t)->certprov.service);
}

static enum step_move
finish(struct txn *t)
{
	const struct facts *f = txn_facts(t);
	enum step_move move = ticket_leg_issue_answer(t);

	if (move == MOVE_NEXT && f->certprov.proof && !f->ticket.proof) {
		err_set(txn_err(t), CAUSE_PROTOCOL, 0,
		    "a proof ticket was asked for, a bearer ticket came");
		return MOVE_FAIL;
	}
	return move;
}

const struct step step_web_ticket = {
	.id = STEP_WEB_TICKET,
	.budget_ms = 20000,
	.wakes = FROM(SOURCE_WEB),
	.start = start,
	.finish = finish,
};
