/*
 * sip-connect - TCP and the outer TLS to the registrar; the certificate's chain and
 * name are checked.
 */
#include <stdio.h>

#include "vocab/err.h"
#include "transport/siptls.h"
#include "txn/step.h"

static void
on_sip(void *arg)
{
	txn_wake(arg, SOURCE_SIP);
}

static enum verdict
start(struct txn *t)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);

	discover_hurry(t);
	txn_try(t, "Connecting to the registrar %s:%u", f->host, f->port);
	siptls_free(f->conn);
	f->conn = siptls_new(txn_env(t)->loop, on_sip, t);
	if (f->conn == NULL ||
	    !sip_endpoint_init(&f->endpoint, s->user, s->epid, s->user_agent)) {
		err_local(txn_err(t), 0,
		    f->conn == NULL ? "out of memory" : "the endpoint id is unusable");
		return VERDICT_FAIL;
	}
	siptls_listen(f->conn, txn_tap(t));
	return siptls_connect(f->conn, &f->addrs, f->host, s->tls, txn_err(t))
		   ? VERDICT_WAIT
		   : VERDICT_FAIL;
}

static enum verdict
finish(struct txn *t)
{
	struct facts *f = txn_facts(t);

	if (!siptls_connected(f->conn)) {
		if (!siptls_failed(f->conn, txn_err(t)))
			return VERDICT_WAIT;
		if (siptls_peer(f->conn)->cert.known)
			txn_result(t)->registrar = siptls_peer(f->conn)->cert;
		return VERDICT_FAIL;
	}
	snprintf(
	    f->endpoint.local, sizeof(f->endpoint.local), "%s", siptls_local(f->conn));
	txn_saw(t, "Connected to %s, %s, certificate %s", siptls_remote(f->conn),
	    siptls_peer(f->conn)->version, siptls_peer(f->conn)->cert.subject);
	txn_check_peer(t, "registrar", siptls_peer(f->conn), &txn_result(t)->registrar);
	return VERDICT_NEXT;
}

static enum verdict
late(struct txn *t)
{
	const struct facts *f = txn_facts(t);

	err_set(txn_err(t), CAUSE_TIMEOUT, DISCOVERY_LEG_MS,
	    "no connection to %s:%u within %d ms", f->host, f->port, DISCOVERY_LEG_MS);
	return VERDICT_FAIL;
}

const struct step step_sip_connect = {
	.id = STEP_SIP_CONNECT,
	.budget_ms = 10000,
	.wakes = FROM(SOURCE_SIP),
	.start = start,
	.finish = finish,
	.late = late,
	.elsewhere = discover_elsewhere,
};
