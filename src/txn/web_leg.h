/*
 * web_leg - one request to a web service, its answer judged; and where requests may go.
 * For txn/ only.
 */
#ifndef CSWATCH_TXN_WEB_LEG_H
#define CSWATCH_TXN_WEB_LEG_H
#include "transport/https.h"
#include "txn/facts.h"
#include "txn/step.h"

enum step_move web_leg_get(struct txn *t, const char *url);
/*
 * Takes the answer: MOVE_NEXT on status 200, else MOVE_FAIL; *ret is filled in when there
 * is one. who is for the error text: "certificate provisioning service".
 */
enum step_move web_leg_answer(struct txn *t, const char *who, struct https_answer *ret);
/*
 * Returns whether a certificate is at hand already (a redirect started the plan again):
 * the web steps have nothing to do.
 */
bool web_leg_done(struct txn *t);
/*
 * Returns false, with txn_err(), for a URL outside the domains of the target, the SIP
 * address and those configured: credentials go there. from names who sends us.
 */
bool web_leg_allowed(struct txn *t, const char *url, const char *from);
/* Returns whether host is the user's SIP domain, or below it. */
bool web_leg_in_domain(const struct txn_spec *s, const char *host);

#endif
