#include "vocab/vocab.h"

const char *
step_name(enum step_id s)
{
	switch (s) {
	case STEP_DISCOVER:
		return "discover";
	case STEP_RESOLVE:
		return "resolve";
	case STEP_SIP_CONNECT:
		return "sip-connect";
	case STEP_CHALLENGE:
		return "challenge";
	case STEP_CERTPROV_METADATA:
		return "certprov-metadata";
	case STEP_TICKET_METADATA:
		return "ticket-metadata";
	case STEP_WEB_TICKET:
		return "web-ticket";
	case STEP_CERTIFICATE:
		return "certificate";
	case STEP_TLS_DSK:
		return "tls-dsk";
	case STEP_REGISTER:
		return "register";
	case STEP_LOG_OFF:
		return "log-off";
	case STEP_COUNT:
		break;
	}
	return "none";
}

/* Each switch is without default, so that the compiler finds a gap. */
const char *
cause_name(enum cause c)
{
	switch (c) {
	case CAUSE_NONE:
		return "none";
	case CAUSE_DNS:
		return "dns";
	case CAUSE_CONNECT:
		return "connect";
	case CAUSE_TLS:
		return "tls";
	case CAUSE_TRUST:
		return "trust";
	case CAUSE_TIMEOUT:
		return "timeout";
	case CAUSE_CLOSED:
		return "closed";
	case CAUSE_HTTP:
		return "http";
	case CAUSE_SIP:
		return "sip";
	case CAUSE_FAULT:
		return "fault";
	case CAUSE_AUTH:
		return "auth";
	case CAUSE_DISABLED:
		return "disabled";
	case CAUSE_NOT_OFFERED:
		return "not-offered";
	case CAUSE_HANDSHAKE:
		return "handshake";
	case CAUSE_SIGNATURE:
		return "signature";
	case CAUSE_CERTIFICATE:
		return "certificate";
	case CAUSE_REDIRECT:
		return "redirect";
	case CAUSE_PROTOCOL:
		return "protocol";
	case CAUSE_LIMIT:
		return "limit";
	case CAUSE_LOCAL:
		return "local";
	case CAUSE_CANCELLED:
		return "cancelled";
	case CAUSE_ONLINE:
		return "online";
	case CAUSE_COUNT:
		break;
	}
	return "unknown";
}

const char *
warning_name(enum warning w)
{
	switch (w) {
	case WARNING_LOG_OFF:
		return "log-off";
	case WARNING_CLOCK_SKEW:
		return "clock-skew";
	case WARNING_SERVER_CERTIFICATE:
		return "server-certificate";
	case WARNING_LEGACY_TLS:
		return "legacy-tls";
	case WARNING_REDIRECT:
		return "redirect";
	case WARNING_LIFETIME:
		return "lifetime";
	case WARNING_DISCOVERY:
		return "discovery";
	case WARNING_COUNT:
		break;
	}
	return "unknown";
}

bool
step_by_name(struct str name, enum step_id *ret)
{
	for (enum step_id s = 0; s < STEP_COUNT; s++) {
		if (str_eq(name, step_name(s))) {
			*ret = s;
			return true;
		}
	}
	return false;
}
