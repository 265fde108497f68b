#include "vocab/discovery.h"

#include <stdio.h>

const char *
discovery_way_name(enum discovery_way way)
{
	switch (way) {
	case WAY_URI:
		return "discovery_uri";
	case WAY_LYNCDISCOVERINTERNAL:
		return "lyncdiscoverinternal";
	case WAY_LYNCDISCOVER:
		return "lyncdiscover";
	case WAY_SRV_INTERNAL:
		return "_sipinternaltls._tcp";
	case WAY_SRV_EXTERNAL:
		return "_sip._tls";
	case WAY_SIPINTERNAL:
		return "sipinternal";
	case WAY_SIPEXTERNAL:
		return "sipexternal";
	case WAY_SIP:
		return "sip";
	case WAY_COUNT:
		break;
	}
	return "none";
}

bool
discovery_is_autodiscover(enum discovery_way way)
{
	return way == WAY_URI || way == WAY_LYNCDISCOVERINTERNAL ||
	       way == WAY_LYNCDISCOVER;
}

void
discovery_asked(
    enum discovery_way way, bool clear_text, const char *domain, char *dst, size_t size)
{
	const char *name = discovery_way_name(way);

	if (way == WAY_URI)
		snprintf(dst, size, "the configured URI");
	else if (discovery_is_autodiscover(way))
		snprintf(
		    dst, size, "http%s://%s.%s/", clear_text ? "" : "s", name, domain);
	else
		snprintf(
		    dst, size, "%s%s.%s", name[0] == '_' ? "SRV " : "", name, domain);
}
