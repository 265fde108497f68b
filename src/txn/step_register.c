/*
 * register - the signed REGISTER. Only a 200 whose signature verifies proves that the
 * registrar holds the keys of the handshake and knows us by our certificate. Spec 04
 * sections 5 (legs 8, 9), 7, 8.
 */
#include "base/buf.h"
#include "vocab/err.h"
#include "sip/msg.h"
#include "sip/sa.h"
#include "sip/auth.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/sip_leg.h"
#include "txn/step.h"

/* from here on the request that completes the handshake is itself signed */
#define VERSION_SIGNED 4

static enum step_move
send_unsigned(struct txn *t)
{
	const struct facts *f = txn_facts(t);
	const struct sip_auth_leg leg = { .opaque = f->opaque,
		.realm = f->realm,
		.targetname = f->targetname,
		.version = f->version };
	struct buf value;
	enum step_move move;

	buf_init(&value, 4 * AUTH_TEXT_MAX);
	sip_auth_leg(&leg, &value);
	move = sip_leg_send(t, NULL, buf_view(&value));
	buf_free(&value);
	return move;
}

static enum step_move
start(struct txn *t)
{
	struct facts *f = txn_facts(t);
	enum step_move move;

	txn_try(t, "Signed REGISTER as sip:%s", txn_spec(t)->user);
	move = f->version >= VERSION_SIGNED ? sip_leg_send_signed(t, NULL, true)
					    : send_unsigned(t);
	/* From now on the registrar may hold a binding, whatever we hear of it. */
	f->registered = move == MOVE_WAIT;
	return move;
}

static enum step_move
accepted(struct txn *t, const struct sip_msg *m)
{
	struct str expires = sip_msg_header(m, "Expires", 0);

	if (!sip_sa_verify(txn_facts(t)->sa, m, txn_err(t)))
		return MOVE_FAIL;
	txn_saw(t, "Logged on: 200, signature verified, expires in %.*s s",
	    expires.len > 0 ? (int)expires.len : 1, expires.len > 0 ? expires.p : "?");
	return MOVE_NEXT;
}

static enum step_move
judge(struct txn *t, const struct sip_msg *m)
{
	struct facts *f = txn_facts(t);
	struct sip_diagnostics diag;
	unsigned status = sip_msg_status(m);

	if (status == 200)
		return accepted(t, m);
	f->registered = false;
	if (status == 301 || status == 302)
		return sip_sa_verify(f->sa, m, txn_err(t)) ? sip_leg_redirect(t, m)
							   : MOVE_FAIL;
	if (status != 401 && status != 407)
		return sip_leg_refused(t, m, "200 OK");
	err_set(txn_err(t), CAUSE_AUTH, status,
	    "the registrar answered the signed REGISTER with a fresh challenge: it "
	    "refused our signature");
	if (sip_diagnostics(m, &diag))
		err_said(txn_err(t), str_of(diag.text));
	return MOVE_FAIL;
}

static enum step_move
finish(struct txn *t)
{
	return sip_leg_finish(t, judge);
}

const struct step step_register = {
	.id = STEP_REGISTER,
	.budget_ms = 15000,
	.wakes = FROM(SOURCE_SIP),
	.start = start,
	.finish = finish,
};
