#include "cmd/run_log.h"

#include <stdbool.h>

#include "txn/txn.h"

void
run_log_init(struct run_log *l, FILE *out)
{
	*l = (struct run_log){ .out = out };
}

/*
 * Returns whether the cmdlet's checklist (spec 01 section 5.1) is printed: for failures
 * before the certificate.
 */
static bool
is_certificate_part(enum step_id s)
{
	return s == STEP_CERTPROV_METADATA || s == STEP_TICKET_METADATA ||
	       s == STEP_WEB_TICKET || s == STEP_CERTIFICATE;
}

static void
checklist(const struct run_log *l, enum step_id s)
{
	if (is_certificate_part(s)) {
		fputs("Could not download a CS certificate from web service.\n"
		      "CHECK:\n"
		      " - Web service url is valid and the web services are functional\n"
		      " - If using PhoneNo\\Pin to authenticate, make sure they match "
		      "the user uri\n"
		      " - If using NTLM\\Kerberos auth, make sure you provided valid "
		      "credentials\n",
		    l->out);
	} else if (s == STEP_DISCOVER) {
		fputs("CHECK:\n"
		      " - The records of the SIP domain in DNS as this machine sees it: "
		      "lyncdiscoverinternal,\n"
		      "   lyncdiscover, SRV _sipinternaltls._tcp and _sip._tls\n"
		      " - The certificate of the autodiscover service has those names\n"
		      " - The web services are functional, and the credentials valid\n",
		    l->out);
	} else {
		fputs("CHECK:\n"
		      " - The name, the port and the certificate of the registrar\n"
		      " - The user exists and is enabled: Get-CsUser \"sip:...\" | "
		      "Select-Object Enabled\n"
		      " - The user's certificates: Get-CsClientCertificate -Identity "
		      "\"sip:...\"\n"
		      " - The pool lets clients use certificates: "
		      "Get-CsProxyConfiguration, "
		      "UseCertificateForClientToProxyAuth\n",
		    l->out);
	}
}

void
run_log_note(struct run_log *l, const struct txn_note *n)
{
	double ms = (double)n->step_us / 1000;

	switch (n->kind) {
	case TRACE_TRYING:
		fprintf(l->out, "%s\n", n->text);
		break;
	case TRACE_SAW:
		fprintf(l->out, "    %s\n", n->text);
		break;
	case TRACE_OK:
		fprintf(l->out, "[%u] %s: ok (%.1f ms)\n", ++l->steps, n->text, ms);
		break;
	case TRACE_FAILED:
		fprintf(l->out, "[%u] %s: FAILED (%.1f ms) %s\n", ++l->steps,
		    step_name(n->step), ms, n->text);
		checklist(l, n->step);
		break;
	default: /* a message */
		break;
	}
	fflush(l->out);
}
