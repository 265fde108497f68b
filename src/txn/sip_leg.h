/*
 * sip_leg - one REGISTER out, its final answer in; shared by challenge, tls-dsk, register
 * and log-off. For txn/ only.
 */
#ifndef CSWATCH_TXN_SIP_LEG_H
#define CSWATCH_TXN_SIP_LEG_H
#include "base/str.h"
#include "txn/facts.h"
#include "txn/step.h"

struct sip_msg;

/* Sends the next REGISTER of the endpoint. */
enum step_move sip_leg_send(struct txn *t, const char *expires, struct str authorization);
/* Signs with the association; with_version as in sip_sa_sign(). */
enum step_move sip_leg_send_signed(struct txn *t, const char *expires, bool with_version);
/*
 * Has the final answer to the last REGISTER judged. MOVE_WAIT: it is not here yet.
 * Provisional answers, other transactions' answers and requests are skipped, a bounded
 * number of them.
 */
enum step_move sip_leg_finish(
    struct txn *t, enum step_move (*judge)(struct txn *t, const struct sip_msg *m));
/*
 * Fills txn_err() from a status that the step did not want; what says what was wanted.
 * Returns MOVE_FAIL.
 */
enum step_move sip_leg_refused(struct txn *t, const struct sip_msg *m, const char *what);
/*
 * Follows a 301/302: MOVE_RESTART, and the facts name the home pool; or MOVE_FAIL (loop,
 * no Contact, not sip:).
 */
enum step_move sip_leg_redirect(struct txn *t, const struct sip_msg *m);
/*
 * Copies an authentication parameter that will be sent back inside quotes. Returns false,
 * with txn_err(), if it cannot be.
 */
bool sip_leg_param(
    struct txn *t, struct str value, const char *name, char ret[AUTH_TEXT_MAX]);

#endif
