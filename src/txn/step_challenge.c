/*
 * challenge - REGISTER without credentials. The registrar must answer 401 and offer
 * TLS-DSK; its challenge says who it is (targetname) and where certificates are issued
 * (sts-uri). Spec 04 section 4.
 */
#include "vocab/err.h"
#include "base/text.h"
#include "sip/auth.h"
#include "sip/msg.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/sip_leg.h"
#include "txn/step.h"

#define VERSION_OLD 2 /* of a challenge that names none */

static enum step_move
start(struct txn *t)
{
	txn_try(t, "REGISTER without credentials, as sip:%s, epid %s", txn_spec(t)->user,
	    txn_spec(t)->epid);
	return sip_leg_send(t, NULL, STR_NULL);
}

static enum step_move
not_offered(struct txn *t, const struct sip_msg *m)
{
	char schemes[96];

	sip_auth_schemes(m, schemes, sizeof(schemes));
	err_set(txn_err(t), CAUSE_NOT_OFFERED, sip_msg_status(m),
	    "the registrar offers %s, but not TLS-DSK",
	    schemes[0] != '\0' ? schemes : "no scheme");
	return MOVE_FAIL;
}

/* Says where certificates are issued; optional, but if it is there it must be usable. */
static bool
keep_sts_uri(struct txn *t, struct str uri)
{
	struct facts *f = txn_facts(t);
	bool printable = true;

	f->sts_uri[0] = '\0';
	for (size_t i = 0; i < uri.len; i++)
		printable = printable && uri.p[i] > ' ' && uri.p[i] < 0x7f;
	if (uri.p == NULL || (printable && str_copy(f->sts_uri, sizeof(f->sts_uri), uri)))
		return true;
	err_set(txn_err(t), CAUSE_PROTOCOL, 0, "the challenge's sts-uri is %s",
	    printable ? "too long" : "not a URL: it holds an octet that none has");
	return false;
}

/* Reads the parameters that later legs repeat. */
static enum step_move
keep(struct txn *t, const struct sip_auth *a)
{
	struct facts *f = txn_facts(t);
	struct str version = sip_auth_param(a, "version");
	uint64_t number = VERSION_OLD;

	if (version.p != NULL && !str_uint(version, 0, 1000, &number)) {
		err_set(txn_err(t), CAUSE_PROTOCOL, 0,
		    "the challenge's version is not a number");
		return MOVE_FAIL;
	}
	f->version = number > 4		    ? 4
		     : number < VERSION_OLD ? VERSION_OLD
					    : (unsigned)number;
	if (!sip_leg_param(t, sip_auth_param(a, "realm"), "realm", f->realm) ||
	    !sip_leg_param(
		t, sip_auth_param(a, "targetname"), "targetname", f->targetname) ||
	    !keep_sts_uri(t, sip_auth_param(a, "sts-uri")))
		return MOVE_FAIL;
	txn_saw(t, "TLS-DSK offered by %s, version %u%s%s", f->targetname, f->version,
	    f->sts_uri[0] != '\0' ? ", certificates from " : "", f->sts_uri);
	return MOVE_NEXT;
}

static enum step_move
judge(struct txn *t, const struct sip_msg *m)
{
	struct sip_auth auth;
	struct str server = sip_msg_header(m, "Server", 0);
	int64_t date;

	if (server.len > 0)
		txn_saw(t, "Registrar is %.*s", (int)server.len, server.p);
	if (text_parse_date(sip_msg_header(m, "Date", 0), &date))
		txn_check_clock(t, "registrar", date);
	if (sip_msg_status(m) == 200) {
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 200,
		    "the registrar let us in without asking for any authentication");
		return MOVE_FAIL;
	}
	if (sip_msg_status(m) == 301 || sip_msg_status(m) == 302)
		return sip_leg_redirect(t, m);
	if (sip_msg_status(m) != 401 && sip_msg_status(m) != 407)
		return sip_leg_refused(t, m, "a challenge");
	if (!sip_auth_find(m, "WWW-Authenticate", "TLS-DSK", &auth))
		return not_offered(t, m);
	return keep(t, &auth);
}

static enum step_move
finish(struct txn *t)
{
	return sip_leg_finish(t, judge);
}

const struct step step_challenge = {
	.id = STEP_CHALLENGE,
	.budget_ms = 15000,
	.wakes = FROM(SOURCE_SIP),
	.start = start,
	.finish = finish,
};
