/*
 * tls-dsk - the inner TLS handshake, carried in gssapi-data of REGISTER and 401, with
 * the certificate just issued; its end is a security association with two signing keys.
 * [MS-SIPAE] 3.2; spec 04 sections 5, 6.
 */
#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "sip/auth.h"
#include "sip/msg.h"
#include "sip/sa.h"
#include "tls/credential.h"
#include "tls/inner.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/sip_leg.h"
#include "txn/step.h"

/* Sends what the handshake produced. */
static enum step_move
send_leg(struct txn *t, struct str records)
{
	const struct facts *f = txn_facts(t);
	const struct sip_auth_leg leg = { .opaque = f->opaque,
		.realm = f->realm,
		.targetname = f->targetname,
		.records = records,
		.version = f->version };
	struct buf value;
	enum step_move move;

	buf_init(&value, 2 * TLS_INNER_LEG_MAX);
	sip_auth_leg(&leg, &value);
	move = value.failed ? MOVE_FAIL : sip_leg_send(t, NULL, buf_view(&value));
	if (value.failed)
		err_set(txn_err(t), CAUSE_LIMIT, TLS_INNER_LEG_MAX,
		    "a leg of the handshake is too large");
	buf_free(&value);
	return move;
}

/*
 * The outer connection has proven who this is already; the inner certificate tells
 * whether another machine is between the two, or that the pool shows clients another one.
 */
static bool
judge_server(struct txn *t)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);
	struct cert_facts peer;
	char what[64];
	struct err err;

	tls_inner_describe(f->handshake, what, sizeof(what));
	tls_inner_peer(f->handshake, &peer);
	txn_saw(t, "Inner handshake done: %s, certificate %s", what,
	    peer.known ? peer.subject : "none");
	if (s->inner_check == TLS_INNER_OFF ||
	    tls_inner_trusted(f->handshake, s->tls, f->host, f->targetname, &err))
		return true;
	if (s->inner_check == TLS_INNER_STRICT) {
		*txn_err(t) = err;
		return false;
	}
	txn_saw(t, "Inside TLS-DSK %s; inner_certificate = \"strict\" would fail here",
	    err.detail);
	return true;
}

static enum step_move
associate(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct sip_sa_settings s = {
		.realm = f->realm,
		.targetname = f->targetname,
		.opaque = f->opaque,
		.version = f->version,
	};
	struct tls_inner_keys keys;

	if (!judge_server(t))
		return MOVE_FAIL;
	if (!tls_inner_keys(f->handshake, &keys, txn_err(t)))
		return MOVE_FAIL;
	s.mac = keys.mac;
	memcpy(s.send_key, keys.client, sizeof(s.send_key));
	memcpy(s.recv_key, keys.server, sizeof(s.recv_key));
	sip_sa_free(f->sa);
	f->sa = sip_sa_new(&s);
	secret_wipe(&keys, sizeof(keys));
	secret_wipe(&s, sizeof(s));
	tls_inner_free(f->handshake);
	f->handshake = NULL;
	if (f->sa == NULL) {
		err_local(txn_err(t), 0, "out of memory");
		return MOVE_FAIL;
	}
	return MOVE_NEXT;
}

/* Feeds the server's records; sends ours, if any. in is empty at the beginning. */
static enum step_move
turn(struct txn *t, struct str in)
{
	struct facts *f = txn_facts(t);
	struct buf out;
	enum step_move move;

	buf_init(&out, TLS_INNER_LEG_MAX);
	switch (tls_inner_leg(f->handshake, in, &out, txn_err(t))) {
	case TLS_INNER_MORE:
		move = send_leg(t, buf_view(&out));
		break;
	case TLS_INNER_ESTABLISHED:
		move = associate(t);
		break;
	default:
		move = MOVE_FAIL;
		break;
	}
	buf_free(&out);
	return move;
}

static enum step_move
start(struct txn *t)
{
	struct facts *f = txn_facts(t);

	txn_try(t, "Inner TLS handshake with %s, certificate %s", f->targetname,
	    credential_facts(f->credential)->serial);
	f->opaque[0] = '\0';
	tls_inner_free(f->handshake);
	f->handshake = tls_inner_client(txn_spec(t)->inner, f->credential, txn_err(t));
	return f->handshake == NULL ? MOVE_FAIL : turn(t, STR_NULL);
}

/*
 * A 401 that goes on with the handshake carries gssapi-data; one without it is a
 * refusal. Spec 04 section 5.
 */
static enum step_move
judge_401(struct txn *t, const struct sip_msg *m)
{
	struct facts *f = txn_facts(t);
	struct sip_diagnostics diag;
	struct sip_auth auth;
	struct str data, opaque;
	struct buf records;
	enum step_move move;

	if (!sip_auth_find(m, "WWW-Authenticate", "TLS-DSK", &auth) ||
	    (data = sip_auth_param(&auth, "gssapi-data")).p == NULL) {
		err_set(txn_err(t), CAUSE_HANDSHAKE, 0,
		    "the registrar ended the handshake with a fresh challenge: it does "
		    "not accept the certificate %s",
		    credential_facts(f->credential)->serial);
		if (sip_diagnostics(m, &diag))
			err_said(txn_err(t), str_of(diag.text));
		return MOVE_FAIL;
	}
	opaque = sip_auth_param(&auth, "opaque");
	if (opaque.p != NULL && !sip_leg_param(t, opaque, "opaque", f->opaque))
		return MOVE_FAIL;
	buf_init(&records, TLS_INNER_LEG_MAX);
	if (!crypto_unbase64(data, &records) || records.failed) {
		err_set(txn_err(t), CAUSE_PROTOCOL, 0,
		    "gssapi-data is not base64 of at most %d octets", TLS_INNER_LEG_MAX);
		move = MOVE_FAIL;
	} else {
		move = turn(t, buf_view(&records));
	}
	buf_free(&records);
	return move;
}

static enum step_move
judge(struct txn *t, const struct sip_msg *m)
{
	unsigned status = sip_msg_status(m);

	if (status != 401 && status != 407)
		return sip_leg_refused(t, m, "the handshake to go on");
	return judge_401(t, m);
}

static enum step_move
finish(struct txn *t)
{
	return sip_leg_finish(t, judge);
}

const struct step step_tls_dsk = {
	.id = STEP_TLS_DSK,
	.budget_ms = 15000,
	.wakes = FROM(SOURCE_SIP),
	.start = start,
	.finish = finish,
};
