/*
 * certificate - GetAndPublishCert: our PKCS#10 request out, secured by the ticket; a
 * client certificate in, published on the server. Spec 03.
 */
#include <stdio.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "soap/certprov.h"
#include "tls/credential.h"
#include "tls/identity.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn/web_leg.h"
#include "txn/web_refusal.h"

#define REQUEST_MAX (256 * 1024) /* bytes; a ticket may be large */
#define CERT_MAX    65536	 /* bytes of DER */
#define ID_NO_TOKEN 28020	 /* ErrorId: no valid security token */

static enum step_move
start(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct https *web = txn_web(t);
	char message_id[CRYPTO_UUID_SIZE], request_id[CRYPTO_UUID_SIZE],
	    device_id[CRYPTO_UUID_SIZE];
	struct https_request rq = {
		.url = f->certprov.service,
		.soap_action = CERTPROV_ACTION,
	};
	struct certprov_request c = {
		.to = f->certprov.service,
		.message_id = message_id,
		.request_id = request_id,
		.device_id = device_id,
		.entity = txn_spec(t)->user,
	};

	if (web_leg_done(t))
		return MOVE_NEXT;
	if (web == NULL)
		return MOVE_FAIL;
	if (f->key == NULL) {
		*txn_err(t) = f->key_err;
		return MOVE_FAIL;
	}
	txn_try(t, "GetAndPublishCert to %s", f->certprov.service);
	crypto_uuid(message_id);
	crypto_uuid(request_id);
	sip_instance_from_epid(txn_spec(t)->epid, device_id);
	c.pkcs10 = identity_request(f->key);
	buf_free(&f->request);
	buf_init(&f->request, REQUEST_MAX);
	if (!certprov_build(&c, &f->ticket, &f->request) || f->request.failed) {
		err_local(txn_err(t), 0, "the certificate request could not be built");
		return MOVE_FAIL;
	}
	rq.body = buf_view(&f->request);
	return https_start(web, &rq, txn_err(t)) ? MOVE_WAIT : MOVE_FAIL;
}

static enum step_move
take(struct txn *t, struct str body)
{
	struct facts *f = txn_facts(t);
	int64_t now = clock_wall_ms(txn_env(t)->clock) / 1000;
	bool odd = false;
	struct buf der;

	buf_init(&der, CERT_MAX);
	credential_free(f->credential);
	f->credential = NULL;
	if (certprov_parse(body, &der, txn_err(t)))
		f->credential = credential_new(
		    f->key, buf_view(&der), txn_spec(t)->user, now, &odd, txn_err(t));
	buf_free(&der);
	if (f->credential == NULL)
		return MOVE_FAIL;
	snprintf(f->credential_for, sizeof(f->credential_for), "%s", f->targetname);
	txn_result(t)->certificate = *credential_facts(f->credential);
	txn_saw(t, "Certificate %s, thumbprint %s",
	    credential_facts(f->credential)->serial,
	    credential_facts(f->credential)->sha1);
	if (odd)
		txn_warn(
		    t, WARNING_LIFETIME, "Warning: the certificate's lifetime is odd");
	return MOVE_NEXT;
}

static enum step_move
finish(struct txn *t)
{
	struct https_answer a = { .status = 0 };
	enum step_move move = web_leg_answer(t, "certificate provisioning service", &a);

	if (move == MOVE_NEXT)
		move = take(t, a.body);
	/* The ticket is what was shown here; a number that has a tag of its own keeps it.
	 */
	if (move == MOVE_FAIL && txn_err(t)->cause == CAUSE_FAULT &&
	    txn_err(t)->code != ID_NO_TOKEN && web_refusal_is_of_token(&a))
		txn_err(t)->cause = CAUSE_AUTH;
	return move;
}

const struct step step_certificate = {
	.id = STEP_CERTIFICATE,
	.budget_ms = 20000,
	.key = true,
	.wakes = FROM(SOURCE_WEB),
	.start = start,
	.finish = finish,
};
