/*
 * plan - the whole transaction on one page. Each entry is exported by the file of its
 * name, step_*.c; txn.c walks it.
 *
 * Two orders over the same steps. Real clients ask the registrar first and learn from
 * its challenge where certificates are issued (spec 04 section 4). Test-CsClientAuth
 * with -TargetUri gets the certificate first and meets the registrar only then (spec 01
 * section 3).
 *
 * The first entry is for those alone who are not told the registrar, but a SIP domain.
 */
#include "txn/plan.h"

#include <stddef.h>

#include "txn/spec.h"

static const struct step *const registrar_first[] = {
	&step_discover,		 /* who is the registrar of the SIP domain? */
	&step_resolve,		 /* the registrar's name */
	&step_sip_connect,	 /* TCP and TLS to the registrar */
	&step_challenge,	 /* REGISTER without credentials */
	&step_certprov_metadata, /* where are web tickets issued? */
	&step_ticket_metadata,	 /* how may we authenticate there? */
	&step_web_ticket,	 /* the account's proof; a ticket with a proof key */
	&step_certificate,	 /* PKCS#10 out, client certificate in */
	&step_tls_dsk,		 /* inner handshake with it; two signing keys */
	&step_register,		 /* signed; the answer must be, too */
	&step_log_off,		 /* the same with Expires: 0 */
	NULL,
};

static const struct step *const certificate_first[] = {
	&step_discover,
	&step_resolve,
	&step_certprov_metadata,
	&step_ticket_metadata,
	&step_web_ticket,
	&step_certificate,
	&step_sip_connect,
	&step_challenge,
	&step_tls_dsk,
	&step_register,
	&step_log_off,
	NULL,
};

const struct step *const *
plan_for(const struct txn_spec *spec)
{
	const struct step *const *plan =
	    spec->provisioning_url != NULL ? certificate_first : registrar_first;

	return spec->target_fqdn == NULL ? plan : plan + 1;
}
