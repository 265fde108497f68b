#include "txn/sip_leg.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "vocab/error_id.h"
#include "base/text.h"
#include "sip/auth.h"
#include "sip/msg.h"
#include "sip/redirect.h"
#include "sip/sa.h"
#include "transport/siptls.h"

#define REGISTER_MAX 65536 /* bytes; registrars refuse more than 128 KiB */
#define SKIP_MAX     64	   /* messages at once that are not our answer */

static enum step_move
send_built(struct txn *t, const char *expires, struct str authorization)
{
	struct facts *f = txn_facts(t);
	struct buf msg;
	bool sent;

	buf_init(&msg, REGISTER_MAX);
	sip_endpoint_register(&f->endpoint, expires, authorization, &msg);
	if (msg.failed)
		err_set(txn_err(t), CAUSE_LIMIT, REGISTER_MAX,
		    "the REGISTER does not fit in %d octets", REGISTER_MAX);
	f->skipped = 0;
	sent = !msg.failed && siptls_send(f->conn, buf_view(&msg), txn_err(t));
	buf_free(&msg);
	return sent ? MOVE_WAIT : MOVE_FAIL;
}

enum step_move
sip_leg_send(struct txn *t, const char *expires, struct str authorization)
{
	struct sip_signed ignored;

	sip_endpoint_next(&txn_facts(t)->endpoint, expires, &ignored);
	return send_built(t, expires, authorization);
}

enum step_move
sip_leg_send_signed(struct txn *t, const char *expires, bool with_version)
{
	struct facts *f = txn_facts(t);
	struct sip_signed values;
	struct buf authorization;
	enum step_move move = MOVE_FAIL;

	sip_endpoint_next(&f->endpoint, expires, &values);
	buf_init(&authorization, 4096);
	if (sip_sa_sign(f->sa, &values, with_version, NULL, &authorization) &&
	    !authorization.failed)
		move = send_built(t, expires, buf_view(&authorization));
	else
		err_local(txn_err(t), 0, "the REGISTER could not be signed");
	buf_free(&authorization);
	return move;
}

/* A final response to the REGISTER that was sent last. */
static bool
is_our_answer(const struct facts *f, const struct sip_msg *m)
{
	return !sip_msg_is_request(m) && sip_msg_status(m) >= 200 &&
	       sip_msg_cseq(m) == f->endpoint.cseq &&
	       str_eq(sip_msg_method(m), "REGISTER") &&
	       str_eq(sip_msg_call_id(m), f->endpoint.call_id);
}

static enum step_move
take_answer(struct txn *t, struct sip_msg **ret)
{
	struct facts *f = txn_facts(t);
	struct sip_msg *m;

	while ((m = siptls_take(f->conn)) != NULL) {
		if (is_our_answer(f, m)) {
			*ret = m;
			return MOVE_NEXT;
		}
		sip_msg_free(m);
		if (++f->skipped > SKIP_MAX) {
			err_set(txn_err(t), CAUSE_PROTOCOL, 0,
			    "the registrar sent %d messages, none of them the answer",
			    SKIP_MAX);
			return MOVE_FAIL;
		}
	}
	return siptls_failed(f->conn, txn_err(t)) ? MOVE_FAIL : MOVE_WAIT;
}

enum step_move
sip_leg_finish(
    struct txn *t, enum step_move (*judge)(struct txn *t, const struct sip_msg *m))
{
	struct sip_msg *m = NULL;
	enum step_move move = take_answer(t, &m);

	if (move == MOVE_NEXT)
		move = judge(t, m);
	sip_msg_free(m);
	return move;
}

/* What the server's number proves; else 404 as such says that the account is unknown. */
static enum cause
cause_of_refusal(unsigned status, unsigned id)
{
	enum cause cause = error_id_cause(ERROR_OF_SIP, id);

	if (cause != CAUSE_NONE)
		return cause;
	return status == 404 ? CAUSE_DISABLED : CAUSE_SIP;
}

enum step_move
sip_leg_refused(struct txn *t, const struct sip_msg *m, const char *what)
{
	struct err *e = txn_err(t);
	struct sip_diagnostics diag = { .id = 0 };
	bool has_diag = sip_diagnostics(m, &diag);
	unsigned status = sip_msg_status(m);
	struct str phrase = sip_msg_phrase(m);

	err_set(e, cause_of_refusal(status, diag.id), status, "wanted %s, got %u %.*s",
	    what, status, (int)phrase.len, phrase.p);
	err_phrase(e, phrase);
	if (has_diag)
		err_said(e, str_of(diag.text));
	return MOVE_FAIL;
}

enum step_move
sip_leg_redirect(struct txn *t, const struct sip_msg *m)
{
	struct facts *f = txn_facts(t);
	struct str contact = sip_addr_uri(sip_msg_header(m, "Contact", 0));
	struct sip_target targets[SIP_TARGETS_MAX];
	unsigned status = sip_msg_status(m);

	if (sip_redirect_targets(m, targets) == 0) {
		err_set(txn_err(t), CAUSE_REDIRECT, status,
		    "the redirect names no usable address (Contact %.*s)",
		    (int)contact.len, contact.p);
		return MOVE_FAIL;
	}
	if (f->redirects == TXN_REDIRECTS_MAX) {
		err_set(txn_err(t), CAUSE_REDIRECT, status,
		    "redirected more than %d times, last to %s:%u", TXN_REDIRECTS_MAX,
		    targets[0].host, targets[0].port);
		return MOVE_FAIL;
	}
	f->redirects++;
	f->reach_ms = 0; /* where it leads is the only one to try */
	str_copy(f->host, sizeof(f->host), str_of(targets[0].host));
	f->port = targets[0].port;
	txn_result(t)->discovery.moved_on = true;
	txn_warn(
	    t, WARNING_REDIRECT, "Warning: the user is homed on %s:%u", f->host, f->port);
	return MOVE_RESTART;
}

bool
sip_leg_param(struct txn *t, struct str value, const char *name, char ret[AUTH_TEXT_MAX])
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.p[i];

		/*
		 * '<' and '>' delimit fields of what is signed; the rest would break
		 * the quoting.
		 */
		if (c < ' ' || c == 0x7f || c == '"' || c == '\\' || c == '<' ||
		    c == '>') {
			err_set(txn_err(t), CAUSE_PROTOCOL, 0,
			    "the challenge's %s holds a character that cannot be sent "
			    "back",
			    name);
			return false;
		}
	}
	if (value.p != NULL && str_copy(ret, AUTH_TEXT_MAX, value))
		return true;
	err_set(txn_err(t), CAUSE_PROTOCOL, 0, "the challenge's %s is %s", name,
	    value.p == NULL ? "missing" : "too long");
	return false;
}
