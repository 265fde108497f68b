/*
 * txn/web_leg and the two metadata steps: what web services may answer, and where they
 * may send us. Each row is what a web server says, in turn.
 */
#include <string.h>

#include "../../fakes/webserver.h"
#include "../cases.h"
#include "../tls/certs.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn_world.h"

#define REPLIES_MAX 3

/* $URL$ is where the server is reached, by the name of the pool. */
#define CERTPROV_FROM(issuer)                                                            \
	"<wsdl:definitions targetNamespace=\"http://tempuri.org/\" "                     \
	"xmlns:tns=\"http://tempuri.org/\" "                                             \
	"xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" "                               \
	"xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" "                          \
	"xmlns:wsp=\"http://schemas.xmlsoap.org/ws/2004/09/policy\" "                    \
	"xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/"                            \
	"oasis-200401-wss-wssecurity-utility-1.0.xsd\" "                                 \
	"xmlns:sp=\"http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702\" "        \
	"xmlns:wsa=\"http://www.w3.org/2005/08/addressing\">"                            \
	"<wsp:Policy wsu:Id=\"CertProvisioningServiceWebTicketProof_SHA1_policy\">"      \
	"<wsp:ExactlyOne><wsp:All><sp:EndorsingSupportingTokens><wsp:Policy>"            \
	"<sp:IssuedToken><sp:Issuer>"                                                    \
	"<wsa:Address>" issuer "</wsa:Address></sp:Issuer></sp:IssuedToken>"             \
	"</wsp:Policy></sp:EndorsingSupportingTokens></wsp:All></wsp:ExactlyOne>"        \
	"</wsp:Policy>"                                                                  \
	"<wsdl:service name=\"CertProvisioningService\">"                                \
	"<wsdl:port name=\"CertProvisioningServiceWebTicketProof_SHA1\" "                \
	"binding=\"tns:CertProvisioningServiceWebTicketProof_SHA1\">"                    \
	"<soap:address location=\"$URL$/x.svc/WebTicket_Proof\"/></wsdl:port>"           \
	"</wsdl:service></wsdl:definitions>"
#define CERTPROV CERTPROV_FROM("$URL$/ticket.svc")
#define TICKET_PORT(name, url)                                                           \
	"<wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" "             \
	"xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\">"                          \
	"<wsdl:service name=\"WebTicketService\"><wsdl:port name=\"" name "\">"          \
	"<soap:address location=\"" url "\"/></wsdl:port></wsdl:service>"                \
	"</wsdl:definitions>"
#define TICKET TICKET_PORT("WebTicketServiceWinNegotiate", "$URL$/ticket.svc/Win")
#define FAULT                                                                            \
	"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"     \
	"<s:Fault><faultcode>s:Server</faultcode><faultstring>store is down"             \
	"</faultstring></s:Fault></s:Body></s:Envelope>"
#define MOVED { "302 Found", "Location: $URL$/there\r\n", "" }

struct reply {
	const char *status, *headers, *body; /* status NULL: hangs up */
};

static const struct web_case {
	const char *name;
	struct reply replies[REPLIES_MAX]; /* the last for ever */
	enum step_id step;		   /* STEP_COUNT: both steps succeed */
	enum cause cause;
	long code;
	const char *says; /* in the error's detail, or in the account */
	const char *said;
	unsigned warnings;
	const char *domain;  /* allowed, too */
	const char *sts_uri; /* of a challenge, instead of the configured URL */
	const char *target;  /* NULL: WORLD_HOST */
} web_cases[] = {
	{ "metadata", { { "200 OK", "", CERTPROV }, { "200 OK", "", TICKET } },
	    .step = STEP_COUNT,
	    .says = "Windows authentication at $URL$/ticket.svc/Win" },
	{ "NTLM alone",
	    { { "200 OK", "", CERTPROV },
		{ "200 OK", "", TICKET_PORT("WebTicketServiceWinNtlm", "$URL$/ntlm") } },
	    .step = STEP_COUNT, .says = "Windows authentication at $URL$/ntlm" },
	{ "no Windows authentication",
	    { { "200 OK", "", CERTPROV },
		{ "200 OK", "", TICKET_PORT("WebTicketServicePin", "$URL$/pin") } },
	    .step = STEP_TICKET_METADATA, .cause = CAUSE_NOT_OFFERED,
	    .says = "WebTicketServicePin" },

	{ "not found", { { "404 Not Found", "", "<html/>" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_HTTP, .code = 404,
	    .says = "certificate provisioning service answered HTTP 404" },
	{ "not found later", { { "200 OK", "", CERTPROV }, { "404 Not Found", "", "" } },
	    .step = STEP_TICKET_METADATA, .cause = CAUSE_HTTP, .code = 404,
	    .says = "web ticket service answered HTTP 404" },
	{ "wants to know who asks",
	    { { "401 No", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n",
		"" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_HTTP, .code = 401,
	    .says = "offering Negotiate NTLM" },
	{ "by a front end",
	    { { "503 Busy", "X-MS-Server-Fqdn: fe1.lab.example\r\n", "" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_HTTP, .code = 503,
	    .says = "by fe1.lab.example" },
	{ "not enabled",
	    { { "403 Forbidden",
		"X-Ms-diagnostics: 28000;source=\"fe1\";reason=\"User is not SIP "
		"enabled.\"\r\n",
		FAULT } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_DISABLED, .code = 403,
	    .says = "403", .said = "User is not SIP enabled" },
	{ "a fault", { { "500 Oops", "", FAULT } }, .step = STEP_CERTPROV_METADATA,
	    .cause = CAUSE_FAULT, .says = "500", .said = "store is down" },
	/* The password of these tests is "secret". */
	{ "one that says what it got",
	    { { "500 No",
		"X-MS-diagnostics: 2;reason=\"NTLM TlRMTVNTUAADAAAAGAAYAAAA c2VjcmV0 "
		"secret!\"\r\n",
		"" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_FAULT, .code = 2,
	    .says = "500", .said = "NTLM [24 characters of base64] *** ***!" },
	{ "a fault that does",
	    { { "500 Oops", "",
		"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
		"<s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>what is "
		"s&amp;#101;cret?</faultstring></s:Fault></s:Body></s:Envelope>" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_FAULT, .says = "500",
	    .said = "what is ***?" },
	{ "a page instead of a fault", { { "500 Oops", "", "<html>no</html>" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_HTTP, .code = 500,
	    .says = "500" },
	{ "a page instead of metadata", { { "200 OK", "", "<html>log on</html>" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_PROTOCOL,
	    .code = PROTOCOL_PAGE, .says = "" },
	{ "nothing instead of metadata", { { "200 OK", "", "" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_PROTOCOL, .says = "" },
	{ "success, but not 200", { { "204 No Content", "", "" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_HTTP, .code = 204,
	    .says = "204" },
	{ "hangs up", { { NULL, NULL, NULL } }, .step = STEP_CERTPROV_METADATA,
	    .cause = CAUSE_CLOSED, .says = "" },

	{ "a redirect", { MOVED, { "200 OK", "", CERTPROV }, { "200 OK", "", TICKET } },
	    .step = STEP_COUNT,
	    .says = "Warning: the certificate provisioning service "
		    "redirected the request",
	    .warnings = 1u << WARNING_REDIRECT },
	{ "redirects for ever", { MOVED }, .step = STEP_CERTPROV_METADATA,
	    .cause = CAUSE_REDIRECT, .code = 302, .says = "302",
	    .warnings = 1u << WARNING_REDIRECT },
	{ "a clock ten minutes behind",
	    { { "404 Not Found", "Date: Tue, 14 Nov 2023 22:03:20 GMT\r\n", "" } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_HTTP, .code = 404, .says = "",
	    .warnings = 1u << WARNING_CLOCK_SKEW },

	{ "tickets of another host in the domain",
	    { { "200 OK", "", CERTPROV_FROM("https://web.lab.example:1/t.svc") } },
	    .step = STEP_TICKET_METADATA, .cause = CAUSE_TIMEOUT, .code = -1,
	    .says = "web.lab.example" },
	{ "tickets of elsewhere",
	    { { "200 OK", "", CERTPROV_FROM("https://tickets.example.org/t.svc") } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_TRUST,
	    .says = "the host tickets.example.org" },
	{ "tickets of elsewhere, as allowed",
	    { { "200 OK", "", CERTPROV_FROM("https://tickets.example.org/t.svc") } },
	    .domain = "example.org", .step = STEP_TICKET_METADATA, .cause = CAUSE_TIMEOUT,
	    .code = -1, .says = "tickets.example.org" },
	{ "a host that ends alike",
	    { { "200 OK", "", CERTPROV_FROM("https://evil-lab.example/t.svc") } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_TRUST,
	    .says = "evil-lab.example" },
	{ "a host that begins alike",
	    { { "200 OK", "", CERTPROV_FROM("https://lab.example.evil.org/t.svc") } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_TRUST,
	    .says = "lab.example.evil.org" },
	{ "a host behind a user",
	    { { "200 OK", "", CERTPROV_FROM("https://web.lab.example@evil.org/t") } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_PROTOCOL,
	    .says = "not an https URL" },
	{ "tickets without TLS",
	    { { "200 OK", "", CERTPROV_FROM("http://web.lab.example/t.svc") } },
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_PROTOCOL, .says = "https" },
	{ "authentication elsewhere",
	    { { "200 OK", "", CERTPROV },
		{ "200 OK", "",
		    TICKET_PORT("WebTicketServiceWinNtlm", "https://evil.org/") } },
	    .step = STEP_TICKET_METADATA, .cause = CAUSE_TRUST, .says = "evil.org" },

	{ "as the challenge says", { { "404 Not Found", "", "" } },
	    .sts_uri = "$URL$/y.svc", .step = STEP_CERTPROV_METADATA, .cause = CAUSE_HTTP,
	    .code = 404, .says = "" },
	{ "as a challenge may not say", { { "404 Not Found", "", "" } },
	    .sts_uri = "https://evil.org/y.svc", .step = STEP_CERTPROV_METADATA,
	    .cause = CAUSE_TRUST, .says = "the registrar's challenge names the host" },
	{ "as a challenge of an address may not say", { { "404 Not Found", "", "" } },
	    .target = "127.0.0.2", .sts_uri = "https://9.0.0.2/y.svc",
	    .step = STEP_CERTPROV_METADATA, .cause = CAUSE_TRUST, .says = "9.0.0.2" },
};

struct scene {
	const struct web_case *tc;
	struct txn_world world;
	struct webserver *server;
	char url[64], sts_uri[128];
};

static void
serve(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	const struct scene *s = arg;
	const struct reply *r = s->tc->replies;
	unsigned n = 0;
	struct buf headers, body;

	while (n + 1 < REPLIES_MAX && n + 1 < rq->number && r[n + 1].status != NULL)
		n++;
	if (r[n].status == NULL) {
		tlsconn_end(c, false);
		return;
	}
	buf_init(&headers, 65536);
	buf_init(&body, 65536);
	web_expand(r[n].headers, s->url, &headers);
	web_expand(r[n].body, s->url, &body);
	webserver_answer(c, r[n].status, buf_view(&headers).p, buf_view(&body));
	buf_free(&headers);
	buf_free(&body);
}

static struct scene *scene;

/* Stands for the steps before: the challenge has said this. */
static enum step_move
start_before(struct txn *t)
{
	str_copy(txn_facts(t)->sts_uri, URL_MAX, str_of(scene->sts_uri));
	return MOVE_NEXT;
}

static const struct step step_before = {
	.id = STEP_CHALLENGE, .budget_ms = 60000, .start = start_before
};

static void
open_scene(struct scene *s)
{
	struct cert_spec ca_spec = { .cn = "Test CA", .ca = 1 };
	struct cert_spec spec = {
		.cn = WORLD_HOST, .san = "DNS:" WORLD_HOST, .eku = "serverAuth"
	};
	X509 *ca = certs_make(&ca_spec, certs_key(0, 0), NULL, NULL);
	X509 *cert = certs_make(&spec, certs_key(1, 0), ca, certs_key(0, 0));
	struct buf sts;

	txn_world_open(&s->world);
	s->server = webserver_new(s->world.env.loop, cert, certs_key(1, 0), serve, s);
	snprintf(s->url, sizeof(s->url), "https://" WORLD_HOST ":%u",
	    webserver_port(s->server));
	buf_init(&sts, sizeof(s->sts_uri) - 1);
	web_expand(s->tc->sts_uri == NULL ? "$URL$/x.svc" : s->tc->sts_uri, s->url, &sts);
	snprintf(s->sts_uri, sizeof(s->sts_uri), "%s", sts.data);
	buf_free(&sts);
	/* The certificates of this test are new by the real clock. */
	s->world.spec.certificate_warning_days = 0;
	if (s->tc->sts_uri == NULL)
		s->world.spec.provisioning_url = s->sts_uri;
	if (s->tc->target != NULL)
		s->world.spec.target_fqdn = s->tc->target;
	X509_free(ca);
	X509_free(cert);
}

static void
check_web(void **state)
{
	static const struct step *const plan[] = { &step_before, &step_certprov_metadata,
		&step_ticket_metadata, NULL };
	const struct web_case *tc = *state;
	const char *const domains[] = { tc->domain, NULL };
	struct scene s = { .tc = tc };
	struct result *r = &s.world.result;
	struct buf says;
	struct err err;

	scene = &s;
	open_scene(&s);
	s.world.spec.web_domains = domains;
	s.world.txn =
	    txn_start_plan(&s.world.env, &s.world.spec, plan, &s.world.observer, &err);
	assert_non_null(s.world.txn);
	txn_world_wait(&s.world);
	if (r->err.cause != tc->cause || (tc->code != -1 && r->err.code != tc->code))
		fail_msg(
		    "%s %ld: %s", cause_name(r->err.cause), r->err.code, r->err.detail);
	assert_int_equal(r->err.step, tc->step);
	buf_init(&says, 1024);
	web_expand(tc->says, s.url, &says);
	if (strstr(r->ok ? s.world.notes.data : r->err.detail, buf_view(&says).p) == NULL)
		fail_msg("%s", r->ok ? s.world.notes.data : r->err.detail);
	buf_free(&says);
	if (tc->said != NULL)
		assert_non_null(strstr(r->err.said, tc->said));
	assert_int_equal(r->warnings, tc->warnings);
	assert_string_equal(r->provisioning_url,
	    tc->cause == CAUSE_TRUST && tc->sts_uri != NULL ? "" : s.sts_uri);
	webserver_free(s.server);
	txn_world_close(&s.world);
}

RUN_CASES(ROWS("web", web_cases, check_web));
