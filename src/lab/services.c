#include "lab/services.h"

#include <stdio.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "vocab/err.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "lab/autodiscover.h"
#include "lab/certprov.h"
#include "lab/metadata.h"
#include "lab/paths.h"
#include "lab/pki.h"
#include "lab/soapfault.h"
#include "lab/strike.h"
#include "lab/ticket.h"
#include "lab/web.h"
#include "lab/webauth.h"

#define GRACE_S	   300 /* seconds by which certificates begin in the past */
#define PKCS10_MAX (64 * 1024)

static void
serve_certprov_mex(struct lab_web_request *rq)
{
	char issuer[WEB_URL_MAX], service[WEB_URL_MAX];

	if (lab_strike(rq, PATH_CERTPROV "/mex"))
		return;
	lab_web_url(rq, STEP_TICKET_METADATA, issuer);
	lab_web_url(rq, STEP_CERTIFICATE, service);
	lab_metadata_certprov(issuer, service,
	    lab_strike_fault(rq)->kind != LAB_FAULT_NOT_OFFERED, &rq->reply);
	lab_web_xml(rq);
}

static void
serve_ticket_mex(struct lab_web_request *rq)
{
	char base[WEB_URL_MAX];

	if (lab_strike(rq, PATH_WEBTICKET "/mex"))
		return;
	lab_web_url(rq, STEP_WEB_TICKET, base);
	lab_metadata_webticket(
	    base, lab_strike_fault(rq)->kind != LAB_FAULT_NOT_OFFERED, &rq->reply);
	lab_web_xml(rq);
}

static void
issue_ticket(
    struct lab_web_request *rq, const struct lab_user *u, const struct lab_rst *rst)
{
	enum lab_fault_kind kind = lab_strike_fault(rq)->kind;
	char base[WEB_URL_MAX], issuer[WEB_URL_MAX + sizeof(PATH_WEBTICKET)];
	struct lab_ticket_wish w = { .rst = rst,
		.address = u->address,
		.issuer = issuer,
		.now = lab_pool_now(rq->pool, rq->step),
		.life_s = kind == LAB_FAULT_CONTENT_EXPIRED ? -60 : TICKET_LIFE_S,
		.spoil = kind == LAB_FAULT_CONTENT_SIGNATURE };
	struct err err;

	lab_web_url(rq, STEP_TICKET_METADATA, base);
	snprintf(issuer, sizeof(issuer), "%s%s", base, PATH_WEBTICKET);
	if (lab_tickets_issue(rq->pool->tickets, rq->pool->xmlsig, &w, &rq->reply, &err))
		lab_web_xml(rq);
	else
		lab_web_page(rq, 500, "The ticket could not be made.");
}

static void
serve_ticket(struct lab_web_request *rq)
{
	static const struct lab_soapfault mismatch = {
		"http://docs.oasis-open.org/ws-sx/ws-trust/200512", "RequestFailed",
		SOAPFAULT_CLAIM, 0
	};
	const struct lab_user *u = lab_webauth_account(rq);
	struct lab_soapfault sf;
	struct lab_rst rst;

	if (u == NULL || lab_strike(rq, PATH_NEGOTIATE))
		return;
	if (!lab_rst_parse(lab_web_request_header(rq, "SOAPAction"), rq->body, &rst, &sf))
		lab_web_soapfault(rq, &sf);
	else if (lab_strike_fault(rq)->kind == LAB_FAULT_CONTENT_NAME ||
		 lab_users_by_address(&rq->pool->users, str_of(rst.claim)) != u)
		lab_web_soapfault(rq, &mismatch);
	else
		issue_ticket(rq, u, &rst);
}

static X509 *
make_certificate(const struct lab_web_request *rq, const char *address, EVP_PKEY *key)
{
	enum lab_fault_kind kind = lab_strike_fault(rq)->kind;
	int64_t now = lab_pool_now(rq->pool, rq->step);
	struct lab_pki_issue want = { .subject = address,
		.key = key,
		.not_before = now - GRACE_S,
		.not_after = now + CERTPROV_LIFE_S,
		.stranger = kind == LAB_FAULT_CONTENT_SIGNATURE };
	struct err err;

	if (kind == LAB_FAULT_CONTENT_EXPIRED) {
		want.not_before = now - CERTPROV_LIFE_S;
		want.not_after = now - GRACE_S;
	} else if (kind == LAB_FAULT_CONTENT_NAME) {
		want.subject = "somebody.else@elsewhere.invalid";
	}
	return lab_pki_issue(rq->pool->pki, &want, &err);
}

/* Publishes a certificate. The braces around the device are not part of its id. */
static bool
publish_certificate(
    struct lab_web_request *rq, const char *address, const char *device, X509 *cert)
{
	char uuid[CRYPTO_UUID_SIZE];

	return str_copy(
		   uuid, sizeof(uuid), (struct str){ device + 1, strlen(device) - 2 }) &&
	       lab_published_add(&rq->pool->published, address, uuid, cert);
}

static enum lab_certprov_error
issue_certificate(
    struct lab_web_request *rq, const struct lab_certprov_call *call, const char *address)
{
	EVP_PKEY *key = NULL;
	enum lab_certprov_error e =
	    lab_certprov_check(call, address, &rq->pool->users, &key);
	X509 *cert = e == CERTPROV_OK ? make_certificate(rq, address, key) : NULL;
	unsigned char *der = NULL;
	int len = cert == NULL ? 0 : i2d_X509(cert, &der);

	if (e == CERTPROV_OK &&
	    (len <= 0 || !publish_certificate(rq, address, call->device, cert)))
		e = CERTPROV_STORE;
	if (e == CERTPROV_OK)
		lab_certprov_answer(
		    call, (struct str){ (char *)der, (size_t)len }, 0, NULL, &rq->reply);
	OPENSSL_free(der);
	X509_free(cert);
	EVP_PKEY_free(key);
	return e;
}

static void
answer_call(struct lab_web_request *rq, const struct lab_certprov_call *call)
{
	const struct lab_fault *f = lab_strike_fault(rq);
	const char *address;
	struct lab_soapfault sf;
	enum lab_certprov_error e;

	address = lab_certprov_authenticate(rq->body, rq->pool->tickets, rq->pool->xmlsig,
	    lab_pool_now(rq->pool, rq->step), &sf);
	if (address == NULL) {
		lab_web_soapfault(rq, &sf);
		return;
	}
	if (f->kind ==
	    LAB_FAULT_HTTP) { /* a status 200 with an ErrorId is handled below */
		lab_certprov_answer(
		    call, STR_NULL, f->id, "A fault of the lab.", &rq->reply);
	} else {
		e = issue_certificate(rq, call, address);
		if (e != CERTPROV_OK)
			lab_certprov_answer(
			    call, STR_NULL, e, lab_certprov_error_text(e), &rq->reply);
	}
	lab_web_xml(rq);
}

static void
serve_certificate(struct lab_web_request *rq)
{
	const struct lab_fault *f = lab_strike_fault(rq);
	bool error_info = f->kind == LAB_FAULT_HTTP && f->status == 200 && f->id != 0;
	struct lab_certprov_call call = { .message_id = "" };
	struct lab_soapfault sf;
	struct buf der;

	if (!error_info && lab_strike(rq, PATH_PROOF))
		return;
	buf_init(&der, PKCS10_MAX);
	call.pkcs10 = &der;
	if (lab_certprov_read(
		lab_web_request_header(rq, "SOAPAction"), rq->body, &call, &sf))
		answer_call(rq, &call);
	else
		lab_web_soapfault(rq, &sf);
	buf_free(&der);
}

static const struct route {
	const char *path;
	bool post;
	enum step_id step;
	void (*serve)(struct lab_web_request *rq);
} routes[] = {
	{ "/", false, STEP_DISCOVER, lab_autodiscover_root },
	{ PATH_DISCOVER, false, STEP_DISCOVER, lab_autodiscover_root },
	{ PATH_DISCOVER_USER, false, STEP_DISCOVER, lab_autodiscover_user },
	{ PATH_CERTPROV "/mex", false, STEP_CERTPROV_METADATA, serve_certprov_mex },
	{ PATH_WEBTICKET "/mex", false, STEP_TICKET_METADATA, serve_ticket_mex },
	{ PATH_NEGOTIATE, true, STEP_WEB_TICKET, serve_ticket },
	{ PATH_PROOF, true, STEP_CERTIFICATE, serve_certificate },
};
#define NROUTES (sizeof(routes) / sizeof(routes[0]))

void
lab_services_serve(struct lab_web_request *rq, bool post, struct str path)
{
	for (size_t i = 0; i < NROUTES; i++) {
		if (!str_caseeq(path, routes[i].path) ||
		    (rq->clear_text && routes[i].serve != lab_autodiscover_root))
			continue;
		rq->step = routes[i].step;
		if (routes[i].post != post)
			lab_web_page(rq, 405, "Not that way.");
		else if (!lab_strike_early(rq))
			routes[i].serve(rq);
		return;
	}
	lab_web_page(rq, 404, "There is nothing here.");
}
