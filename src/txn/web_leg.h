/*
 * web_leg - one request to a web service, and its answer. For txn/ only.
 */
#ifndef CSWATCH_TXN_WEB_LEG_H
#define CSWATCH_TXN_WEB_LEG_H
#include "transport/https.h"
#include "txn/facts.h"
#include "txn/step.h"

enum step_move web_leg_get(struct txn *t, const char *url);
/*
 * Takes the answer: MOVE_NEXT on status 200 with something other than a web page, else
 * MOVE_FAIL; *ret is filled in when there is one. who is for the error text: "certificate
 * provisioning service".
 */
enum step_move web_leg_answer(struct txn *t, const char *who, struct https_answer *ret);
/*
 * Returns whether a certificate is at hand already (a redirect started the plan again):
 * the web steps have nothing to do.
 */
bool web_leg_done(struct txn *t);
#endif
