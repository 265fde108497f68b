#include <strings.h>

#include "lab/logon.h"
#include "sip/msg.h"

/*
 * Reads the UUID of +sip.instance="<urn:uuid:...>" in the first Contact; empty if there
 * is none.
 */
static void
read_instance(const struct sip_msg *m, char ret[CRYPTO_UUID_SIZE])
{
	static const char urn[] = "<urn:uuid:";
	struct str rest = sip_msg_header(m, "Contact", 0);
	struct str contact, v;

	ret[0] = '\0';
	if (rest.p == NULL || !sip_next_element(&rest, &contact))
		return;
	v = sip_addr_param(contact, "+sip.instance");
	if (!str_caseprefix(v, urn) || v.p[v.len - 1] != '>')
		return;
	v = (struct str){ v.p + sizeof(urn) - 1, v.len - sizeof(urn) };
	str_copy(ret, CRYPTO_UUID_SIZE, v);
}

/*
 * Reads epid and instance, of which one must be there; both must agree ([MS-SIPRE],
 * [MS-SIPAE] 3.3.5.2).
 */
static unsigned
read_endpoint(const struct sip_msg *m, struct lab_logon *l)
{
	struct str epid = sip_addr_param(sip_msg_header(m, "From", 0), "epid");
	char text[SIP_EPID_MAX + 1], want[CRYPTO_UUID_SIZE];

	read_instance(m, l->instance);
	if (epid.len == 0) {
		str_copy(l->endpoint, sizeof(l->endpoint), str_of(l->instance));
		return l->instance[0] == '\0' ? 4010 : 0;
	}
	if (!str_copy(text, sizeof(text), epid))
		return 4012;
	str_copy(l->endpoint, sizeof(l->endpoint), epid);
	sip_instance_from_epid(text, want);
	if (l->instance[0] != '\0' && strcasecmp(l->instance, want) != 0)
		return 4010;
	str_copy(l->instance, sizeof(l->instance), str_of(want));
	return 0;
}

static bool
supports(const struct sip_msg *m, const char *tag)
{
	struct str value;

	for (unsigned i = 0; (value = sip_msg_header(m, "Supported", i)).p != NULL; i++) {
		struct str one;

		while (sip_next_element(&value, &one))
			if (str_caseeq(str_trim(one), tag))
				return true;
	}
	return false;
}

static bool
read_expires(const struct sip_msg *m, struct lab_logon *l)
{
	struct str header = sip_msg_header(m, "Expires", 0);
	uint64_t n = LOGON_EXPIRES;

	if (header.p != NULL && !str_uint(header, 0, UINT32_MAX, &n))
		return false;
	if (n != 0 && n < LOGON_EXPIRES_MIN)
		n = LOGON_EXPIRES_MIN;
	l->expires = n > LOGON_EXPIRES_MAX ? LOGON_EXPIRES_MAX : (unsigned)n;
	return true;
}

static enum step_id
step_of(const struct lab_logon *l)
{
	if (l->expires == 0)
		return STEP_LOG_OFF;
	if (!l->auth)
		return STEP_CHALLENGE;
	return sip_auth_param(&l->credentials, "gssapi-data").p != NULL ? STEP_TLS_DSK
									: STEP_REGISTER;
}

/*
 * Returns whether the address belongs to the domain that the request is for (RFC 3261
 * 10.3, steps 1 and 5).
 */
static bool
is_for_domain(const struct sip_msg *m, const char *address)
{
	struct str uri = sip_msg_uri(m), domain = sip_address_domain(address);

	return str_caseprefix(uri, "sip:") && uri.len == 4 + domain.len &&
	       strncasecmp(uri.p + 4, domain.p, domain.len) == 0;
}

unsigned
lab_logon_read(const struct sip_msg *m, struct lab_logon *ret, unsigned *ret_id)
{
	struct str event = sip_msg_header(m, "Event", 0);
	struct str from = sip_addr_uri(sip_msg_header(m, "From", 0));
	struct str to = sip_addr_uri(sip_msg_header(m, "To", 0));
	struct lab_logon l = { .expires = 0 };

	*ret_id = 0;
	if (!str_caseprefix(from, "sip:") || !sip_address_parse(from, l.address) ||
	    from.len != to.len || strncasecmp(from.p, to.p, to.len) != 0 ||
	    !read_expires(m, &l))
		return 400;
	if (!is_for_domain(m, l.address))
		return 404;
	if (event.p != NULL && !str_caseeq(event, "registration")) {
		*ret_id = 4055;
		return 489;
	}
	if (supports(m, "msrtc-event-categories") && !supports(m, "gruu-10")) {
		*ret_id = 2057;
		return 421;
	}
	*ret_id = read_endpoint(m, &l);
	if (*ret_id != 0)
		return 400;
	l.auth = sip_auth_find(m, "Authorization", "TLS-DSK", &l.credentials);
	l.step = step_of(&l);
	*ret = l;
	return 0;
}
