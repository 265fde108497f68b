#include "sip/redirect.h"

#include "base/str.h"
#include "base/text.h"
#include "sip/msg.h"

#define PORT_TLS     5061
#define CONTACTS_MAX 32 /* of a message that are looked at */

static bool
wants_other_transport(struct str params)
{
	struct str param;

	while (params.p != NULL) {
		params = str_split(params, ';', &param);
		param = str_trim(param);
		if (str_caseprefix(param, "transport=") &&
		    !str_caseeq(param, "transport=tls"))
			return true;
	}
	return false;
}

/* "sip:user@host:port;transport=tls?header=x" */
static bool
read_uri(struct str uri, struct sip_target *t)
{
	struct str scheme, rest = str_split(uri, ':', &scheme), name, params, hostport;
	uint64_t port = PORT_TLS;

	if (rest.p == NULL || !str_caseeq(scheme, "sip"))
		return false;
	if (memchr(rest.p, '@', rest.len) != NULL)
		rest = str_split(rest, '@', &name);
	str_split(rest, '?', &rest);
	params = str_split(rest, ';', &hostport);
	if (wants_other_transport(params))
		return false;
	rest = str_split(hostport, ':', &name);
	if (rest.p != NULL && !str_uint(rest, 1, UINT16_MAX, &port))
		return false;
	if (!text_is_host(name) || !str_copy(t->host, sizeof(t->host), name))
		return false;
	t->port = (uint16_t)port;
	return true;
}

/* "1", "0.7", "0.125": up to three digits (RFC 3261 25.1); anything else is not given. */
static unsigned
read_q(struct str s)
{
	struct str whole, part = str_split(s, '.', &whole);
	uint64_t units, thousandths = 0;

	if (!str_uint(whole, 0, 1, &units))
		return 1000;
	if (part.len > 3 || (part.len > 0 && !str_uint(part, 0, 999, &thousandths)))
		return 1000;
	for (size_t digits = part.len; part.len > 0 && digits < 3; digits++)
		thousandths *= 10;
	return units == 1 ? 1000 : (unsigned)thousandths;
}

static bool
is_listed(const struct sip_target *list, unsigned n, const struct sip_target *t)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i].port == t->port && str_caseeq(str_of(list[i].host), t->host))
			return true;
	return false;
}

/* Behind those that are as good; the worst goes when there is no more room. */
static unsigned
insert(struct sip_target *list, unsigned n, const struct sip_target *t)
{
	unsigned at = n;

	while (at > 0 && list[at - 1].q < t->q)
		at--;
	if (at == SIP_TARGETS_MAX)
		return n;
	if (n == SIP_TARGETS_MAX)
		n--;
	memmove(&list[at + 1], &list[at], (n - at) * sizeof(list[0]));
	list[at] = *t;
	return n + 1;
}

unsigned
sip_redirect_targets(const struct sip_msg *m, struct sip_target ret[SIP_TARGETS_MAX])
{
	struct str header, one;
	unsigned n = 0, seen = 0;

	for (unsigned nth = 0; (header = sip_msg_header(m, "Contact", nth)).p != NULL;
	    nth++) {
		while (sip_next_element(&header, &one) && seen++ < CONTACTS_MAX) {
			struct sip_target t = { .q = 1000 };
			struct str q = sip_addr_param(one, "q");

			if (q.p != NULL)
				t.q = read_q(q);
			if (read_uri(sip_addr_uri(one), &t) && !is_listed(ret, n, &t))
				n = insert(ret, n, &t);
		}
	}
	return n;
}
