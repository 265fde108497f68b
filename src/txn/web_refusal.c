#include "txn/web_refusal.h"

#include <stdio.h>
#include <string.h>

#include "soap/fault.h"
#include "soap/page.h"
#include "transport/https.h"
#include "txn/domains.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "vocab/error_id.h"

#define PAGE_LOOKED_AT 4096 /* bytes of a page that are searched for words */

bool
web_refusal_is_answer(const struct https_answer *a)
{
	return a->status == 200 && !page_is_html(a->content_type, a->body);
}

static bool
offers(const struct https_answer *a, const char *scheme)
{
	struct str rest = a->schemes, one;

	while (rest.len > 0) {
		rest = str_split(rest, ' ', &one);
		if (str_caseeq(one, scheme))
			return true;
	}
	return false;
}

bool
web_refusal_is_oauth(const struct https_answer *a)
{
	return (offers(a, "Bearer") || offers(a, "MsRtcOAuth")) && !offers(a, "NTLM") &&
	       !offers(a, "Negotiate") && !offers(a, "Kerberos");
}

/* ---- what the service says ---- */

/* Of header and body the one that tells more. Returns false if there is neither. */
static bool
read_fault(const struct https_answer *a, struct fault *ret, bool *ret_is_soap)
{
	struct fault header, soap;
	bool has_header = fault_parse_diagnostics(a->diagnostics, &header);
	bool has_soap = fault_parse(a->body, &soap);

	*ret_is_soap = has_soap && (!has_header || header.kind == FAULT_OTHER);
	*ret = *ret_is_soap ? soap : header;
	return has_soap || has_header;
}

bool
web_refusal_is_of_token(const struct https_answer *a)
{
	struct fault fault;
	bool soap;

	return read_fault(a, &fault, &soap) &&
	       (fault.kind == FAULT_TOKEN || fault.kind == FAULT_CLOCK);
}

/* "the web ticket service answered HTTP 403, offering Bearer, by fe01.lab.example" */
static void
describe(const struct https_answer *a, const char *who, char dst[ERR_DETAIL_MAX])
{
	snprintf(dst, ERR_DETAIL_MAX, "the %s answered HTTP %u%s%.*s%s%.*s", who,
	    a->status, a->schemes.len > 0 ? ", offering " : "", (int)a->schemes.len,
	    a->schemes.p, a->server_fqdn.len > 0 ? ", by " : "", (int)a->server_fqdn.len,
	    a->server_fqdn.p);
}

/* ---- what answered ---- */

static enum evidence
evidence_of_substatus(unsigned sub)
{
	switch (sub) {
	case 4:
	case 5:
		return EVIDENCE_IIS_TLS;
	case 6:
	case 8:
		return EVIDENCE_IIS_ADDRESS;
	case 7:
	case 12:
	case 13:
	case 16:
	case 17:
		return EVIDENCE_IIS_CERTIFICATE;
	default:
		return sub == 0 ? EVIDENCE_NONE : EVIDENCE_IIS;
	}
}

static bool
is_too_long(const struct https_answer *a)
{
	struct str head = { a->body.p,
		a->body.len < PAGE_LOOKED_AT ? a->body.len : PAGE_LOOKED_AT };
	char text[PAGE_LOOKED_AT + 1];

	if (a->status == 414 || a->status == 431)
		return true;
	(void)str_copy(text, sizeof(text), head);
	return a->status == 400 && (strcasestr(text, "too long") != NULL ||
				       strcasestr(text, "too large") != NULL);
}

/* By status, title and Server header; the last only where the server itself is at fault.
 */
static enum evidence
evidence_of_answer(const struct https_answer *a, const char *title)
{
	enum evidence sub = evidence_of_substatus(page_substatus(title, a->status));

	if (is_too_long(a))
		return EVIDENCE_TOO_LONG;
	if (a->status == 502 || a->status == 504)
		return EVIDENCE_GATEWAY;
	if (a->status == 403 && sub != EVIDENCE_NONE)
		return sub;
	if (str_caseprefix(a->server, "Microsoft-HTTPAPI"))
		return EVIDENCE_HTTP_SYS;
	if (str_caseprefix(a->server, "Microsoft-IIS") &&
	    (a->status == 403 || a->status >= 500))
		return EVIDENCE_IIS;
	return EVIDENCE_NONE;
}

static bool
leads_online(const struct https_answer *a)
{
	char url[1024], host[256];
	uint16_t port;

	return str_copy(url, sizeof(url), a->location) &&
	       https_url_host(url, host, sizeof(host), &port) && domains_is_online(host);
}

static void
explain_status(const struct https_answer *a, const char *said, struct err *err)
{
	char title[PAGE_TITLE_SIZE];
	bool page = page_is_html(a->content_type, a->body);
	bool titled = page && page_title(a->body, title);
	bool redirect = a->status >= 301 && a->status <= 308;
	const char *with = titled ? ", with a page, \"" : page ? ", with a page" : "";

	if (!titled)
		title[0] = '\0';
	if (redirect && leads_online(a))
		err_set(err, CAUSE_ONLINE, a->status, "%s, to %.*s", said,
		    (int)a->location.len, a->location.p);
	else if (redirect)
		err_set(err, CAUSE_REDIRECT, a->status, "%s%s%.*s", said,
		    a->location.len > 0 ? ", to " : "", (int)a->location.len,
		    a->location.p);
	else
		err_set(err, CAUSE_HTTP, a->status, "%s%s%s%s", said, with, title,
		    titled ? "\"" : "");
	if (err->cause == CAUSE_HTTP)
		err_evidence(err, evidence_of_answer(a, title));
}

static void
explain_page(const struct https_answer *a, const char *who, struct err *err)
{
	char title[PAGE_TITLE_SIZE];

	if (page_title(a->body, title))
		err_set(err, CAUSE_PROTOCOL, PROTOCOL_PAGE,
		    "in place of the answer of the %s a web page came, \"%s\"", who,
		    title);
	else
		err_set(err, CAUSE_PROTOCOL, PROTOCOL_PAGE,
		    "in place of the answer of the %s a web page without a title came",
		    who);
}

void
web_refusal_explain(const struct https_answer *a, const char *who, struct err *err)
{
	char said[ERR_DETAIL_MAX];
	struct fault fault;
	bool soap, found = read_fault(a, &fault, &soap);

	describe(a, who, said);
	if (a->status == 200)
		explain_page(a, who, err);
	else if (found && (soap || fault.kind != FAULT_OTHER || a->status >= 500))
		fault_describe(&fault, a->status, err, "%s", said);
	else
		explain_status(a, said, err);
	if (found && fault.id >= 1000000)
		err_evidence(err, EVIDENCE_OTHER_PRODUCT);
	if (found && err->said[0] == '\0')
		err_said(err, str_of(fault.text));
	if (err->cause == CAUSE_HTTP && (a->status == 401 || a->status == 403) &&
	    web_refusal_is_oauth(a)) {
		err->cause = CAUSE_NOT_OFFERED;
		err_evidence(err, EVIDENCE_OAUTH);
	}
}
