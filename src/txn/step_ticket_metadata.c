/*
 * ticket-metadata - how the web ticket service lets us authenticate. Spec 02 section
 * 2.2.
 */
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
	return ticket_leg_metadata(t, txn_facts(t)->certprov.issuer);
}

const struct step step_ticket_metadata = {
	.id = STEP_TICKET_METADATA,
	.budget_ms = 20000,
	.wakes = FROM(SOURCE_WEB),
	.start = start,
	.finish = ticket_leg_metadata_answer,
};
