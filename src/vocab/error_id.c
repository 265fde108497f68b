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
	{ 0, SIP, 0, CAUSE_NONE, OCER, "the server had an internal error", NULL },
	{ 1, SIP, 503, CAUSE_NONE, OCER, "the service is not available", NULL },
	{ 2, SIP, 0, CAUSE_NONE, OCER, "the reason is in the status and its phrase",
	    "The reason is in the status itself: look at the path to the server "
	    "behind." },
	{ 4, SIP, 0, CAUSE_NONE, OCER,
	    "a bandwidth policy refused the call; no logon needs one", NULL },

	/* ---- the SIP stack ---- */
	{ 1000, SIP, 401, CAUSE_NONE, OCER,
	    "the last leg of the authentication failed: of TLS-DSK the certificate or "
	    "the signature was refused, of NTLM the password or the state of the account",
	    "The SIP stack refused certificate or credentials in the last leg: check "
	    "that the certificate is published, its CA, and the clocks." },
	{ 1001, SIP, 0, CAUSE_NONE, OCER, "the user may not use public IM",
	    "A policy forbids public IM to the test user." },
	{ 1002, SIP, 0, CAUSE_NONE, OCER, "the user may not reach federated partners",
	    "A policy forbids federation to the test user." },
	{ 1003, SIP, 404, CAUSE_DISABLED, OCER, "the user does not exist",
	    "The server does not know the user: check the SIP address." },
	{ 1004, SIP, 0, CAUSE_NONE, OCER,
	    "the route set is outdated, as the connection has changed",
	    "The connection changed under way: run the test again." },
	{ 1005, SIP, 404, CAUSE_NONE, OCER,
	    "the domain of the address is not served here and cannot be routed to",
	    "The server is not responsible for the domain of the SIP address: check "
	    "the supported SIP domains." },
	{ 1006, SIP, 0, CAUSE_NONE, OCER,
	    "the server could not route on the client's own connection",
	    "The server could not route on the client's connection: look at its load." },
	{ 1007, SIP, 503, CAUSE_NONE, OCER, "the server cannot route for now",
	    "The server cannot route for now: it is overloaded or shutting down." },
	{ 1008, SIP, 504, CAUSE_NONE, OCER,
	    "the SRV record of a next hop is missing in the server's DNS",
	    "The server cannot find a DNS SRV record: check the server's own DNS." },
	{ 1009, SIP, 504, CAUSE_NONE, OCER,
	    "SRV records name hosts outside the domain that was asked for",
	    "DNS SRV records contradict each other: check the server's own DNS." },
	{ 1010, SIP, 504, CAUSE_NONE, OCER,
	    "the server does not trust the certificate of a next hop",
	    "The server does not trust the next server's certificate: check certificates "
	    "between the servers." },
	{ 1011, SIP, 0, CAUSE_NONE, OCER,
	    "the server before this one gave no diagnostics of its own",
	    "The trouble is at the server before: look at its event log." },
	{ 1012, SIP, 403, CAUSE_NONE, OCER,
	    "the user may not communicate outside the enterprise",
	    "A policy forbids access from outside to the test user." },
	{ 1013, SIP, 401, CAUSE_NONE, OCER,
	    "clocks were found to be apart during authentication",
	    "The server sees a time skew: compare the clocks." },
	{ 1014, SIP, 0, CAUSE_NONE, OCER,
	    "the host of a next hop has no address in the server's DNS",
	    "The server cannot resolve a host name: check the server's own DNS." },
	{ 1017, SIP, 403, CAUSE_NONE, CAPTURES,
	    "the domains of sender and recipient cannot be combined, as where a domain "
	    "is "
	    "split between servers and cloud",
	    NULL },
	{ 1027, SIP, 0, CAUSE_NONE, CAPTURES,
	    "requests of this kind are not routed to or from federated partners", NULL },
	{ 1034, SIP, 0, CAUSE_NONE, CAPTURES,
	    "the federated server before this one gave no diagnostics of its own", NULL },

	/* ---- user services ---- */
	{ 2057, SIP, 421, CAUSE_NONE, OCER,
	    "the request does not say that it supports gruu-10", NULL },
	{ 2139, SIP, 0, CAUSE_NONE, CAPTURES, "a new subscription replaced this one",
	    NULL },
	{ 4000, SIP, 0, CAUSE_NONE, OCER, "user services had an unspecified error",
	    NULL },
	{ 4001, SIP, 0, CAUSE_NONE, OCER, "the XML of the request is not understood",
	    NULL },
	{ 4002, SIP, 0, CAUSE_NONE, OCER,
	    "several users have the phone number of the caller",
	    "Several users have the same phone number: clean up the directory." },
	{ 4003, SIP, 403, CAUSE_NONE, OCER, "the user is not enabled for remote access",
	    "The test user is not enabled for remote access: check the external access "
	    "policy." },
	{ 4004, SIP, 403, CAUSE_NONE, OCER,
	    "the account that authenticated may not act as this SIP address",
	    "User name and SIP address do not belong together: check the test user's "
	    "credential." },
	{ 4005, SIP, 404, CAUSE_DISABLED, OCER,
	    "the user is not enabled for SIP or does not exist; also said of a new user "
	    "until the front end servers have replicated",
	    "The test user is not enabled for SIP or does not exist: check Get-CsUser." },
	{ 4006, SIP, 0, CAUSE_DISABLED, OCER, "the user is not in this pool",
	    "The test user is not in this pool: check RegistrarPool, or replication." },
	{ 4007, SIP, 0, CAUSE_NONE, OCER, "the resource is unknown in this deployment",
	    "This deployment does not know what was asked for." },
	{ 4008, SIP, 0, CAUSE_NONE, OCER, "the request is larger than the database takes",
	    NULL },
	{ 4009, SIP, 0, CAUSE_NONE, OCER,
	    "several users have the phone number that was called",
	    "Several users have the same phone number: clean up the directory." },
	{ 4010, SIP, 400, CAUSE_NONE, OCER, "the request names no endpoint", NULL },
	{ 4011, SIP, 400, CAUSE_NONE, OCER, "the endpoint id (epid) is missing", NULL },
	{ 4012, SIP, 400, CAUSE_NONE, OCER, "the endpoint id (epid) is too long", NULL },
	{ 4013, SIP, 0, CAUSE_NONE, OCER, "the content type is not the one expected",
	    NULL },
	{ 4055, SIP, 489, CAUSE_NONE, OCER, "the Event header is not registration",
	    NULL },
	{ 4141, SIP, 0, CAUSE_DISABLED, CAPTURES,
	    "the user was disabled, as the server notifies clients that are logged on",
	    "The test user was disabled: enable it again." },
	{ 4268, SIP, 0, CAUSE_NONE, CAPTURES,
	    "delegate and delegator are in different deployments", NULL },

	/* ---- server applications ---- */
	{ 5000, SIP, 503, CAUSE_NONE, OCER, "a critical server application is stopped",
	    NULL },
	{ 5001, SIP, 504, CAUSE_NONE, OCER, "a server application did not answer in time",
	    NULL },
	{ 5002, SIP, 0, CAUSE_NONE, OCER, "the request was cancelled", NULL },
	{ 5003, SIP, 500, CAUSE_NONE, OCER,
	    "a server application failed to process the request", NULL },
	{ 5004, SIP, 500, CAUSE_NONE, OCER,
	    "a server application failed to parse the request", NULL },
	{ 5005, SIP, 0, CAUSE_NONE, OCER,
	    "a server application made an invalid request URI", NULL },
	{ 5006, SIP, 500, CAUSE_NONE, OCER,
	    "a server application failed to make its own request", NULL },
	{ 5007, SIP, 500, CAUSE_NONE, OCER,
	    "a server application failed to handle a contact", NULL },
	{ 5008, SIP, 0, CAUSE_NONE, OCER,
	    "a server application has an invalid URL to forward to", NULL },

	/* ---- others ---- */
	{ 10003, SIP, 0, CAUSE_NONE, CAPTURES,
	    "a gateway passes on the failure of a server behind it; no logon needs one",
	    NULL },
	{ 15000, SIP, 0, CAUSE_NONE, CAPTURES,
	    "the route to Exchange unified messaging failed; no logon needs it", NULL },
	{ 15030, SIP, 0, CAUSE_NONE, CAPTURES,
	    "the route to Exchange unified messaging failed; no logon needs it", NULL },
	{ 17000, SIP, 403, CAUSE_NONE, OCER, "the client version filter is overloaded",
	    "The client version filter is overloaded: look at the load of the server." },
	{ 17001, SIP, 403, CAUSE_NONE, OCER,
	    "the client version filter did not understand the request",
	    "The client version filter did not understand the request: check its "
	    "rules." },
	{ 17002, SIP, 403, CAUSE_NONE, OCER,
	    "the client version filter did not understand the version of the client",
	    "The client version filter refuses this client: change user_agent or the "
	    "filter." },
	{ 17003, SIP, 403, CAUSE_NONE, OCER,
	    "the client version filter refuses the client and names a URL",
	    "The client version filter refuses this client: change user_agent or the "
	    "filter." },
	{ 17004, SIP, 0, CAUSE_NONE, OCER,
	    "the client version filter lets the client pass and names a URL",
	    "The client version filter lets this client pass with a notice: change "
	    "user_agent or the filter." },
	{ 21002, SIP, 0, CAUSE_NONE, CAPTURES,
	    "sharing is not allowed in a meeting; no logon needs it", NULL },
	{ 25008, SIP, 0, CAUSE_NONE, CAPTURES,
	    "the server is trying the primary pool of the user: progress, no failure",
	    NULL },

	/* ---- web authentication ---- */
	{ 28000, WEB, 403, CAUSE_DISABLED, OCAUTHWS,
	    "the account was authenticated, but is no user that is enabled for SIP",
	    "The account was authenticated, but is not enabled for SIP: enable it, or "
	    "check that the credential belongs to the test user." },
	{ 28001, WEB, 500, CAUSE_NONE, OCAUTHWS,
	    "the server failed inside Windows authentication or authorisation",
	    "The server failed inside Windows authentication: look at its event log." },
	{ 28020, WEB, 500, CAUSE_NONE, CAPTURES,
	    "there is no valid security token: credentials are missing or wrong, or the "
	    "ticket has expired",
	    "The server saw no valid security token: check the credential, then the "
	    "clocks of the servers." },
	{ 28029, WEB, 400, CAUSE_NONE, OCAUTHWS,
	    "the kind of authentication is not allowed on this server", NULL },
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
