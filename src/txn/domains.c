#include "txn/domains.h"

#include <string.h>

#include "loop/resolve.h"
#include "sip/endpoint.h"
#include "transport/https.h"
#include "txn/step.h"
#include "vocab/code.h"

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

static bool
is_of_target(const struct txn_spec *s, const char *host)
{
	const char *up = s->target_fqdn == NULL ? NULL : parent(s->target_fqdn);

	return (s->target_fqdn != NULL && str_caseeq(str_of(host), s->target_fqdn)) ||
	       (up != NULL && within(host, up));
}

bool
domains_has_user(const struct txn_spec *s, const char *host)
{
	return within(host, sip_address_domain(s->user).p);
}

bool
domains_is_online(const char *host)
{
	return within(host, "online.lync.com") || within(host, "infra.lync.com");
}

static bool
is_allowed(const struct txn_spec *s, const char *host)
{
	if (is_of_target(s, host) || domains_has_user(s, host) ||
	    is_host_of(host, s->provisioning_url) || is_host_of(host, s->discovery_uri))
		return true;
	for (size_t i = 0; s->web_domains != NULL && s->web_domains[i] != NULL; i++)
		if (within(host, s->web_domains[i]))
			return true;
	return false;
}

bool
domains_allow_host(struct txn *t, const char *host, const char *from)
{
	if (is_allowed(txn_spec(t), host))
		return true;
	if (domains_is_online(host))
		err_set(txn_err(t), CAUSE_ONLINE, 0,
		    "%s leads to %s, which is Microsoft's online service", from, host);
	else
		err_set(txn_err(t), CAUSE_TRUST, CERT_OUTSIDE,
		    "%s names the host %s, outside the domains of the pool and of the "
		    "user: no credentials are sent there unless allowed_web_domains "
		    "lists "
		    "its domain",
		    from, host);
	return false;
}

bool
domains_allow_url(struct txn *t, const char *url, const char *from)
{
	char host[256];
	uint16_t port;

	if (https_url_host(url, host, sizeof(host), &port))
		return domains_allow_host(t, host, from);
	err_set(txn_err(t), CAUSE_PROTOCOL, 0, "%s names %s, which is not an https URL",
	    from, url);
	return false;
}
