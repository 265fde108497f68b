/*
 * sip-connect - TCP and the outer TLS to the registrar; the certificate's chain and
 * name are checked.
 */
#include <stdio.h>

#include "transport/siptls.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "vocab/err.h"

static void
on_sip(void *arg)
{
	txn_wake(arg, SOURCE_SIP);
}

static enum step_move
start(struct txn *t)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);

	txn_leg(t, f->reach_ms);
	txn_try(t, "Connecting to the registrar %s:%u", f->host, f->port);
	siptls_free(f->conn);
	f->conn = siptls_new(txn_env(t)->loop, on_sip, t);
	if (f->conn == NULL ||
	    !sip_endpoint_init(&f->endpoint, s->user, s->epid, s->user_agent)) {
		err_local(txn_err(t), 0,
		    f->conn == NULL ? "out of memory" : "the endpoint id is unusable");
		return MOVE_FAIL;
	}
	siptls_listen(f->conn, txn_tap(t));
	return siptls_connect(f->conn, &f->addrs, f->host, s->tls, txn_err(t))
		   ? MOVE_WAIT
		   : MOVE_FAIL;
}

static enum step_move
finish(struct txn *t)
{
	struct facts *f = txn_facts(t);

	if (txn_late(t)) {
		err_set(txn_err(t), CAUSE_TIMEOUT, f->reach_ms,
		    "no connection to %s:%u within %u ms", f->host, f->port, f->reach_ms);
		return MOVE_FAIL;
	}
	if (!siptls_connected(f->conn)) {
		if (!siptls_failed(f->conn, txn_err(t)))
			return MOVE_WAIT;
		if (siptls_peer(f->conn)->cert.known)
			txn_result(t)->registrar = siptls_peer(f->conn)->cert;
		return MOVE_FAIL;
	}
	snprintf(
	    f->endpoint.local, sizeof(f->endpoint.local), "%s", siptls_local(f->conn));
	txn_saw(t, "Connected to %s, %s, certificate %s", siptls_remote(f->conn),
	    siptls_peer(f->conn)->version, siptls_peer(f->conn)->cert.subject);
	txn_check_peer(t, "registrar", siptls_peer(f->conn), &txn_result(t)->registrar);
	return MOVE_NEXT;
}

const struct step step_sip_connect = {
	.id = STEP_SIP_CONNECT,
	.budget_ms = 10000,
	.wakes = FROM(SOURCE_SIP),
	.start = start,
	.finish = finish,
};
