/*
 * ticket-metadata - how the web ticket service lets us authenticate. Spec 02 section
 * 2.2.
 */
#include "txn/step.h"

static enum verdict
start(struct txn *t)
{
	if (web_leg_done(t))
		return VERDICT_NEXT;
	return ticket_leg_metadata(t, txn_facts(t)->certprov.issuer);
}

const struct step step_ticket_metadata = {
	.id = STEP_TICKET_METADATA,
	.budget_ms = 20000,
	.wakes = FROM(SOURCE_WEB),
	.start = start,
	.finish = ticket_leg_metadata_answer,
};
