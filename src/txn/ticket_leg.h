/*
 * ticket_leg - a web ticket, in two requests: how one may authenticate, then the ticket.
 * Spec 02 sections 2.2 to 5. Shared by discover and by the two steps that are named after
 * these legs. For txn/ only.
 */
#ifndef CSWATCH_TXN_TICKET_LEG_H
#define CSWATCH_TXN_TICKET_LEG_H
#include "txn/step.h"

/* issuer: URL of the web ticket service, which web_leg_allowed() allows. */
enum step_move ticket_leg_metadata(struct txn *t, const char *issuer);
enum step_move ticket_leg_metadata_answer(struct txn *t); /* facts: ticket_url */
/* A ticket for the service at that URL. */
enum step_move ticket_leg_issue(struct txn *t, const char *applies_to);
enum step_move ticket_leg_issue_answer(struct txn *t); /* facts: ticket */

#endif
