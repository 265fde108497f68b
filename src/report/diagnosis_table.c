/*
 * The table itself: in the order of the steps, special codes before general ones.
 * Services that fail alike share their rows through the macros; doc/DIAGNOSIS has every
 * tag in full.
 */
#include "report/diagnose.h"

#include <errno.h>

#include "vocab/code.h"

#define ANY DIAGNOSIS_ANY_CODE

#define HINT_DNS                                                                         \
	"Check the name with `getent hosts` or `dig` on this machine, and the "          \
	"records of the zone."
#define HINT_FIREWALL                                                                    \
	"Check that the server is up, the route to it, and firewalls on the way."
#define HINT_CA                                                                          \
	"If the certificate is right, add the CA that signed it to the pool's "          \
	"ca_file, or have the server send its intermediate certificates; if not, "       \
	"look for a proxy that intercepts TLS."
#define HINT_TLS                                                                         \
	"Compare the TLS versions and ciphers of the server with tls_min and "           \
	"legacy_tls of the pool; old servers need legacy_tls."
#define HINT_WEAK                                                                        \
	"Replace the certificate; until then legacy_tls makes this pool accept it."
#define HINT_CLIENT_CERT                                                                 \
	"No logon needs one there: look for a gateway or reverse proxy in front of "     \
	"the server, and in IIS for an SSL setting that requires client certificates."
#define HINT_IIS                                                                         \
	"Check the web components of the pool: IIS, its application pools, and "         \
	"their event log."
#define HINT_PROXY                                                                       \
	"Look for a reverse proxy or a load balancer that answers in the server's "      \
	"place."
#define HINT_WEB_AUTH                                                                    \
	"Check UseWindowsAuth, UsePinAuth and UseCertificateAuth with "                  \
	"Get-CsWebServiceConfiguration."
#define HINT_LOAD                                                                        \
	"Look at the load of the server and what it waits for (user store, domain "      \
	"controllers)."
#define HINT_ENABLE                                                                      \
	"Check the account with Get-CsUser: does it exist, is it Enabled, on "           \
	"which RegistrarPool."
#define HINT_RESTART                                                                     \
	"If it happens again, look at the event log of the server at this time."
#define HINT_REPORT                                                                      \
	"Run the test by hand with `cswatch test --verbose`: it shows step by step "     \
	"what came back."

/*
 * What can go wrong on the way to a server: TCP, TLS, its certificate. P: the tags'
 * prefix.
 */
#define WAY_ROWS(STEP, P, WHO)                                                           \
	{ STEP, CAUSE_CONNECT, ECONNREFUSED, P "REFUSED",                                \
		WHO " refuses TCP connections",                                          \
		"Check that the service is started and listens on this port." },         \
	    { STEP, CAUSE_CONNECT, ANY, P "CONNECT", "no TCP connection to " WHO,        \
		    HINT_FIREWALL },                                                     \
	    { STEP, CAUSE_TRUST, CERT_EXPIRED, P "EXPIRED",                              \
		    "the server certificate of " WHO " has expired",                     \
		    "Renew the certificate and assign it to the service." },             \
	    { STEP, CAUSE_TRUST, CERT_NOT_YET, P "NOT-YET",                              \
		    "the server certificate of " WHO " is not valid yet",                \
		    "Check the clocks of both machines, then the certificate." },        \
	    { STEP, CAUSE_TRUST, CERT_OTHER_NAME, P "NAME",                              \
		    "the server certificate of " WHO " is for another name",             \
		    "Check that the name asked for is a subject alternative name of "    \
		    "the "                                                               \
		    "certificate, and that DNS leads to the right machine." },           \
	    { STEP, CAUSE_TRUST, CERT_REVOKED, P "REVOKED",                              \
		    "the server certificate of " WHO " is revoked",                      \
		    "Replace the certificate." },                                        \
	    { STEP, CAUSE_TRUST, CERT_SHORT_KEY, P "WEAK-KEY",                           \
		    "the server certificate of " WHO " has too short a key",             \
		    HINT_WEAK },                                                         \
	    { STEP, CAUSE_TRUST, CERT_SHORT_CA_KEY, P "WEAK-CA",                         \
		    "the server certificate of " WHO                                     \
		    " is signed by a CA with too short a key",                           \
		    HINT_WEAK },                                                         \
	    { STEP, CAUSE_TRUST, CERT_OLD_DIGEST, P "WEAK-HASH",                         \
		    "the server certificate of " WHO                                     \
		    " is signed with an outdated digest",                                \
		    HINT_WEAK },                                                         \
	    { STEP, CAUSE_TRUST, ANY, P "TRUST",                                         \
		    "the server certificate of " WHO " is not trusted", HINT_CA },       \
	    { STEP, CAUSE_TLS, TLS_ALERT_PROTOCOL_VERSION, P "VERSION",                  \
		    WHO " speaks no TLS version that this pool may use",                 \
		    "Bring the server up to date; until then set tls_min of the pool "   \
		    "to what "                                                           \
		    "it speaks." },                                                      \
	    { STEP, CAUSE_TLS, TLS_ALERT_CERTIFICATE_REQUIRED, P "CLIENT-CERT",          \
		    WHO " demands a client certificate in TLS", HINT_CLIENT_CERT },      \
	{                                                                                \
		STEP, CAUSE_TLS, ANY, P "TLS", "no TLS connection with " WHO, HINT_TLS   \
	}

/* What is wrong with an answer that begins to come. */
#define ANSWER_ROWS(STEP, P, WHO)                                                        \
	{ STEP, CAUSE_CLOSED, ANY, P "CLOSED",                                           \
		WHO " closed the connection instead of answering", HINT_RESTART },       \
	    { STEP, CAUSE_PROTOCOL, ANY, P "GARBLED",                                    \
		    "the answer of " WHO " is not understood", HINT_REPORT },            \
	{                                                                                \
		STEP, CAUSE_LIMIT, ANY, P "LIMIT",                                       \
		    "the answer of " WHO " is larger than allowed", HINT_REPORT          \
	}

/* What can go wrong in a conversation once it stands. */
#define TALK_ROWS(STEP, P, WHO)                                                          \
	{ STEP, CAUSE_TIMEOUT, ANY, P "SLOW", WHO " did not answer in time",             \
		HINT_LOAD },                                                             \
	    ANSWER_ROWS(STEP, P, WHO)

/* HTTP, whatever is asked by it. Rows of one step alone go before these. */
#define HTTP_ROWS(STEP, P, WHO)                                                          \
	{ STEP, CAUSE_TRUST, CERT_OUTSIDE, P "FOREIGN",                                  \
		"a web service URL that was handed out is outside the domains of pool "  \
		"and "                                                                   \
		"user",                                                                  \
		"If it is right, add its domain to allowed_web_domains; a URL that "     \
		"nobody "                                                                \
		"of yours set up is a sign of forgery." },                               \
	    WAY_ROWS(STEP, P, WHO),                                                      \
	    { STEP, CAUSE_HTTP, 403, P "FORBIDDEN", WHO " refuses access (HTTP 403)",    \
		    HINT_PROXY },                                                        \
	    { STEP, CAUSE_HTTP, 404, P "ABSENT",                                         \
		    WHO " does not exist at this URL (HTTP 404)",                        \
		    "Check the URL; a director or an edge server has no such web "       \
		    "service." },                                                        \
	    { STEP, CAUSE_HTTP, 503, P "DOWN",                                           \
		    "IIS answers, but " WHO " is stopped (HTTP 503)", HINT_IIS },        \
	    { STEP, CAUSE_HTTP, ANY, P "HTTP",                                           \
		    WHO " answered with an unexpected HTTP status", HINT_IIS },          \
	{                                                                                \
		STEP, CAUSE_REDIRECT, ANY, P "REDIRECT",                                 \
		    WHO " redirects to where it may not be followed", HINT_PROXY         \
	}

/* ... as the four web steps see it. */
#define WEB_ROWS(STEP, P, WHO)                                                           \
	{ STEP, CAUSE_DNS, ANY, P "DNS", "the host name of " WHO " has no address",      \
		HINT_DNS },                                                              \
	    HTTP_ROWS(STEP, P, WHO), TALK_ROWS(STEP, P, WHO)

/* What only a page that should be open to everybody can do wrong. */
#define PAGE_ROWS(STEP, P, WHO)                                                          \
	{ STEP, CAUSE_HTTP, 401, P "CRED",                                               \
		WHO " asks for credentials, although it is open to everybody",           \
		HINT_PROXY },                                                            \
	    { STEP, CAUSE_FAULT, ANY, P "FAULT", WHO " answered with a fault",           \
		    HINT_IIS },                                                          \
	    { STEP, CAUSE_NOT_OFFERED, ANY, P "SCHEME",                                  \
		    WHO " names no port for the authentication that is needed",          \
		    HINT_WEB_AUTH },                                                     \
	    WEB_ROWS(STEP, P, WHO)

/* What only a service that looks at its caller can do wrong. */
#define REFUSAL_ROWS(STEP, P, WHO)                                                       \
	{ STEP, CAUSE_DISABLED, ANY, P "DISABLED",                                       \
		WHO " knows the test account, but it is not enabled", HINT_ENABLE },     \
	    { STEP, CAUSE_FAULT, ANY, P "FAULT", WHO " answered with a fault",           \
		    HINT_IIS },                                                          \
	{                                                                                \
		STEP, CAUSE_NOT_OFFERED, ANY, P "SCHEME",                                \
		    WHO " does not offer the authentication that is needed",             \
		    HINT_WEB_AUTH                                                        \
	}

#define SERVICE_ROWS(STEP, P, WHO) REFUSAL_ROWS(STEP, P, WHO), WEB_ROWS(STEP, P, WHO)

/* SIP as the four steps after the connection see it. */
#define SIP_ROWS(STEP, P, DOING)                                                         \
	{ STEP, CAUSE_SIP, 403, P "FORBIDDEN", "the registrar forbids " DOING " (403)",  \
		"Look at the policies of the test user and at the client version "       \
		"filter." },                                                             \
	    { STEP, CAUSE_SIP, 480, P "AWAY",                                            \
		    "the registrar cannot serve the test user now (480) at " DOING,      \
		    HINT_LOAD },                                                         \
	    { STEP, CAUSE_SIP, 503, P "DOWN",                                            \
		    "the registrar is out of service (503) at " DOING, HINT_LOAD },      \
	    { STEP, CAUSE_SIP, 504, P "BACKEND",                                         \
		    "a server behind the registrar did not answer (504) at " DOING,      \
		    HINT_LOAD },                                                         \
	    { STEP, CAUSE_SIP, ANY, P "SIP",                                             \
		    "the registrar answered " DOING " with an unexpected status",        \
		    HINT_RESTART },                                                      \
	    { STEP, CAUSE_AUTH, ANY, P "CRED",                                           \
		    "the registrar refused the client certificate at " DOING,            \
		    "Check with Get-CsClientCertificate that the certificate is "        \
		    "published; it "                                                     \
		    "may have been revoked or not yet replicated. Check the clocks." },  \
	    { STEP, CAUSE_DISABLED, ANY, P "DISABLED",                                   \
		    "the registrar says at " DOING                                       \
		    " that the test user does not exist or is "                          \
		    "not enabled",                                                       \
		    HINT_ENABLE },                                                       \
	    { STEP, CAUSE_NOT_OFFERED, ANY, P "SCHEME",                                  \
		    "the registrar offers no TLS-DSK at " DOING,                         \
		    "Check UseCertificateForClientToProxyAuth with "                     \
		    "Get-CsProxyConfiguration." },                                       \
	    { STEP, CAUSE_REDIRECT, ANY, P "REDIRECT",                                   \
		    "the registrar redirects " DOING " to where it may not be followed", \
		    "Check the RegistrarPool of the test user with Get-CsUser and make " \
		    "that "                                                              \
		    "pool the target." },                                                \
	    { STEP, CAUSE_SIGNATURE, ANY, P "SIGNATURE",                                 \
		    "the signature of the registrar's answer to " DOING                  \
		    " is wrong or missing",                                              \
		    "Whoever answered does not hold the keys of this logon: look for a " \
		    "device "                                                            \
		    "between watcher and registrar that changes SIP." },                 \
	    { STEP, CAUSE_TLS, ANY, P "TLS", "the TLS connection broke at " DOING,       \
		    HINT_RESTART },                                                      \
	    TALK_ROWS(STEP, P, "the registrar, at " DOING ",")

/* Last resort for a cause at a step where nobody expected it, or at no step. */
#define PLAIN_ROW(CAUSE, TAG, SENTENCE, HINT)                                            \
	{ STEP_COUNT, CAUSE, ANY, TAG, SENTENCE, HINT }

const struct diagnosis diagnosis_table[] = {
	/* This machine, at whatever step. */
	{ STEP_COUNT, CAUSE_LOCAL, ENOMEM, "LOCAL-MEMORY", "the watcher is out of memory",
	    "Look at the memory limits of cswatchd." },
	{ STEP_COUNT, CAUSE_LOCAL, EMFILE, "LOCAL-FILES",
	    "the watcher has too many files open",
	    "Raise LimitNOFILE of the unit or lower max_parallel." },
	{ STEP_COUNT, CAUSE_LOCAL, ANY, "LOCAL", "the watcher itself is in trouble",
	    "This says nothing about the pool: look at the watcher's own machine." },
	{ STEP_COUNT, CAUSE_CANCELLED, ANY, "STOPPED",
	    "the run was given up because the watcher was stopped or asked to",
	    "Run the test again." },

	{ STEP_DISCOVER, CAUSE_DNS, DNS_NO_NAME, "DISC-NOTHING",
	    "DNS has none of the names by which clients find the registrar of the SIP "
	    "domain",
	    "Publish lyncdiscoverinternal or lyncdiscover and the SRV records "
	    "_sipinternaltls._tcp or _sip._tls; check which DNS view this machine "
	    "sees." },
	{ STEP_DISCOVER, CAUSE_DNS, ANY, "DISC-DNS",
	    "the name servers failed when the registrar was looked for", HINT_DNS },
	{ STEP_DISCOVER, CAUSE_TIMEOUT, ANY, "DISC-SLOW",
	    "no answer came in time while the registrar was looked for",
	    "Check the name servers in /etc/resolv.conf, or dns_servers, and firewalls "
	    "on the way to lyncdiscoverinternal and lyncdiscover." },
	{ STEP_DISCOVER, CAUSE_AUTH, ANY, "DISC-CRED",
	    "the web ticket service of autodiscover rejected the test account",
	    "Check user name and password of the test account, whether the password has "
	    "expired and whether the account is locked." },
	{ STEP_DISCOVER, CAUSE_HTTP, 401, "DISC-TICKET",
	    "autodiscover refuses the web ticket that was issued for it",
	    "Compare the clocks of the front end servers, and look at the event log of "
	    "the one that answered." },
	{ STEP_DISCOVER, CAUSE_PROTOCOL, PROTOCOL_JSON, "DISC-JSON",
	    "autodiscover answers JSON although XML was asked for", HINT_PROXY },
	{ STEP_DISCOVER, CAUSE_PROTOCOL, PROTOCOL_PAGE, "DISC-PAGE",
	    "a web page came instead of autodiscover's answer", HINT_PROXY },
	REFUSAL_ROWS(STEP_DISCOVER, "DISC-", "autodiscover"),
	HTTP_ROWS(STEP_DISCOVER, "DISC-", "autodiscover"),
	ANSWER_ROWS(STEP_DISCOVER, "DISC-", "autodiscover"),

	{ STEP_RESOLVE, CAUSE_DNS, DNS_NO_NAME, "DNS-NAME",
	    "the name of the pool does not exist in DNS", HINT_DNS },
	{ STEP_RESOLVE, CAUSE_DNS, DNS_NO_RECORD, "DNS-EMPTY",
	    "the name of the pool exists in DNS but has no address", HINT_DNS },
	{ STEP_RESOLVE, CAUSE_DNS, ANY, "DNS-FAILED",
	    "the name servers could not say the address of the pool", HINT_DNS },
	{ STEP_RESOLVE, CAUSE_TIMEOUT, ANY, "DNS-SLOW", "no name server answered in time",
	    "Check the name servers in /etc/resolv.conf, or dns_servers." },

	WAY_ROWS(STEP_SIP_CONNECT, "REG-", "the registrar"),
	TALK_ROWS(STEP_SIP_CONNECT, "REG-", "the registrar"),

	/* TLS 1.3 tells a client only now that it lacked a certificate. */
	{ STEP_CHALLENGE, CAUSE_TLS, TLS_ALERT_CERTIFICATE_REQUIRED, "CHAL-CLIENT-CERT",
	    "the registrar demands a client certificate in TLS", HINT_CLIENT_CERT },
	SIP_ROWS(STEP_CHALLENGE, "CHAL-", "the first REGISTER"),

	PAGE_ROWS(STEP_CERTPROV_METADATA, "CP-META-",
	    "the metadata page of the certificate provisioning service"),
	PAGE_ROWS(STEP_TICKET_METADATA, "WT-META-",
	    "the metadata page of the web ticket service"),

	{ STEP_WEB_TICKET, CAUSE_FAULT, 28001, "WT-BACKEND",
	    "the web ticket service failed while it checked the test account",
	    "The trouble is at the server: check that it reaches domain controllers and "
	    "the user store." },
	{ STEP_WEB_TICKET, CAUSE_FAULT, 28020, "WT-TOKEN",
	    "the web ticket service does not accept the security token",
	    "Check credentials and the authentication methods of the web service." },
	{ STEP_WEB_TICKET, CAUSE_AUTH, ANY, "WT-CRED",
	    "the web ticket service rejected the test account",
	    "Check user name and password of the test account, whether the password has "
	    "expired and whether the account is locked." },
	SERVICE_ROWS(STEP_WEB_TICKET, "WT-", "the web ticket service"),

	{ STEP_CERTIFICATE, CAUSE_AUTH, ANY, "CERT-TICKET",
	    "the certificate provisioning service refused the web ticket",
	    "Compare the clocks of the front end servers: tickets are short-lived. With "
	    "several front ends, check that all hold the same certificates." },
	{ STEP_CERTIFICATE, CAUSE_FAULT, 28020, "CERT-TOKEN",
	    "the certificate provisioning service finds no valid security token",
	    "Compare the clocks of the front end servers: tickets are short-lived." },
	{ STEP_CERTIFICATE, CAUSE_CERTIFICATE, CERT_EXPIRED, "CERT-OLD",
	    "the certificate that was issued has already expired",
	    "Check the clock of the front end server and the validity periods with "
	    "Get-CsWebServiceConfiguration." },
	{ STEP_CERTIFICATE, CAUSE_CERTIFICATE, CERT_NOT_YET, "CERT-FUTURE",
	    "the certificate that was issued is not valid yet",
	    "Check the clocks of the front end server and of this machine." },
	{ STEP_CERTIFICATE, CAUSE_CERTIFICATE, ANY, "CERT-UNUSABLE",
	    "the certificate that was issued does not fit the key or the user",
	    "This is a fault of the server. " HINT_REPORT },
	{ STEP_CERTIFICATE, CAUSE_HTTP, 401, "CERT-CRED",
	    "the certificate provisioning service asks for credentials beside the ticket",
	    HINT_WEB_AUTH },
	SERVICE_ROWS(STEP_CERTIFICATE, "CERT-", "the certificate provisioning service"),

	{ STEP_TLS_DSK, CAUSE_HANDSHAKE, TLS_ALERT_CERTIFICATE_REVOKED, "DSK-REVOKED",
	    "the registrar says that the client certificate is revoked",
	    "Check Get-CsClientCertificate; somebody may have used "
	    "Revoke-CsClientCertificate." },
	{ STEP_TLS_DSK, CAUSE_HANDSHAKE, TLS_ALERT_CERTIFICATE_EXPIRED, "DSK-EXPIRED",
	    "the registrar says that the client certificate has expired",
	    "Check the clocks of watcher and registrar." },
	{ STEP_TLS_DSK, CAUSE_HANDSHAKE, TLS_ALERT_BAD_CERTIFICATE, "DSK-BAD-CERT",
	    "the registrar cannot use the client certificate", HINT_REPORT },
	{ STEP_TLS_DSK, CAUSE_HANDSHAKE, TLS_ALERT_CERTIFICATE_UNKNOWN,
	    "DSK-UNKNOWN-CERT", "the registrar does not know the client certificate",
	    "Check with Get-CsClientCertificate that it is published; the user store may "
	    "not have replicated yet." },
	{ STEP_TLS_DSK, CAUSE_HANDSHAKE, TLS_ALERT_UNKNOWN_CA, "DSK-UNKNOWN-CA",
	    "the registrar does not know who issued the client certificate",
	    "Check that the front end servers of the pool agree about the issuer." },
	{ STEP_TLS_DSK, CAUSE_HANDSHAKE, TLS_ALERT_PROTOCOL_VERSION, "DSK-VERSION",
	    "the registrar and the watcher share no TLS version for the inner handshake",
	    HINT_TLS },
	{ STEP_TLS_DSK, CAUSE_HANDSHAKE, TLS_ALERT_HANDSHAKE_FAILURE, "DSK-NO-COMMON",
	    "the registrar and the watcher agree on no cipher for the inner handshake",
	    HINT_TLS },
	{ STEP_TLS_DSK, CAUSE_HANDSHAKE, ANY, "DSK-HANDSHAKE",
	    "the inner handshake with the registrar failed",
	    "Check with Get-CsClientCertificate that the certificate is published and "
	    "not revoked; then compare the TLS versions and ciphers of both sides." },
	{ STEP_TLS_DSK, CAUSE_TRUST, ANY, "DSK-TRUST",
	    "the registrar's certificate in the inner handshake is not the right one",
	    HINT_CA " Real clients do not look at it: inner_certificate = \"log\" makes "
		    "cswatch report it only." },
	{ STEP_TLS_DSK, CAUSE_CERTIFICATE, ANY, "DSK-CERTIFICATE",
	    "the client certificate cannot be used for the logon",
	    "Download a new one; the stored one may be damaged or too old." },
	SIP_ROWS(STEP_TLS_DSK, "DSK-", "the TLS-DSK handshake"),

	SIP_ROWS(STEP_REGISTER, "LOGON-", "the signed REGISTER"),

	SIP_ROWS(STEP_LOG_OFF, "OFF-", "the log-off"),

	PLAIN_ROW(CAUSE_DNS, "ANY-DNS", "a name has no address", HINT_DNS),
	PLAIN_ROW(CAUSE_CONNECT, "ANY-CONNECT", "no TCP connection", HINT_FIREWALL),
	PLAIN_ROW(CAUSE_TLS, "ANY-TLS", "no TLS connection", HINT_TLS),
	PLAIN_ROW(
	    CAUSE_TRUST, "ANY-TRUST", "a server certificate is not accepted", HINT_CA),
	PLAIN_ROW(CAUSE_TIMEOUT, "ANY-SLOW", "no answer in time", HINT_LOAD),
	PLAIN_ROW(CAUSE_CLOSED, "ANY-CLOSED", "the connection was closed too early",
	    HINT_RESTART),
	PLAIN_ROW(CAUSE_HTTP, "ANY-HTTP", "an unexpected HTTP status", HINT_IIS),
	PLAIN_ROW(CAUSE_SIP, "ANY-SIP", "an unexpected SIP status", HINT_RESTART),
	PLAIN_ROW(
	    CAUSE_FAULT, "ANY-FAULT", "a web service answered with a fault", HINT_IIS),
	PLAIN_ROW(CAUSE_AUTH, "ANY-CRED", "the credentials were refused",
	    "Check user name and password of the test account."),
	PLAIN_ROW(
	    CAUSE_DISABLED, "ANY-DISABLED", "the test user is not enabled", HINT_ENABLE),
	PLAIN_ROW(CAUSE_NOT_OFFERED, "ANY-SCHEME",
	    "the server does not offer the authentication wanted",
	    "Compare Get-CsProxyConfiguration and Get-CsWebServiceConfiguration with the "
	    "configuration of the test."),
	PLAIN_ROW(
	    CAUSE_HANDSHAKE, "ANY-HANDSHAKE", "the inner handshake failed", HINT_TLS),
	PLAIN_ROW(CAUSE_SIGNATURE, "ANY-SIGNATURE",
	    "the server's signature is wrong or missing", HINT_REPORT),
	PLAIN_ROW(CAUSE_CERTIFICATE, "ANY-CERTIFICATE",
	    "the client certificate is unusable", HINT_REPORT),
	PLAIN_ROW(
	    CAUSE_REDIRECT, "ANY-REDIRECT", "a redirect may not be followed", HINT_PROXY),
	PLAIN_ROW(
	    CAUSE_PROTOCOL, "ANY-GARBLED", "an answer is not understood", HINT_REPORT),
	PLAIN_ROW(
	    CAUSE_LIMIT, "ANY-LIMIT", "an answer is larger than allowed", HINT_REPORT),

	{ STEP_COUNT, CAUSE_COUNT, ANY, "UNKNOWN", "not seen before", HINT_REPORT },
};

const size_t diagnosis_count = sizeof(diagnosis_table) / sizeof(diagnosis_table[0]);
