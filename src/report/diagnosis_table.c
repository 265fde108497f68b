/*
 * The tables. Rows of single steps come first, then rows that several steps share;
 * special codes come before general ones.
 */
#include "report/diagnosis_table.h"

#include <errno.h>

#include "vocab/code.h"

#define ANY DIAGNOSIS_ANY_CODE
#define NO  EVIDENCE_NONE

/* The steps that share rows. */
#define ONE(step) (1u << STEP_##step)
/* Pages that need no authentication. */
#define PAGES (ONE(CERTPROV_METADATA) | ONE(TICKET_METADATA))
/* Services that authenticate the client. */
#define SERVICES (ONE(DISCOVER) | ONE(WEB_TICKET) | ONE(CERTIFICATE))
/* Steps that look up the host name of the server themselves. */
#define WEB  (PAGES | ONE(WEB_TICKET) | ONE(CERTIFICATE))
#define HTTP (PAGES | SERVICES)
/* Steps that open a connection. */
#define CONNECTING (HTTP | ONE(SIP_CONNECT))
/* Steps that send a REGISTER on the connection. */
#define SIP (ONE(CHALLENGE) | ONE(TLS_DSK) | ONE(REGISTER) | ONE(LOG_OFF))
/* Steps that wait for an answer. Discovery has a row of its own for a late answer. */
#define WAITING	 (WEB | ONE(SIP_CONNECT) | SIP)
#define ANSWERED (WAITING | ONE(DISCOVER))

#define CHECK_DNS                                                                        \
	"Check the name with `getent hosts` or `dig` on this machine, and the records "  \
	"of the zone."
#define CHECK_FIREWALL                                                                   \
	"Check that the server is up, the route to it, and firewalls on the way."
#define CHECK_CA                                                                         \
	"If the certificate is right, add the CA that signed it to the pool's ca_file, " \
	"or have the server send its intermediate certificates; if not, look for a "     \
	"proxy that intercepts TLS."
#define CHECK_TLS                                                                        \
	"Compare the TLS versions and ciphers of the server with tls_min and "           \
	"legacy_tls of the pool; old servers need legacy_tls."
#define REPLACE_WEAK                                                                     \
	"Replace the certificate; until then legacy_tls makes this pool accept it."
#define FIND_GATEWAY                                                                     \
	"No logon needs one there: look for a gateway or reverse proxy in front of the " \
	"server, and in IIS for an SSL setting that requires client certificates."
#define CHECK_IIS                                                                        \
	"Check the web components of the pool: IIS, its application pools, and their "   \
	"event log."
#define FIND_PROXY                                                                       \
	"Look for a reverse proxy or a load balancer that answers in the server's "      \
	"place."
#define CHECK_WEB_AUTH                                                                   \
	"Check UseWindowsAuth, UsePinAuth and UseCertificateAuth with "                  \
	"Get-CsWebServiceConfiguration."
#define CHECK_LOAD                                                                       \
	"Look at the load of the server and what it waits for (user store, domain "      \
	"controllers)."
#define CHECK_USER                                                                       \
	"Check the account with Get-CsUser: does it exist, is it Enabled, on which "     \
	"RegistrarPool."
#define CHECK_PASSWORD                                                                   \
	"Check user name and password of the test account, whether the password has "    \
	"expired and whether the account is locked. If they are right, the server may "  \
	"demand Extended Protection, a policy may forbid NTLM, or a load balancer may "  \
	"part the legs of one logon."
#define CHECK_EVENT_LOG                                                                  \
	"If it happens again, look at the event log of the server at this time."
#define CHECK_PUBLISHING                                                                 \
	"The proxy answers, the pool does not: check from the proxy that the external "  \
	"web site of the pool (port 4443) can be reached, its name, and its "            \
	"certificate."
#define CHECK_ASSOCIATION                                                                \
	"The certificate had been accepted. The registrar has lost the security "        \
	"association: look for a load balancer that moves a connection between front "   \
	"end servers, a restart, or more endpoints of the user than allowed "            \
	"(MaxEndpointsPerUser)."
#define CHECK_VERSION_FILTER                                                             \
	"Change user_agent of the pool, or the filter: Get-CsClientVersionPolicyRule."
#define RUN_BY_HAND                                                                      \
	"Run the test by hand with `cswatch test --verbose`: it shows step by step "     \
	"what "                                                                          \
	"came back."

const struct diagnosis_step diagnosis_steps[STEP_COUNT + 1] = {
	[STEP_DISCOVER] = { "DISC-", "autodiscover", NULL,
	    "The registrar of a pool that is given as a SIP domain is looked for, by "
	    "autodiscover, SRV records and host names, in the order of doc/PROTOCOL. A "
	    "method that fails is noted in the trace and in `cswatch show`, and the next "
	    "one is tried. The step fails when none is left, with the failure that tells "
	    "most and a list of what was tried. If a later method found a registrar "
	    "although autodiscover exists and fails, the success has the warning "
	    "`discovery`; so has a success that needed the second target of an SRV "
	    "record because the first one was dead." },
	[STEP_RESOLVE] = { "DNS-", NULL, NULL,
	    "The addresses of the pool's name are looked up." },
	[STEP_SIP_CONNECT] = { "REG-", "the registrar", NULL,
	    "A TCP connection and a TLS session with the registrar are opened." },
	[STEP_CHALLENGE] = { "CHAL-", "the registrar, at the first REGISTER,",
	    "the first REGISTER",
	    "A REGISTER without credentials is sent; the registrar answers with its "
	    "challenge." },
	[STEP_CERTPROV_METADATA] = { "CP-META-",
	    "the metadata page of the certificate provisioning service", NULL,
	    "The metadata page (/mex) of the certificate provisioning service is read." },
	[STEP_TICKET_METADATA] = { "WT-META-",
	    "the metadata page of the web ticket service", NULL,
	    "The metadata page (/mex) of the web ticket service is read." },
	[STEP_WEB_TICKET] = { "WT-", "the web ticket service", NULL,
	    "The test account authenticates and gets a web ticket." },
	[STEP_CERTIFICATE] = { "CERT-", "the certificate provisioning service", NULL,
	    "The web ticket is exchanged for a client certificate." },
	[STEP_TLS_DSK] = { "DSK-", "the registrar, at the TLS-DSK handshake,",
	    "the TLS-DSK handshake",
	    "The inner TLS handshake, carried by SIP messages, is made with that "
	    "certificate." },
	[STEP_REGISTER] = { "LOGON-", "the registrar, at the signed REGISTER,",
	    "the signed REGISTER", "The signed REGISTER is sent: the logon itself." },
	[STEP_LOG_OFF] = { "OFF-", "the registrar, at the log-off,", "the log-off",
	    "The registration is removed again. If only this fails, it is a warning of "
	    "the successful logon and no failure." },
	[STEP_COUNT] = { "", NULL, NULL,
	    "For these failures the step does not matter, or the cause is not one that "
	    "is known at the step." },
};

const struct diagnosis_evidence diagnosis_evidence[EVIDENCE_COUNT] = {
	[EVIDENCE_REMOTE_ACCESS] = { "a number that speaks of remote access", NULL },
	[EVIDENCE_CLIENT_VERSION] = { "a number of the client version filter", NULL },
	[EVIDENCE_POLICY] = { "a number that speaks of a policy", NULL },
	[EVIDENCE_MISMATCH] = { "account and SIP address do not belong together", NULL },
	[EVIDENCE_DOMAIN] = { "a number that speaks of the SIP domain", NULL },
	[EVIDENCE_ROUTE] = { "a number that speaks of DNS or certificates of servers",
	    NULL },
	[EVIDENCE_POOL] = { "a number that speaks of another pool", NULL },
	[EVIDENCE_CLOCK] = { "a number that speaks of the clocks", NULL },
	[EVIDENCE_OAUTH] = { "only OAuth is offered, or an OAuth token asked for",
	    "The service lets clients in with modern authentication (OAuth) only: check "
	    "Get-CsAuthConfig and Get-CsWebServiceConfiguration (DisableWindowsAuth); "
	    "the "
	    "user may also be homed online." },
	[EVIDENCE_OTHER_PRODUCT] = { "a number of seven digits",
	    "Exchange or SharePoint answered: a reverse proxy leads to the wrong "
	    "server." },
	[EVIDENCE_KERBEROS] = { "Negotiate is offered, but not for NTLM",
	    "This watcher speaks NTLM only: allow it in the providers of IIS and in the "
	    "policies for NTLM." },
	[EVIDENCE_ADDRESS] = { "a fault about the address of the message",
	    "The message is addressed to another host, port or path than it reached: "
	    "compare "
	    "the web URLs of the topology with the URL that was used; a reverse proxy "
	    "may "
	    "change them." },
	[EVIDENCE_ACTION] = { "a fault about the action of the message",
	    "The SOAPAction header did not arrive: look for a reverse proxy that takes "
	    "it "
	    "away." },
	[EVIDENCE_GATEWAY] = { "an answer of a proxy that waits for another", NULL },
	[EVIDENCE_ASSOCIATION] = { "a fresh challenge after the handshake", NULL },
	[EVIDENCE_TOO_LONG] = { "a page that says that the request is too long", NULL },
	[EVIDENCE_HTTP_SYS] = { "an answer of Windows itself (Microsoft-HTTPAPI)",
	    "Windows answered in place of IIS: start the application pool and the web "
	    "site, "
	    "and look at their event log." },
	[EVIDENCE_IIS] = { "an answer of IIS", CHECK_IIS },
	[EVIDENCE_IIS_TLS] = { "403.4 or 403.5 of IIS",
	    "IIS wants TLS of a kind that did not reach it: check its SSL settings, and "
	    "whether a proxy ends TLS in front of it." },
	[EVIDENCE_IIS_ADDRESS] = { "403.6 or 403.8 of IIS",
	    "IIS does not let this address or name in: check its IP address and domain "
	    "restrictions, and mitigation rules." },
	[EVIDENCE_IIS_CERTIFICATE] = { "403.7, 403.12, 403.13, 403.16 or 403.17 of IIS",
	    "IIS asks for a client certificate, which no logon needs: check its SSL "
	    "settings, and the root store of the server for certificates that are not "
	    "self-signed." },
	[EVIDENCE_HELLO] = { "an end of the connection in answer to the first message of "
			     "TLS",
	    CHECK_TLS },
};

const struct diagnosis_row diagnosis_rows[] = {
	/* ---- this machine, at any step ---- */
	{ 0, CAUSE_LOCAL, ENOMEM, NO, "LOCAL-MEMORY", "the watcher is out of memory",
	    "Look at the memory limits of cswatchd." },
	{ 0, CAUSE_LOCAL, EMFILE, NO, "LOCAL-FILES",
	    "the watcher has too many files open",
	    "Raise LimitNOFILE of the unit or lower max_parallel." },
	{ 0, CAUSE_LOCAL, ANY, NO, "LOCAL", "the watcher itself is in trouble",
	    "This says nothing about the pool: look at the watcher's own machine." },
	{ 0, CAUSE_CANCELLED, ANY, NO, "STOPPED",
	    "the run was given up because the watcher was stopped or asked to",
	    "Run the test again." },

	/* ---- single steps ---- */
	{ ONE(DISCOVER), CAUSE_DNS, DNS_NO_NAME, NO, "NOTHING",
	    "DNS has none of the names by which clients find the registrar of the SIP "
	    "domain",
	    "Publish lyncdiscoverinternal or lyncdiscover and the SRV records "
	    "_sipinternaltls._tcp or _sip._tls; check which DNS view this machine "
	    "sees." },
	{ ONE(DISCOVER), CAUSE_DNS, ANY, NO, "DNS",
	    "the name servers failed when the registrar was looked for", CHECK_DNS },
	{ ONE(DISCOVER), CAUSE_TIMEOUT, ANY, NO, "SLOW",
	    "no answer came in time while the registrar was looked for",
	    "Check the name servers in /etc/resolv.conf, or dns_servers, and firewalls "
	    "on the way to lyncdiscoverinternal and lyncdiscover." },
	{ ONE(WEB_TICKET) | ONE(DISCOVER), CAUSE_AUTH, ANY, EVIDENCE_MISMATCH, "MISMATCH",
	    "the account is not that of this SIP address",
	    "Check that user name and SIP address of the test user belong to one "
	    "account: "
	    "Get-CsUser shows both (SamAccountName, SipAddress)." },
	{ ONE(DISCOVER), CAUSE_AUTH, ANY, NO, "CRED",
	    "the web ticket service of autodiscover rejected the test account",
	    CHECK_PASSWORD },
	{ ONE(DISCOVER), CAUSE_HTTP, 401, NO, "TICKET",
	    "autodiscover refuses the web ticket that was issued for it",
	    "Compare the clocks of the front end servers, and look at the event log of "
	    "the one that answered." },
	{ ONE(DISCOVER), CAUSE_PROTOCOL, PROTOCOL_JSON, NO, "JSON",
	    "autodiscover answers JSON although XML was asked for", FIND_PROXY },
	{ ONE(DISCOVER), CAUSE_PROTOCOL, PROTOCOL_OLD, NO, "OLD",
	    "autodiscover is that of Lync Server 2010, which names no registrar",
	    "Give the pool by its fqdn, or publish the SRV records by which clients find "
	    "their registrar." },
	{ ONE(DISCOVER), CAUSE_PROTOCOL, PROTOCOL_UCWA, NO, "UCWA",
	    "autodiscover answers with a UCWA resource although XML of its own was asked "
	    "for",
	    "The Accept header did not arrive as it was sent: look for a reverse proxy "
	    "that "
	    "changes it." },

	{ ONE(RESOLVE), CAUSE_DNS, DNS_NO_NAME, NO, "NAME",
	    "the name of the pool does not exist in DNS", CHECK_DNS },
	{ ONE(RESOLVE), CAUSE_DNS, DNS_NO_RECORD, NO, "EMPTY",
	    "the name of the pool exists in DNS but has no address", CHECK_DNS },
	{ ONE(RESOLVE), CAUSE_DNS, ANY, NO, "FAILED",
	    "the name servers could not say the address of the pool", CHECK_DNS },
	{ ONE(RESOLVE), CAUSE_TIMEOUT, ANY, NO, "SLOW", "no name server answered in time",
	    "Check the name servers in /etc/resolv.conf, or dns_servers." },

	/*
	 * With TLS 1.3 a client learns only now that it should have sent a certificate.
	 */
	{ ONE(CHALLENGE), CAUSE_TLS, TLS_ALERT_CERTIFICATE_REQUIRED, NO, "CLIENT-CERT",
	    "the registrar demands a client certificate in TLS", FIND_GATEWAY },

	{ ONE(WEB_TICKET), CAUSE_FAULT, 28001, NO, "BACKEND",
	    "the web ticket service failed while it checked the test account",
	    "The trouble is at the server: check that it reaches domain controllers and "
	    "the user store." },
	{ ONE(WEB_TICKET) | ONE(DISCOVER), CAUSE_FAULT, 28020, NO, "TOKEN",
	    "the web ticket service does not accept the security token",
	    "Check credentials and the authentication methods of the web service." },
	{ ONE(WEB_TICKET), CAUSE_AUTH, ANY, NO, "CRED",
	    "the web ticket service rejected the test account", CHECK_PASSWORD },

	{ ONE(CERTIFICATE), CAUSE_AUTH, ANY, NO, "TICKET",
	    "the certificate provisioning service refused the web ticket",
	    "Compare the clocks of the front end servers: tickets are short-lived. With "
	    "several front ends, check that all hold the same certificates." },
	{ ONE(CERTIFICATE), CAUSE_FAULT, 28020, NO, "TOKEN",
	    "the certificate provisioning service finds no valid security token",
	    "Compare the clocks of the front end servers: tickets are short-lived." },
	{ ONE(CERTIFICATE), CAUSE_CERTIFICATE, CERT_EXPIRED, NO, "OLD",
	    "the certificate that was issued has already expired",
	    "Check the clock of the front end server and the validity periods with "
	    "Get-CsWebServiceConfiguration." },
	{ ONE(CERTIFICATE), CAUSE_CERTIFICATE, CERT_NOT_YET, NO, "FUTURE",
	    "the certificate that was issued is not valid yet",
	    "Check the clocks of the front end server and of this machine." },
	{ ONE(CERTIFICATE), CAUSE_CERTIFICATE, ANY, NO, "UNUSABLE",
	    "the certificate that was issued does not fit the key or the user",
	    "This is a fault of the server. " RUN_BY_HAND },
	{ ONE(CERTIFICATE), CAUSE_HTTP, 401, NO, "CRED",
	    "the certificate provisioning service asks for credentials beside the ticket",
	    CHECK_WEB_AUTH },

	{ ONE(TLS_DSK), CAUSE_HANDSHAKE, TLS_ALERT_CERTIFICATE_REVOKED, NO, "REVOKED",
	    "the registrar says that the client certificate is revoked",
	    "Check Get-CsClientCertificate; somebody may have used "
	    "Revoke-CsClientCertificate." },
	{ ONE(TLS_DSK), CAUSE_HANDSHAKE, TLS_ALERT_CERTIFICATE_EXPIRED, NO, "EXPIRED",
	    "the registrar says that the client certificate has expired",
	    "Check the clocks of watcher and registrar." },
	{ ONE(TLS_DSK), CAUSE_HANDSHAKE, TLS_ALERT_BAD_CERTIFICATE, NO, "BAD-CERT",
	    "the registrar cannot use the client certificate", RUN_BY_HAND },
	{ ONE(TLS_DSK), CAUSE_HANDSHAKE, TLS_ALERT_CERTIFICATE_UNKNOWN, NO,
	    "UNKNOWN-CERT", "the registrar does not know the client certificate",
	    "Check with Get-CsClientCertificate that it is published; the user store may "
	    "not have replicated yet." },
	{ ONE(TLS_DSK), CAUSE_HANDSHAKE, TLS_ALERT_UNKNOWN_CA, NO, "UNKNOWN-CA",
	    "the registrar does not know who issued the client certificate",
	    "Check that the front end servers of the pool agree about the issuer." },
	{ ONE(TLS_DSK), CAUSE_HANDSHAKE, TLS_ALERT_PROTOCOL_VERSION, NO, "VERSION",
	    "the registrar and the watcher share no TLS version for the inner handshake",
	    CHECK_TLS },
	{ ONE(TLS_DSK), CAUSE_HANDSHAKE, TLS_ALERT_HANDSHAKE_FAILURE, NO, "NO-COMMON",
	    "the registrar and the watcher agree on no cipher for the inner handshake",
	    CHECK_TLS },
	{ ONE(TLS_DSK), CAUSE_HANDSHAKE, ANY, NO, "HANDSHAKE",
	    "the inner handshake with the registrar failed",
	    "Check with Get-CsClientCertificate that the certificate is published and "
	    "not revoked; then compare the TLS versions and ciphers of both sides." },
	{ ONE(TLS_DSK), CAUSE_TRUST, ANY, NO, "TRUST",
	    "the registrar's certificate in the inner handshake is not the right one",
	    CHECK_CA " Real clients do not look at it: inner_certificate = \"log\" makes "
		     "cswatch report it only." },
	{ ONE(TLS_DSK), CAUSE_CERTIFICATE, ANY, NO, "CERTIFICATE",
	    "the client certificate cannot be used for the logon",
	    "Download a new one; the stored one may be damaged or too old." },

	/* ---- homed online ---- */
	{ HTTP | SIP, CAUSE_ONLINE, ANY, NO, "ONLINE",
	    "the user, or the whole SIP domain, is homed online",
	    "The logon with a certificate of this pool does not apply: the online "
	    "service "
	    "wants modern authentication. Take the test out, or use a user that is homed "
	    "on "
	    "this pool (Get-CsUser, HostingProvider)." },

	{ HTTP, CAUSE_PROTOCOL, PROTOCOL_PAGE, NO, "PAGE",
	    "a web page came in place of the answer of {who}",
	    "Look for a gateway or reverse proxy with pre-authentication, or one that "
	    "answers in the server's place: these services must be published without." },
	{ HTTP, CAUSE_HTTP, ANY, EVIDENCE_TOO_LONG, "HEADER",
	    "the request to {who} is too long for what answered",
	    "Tickets make large headers: raise the limits of HTTP.sys on the server "
	    "(MaxFieldLength, MaxRequestBytes), and of the reverse proxy." },
	{ HTTP, CAUSE_HTTP, ANY, EVIDENCE_GATEWAY, "PROXY",
	    "a reverse proxy cannot reach {who}", CHECK_PUBLISHING },

	/* ---- web services ---- */
	{ PAGES, CAUSE_HTTP, 401, NO, "CRED",
	    "{who} asks for credentials, although it is open to everybody", FIND_PROXY },
	{ SERVICES, CAUSE_DISABLED, ANY, NO, "DISABLED",
	    "{who} knows the test account, but it is not enabled", CHECK_USER },
	{ HTTP, CAUSE_FAULT, ANY, NO, "FAULT", "{who} answered with a fault", CHECK_IIS },
	{ PAGES, CAUSE_NOT_OFFERED, ANY, NO, "SCHEME",
	    "{who} names no port for the authentication that is needed", CHECK_WEB_AUTH },
	{ SERVICES, CAUSE_NOT_OFFERED, ANY, NO, "SCHEME",
	    "{who} does not offer the authentication that is needed", CHECK_WEB_AUTH },
	{ WEB, CAUSE_DNS, ANY, NO, "DNS", "the host name of {who} has no address",
	    CHECK_DNS },
	{ HTTP, CAUSE_TRUST, CERT_OUTSIDE, NO, "FOREIGN",
	    "a web service URL that was handed out is outside the domains of pool and "
	    "user",
	    "If it is right, add its domain to allowed_web_domains; a URL that nobody "
	    "of yours set up is a sign of forgery." },

	/* ---- the way to a server: TCP, TLS, its certificate ---- */
	{ CONNECTING, CAUSE_CONNECT, ECONNREFUSED, NO, "REFUSED",
	    "{who} refuses TCP connections",
	    "Check that the service is started and listens on this port." },
	{ CONNECTING, CAUSE_CONNECT, ANY, NO, "CONNECT", "no TCP connection to {who}",
	    CHECK_FIREWALL },
	{ CONNECTING, CAUSE_TRUST, CERT_EXPIRED, NO, "EXPIRED",
	    "the server certificate of {who} has expired",
	    "Renew the certificate and assign it to the service." },
	{ CONNECTING, CAUSE_TRUST, CERT_NOT_YET, NO, "NOT-YET",
	    "the server certificate of {who} is not valid yet",
	    "Check the clocks of both machines, then the certificate." },
	{ CONNECTING, CAUSE_TRUST, CERT_OTHER_NAME, NO, "NAME",
	    "the server certificate of {who} is for another name",
	    "Check that the name asked for is a subject alternative name of the "
	    "certificate, and that DNS leads to the right machine." },
	{ CONNECTING, CAUSE_TRUST, CERT_REVOKED, NO, "REVOKED",
	    "the server certificate of {who} is revoked", "Replace the certificate." },
	{ CONNECTING, CAUSE_TRUST, CERT_SHORT_KEY, NO, "WEAK-KEY",
	    "the server certificate of {who} has too short a key", REPLACE_WEAK },
	{ CONNECTING, CAUSE_TRUST, CERT_SHORT_CA_KEY, NO, "WEAK-CA",
	    "the server certificate of {who} is signed by a CA with too short a key",
	    REPLACE_WEAK },
	{ CONNECTING, CAUSE_TRUST, CERT_OLD_DIGEST, NO, "WEAK-HASH",
	    "the server certificate of {who} is signed with an outdated digest",
	    REPLACE_WEAK },
	{ CONNECTING, CAUSE_TRUST, ANY, NO, "TRUST",
	    "the server certificate of {who} is not trusted", CHECK_CA },
	{ CONNECTING, CAUSE_TLS, TLS_ALERT_PROTOCOL_VERSION, NO, "VERSION",
	    "{who} speaks no TLS version that this pool may use",
	    "Bring the server up to date; until then set tls_min of the pool to what it "
	    "speaks." },
	{ CONNECTING, CAUSE_TLS, TLS_ALERT_CERTIFICATE_REQUIRED, NO, "CLIENT-CERT",
	    "{who} demands a client certificate in TLS", FIND_GATEWAY },
	{ CONNECTING, CAUSE_TLS, ANY, NO, "TLS", "no TLS connection with {who}",
	    CHECK_TLS },

	/* ---- HTTP ---- */
	{ HTTP, CAUSE_HTTP, 403, NO, "FORBIDDEN", "{who} refuses access (HTTP 403)",
	    FIND_PROXY },
	{ HTTP, CAUSE_HTTP, 404, NO, "ABSENT",
	    "{who} does not exist at this URL (HTTP 404)",
	    "Check the URL and that the web components are installed; an edge server has "
	    "no "
	    "such web service." },
	{ HTTP, CAUSE_HTTP, 503, NO, "DOWN", "{who} is stopped or overloaded (HTTP 503)",
	    CHECK_IIS },
	{ HTTP, CAUSE_HTTP, ANY, NO, "HTTP",
	    "{who} answered with an unexpected HTTP status", CHECK_IIS },
	{ HTTP, CAUSE_REDIRECT, ANY, NO, "REDIRECT",
	    "{who} redirects to where it may not be followed", FIND_PROXY },

	/* ---- SIP ---- */
	{ SIP, CAUSE_SIP, ANY, EVIDENCE_REMOTE_ACCESS, "REMOTE",
	    "the registrar says at {request} that the test user has no remote access",
	    "Check the external access policy of the test user and the access edge "
	    "configuration." },
	{ SIP & ~ONE(TLS_DSK), CAUSE_SIP, ANY, EVIDENCE_CLIENT_VERSION, "VERSION",
	    "the client version filter of the registrar refuses {request}",
	    CHECK_VERSION_FILTER },
	{ ONE(TLS_DSK), CAUSE_SIP, ANY, EVIDENCE_CLIENT_VERSION, "CLIENT",
	    "the client version filter of the registrar refuses {request}",
	    CHECK_VERSION_FILTER },
	{ SIP, CAUSE_SIP, ANY, EVIDENCE_POLICY, "POLICY",
	    "a policy of the registrar forbids {request}",
	    "Look at the policies of the test user with Get-CsUser." },
	{ SIP, CAUSE_SIP, ANY, EVIDENCE_DOMAIN, "DOMAIN",
	    "the registrar is not responsible for the SIP domain of the test user",
	    "Check the supported SIP domains with Get-CsSipDomain." },
	{ SIP, CAUSE_AUTH, ANY, EVIDENCE_MISMATCH, "MISMATCH",
	    "the account that authenticated is not that of this SIP address",
	    "Check that user name and SIP address of the test user belong to one "
	    "account." },
	{ SIP, CAUSE_AUTH, ANY, EVIDENCE_CLOCK, "CLOCK",
	    "the registrar says at {request} that clocks are apart",
	    "Compare the clocks of registrar, front end servers and this machine." },
	{ SIP, CAUSE_DISABLED, ANY, EVIDENCE_POOL, "POOL",
	    "the registrar says at {request} that the test user is of another pool",
	    "Check RegistrarPool of the test user with Get-CsUser." },
	{ ONE(REGISTER) | ONE(LOG_OFF), CAUSE_SIP, ANY, EVIDENCE_ASSOCIATION, "LOST",
	    "the registrar asks again who we are at {request}, after the handshake",
	    CHECK_ASSOCIATION },
	{ SIP, CAUSE_SIP, 403, NO, "FORBIDDEN", "the registrar forbids {request} (403)",
	    "Look at the policies of the test user and at the client version filter, and "
	    "at "
	    "the event log of the server." },
	{ SIP, CAUSE_SIP, 480, NO, "AWAY",
	    "the registrar cannot serve the test user now (480) at {request}",
	    CHECK_LOAD },
	{ SIP, CAUSE_SIP, 503, NO, "DOWN",
	    "the registrar is out of service (503) at {request}", CHECK_LOAD },
	{ SIP, CAUSE_SIP, 504, NO, "BACKEND",
	    "the registrar got no answer of a server behind it (504) at {request}",
	    CHECK_LOAD },
	{ SIP, CAUSE_SIP, ANY, EVIDENCE_ROUTE, "ROUTE",
	    "the registrar cannot reach another server for {request}",
	    "Check DNS and certificates between the servers." },
	{ SIP, CAUSE_SIP, ANY, NO, "SIP",
	    "the registrar answered {request} with an unexpected status",
	    CHECK_EVENT_LOG },
	{ SIP, CAUSE_AUTH, ANY, NO, "CRED",
	    "the registrar refused the client certificate at {request}",
	    "Check with Get-CsClientCertificate that the certificate is published; it "
	    "may have been revoked or not yet replicated. Check the clocks." },
	{ SIP, CAUSE_DISABLED, ANY, NO, "DISABLED",
	    "the registrar says at {request} that the test user does not exist or is not "
	    "enabled",
	    CHECK_USER },
	{ SIP, CAUSE_NOT_OFFERED, ANY, NO, "SCHEME",
	    "the registrar offers no TLS-DSK at {request}",
	    "Check UseCertificateForClientToProxyAuth with Get-CsProxyConfiguration." },
	{ SIP, CAUSE_REDIRECT, ANY, NO, "REDIRECT",
	    "the registrar redirects {request} to where it may not be followed",
	    "Check the RegistrarPool of the test user with Get-CsUser and make that pool "
	    "the target." },
	{ SIP, CAUSE_SIGNATURE, ANY, NO, "SIGNATURE",
	    "the signature of the registrar's answer to {request} is wrong or missing",
	    "Whoever answered does not hold the keys of this logon: look for a device "
	    "between watcher and registrar that changes SIP." },
	{ SIP, CAUSE_TLS, ANY, NO, "TLS", "the TLS connection broke at {request}",
	    CHECK_EVENT_LOG },

	/* ---- answers ---- */
	{ WAITING, CAUSE_TIMEOUT, ANY, NO, "SLOW", "{who} did not answer in time",
	    CHECK_LOAD },
	{ ANSWERED, CAUSE_CLOSED, ANY, NO, "CLOSED",
	    "{who} closed the connection instead of answering", CHECK_EVENT_LOG },
	{ ANSWERED, CAUSE_PROTOCOL, ANY, NO, "GARBLED",
	    "the answer of {who} is not understood", RUN_BY_HAND },
	{ ANSWERED, CAUSE_LIMIT, ANY, NO, "LIMIT",
	    "the answer of {who} is larger than allowed", RUN_BY_HAND },

	/* ---- a cause at a step where it is not expected, or at none ---- */
	{ 0, CAUSE_DNS, ANY, NO, "ANY-DNS", "a name has no address", CHECK_DNS },
	{ 0, CAUSE_CONNECT, ANY, NO, "ANY-CONNECT", "no TCP connection", CHECK_FIREWALL },
	{ 0, CAUSE_TLS, ANY, NO, "ANY-TLS", "no TLS connection", CHECK_TLS },
	{ 0, CAUSE_TRUST, ANY, NO, "ANY-TRUST", "a server certificate is not accepted",
	    CHECK_CA },
	{ 0, CAUSE_TIMEOUT, ANY, NO, "ANY-SLOW", "no answer in time", CHECK_LOAD },
	{ 0, CAUSE_CLOSED, ANY, NO, "ANY-CLOSED", "the connection was closed too early",
	    CHECK_EVENT_LOG },
	{ 0, CAUSE_HTTP, ANY, NO, "ANY-HTTP", "an unexpected HTTP status", CHECK_IIS },
	{ 0, CAUSE_SIP, ANY, NO, "ANY-SIP", "an unexpected SIP status", CHECK_EVENT_LOG },
	{ 0, CAUSE_FAULT, ANY, NO, "ANY-FAULT", "a web service answered with a fault",
	    CHECK_IIS },
	{ 0, CAUSE_AUTH, ANY, NO, "ANY-CRED", "the credentials were refused",
	    "Check user name and password of the test account." },
	{ 0, CAUSE_DISABLED, ANY, NO, "ANY-DISABLED", "the test user is not enabled",
	    CHECK_USER },
	{ 0, CAUSE_ONLINE, ANY, NO, "ANY-ONLINE", "the user is homed online",
	    "Use a user that is homed on this pool." },
	{ 0, CAUSE_NOT_OFFERED, ANY, NO, "ANY-SCHEME",
	    "the server does not offer the authentication wanted",
	    "Compare Get-CsProxyConfiguration and Get-CsWebServiceConfiguration with the "
	    "configuration of the test." },
	{ 0, CAUSE_HANDSHAKE, ANY, NO, "ANY-HANDSHAKE", "the inner handshake failed",
	    CHECK_TLS },
	{ 0, CAUSE_SIGNATURE, ANY, NO, "ANY-SIGNATURE",
	    "the server's signature is wrong or missing", RUN_BY_HAND },
	{ 0, CAUSE_CERTIFICATE, ANY, NO, "ANY-CERTIFICATE",
	    "the client certificate is unusable", RUN_BY_HAND },
	{ 0, CAUSE_REDIRECT, ANY, NO, "ANY-REDIRECT", "a redirect may not be followed",
	    FIND_PROXY },
	{ 0, CAUSE_PROTOCOL, ANY, NO, "ANY-GARBLED", "an answer is not understood",
	    RUN_BY_HAND },
	{ 0, CAUSE_LIMIT, ANY, NO, "ANY-LIMIT", "an answer is larger than allowed",
	    RUN_BY_HAND },

	{ 0, CAUSE_COUNT, ANY, NO, "UNKNOWN", "not seen before", RUN_BY_HAND },
};

const size_t diagnosis_nrows = sizeof(diagnosis_rows) / sizeof(diagnosis_rows[0]);
