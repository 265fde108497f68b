/* A failed outer handshake, in words that an administrator can act on. */
#include <stdio.h>

#include <openssl/ssl.h>

#include "base/text.h"
#include "tls/tlserr.h"
#include "tls/outer.h"
#include "vocab/code.h"
#include "vocab/err.h"

/*
 * Names are cut so that the end of the sentence, which says what is wrong, always fits.
 */
#define WHO_MAX 150

struct refusal {
	const struct tls_peer *peer;
	const char *host, *what;
	enum cert_code code; /* of peer->verify_error */
	/* "the registrar's certificate (CN=..., for a b)" */
	char who[WHO_MAX];
};

/*
 * Translates an X509_V_ERR_*. OpenSSL has several for one and the same thing, which of
 * them depends on its version and on the way that the chain was built; INVALID_CA has
 * even had two numbers.
 */
static enum cert_code
cert_code_of(long verify_error)
{
	switch (verify_error) {
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
	case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
		return CERT_FORGED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return CERT_NOT_YET;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return CERT_EXPIRED;
	case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
	case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
		return CERT_BAD_DATE;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return CERT_SELF_SIGNED;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return CERT_UNTRUSTED_ROOT;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return CERT_NO_ISSUER;
	case X509_V_ERR_CERT_REVOKED:
		return CERT_REVOKED;
	case X509_V_ERR_CERT_CHAIN_TOO_LONG:
	case X509_V_ERR_PATH_LENGTH_EXCEEDED:
		return CERT_BAD_PATH;
	case X509_V_ERR_INVALID_PURPOSE:
		return CERT_PURPOSE;
	case X509_V_ERR_INVALID_EXTENSION:
	case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
		return CERT_BAD_EXTENSION;
	case X509_V_ERR_HOSTNAME_MISMATCH:
		return CERT_OTHER_NAME;
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return CERT_OTHER_ADDRESS;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
		return CERT_SHORT_KEY;
	case X509_V_ERR_CA_KEY_TOO_SMALL:
		return CERT_SHORT_CA_KEY;
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return CERT_OLD_DIGEST;
	case X509_V_ERR_INVALID_CA:
	case X509_V_ERR_INVALID_NON_CA:
		return CERT_NOT_CA;
	default:
		return CERT_OTHER;
	}
}

static void
describe(struct refusal *r)
{
	const struct tls_peer *p = r->peer;

	if (p->names[0] != '\0')
		snprintf(r->who, sizeof(r->who),
		    "the %.20s's certificate (%.50s, for %.50s)", r->what,
		    p->cert.subject, p->names);
	else
		snprintf(r->who, sizeof(r->who), "the %.20s's certificate (%.80s)",
		    r->what, p->cert.subject);
}

static void
date(char dst[TEXT_TIME_SIZE], int64_t wall_s)
{
	text_time_s(dst, wall_s);
	dst[10] = '\0'; /* the day is enough */
}

static void
say_time(const struct refusal *r, const char *verb, int64_t when, struct err *err)
{
	const struct tls_peer *p = r->peer;
	char day[TEXT_TIME_SIZE];

	date(day, when);
	if (p->verify_depth == 0)
		err_set(err, CAUSE_TRUST, r->code, "%s %s on %s", r->who, verb, day);
	else
		err_set(err, CAUSE_TRUST, r->code, "%s depends on %.60s, which %s on %s",
		    r->who, p->verify_subject, verb, day);
}

static void
say_issuer(const struct refusal *r, struct err *err)
{
	const struct tls_peer *p = r->peer;

	if (r->code == CERT_SELF_SIGNED)
		err_set(err, CAUSE_TRUST, r->code,
		    "%s is self-signed and not among the trusted ones (ca_file)", r->who);
	else if (p->verify_depth == 0)
		err_set(err, CAUSE_TRUST, r->code,
		    "%s is issued by %.60s, which neither the server sent nor ca_file "
		    "has",
		    r->who, p->verify_issuer);
	else
		err_set(err, CAUSE_TRUST, r->code,
		    "%s leads to %.60s, which is not among the trusted CAs (ca_file)",
		    r->who,
		    r->code == CERT_UNTRUSTED_ROOT ? p->verify_subject
						   : p->verify_issuer);
}

static void
say_weak(const struct refusal *r, struct err *err)
{
	const struct tls_peer *p = r->peer;
	const char *why = r->code == CERT_OLD_DIGEST
			      ? "it is signed with an old digest such as SHA-1"
			      : "its key is too short";

	if (p->verify_depth == 0)
		err_set(err, CAUSE_TRUST, r->code, "%s is too weak: %s", r->who, why);
	else
		err_set(err, CAUSE_TRUST, r->code,
		    "%s depends on %.40s, which is too weak: %s", r->who,
		    p->verify_subject, why);
}

static void
say_refusal(const struct refusal *r, struct err *err)
{
	const struct tls_peer *p = r->peer;
	const char *why = X509_verify_cert_error_string(p->verify_error);

	switch (r->code) {
	case CERT_EXPIRED:
		say_time(r, "ended", p->verify_not_after, err);
		return;
	case CERT_NOT_YET:
		say_time(r, "begins only", p->verify_not_before, err);
		return;
	case CERT_SELF_SIGNED:
	case CERT_UNTRUSTED_ROOT:
	case CERT_NO_ISSUER:
		say_issuer(r, err);
		return;
	case CERT_OTHER_NAME:
	case CERT_OTHER_ADDRESS:
		err_set(err, CAUSE_TRUST, r->code,
		    "the %.20s's certificate (%.50s) is for %.90s, not for %.60s",
		    r->what, p->cert.subject, p->names, r->host);
		return;
	case CERT_SHORT_KEY:
	case CERT_SHORT_CA_KEY:
	case CERT_OLD_DIGEST:
		say_weak(r, err);
		return;
	default:
		err_set(
		    err, CAUSE_TRUST, r->code, "%s was not accepted: %s", r->who, why);
	}
}

/*
 * Returns whether the alert means that the server wants a certificate. Before TLS 1.3
 * gave that an alert of its own, a server whose demand for a certificate was not met sent
 * one that may mean anything; what it asked for before tells.
 */
static bool
is_demand(const struct tls_peer *p, int alert)
{
	switch (alert) {
	case SSL_AD_CERTIFICATE_REQUIRED:
		return true;
	case SSL_AD_HANDSHAKE_FAILURE:
	case SSL_AD_BAD_CERTIFICATE:
	case SSL_AD_CERTIFICATE_UNKNOWN:
	case SSL_AD_ACCESS_DENIED:
	case SSL_AD_DECODE_ERROR: /* GnuTLS, of a list without a certificate */
		return p->wants_certificate;
	default:
		return false;
	}
}

static void
say_demand(const struct refusal *r, int alert, struct err *err)
{
	err_set(err, CAUSE_TLS, SSL_AD_CERTIFICATE_REQUIRED,
	    "the %.20s at %.60s demands a client certificate in TLS, and ended the "
	    "connection without one: alert %d (%s)",
	    r->what, r->host, alert, tlserr_alert_text(alert));
}

static void
say_alert(const struct refusal *r, int alert, struct err *err)
{
	const char *hint = tlserr_alert_hint(alert);

	err_set(err, CAUSE_TLS, alert,
	    "the %.20s at %.60s refused TLS with alert %d (%s)%s%s", r->what, r->host,
	    alert, tlserr_alert_text(alert), hint != NULL ? "; " : "",
	    hint != NULL ? hint : "");
}

static void
say_own(const struct refusal *r, const struct tlserr *te, struct err *err)
{
	const char *text = te->any ? te->text : tlserr_alert_text(r->peer->alert);

	err_set(err, CAUSE_TLS, tlserr_own_alert(te, r->peer->alert),
	    "TLS with the %.20s at %.60s failed: %s%s%s", r->what, r->host, text,
	    te->hint != NULL ? "; " : "", te->hint != NULL ? te->hint : "");
}

static void
say_closed(const struct refusal *r, struct err *err)
{
	err_set(err, CAUSE_CLOSED, 0,
	    "the %.20s at %.60s ended the connection during the TLS handshake%s", r->what,
	    r->host,
	    r->peer->wants_certificate
		? ", after it asked for a client certificate"
		: "; Windows does so when no TLS version or cipher fits");
	if (!r->peer->wants_certificate)
		err_evidence(err, EVIDENCE_HELLO);
}

void
tls_outer_error(
    const struct tls_peer *peer, const char *host, const char *what, struct err *err)
{
	struct refusal r = { .peer = peer, .host = host, .what = what };
	struct tlserr te;
	int received = 0;

	tlserr_take(&te);
	if (peer->foreign || peer->error != 0)
		tlserr_read(peer->error, &te);
	describe(&r);
	if (te.alert != 0)
		received = te.alert;
	else if (!peer->alert_sent)
		received = peer->alert;
	r.code = cert_code_of(peer->verify_error);
	if (peer->verify_error != X509_V_OK)
		say_refusal(&r, err);
	else if (is_demand(peer, received))
		say_demand(&r, received, err);
	else if (received != 0)
		say_alert(&r, received, err);
	else if ((te.any && !te.eof) || peer->alert != 0)
		say_own(&r, &te, err);
	else
		say_closed(&r, err);
}
