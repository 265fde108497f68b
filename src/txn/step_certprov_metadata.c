/*
 * certprov-metadata - what the certificate provisioning service says of itself: where
 * tickets for it are issued, where requests go. Spec 02 section 2.1; the order of
 * sources for its URL: spec 05 section 5.
 */
#include <stdio.h>

#include "vocab/err.h"
#include "txn/domains.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn/web_leg.h"

static const char who[] = "certificate provisioning service";

static bool
choose_url(struct txn *t)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);
	const char *from = "the registrar's challenge";

	if (s->provisioning_url != NULL) {
		/* What the administrator wrote needs no permission. */
		snprintf(f->provisioning_url, sizeof(f->provisioning_url), "%s",
		    s->provisioning_url);
		return true;
	}
	if (f->sts_uri[0] != '\0') {
		snprintf(
		    f->provisioning_url, sizeof(f->provisioning_url), "%s", f->sts_uri);
	} else {
		snprintf(f->provisioning_url, sizeof(f->provisioning_url),
		    "https://%s:443/CertProv/CertProvisioningService.svc", f->host);
		from = "the default";
		txn_saw(
		    t, "The challenge announces no sts-uri: trying the cmdlet's default");
	}
	return domains_allow_url(t, f->provisioning_url, from);
}

static enum step_move
start(struct txn *t)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);
	char url[URL_MAX + 4];

	if (web_leg_done(t))
		return MOVE_NEXT;
	if (!choose_url(t))
		return MOVE_FAIL;
	snprintf(txn_result(t)->provisioning_url, sizeof(txn_result(t)->provisioning_url),
	    "%s", f->provisioning_url);
	txn_try(t, "Trying to download a CS certificate for User : %s endpoint : %s",
	    s->user, s->epid);
	txn_try(t, "Web Service url : %s", f->provisioning_url);
	snprintf(url, sizeof(url), "%s/mex", f->provisioning_url);
	return web_leg_get(t, url);
}

static enum step_move
finish(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct https_answer a;
	enum step_move move = web_leg_answer(t, who, &a);

	if (move != MOVE_NEXT)
		return move;
	if (!mex_parse_certprov(a.body, &f->certprov, txn_err(t)))
		return MOVE_FAIL;
	txn_saw(t, "Web tickets (%s) from %s, requests to %s",
	    f->certprov.proof ? "proof" : "bearer", f->certprov.issuer,
	    f->certprov.service);
	if (!domains_allow_url(
		t, f->certprov.issuer, "the provisioning service's policy") ||
	    !domains_allow_url(t, f->certprov.service, "the provisioning service's port"))
		return MOVE_FAIL;
	return MOVE_NEXT;
}

const struct step step_certprov_metadata = {
	.id = STEP_CERTPROV_METADATA,
	.budget_ms = 20000,
	.wakes = FROM(SOURCE_WEB),
	.start = start,
	.finish = finish,
};
