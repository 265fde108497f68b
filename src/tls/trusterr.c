/* A failed outer handshake, in words that an administrator can act on. */
#include <stdio.h>

#include <openssl/x509_vfy.h>

#include "base/err.h"
#include "base/text.h"
#include "tls/tlserr.h"
#include "tls/trust.h"

/*
 * Names are cut so that the end of the sentence, which says what is wrong, always fits.
 */
#define WHO_MAX 150

struct refusal {
	const struct tls_peer *peer;
	const char *host, *what;
	/* "the registrar's certificate (CN=..., for a b)" */
	char who[WHO_MAX];
};

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
	dst[10] = '\0';			/* the day is enough */
}

static void
say_time(const struct refusal *r, const char *verb, int64_t when, struct err *err)
{
	const struct tls_peer *p = r->peer;
	char day[TEXT_TIME_SIZE];

	date(day, when);
	if (p->verify_depth == 0)
		err_set(
		    err, CAUSE_TRUST, p->verify_error, "%s %s on %s", r->who, verb, day);
	else
		err_set(err, CAUSE_TRUST, p->verify_error,
		    "%s depends on %.60s, which %s on %s", r->who, p->verify_subject,
		    verb, day);
}

static void
say_issuer(const struct refusal *r, struct err *err)
{
	const struct tls_peer *p = r->peer;

	if (p->verify_error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT)
		err_set(err, CAUSE_TRUST, p->verify_error,
		    "%s is self-signed and not among the trusted ones (ca_file)", r->who);
	else if (p->verify_depth == 0)
		err_set(err, CAUSE_TRUST, p->verify_error,
		    "%s is issued by %.60s, which is not among the trusted CAs (ca_file)",
		    r->who, p->verify_issuer);
	else
		err_set(err, CAUSE_TRUST, p->verify_error,
		    "%s leads to %.60s, which is not among the trusted CAs (ca_file)",
		    r->who,
		    p->verify_error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN
			? p->verify_subject
			: p->verify_issuer);
}

static void
say_refusal(const struct refusal *r, struct err *err)
{
	const struct tls_peer *p = r->peer;
	const char *why = X509_verify_cert_error_string(p->verify_error);

	switch (p->verify_error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		say_time(r, "ended", p->verify_not_after, err);
		return;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		say_time(r, "begins only", p->verify_not_before, err);
		return;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		say_issuer(r, err);
		return;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		err_set(err, CAUSE_TRUST, p->verify_error,
		    "the %.20s's certificate (%.50s) is for %.90s, not for %.60s",
		    r->what, p->cert.subject, p->names, r->host);
		return;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		/* Not a matter of trust: a setting makes it acceptable. */
		err_set(err, CAUSE_TLS, 0, "%s is too weak (%s): see legacy_tls", r->who,
		    why);
		return;
	default:
		err_set(err, CAUSE_TRUST, p->verify_error, "%s was not accepted: %s",
		    r->who, why);
	}
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
	const struct tls_peer *p = r->peer;
	const char *text = te->any ? te->text : tlserr_alert_text(p->alert);

	err_set(err, CAUSE_TLS, p->alert, "TLS with the %.20s at %.60s failed: %s%s%s",
	    r->what, r->host, text, te->hint != NULL ? "; " : "",
	    te->hint != NULL ? te->hint : "");
}

void
tls_outer_error(const struct tls_peer *peer, const char *host, const char *what,
    struct err *err)
{
	struct refusal r = { .peer = peer, .host = host, .what = what };
	struct tlserr te;
	int received = 0;

	tlserr_take(&te);
	describe(&r);
	if (te.alert != 0)
		received = te.alert;
	else if (!peer->alert_sent)
		received = peer->alert;	/* libcurl has emptied the queue already */
	if (peer->verify_error != X509_V_OK)
		say_refusal(&r, err);
	else if (received != 0)
		say_alert(&r, received, err);
	else if ((te.any && !te.eof) || peer->alert != 0)
		say_own(&r, &te, err);
	else
		err_set(err, CAUSE_CLOSED, 0,
		    "the %.20s at %.60s ended the connection during the TLS handshake",
		    what, host);
}
