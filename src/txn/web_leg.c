#include "txn/web_leg.h"

#include <string.h>

#include "vocab/code.h"
#include "vocab/err.h"
#include "vocab/error_id.h"
#include "soap/fault.h"

enum step_move
web_leg_get(struct txn *t, const char *url)
{
	struct https *web = txn_web(t);
	struct https_request rq = { .url = url };

	if (web == NULL || !https_start(web, &rq, txn_err(t)))
		return MOVE_FAIL;
	return MOVE_WAIT;
}

bool
web_leg_done(struct txn *t)
{
	const struct facts *f = txn_facts(t);

	/*
	 * Real clients keep certificates by targetname; one from a given URL serves
	 * every registrar.
	 */
	return f->credential != NULL &&
	       (txn_spec(t)->provisioning_url != NULL ||
		   strcmp(f->credential_for, f->targetname) == 0);
}

static enum cause
cause_of_status(const struct https_answer *a, const struct fault *fault)
{
	enum cause cause = error_id_cause(ERROR_OF_WEB, fault->id);

	if (cause != CAUSE_NONE)
		return cause;
	if (a->status >= 301 && a->status <= 308)
		return CAUSE_REDIRECT;
	if (fault->text[0] != '\0' && a->status >= 500)
		return CAUSE_FAULT;
	return CAUSE_HTTP;
}

/* An answer that is not 200: what it says, in the order of how much that tells. */
static void
refused(struct txn *t, const char *who, const struct https_answer *a)
{
	struct err *e = txn_err(t);
	struct fault fault = { .id = 0 };
	enum cause cause;

	if (!fault_parse_diagnostics(a->diagnostics, &fault))
		fault_parse(a->body, &fault);
	cause = cause_of_status(a, &fault);
	err_set(e, cause, cause == CAUSE_FAULT ? (long)fault.id : (long)a->status,
	    "the %s answered HTTP %u%s%.*s%s%.*s", who, a->status,
	    a->schemes.len > 0 ? ", offering " : "", (int)a->schemes.len, a->schemes.p,
	    a->server_fqdn.len > 0 ? ", by " : "", (int)a->server_fqdn.len,
	    a->server_fqdn.p);
	if (fault.text[0] != '\0')
		err_said(e, str_of(fault.text));
}

enum step_move
web_leg_answer(struct txn *t, const char *who, struct https_answer *ret)
{
	struct https *web = txn_web(t);

	if (web == NULL)
		return MOVE_FAIL;
	if (!https_answer(web, ret, txn_err(t))) {
		txn_check_peer(t, who, https_peer(web), &txn_result(t)->web);
		return MOVE_FAIL;
	}
	txn_check_peer(t, who, https_peer(web), &txn_result(t)->web);
	txn_check_clock(t, who, ret->date);
	if (ret->redirected)
		txn_warn(
		    t, WARNING_REDIRECT, "Warning: the %s redirected the request", who);
	if (ret->status == 200)
		return MOVE_NEXT;
	refused(t, who, ret);
	return MOVE_FAIL;
}

/* host is domain, or below it. */
static bool
within(const char *host, const char *domain)
{
	size_t h = strlen(host), d = strlen(domain);

	if (h < d || !str_caseeq(str_of(host + h - d), domain))
		return false;
	return h == d || host[h - d - 1] == '.';
}

/*
 * Returns the domain that a name is in, if it has at least two labels itself: "a.b.c" ->
 * "b.c". An address is in none.
 */
static const char *
parent(const char *fqdn)
{
	const char *dot = strchr(fqdn, '.');
	struct addr literal;

	if (dot == NULL || addr_parse(fqdn, 0, &literal))
		return NULL;
	return strchr(dot + 1, '.') != NULL ? dot + 1 : NULL;
}

/* The host of a URL that the administrator wrote is meant to be trusted. */
static bool
is_host_of(const char *host, const char *url)
{
	char given[256];
	uint16_t port;

	return url != NULL && https_url_host(url, given, sizeof(given), &port) &&
	       str_caseeq(str_of(host), given);
}

/*
 * Not where a redirect led: the server that sends us there may not vouch for it. Nor may
 * a registrar that discovery found.
 */
static bool
is_of_target(const struct txn_spec *s, const char *host)
{
	const char *up = s->target_fqdn == NULL ? NULL : parent(s->target_fqdn);

	return (s->target_fqdn != NULL && str_caseeq(str_of(host), s->target_fqdn)) ||
	       (up != NULL && within(host, up));
}

bool
web_leg_in_domain(const struct txn_spec *s, const char *host)
{
	return within(host, sip_address_domain(s->user).p);
}

bool
web_leg_allowed(struct txn *t, const char *url, const char *from)
{
	const struct txn_spec *s = txn_spec(t);
	char host[256];
	uint16_t port;

	if (!https_url_host(url, host, sizeof(host), &port)) {
		err_set(txn_err(t), CAUSE_PROTOCOL, 0,
		    "%s names %s, which is not an https URL", from, url);
		return false;
	}
	if (is_of_target(s, host) || web_leg_in_domain(s, host) ||
	    is_host_of(host, s->provisioning_url) || is_host_of(host, s->discovery_uri))
		return true;
	for (size_t i = 0; s->web_domains != NULL && s->web_domains[i] != NULL; i++)
		if (within(host, s->web_domains[i]))
			return true;
	err_set(txn_err(t), CAUSE_TRUST, CERT_OUTSIDE,
	    "%s names the host %s, outside the domains of the pool and of the user: no "
	    "credentials are sent there unless allowed_web_domains lists its domain",
	    from, host);
	return false;
}
