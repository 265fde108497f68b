#include "vocab/error_id.h"

#define OCER	 "[MS-OCER]"
#define OCAUTHWS "[MS-OCAUTHWS] 3.2.4.1"
#define CAPTURES "captures"

#define SIP ERROR_OF_SIP
#define WEB ERROR_OF_WEB

/*
 * Ascending. Numbers whose meaning no public document gives are left out, but for those
 * that captures of real servers explain.
 */
static const struct error_id ids[] = {
	/* ---- any server ---- */
	{ 0, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER, "the server had an internal error",
	    "Look at the event log of the server that said so." },
	{ 1, SIP, 503, CAUSE_NONE, EVIDENCE_NONE, OCER, "the service is not available",
	    "Check with Get-CsWindowsService that the services of the server run." },
	{ 2, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the reason is in the status and its phrase",
	    "The reason is in the status itself: look at the path to the server behind, "
	    "and at its load." },
	{ 4, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a bandwidth policy refused the call; no logon needs one", NULL },

	/* ---- the SIP stack ---- */
	{ 1000, SIP, 401, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the last leg of the authentication failed: of TLS-DSK the certificate or "
	    "the signature was refused, of NTLM the password or the state of the account",
	    "The SIP stack refused certificate or credentials in the last leg: check "
	    "that the certificate is published, its CA, and the clocks." },
	{ 1001, SIP, 0, CAUSE_NONE, EVIDENCE_POLICY, OCER,
	    "the user may not use public IM",
	    "A policy forbids public IM to the test user." },
	{ 1002, SIP, 0, CAUSE_NONE, EVIDENCE_POLICY, OCER,
	    "the user may not reach federated partners",
	    "A policy forbids federation to the test user." },
	{ 1003, SIP, 404, CAUSE_DISABLED, EVIDENCE_NONE, OCER, "the user does not exist",
	    "Check the SIP address of the test user with Get-CsUser." },
	{ 1004, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the route set is outdated, as the connection has changed",
	    "The connection changed under way: run the test again." },
	{ 1005, SIP, 404, CAUSE_SIP, EVIDENCE_DOMAIN, OCER,
	    "the domain of the address is not served here and cannot be routed to",
	    "Check the supported SIP domains with Get-CsSipDomain; this says nothing "
	    "about "
	    "the user." },
	{ 1006, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the server could not route on the client's own connection",
	    "The server could not route on the client's connection: look at its load." },
	{ 1007, SIP, 503, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the server cannot route for now",
	    "The server cannot route for now: it is overloaded or shutting down." },
	{ 1008, SIP, 504, CAUSE_SIP, EVIDENCE_ROUTE, OCER,
	    "the SRV record of a next hop is missing in the server's DNS",
	    "The server cannot find a DNS SRV record: check the server's own DNS." },
	{ 1009, SIP, 504, CAUSE_SIP, EVIDENCE_ROUTE, OCER,
	    "SRV records name hosts outside the domain that was asked for",
	    "DNS SRV records contradict each other: check the server's own DNS." },
	{ 1010, SIP, 504, CAUSE_SIP, EVIDENCE_ROUTE, OCER,
	    "the server does not trust the certificate of a next hop",
	    "Check the certificates between the servers: name, issuer and validity of "
	    "that "
	    "of the next server (tls-target), and the root store of the one that says so "
	    "(source)." },
	{ 1011, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the server before this one gave no diagnostics of its own",
	    "The trouble is at the server before: look at its event log." },
	{ 1012, SIP, 403, CAUSE_NONE, EVIDENCE_REMOTE_ACCESS, OCER,
	    "the user may not communicate outside the enterprise",
	    "A policy forbids access from outside to the test user." },
	{ 1013, SIP, 401, CAUSE_AUTH, EVIDENCE_CLOCK, OCER,
	    "clocks were found to be apart during authentication",
	    "The server sees a time skew: compare the clocks." },
	{ 1014, SIP, 0, CAUSE_SIP, EVIDENCE_ROUTE, OCER,
	    "the host of a next hop has no address in the server's DNS",
	    "The server cannot resolve a host name: check the server's own DNS." },
	{ 1017, SIP, 403, CAUSE_SIP, EVIDENCE_POLICY, CAPTURES,
	    "the domains of sender and recipient cannot be combined, as where a domain "
	    "is "
	    "split between servers and cloud",
	    "In a hybrid deployment, check the shared SIP address space and where the "
	    "user is homed." },
	{ 1027, SIP, 0, CAUSE_NONE, EVIDENCE_POLICY, CAPTURES,
	    "requests of this kind are not routed to or from federated partners", NULL },
	{ 1034, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "the federated server before this one gave no diagnostics of its own",
	    "The trouble is at the server before: look at the path of the edge server." },

	/* ---- user services ---- */
	{ 2057, SIP, 421, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the request does not say that it supports gruu-10",
	    "A device between watcher and registrar takes away the Supported header of "
	    "SIP." },
	{ 2139, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "a new subscription replaced this one", NULL },
	{ 4000, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "user services had an unspecified error",
	    "Check the Front End service and its databases." },
	{ 4001, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the XML of the request is not understood",
	    "A device between watcher and registrar may change SIP messages." },
	{ 4002, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "several users have the phone number of the caller",
	    "Several users have the same phone number: clean up the directory." },
	{ 4003, SIP, 403, CAUSE_NONE, EVIDENCE_REMOTE_ACCESS, OCER,
	    "the user is not enabled for remote access",
	    "The test user is not enabled for remote access: check the external access "
	    "policy." },
	{ 4004, SIP, 403, CAUSE_AUTH, EVIDENCE_MISMATCH, OCER,
	    "the account that authenticated may not act as this SIP address",
	    "Check that user name and SIP address of the test user belong to one "
	    "account." },
	{ 4005, SIP, 404, CAUSE_DISABLED, EVIDENCE_NONE, OCER,
	    "the user is not enabled for SIP or does not exist; also said of a new user "
	    "until the front end servers have replicated",
	    "Check with Get-CsUser that the test user exists and is Enabled; a new user "
	    "is known only when the front end servers have replicated." },
	{ 4006, SIP, 0, CAUSE_DISABLED, EVIDENCE_POOL, OCER,
	    "the user is not in this pool",
	    "Check RegistrarPool of the test user with Get-CsUser, and test that pool; "
	    "after a move, wait for replication." },
	{ 4007, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the resource is unknown in this deployment",
	    "This deployment does not know what was asked for." },
	{ 4008, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the request is larger than the database takes",
	    "Check the databases of the pool for this user." },
	{ 4009, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "several users have the phone number that was called",
	    "Several users have the same phone number: clean up the directory." },
	{ 4010, SIP, 400, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the request names no endpoint",
	    "A device between watcher and registrar may change SIP messages." },
	{ 4011, SIP, 400, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the endpoint id (epid) is missing",
	    "A device between watcher and registrar may change SIP messages." },
	{ 4012, SIP, 400, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the endpoint id (epid) is too long",
	    "Shorten the endpoint id of this watcher." },
	{ 4013, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the content type is not the one expected",
	    "A device between watcher and registrar may change SIP messages." },
	{ 4055, SIP, 489, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "the Event header is not registration",
	    "A device between watcher and registrar may change SIP messages." },
	{ 4141, SIP, 0, CAUSE_DISABLED, EVIDENCE_NONE, CAPTURES,
	    "the user was disabled, as the server notifies clients that are logged on",
	    "Enable the test user again: Set-CsUser -Enabled $True." },
	{ 4268, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "delegate and delegator are in different deployments", NULL },

	/* ---- server applications ---- */
	{ 5000, SIP, 503, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a critical server application is stopped",
	    "Find the critical application that is stopped with Get-CsServerApplication, "
	    "and its event log." },
	{ 5001, SIP, 504, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a server application did not answer in time",
	    "Find the application that hangs with Get-CsServerApplication, and its event "
	    "log." },
	{ 5002, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER, "the request was cancelled",
	    NULL },
	{ 5003, SIP, 500, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a server application failed to process the request",
	    "Look at the event log of the server for the application that failed." },
	{ 5004, SIP, 500, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a server application failed to parse the request",
	    "Look at the event log of the server for the application that failed." },
	{ 5005, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a server application made an invalid request URI", NULL },
	{ 5006, SIP, 500, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a server application failed to make its own request",
	    "Look at the event log of the server for the application that failed." },
	{ 5007, SIP, 500, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a server application failed to handle a contact",
	    "Look at the event log of the server for the application that failed." },
	{ 5008, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, OCER,
	    "a server application has an invalid URL to forward to", NULL },

	/* ---- others ---- */
	{ 10003, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "a gateway passes on the failure of a server behind it; no logon needs one",
	    "A gateway behind the server failed, which no logon needs: look for a device "
	    "that answers in the registrar's place." },
	{ 15000, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "the route to Exchange unified messaging failed; no logon needs it", NULL },
	{ 15030, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "the route to Exchange unified messaging failed; no logon needs it", NULL },
	{ 17000, SIP, 403, CAUSE_NONE, EVIDENCE_CLIENT_VERSION, OCER,
	    "the client version filter is overloaded",
	    "The client version filter is overloaded: look at the load of the server." },
	{ 17001, SIP, 403, CAUSE_NONE, EVIDENCE_CLIENT_VERSION, OCER,
	    "the client version filter did not understand the request",
	    "The client version filter did not understand the request: check its "
	    "rules." },
	{ 17002, SIP, 403, CAUSE_NONE, EVIDENCE_CLIENT_VERSION, OCER,
	    "the client version filter did not understand the version of the client",
	    "The client version filter refuses this client: change user_agent or the "
	    "filter." },
	{ 17003, SIP, 403, CAUSE_NONE, EVIDENCE_CLIENT_VERSION, OCER,
	    "the client version filter refuses the client and names a URL",
	    "The client version filter refuses this client: change user_agent or the "
	    "filter." },
	{ 17004, SIP, 0, CAUSE_NONE, EVIDENCE_CLIENT_VERSION, OCER,
	    "the client version filter lets the client pass and names a URL",
	    "The client version filter lets this client pass with a notice: change "
	    "user_agent or the filter." },
	{ 21002, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "sharing is not allowed in a meeting; no logon needs it", NULL },
	{ 25008, SIP, 0, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "the server is trying the primary pool of the user: progress, no failure",
	    NULL },

	/* ---- web authentication ---- */
	{ 28000, WEB, 403, CAUSE_DISABLED, EVIDENCE_NONE, OCAUTHWS,
	    "the account was authenticated, but is no user that is enabled for SIP",
	    "The account was authenticated, but is not enabled for SIP: enable it, or "
	    "check that the credential belongs to the test user." },
	{ 28001, WEB, 500, CAUSE_NONE, EVIDENCE_NONE, OCAUTHWS,
	    "the server failed inside Windows authentication or authorisation",
	    "The trouble is at the server: check that it reaches domain controllers and "
	    "the user store, and look at its event log." },
	{ 28020, WEB, 500, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "there is no valid security token: credentials are missing or wrong, or the "
	    "ticket has expired",
	    "Check the credential and the authentication methods of the web service, and "
	    "compare the clocks of the front end servers: tickets are short-lived." },
	{ 28029, WEB, 400, CAUSE_NONE, EVIDENCE_NONE, OCAUTHWS,
	    "the kind of authentication is not allowed on this server",
	    "Compare Get-CsAuthConfig and Get-CsWebServiceConfiguration with how the "
	    "user is to log on." },
	{ 28032, WEB, 500, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "the web ticket is not valid, as where front end servers have different "
	    "certificates",
	    "Check that all front end servers hold the same certificates "
	    "(OAuthTokenIssuer "
	    "and web services), and compare their clocks." },
	{ 28033, WEB, 500, CAUSE_NONE, EVIDENCE_NONE, CAPTURES,
	    "the web ticket has expired, as where clocks of front end servers are apart",
	    "Compare the clocks of the front end servers with each other and with this "
	    "machine." },
	{ 28055, WEB, 403, CAUSE_NOT_OFFERED, EVIDENCE_OAUTH, CAPTURES,
	    "the OAuth token is missing or not valid: modern authentication is wanted",
	    "The service lets clients in with modern authentication (OAuth) only: check "
	    "Get-CsAuthConfig and Get-CsOAuthConfiguration; Windows authentication must "
	    "be allowed for this test, or the user is homed online." },
};
#define NIDS (sizeof(ids) / sizeof(ids[0]))

/* [MS-OCER], the list of ranges. */
static const struct range {
	unsigned first, last;
	const char *origin;
} ranges[] = {
	{ 0, 999, "all servers" },
	{ 1000, 1999, "the SIP stack" },
	{ 2000, 2999, "user services, presence" },
	{ 3000, 3999, "the conferencing focus" },
	{ 4000, 4999, "user services" },
	{ 5000, 5999, "server applications" },
	{ 6000, 6999, "IM conferencing" },
	{ 7000, 7999, "A/V conferencing" },
	{ 8000, 8999, "telephony conferencing" },
	{ 9000, 9999, "media relay authentication" },
	{ 10000, 10999, "mediation" },
	{ 11000, 11999, "metrics" },
	{ 12000, 12999, "outbound routing" },
	{ 13000, 13999, "inbound routing" },
	{ 14000, 14999, "number translation" },
	{ 15000, 15999, "Exchange unified messaging" },
	{ 16000, 16999, "the IM filter" },
	{ 17000, 17999, "the client version filter" },
	{ 21000, 21999, "application sharing" },
	{ 25000, 25999, "routing to pools" },
	{ 28000, 28999, "web authentication" },
};

const struct error_id *
error_id_find(unsigned id)
{
	for (size_t i = 0; i < NIDS; i++)
		if (ids[i].id == id)
			return &ids[i];
	return NULL;
}

const struct error_id *
error_id_nth(size_t n)
{
	return n < NIDS ? &ids[n] : NULL;
}

enum evidence
error_id_evidence(unsigned id)
{
	const struct error_id *e = error_id_find(id);

	return e != NULL ? e->evidence : EVIDENCE_NONE;
}

enum cause
error_id_cause(enum error_carrier carrier, unsigned id)
{
	const struct error_id *e = error_id_find(id);

	return e != NULL && e->carrier == carrier ? e->cause : CAUSE_NONE;
}

const char *
error_id_origin(unsigned id)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (id >= ranges[i].first && id <= ranges[i].last)
			return ranges[i].origin;
	return NULL;
}
