/*
 * log-off - signed REGISTER with Expires: 0. Runs whenever something may be registered,
 * also after a failure or while the daemon stops; what goes wrong here is a warning, as
 * with the cmdlet. Spec 04 section 9.
 */
#include "vocab/err.h"
#include "sip/msg.h"
#include "sip/sa.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/sip_leg.h"
#include "txn/step.h"

static enum step_move
start(struct txn *t)
{
	if (!txn_facts(t)->registered)
		return MOVE_NEXT;
	txn_try(t, "Signed REGISTER with Expires: 0");
	return sip_leg_send_signed(t, "0", false);
}

static enum step_move
judge(struct txn *t, const struct sip_msg *m)
{
	if (sip_msg_status(m) != 200)
		return sip_leg_refused(t, m, "200 OK");
	return sip_sa_verify(txn_facts(t)->sa, m, txn_err(t)) ? MOVE_NEXT : MOVE_FAIL;
}

static enum step_move
finish(struct txn *t)
{
	return sip_leg_finish(t, judge);
}

const struct step step_log_off = {
	.id = STEP_LOG_OFF,
	.budget_ms = 4000, /* a stopping daemon has five seconds */
	.always = true,
	.wakes = FROM(SOURCE_SIP),
	.start = start,
	.finish = finish,
};
