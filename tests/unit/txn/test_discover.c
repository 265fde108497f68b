/*
 * txn/step_discover and txn/autodiscover: what an autodiscover service may answer, and
 * where it may send us. Each row is what a web server says, in turn.
 */
#include <string.h>

#include "../../fakes/webserver.h"
#include "../cases.h"
#include "../loop/nameserver.h"
#include "../tls/certs.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn_world.h"

#define REPLIES_MAX 4
#define TYPE	    "Content-Type: application/vnd.microsoft.rtc.autodiscover+xml;v=1\r\n"
#define LINK(token, url)                                                                 \
	"<AutodiscoverResponse><Root><Link token=\"" token "\" href=\"" url              \
	"\"/></Root></AutodiscoverResponse>"
#define USER(access, servers)                                                            \
	"<AutodiscoverResponse AccessLocation=\"" access "\"><User>" servers             \
	"</User></AutodiscoverResponse>"
#define INSIDE	 "<SipClientInternalAccess fqdn=\"pool9.lab.example\" port=\"5067\"/>"
#define OUTSIDE	 "<SipClientExternalAccess fqdn=\"edge.example.org\" port=\"443\"/>"
#define OK(body) { "200 OK", TYPE, body }
#define ROOT	 OK(LINK("User", "$URL$/user"))

struct reply {
	const char *status, *headers, *body; /* status NULL: hangs up */
};

static const struct discover_case {
	const char *name;
	struct reply replies[REPLIES_MAX]; /* the last for ever */
	enum cause cause;		   /* CAUSE_NONE: it is found */
	long code;			   /* -1: any */
	const char *says;		   /* in the error's detail, or in the account */
	const char *found;		   /* "host:port access" */
	unsigned requests;		   /* 0: any */
	const char *domain;		   /* allowed, too */
} cases[] = {
	{ "the user's document", { ROOT, OK(USER("Internal", INSIDE OUTSIDE)) },
	    .says = "is pool9.lab.example:5067, by discovery_uri, Internal",
	    .found = "pool9.lab.example:5067 Internal", .requests = 2 },
	{ "at once", { OK(USER("Internal", INSIDE)) }, .says = "",
	    .found = "pool9.lab.example:5067 Internal", .requests = 1 },
	{ "outside, and of another domain",
	    { ROOT, OK(USER("External", INSIDE OUTSIDE)) },
	    .says = "Note: that is outside the SIP domain",
	    .found = "edge.example.org:443 External" },
	{ "after redirects",
	    { OK(LINK("Redirect", "$URL$/a")), OK(LINK("Redirect", "$URL$/b")), ROOT,
		OK(USER("", INSIDE)) },
	    .says = "Link Redirect: $URL$/b", .found = "pool9.lab.example:5067 ",
	    .requests = 4 },
	{ "a user who is homed elsewhere",
	    { ROOT,
		OK("<AutodiscoverResponse><User><Link token=\"Redirect\" "
		   "href=\"$URL$/other\"/></User></AutodiscoverResponse>"),
		OK(USER("Internal", INSIDE)) },
	    .says = "Link Redirect: $URL$/other",
	    .found = "pool9.lab.example:5067 Internal", .requests = 3 },

	{ "redirects without end", { OK(LINK("Redirect", "$URL$/a")) },
	    .cause = CAUSE_REDIRECT, .code = 200, .says = "redirects more than 5 times",
	    .requests = 7 },
	{ "roots without end", { ROOT }, .cause = CAUSE_REDIRECT, .code = 200,
	    .says = "redirects more than 5 times", .requests = 7 },
	{ "a redirect to another domain", { OK(LINK("Redirect", "https://evil.org/")) },
	    .cause = CAUSE_TRUST, .says = "autodiscover names the host evil.org",
	    .requests = 1 },
	{ "a user's link to another domain",
	    { OK(LINK("User", "https://lab.example.evil.org/")) }, .cause = CAUSE_TRUST,
	    .says = "names the host lab.example.evil.org", .requests = 1 },
	{ "... that is allowed", { OK(LINK("User", "https://web.example.org:1/")) },
	    .cause = CAUSE_TIMEOUT, .code = -1, .says = "web.example.org", .requests = 1,
	    .domain = "example.org" },
	{ "... within the user's", { OK(LINK("User", "https://web.lab.example:1/")) },
	    .cause = CAUSE_TIMEOUT, .code = -1, .says = "web.lab.example",
	    .requests = 1 },
	{ "a link without TLS", { OK(LINK("User", "http://localhost/")) },
	    .cause = CAUSE_PROTOCOL, .says = "is not an https URL", .requests = 1 },
	{ "an HTTP redirect from TLS",
	    { { "302 Found", "Location: http://localhost/\r\n", "" } },
	    .cause = CAUSE_REDIRECT, .code = 302, .says = "not an https URL",
	    .requests = 1 },

	{ "no link to a user's document", { OK(LINK("Self", "$URL$/")) },
	    .cause = CAUSE_PROTOCOL, .says = "names no link User" },
	{ "no server for us", { ROOT, OK(USER("External", INSIDE)) },
	    .cause = CAUSE_PROTOCOL, .says = "names no registrar for external clients" },
	{ "no server at all", { ROOT, OK(USER("", "")) }, .cause = CAUSE_PROTOCOL,
	    .code = PROTOCOL_OLD, .says = "the first one, of Lync Server 2010" },
	{ "the first autodiscover, with links only",
	    { ROOT, OK(USER("External", "<Link token=\"External/Mcx\" "
					"href=\"https://pool01.lab.example/Mcx/\"/>")) },
	    .cause = CAUSE_PROTOCOL, .code = PROTOCOL_OLD, .says = "names no registrar" },
	{ "only for servers",
	    { ROOT, OK(USER("", "<SipServerInternalAccess fqdn=\"a.b\"/>")) },
	    .cause = CAUSE_PROTOCOL, .says = "names no registrar for SIP clients" },
	{ "a root that is homed online",
	    { OK("<AutodiscoverResponse AccessLocation=\"External\"><Root><Link "
		 "token=\"Redirect\" href=\"https://webdir.online.lync.com/Autodiscover/"
		 "AutodiscoverService.svc/root?originalDomain=lab.example\"/></Root>"
		 "</AutodiscoverResponse>") },
	    .cause = CAUSE_ONLINE,
	    .says = "autodiscover leads to webdir.online.lync.com" },
	{ "a user who is homed online",
	    { ROOT,
		OK(USER("External", "<Link token=\"Redirect\" "
				    "href=\"https://webdir1e.infra.lync.com/x\"/>")) },
	    .cause = CAUSE_ONLINE, .says = "leads to webdir1e.infra.lync.com" },
	{ "a redirect of HTTP that leads online",
	    { { "302 Found", "Location: https://webdir.online.lync.com/x\r\n", "" } },
	    .cause = CAUSE_ONLINE, .code = -1, .says = "online.lync.com" },
	{ "a name that only ends alike",
	    { OK("<AutodiscoverResponse><Root><Link token=\"Redirect\" "
		 "href=\"https://a.xonline.lync.com/x\"/></Root></"
		 "AutodiscoverResponse>") },
	    .cause = CAUSE_TRUST, .says = "outside the domains" },
	{ "a UCWA resource",
	    { { "200 OK", "Content-Type: application/vnd.microsoft.com.ucwa+xml\r\n",
		"<?xml version=\"1.0\"?><resource/>" } },
	    .cause = CAUSE_PROTOCOL, .code = PROTOCOL_UCWA,
	    .says = "answers a UCWA resource" },
	{ "JSON", { { "200 OK", "Content-Type: application/json\r\n", "{}" } },
	    .cause = CAUSE_PROTOCOL, .code = 1, .says = "answers JSON" },
	{ "a page", { { "200 OK", "Content-Type: text/html\r\n", "<html/>" } },
	    .cause = CAUSE_PROTOCOL, .code = 2,
	    .says = "in place of the answer of the autodiscover service a web page" },
	{ "a logon form",
	    { { "200 OK", "Content-Type: text/html\r\n",
		"<html><head><title>Sign in to continue</title></head></html>" } },
	    .cause = CAUSE_PROTOCOL, .code = 2, .says = "came, \"Sign in to continue\"" },
	{ "a page of a proxy",
	    { { "502 Bad Gateway", "Content-Type: text/html\r\n",
		"<html><head><title>502 - Web server</title></head></html>" } },
	    .cause = CAUSE_HTTP, .code = 502,
	    .says = "HTTP 502, with a page, \"502 - Web" },

	{ "asks who we are at the root",
	    { { "401 No", "WWW-Authenticate: NTLM\r\n", "" } },
	    .cause = CAUSE_NOT_OFFERED, .code = 401,
	    .says = "asks for authentication (NTLM) at its root", .requests = 1 },
	{ "names nobody who issues tickets",
	    { ROOT, { "401 No", "WWW-Authenticate: NTLM\r\n", "" } },
	    .cause = CAUSE_NOT_OFFERED, .code = 401,
	    .says = "names no web ticket service", .requests = 2 },
	{ "names a stranger who issues tickets",
	    { ROOT, { "401 No", "X-MS-WebTicketURL: https://evil.org/t\r\n", "" } },
	    .cause = CAUSE_TRUST,
	    .says = "autodiscover (X-MS-WebTicketURL) names the host evil.org",
	    .requests = 2 },
	{ "tickets without TLS",
	    { ROOT, { "401 No", "X-MS-WebTicketURL: http://localhost/t\r\n", "" } },
	    .cause = CAUSE_PROTOCOL, .says = "not an https URL", .requests = 2 },
	{ "nothing is known of tickets there",
	    { ROOT, { "401 No", "X-MS-WebTicketURL: $URL$/t.svc\r\n", "" },
		{ "404 Gone", "", "" } },
	    .cause = CAUSE_HTTP, .code = 404,
	    .says = "web ticket service answered HTTP 404", .requests = 3 },

	{ "not found", { { "404 Not Found", "", "" } }, .cause = CAUSE_HTTP, .code = 404,
	    .says = "HTTP 404" },
	{ "stopped", { ROOT, { "503 Busy", "", "" } }, .cause = CAUSE_HTTP, .code = 503,
	    .says = "HTTP 503" },
	{ "hangs up", { { NULL, NULL, NULL } }, .cause = CAUSE_CLOSED, .says = "" },
};

struct scene {
	const struct discover_case *tc;
	struct txn_world world;
	uint64_t answer_takes_us;
	struct webserver *server;
	char url[64];
};

static void
serve(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	struct scene *s = arg;
	const struct reply *r = s->tc->replies;
	unsigned n = 0;
	struct buf headers, body;

	if (rq->number == 1)
		assert_true(str_eq(rq->path, "/root?sipuri=alice@lab.example"));
	if (!str_caseprefix(rq->path, "/t.svc"))
		assert_true(str_eq(web_request_header(rq, "Accept"),
		    "application/vnd.microsoft.rtc.autodiscover+xml;v=1"));
	/* Nobody has asked who we are. */
	assert_null(web_request_header(rq, "Authorization").p);
	assert_null(web_request_header(rq, "X-MS-WebTicket").p);
	while (n + 1 < REPLIES_MAX && n + 1 < rq->number && r[n + 1].status != NULL)
		n++;
	if (r[n].status == NULL) {
		tlsconn_end(c, false);
		return;
	}
	s->world.mono_us += s->answer_takes_us;
	buf_init(&headers, 65536);
	buf_init(&body, 65536);
	web_expand(r[n].headers, s->url, &headers);
	web_expand(r[n].body, s->url, &body);
	webserver_answer(c, r[n].status, buf_view(&headers).p, buf_view(&body));
	buf_free(&headers);
	buf_free(&body);
}

static void
open_scene(struct scene *s)
{
	struct cert_spec ca_spec = { .cn = "Test CA", .ca = 1 };
	struct cert_spec spec = {
		.cn = "localhost", .san = "DNS:localhost", .eku = "serverAuth"
	};
	X509 *ca = certs_make(&ca_spec, certs_key(0, 0), NULL, NULL);
	X509 *cert = certs_make(&spec, certs_key(1, 0), ca, certs_key(0, 0));

	txn_world_open(&s->world);
	s->server = webserver_new(s->world.env.loop, cert, certs_key(1, 0), serve, s);
	snprintf(
	    s->url, sizeof(s->url), "https://localhost:%u", webserver_port(s->server));
	s->world.spec.target_fqdn = NULL;
	s->world.spec.address = NULL;
	/* The certificates of this test are new by the real clock. */
	s->world.spec.certificate_warning_days = 0;
	X509_free(ca);
	X509_free(cert);
}

static const struct step *const plan[] = { &step_discover, NULL };

static void
begin(struct txn_world *w, const struct step *const *steps)
{
	struct err err;

	w->txn = txn_start_plan(&w->env, &w->spec, steps, &w->observer, &err);
	assert_non_null(w->txn);
}

static void
run(struct txn_world *w)
{
	begin(w, plan);
	txn_world_wait(w);
}

static void
check_discover(void **state)
{
	const struct discover_case *tc = *state;
	const char *const domains[] = { tc->domain, NULL };
	struct scene s = { .tc = tc };
	struct result *r = &s.world.result;
	char uri[128], found[300] = "";
	struct buf says;

	open_scene(&s);
	snprintf(uri, sizeof(uri), "%s/root", s.url);
	s.world.spec.discovery_uri = uri;
	s.world.spec.web_domains = domains;
	run(&s.world);
	if (r->err.cause != tc->cause || (tc->code != -1 && r->err.code != tc->code))
		fail_msg(
		    "%s %ld: %s", cause_name(r->err.cause), r->err.code, r->err.detail);
	buf_init(&says, 1024);
	web_expand(tc->says, s.url, &says);
	if (strstr(r->ok ? s.world.notes.data : r->err.detail, buf_view(&says).p) == NULL)
		fail_msg("%s", r->ok ? s.world.notes.data : r->err.detail);
	buf_free(&says);
	if (r->discovery.found)
		snprintf(found, sizeof(found), "%s:%u %s", r->discovery.host,
		    r->discovery.port, r->discovery.access);
	assert_string_equal(found, tc->found == NULL ? "" : tc->found);
	assert_int_equal(r->discovery.ntries, tc->found == NULL ? 1 : 0);
	assert_int_equal(r->discovery.at_ms, s.world.wall_ms);
	if (tc->requests != 0)
		assert_int_equal(webserver_requests(s.server), tc->requests);
	webserver_free(s.server);
	txn_world_close(&s.world);
}

/* That URI would have all the time; now it is one way among others. */
static void
take_for_a_way(struct txn_world *w)
{
	txn_facts(w->txn)->discover.way = WAY_LYNCDISCOVER;
}

/* Each answer comes in time, but one host must not use up the time of all others. */
static void
a_way_has_its_time(void **state)
{
	static const struct discover_case slow = { .replies = { OK(
						       LINK("Redirect", "$URL$/a")) } };
	struct scene s = { .tc = &slow, .answer_takes_us = 4000000 };
	const struct discovery *d = &s.world.result.discovery;
	char uri[128];

	(void)state;
	open_scene(&s);
	snprintf(uri, sizeof(uri), "%s/root", s.url);
	s.world.spec.discovery_uri = uri;
	s.world.hook_at_note = 1; /* that it is asked */
	s.world.hook = take_for_a_way;
	begin(&s.world, plan);
	txn_world_wait(&s.world);
	assert_int_equal(webserver_requests(s.server), 3);
	assert_int_equal(d->tries[0].way, WAY_LYNCDISCOVER);
	assert_int_equal(d->tries[0].cause, CAUSE_TIMEOUT);
	assert_int_equal(d->tries[0].code, 9000);
	assert_non_null(strstr(d->tries[0].came, "/a within 9000 ms"));
	assert_int_equal(d->ntries, 6);
	assert_int_equal(d->tries[5].way, WAY_SIP);
	webserver_free(s.server);
	txn_world_close(&s.world);
}

/* ---- DNS ---- */

static void
ask(struct txn_world *w, const char *address)
{
	struct err err;

	resolver_free(w->env.resolver);
	w->env.resolver = resolver_new(w->env.loop, address, &err);
	assert_non_null(w->env.resolver);
	resolver_set_tries(w->env.resolver, 20, 1);
	w->spec.target_fqdn = NULL;
	w->spec.address = NULL;
}

/* Each way is asked once, in order, and each is told. */
static void
nothing_is_found(void **state)
{
	static const enum discovery_way want[] = { WAY_LYNCDISCOVERINTERNAL,
		WAY_LYNCDISCOVER, WAY_SRV_INTERNAL, WAY_SRV_EXTERNAL, WAY_SIPINTERNAL,
		WAY_SIPEXTERNAL, WAY_SIP };
	const struct discovery *d;
	struct nameserver *ns;
	struct txn_world w;

	(void)state;
	txn_world_open(&w);
	ns = nameserver_new(w.env.loop);
	ask(&w, nameserver_address(ns));
	run(&w);
	assert_int_equal(w.result.err.step, STEP_DISCOVER);
	assert_int_equal(w.result.err.cause, CAUSE_DNS);
	assert_int_equal(w.result.err.code, 4);
	assert_string_equal(w.result.err.detail,
	    "lab.example: lyncdiscoverinternal, lyncdiscover, _sipinternaltls._tcp, "
	    "_sip._tls, sipinternal, sipexternal, sip: no such name");
	d = &w.result.discovery;
	assert_false(d->found);
	assert_int_equal(d->ntries, NROWS(want));
	for (size_t i = 0; i < NROWS(want); i++) {
		assert_int_equal(d->tries[i].way, want[i]);
		assert_int_equal(d->tries[i].cause, CAUSE_DNS);
	}
	assert_int_equal(w.result.warnings, 0);
	nameserver_free(ns);
	txn_world_close(&w);
}

/* One URI is asked, and it is its host that is not there. */
static void
the_uri_is_nowhere(void **state)
{
	struct nameserver *ns;
	struct txn_world w;

	(void)state;
	txn_world_open(&w);
	ns = nameserver_new(w.env.loop);
	ask(&w, nameserver_address(ns));
	w.spec.discovery_uri = "https://gone.lab.example/";
	run(&w);
	assert_int_equal(w.result.err.cause, CAUSE_DNS);
	assert_int_equal(w.result.err.code, 4);
	assert_non_null(strstr(w.result.err.detail, "gone.lab.example has no address"));
	assert_int_equal(w.result.discovery.ntries, 1);
	nameserver_free(ns);
	txn_world_close(&w);
}

/* Whoever does not answer the first question is not asked all the others. */
static void
name_servers_are_silent(void **state)
{
	struct nameserver *ns;
	struct txn_world w;

	(void)state;
	txn_world_open(&w);
	ns = nameserver_new(w.env.loop);
	ask(&w, nameserver_address(ns));
	nameserver_keep_silent(ns);
	run(&w);
	assert_int_equal(w.result.err.cause, CAUSE_TIMEOUT);
	assert_int_equal(w.result.discovery.ntries, 1);
	nameserver_free(ns);
	txn_world_close(&w);
}

/* What is known is dead, and so are both targets of the record that is looked at then. */
static void
targets_are_dead(void **state)
{
	static const struct step *const to_connect[] = { &step_discover, &step_resolve,
		&step_sip_connect, NULL };
	struct discovery known = { .found = true,
		.way = WAY_SRV_EXTERNAL,
		.host = "gone.lab.example",
		.port = 7,
		.at_ms = 1 };
	const struct discovery *d;
	struct nameserver *ns;
	struct txn_world w;

	(void)state;
	txn_world_open(&w);
	ns = nameserver_new(w.env.loop);
	nameserver_name_registrar(ns);
	ask(&w, nameserver_address(ns));
	w.spec.known = &known;
	begin(&w, to_connect);
	txn_world_wait(&w);
	assert_false(w.result.ok);
	assert_int_equal(w.result.err.step, STEP_SIP_CONNECT);
	assert_int_equal(w.result.err.cause, CAUSE_CONNECT);
	assert_int_equal(w.result.warnings, 1u << WARNING_DISCOVERY);
	assert_non_null(strstr(w.notes.data, "found by an earlier run: looking again"));
	assert_int_equal(w.result.nsteps, 8);
	d = &w.result.discovery;
	assert_true(d->found);
	assert_false(d->known);
	assert_int_equal(d->at_ms, w.wall_ms);
	assert_int_equal(d->port, 2);
	assert_int_equal(d->ntries, 3); /* twice autodiscover */
	assert_true(d->tries[2].dead);
	assert_int_equal(d->tries[2].way, WAY_SRV_INTERNAL);
	assert_int_equal(strncmp(d->tries[2].came, "localhost:1: no TCP", 19), 0);
	nameserver_free(ns);
	txn_world_close(&w);
}

/* ---- what is known ---- */

static const struct known_case {
	const char *name;
	struct discovery known;
	bool used;
	unsigned warnings;
} known_cases[] = {
	{ "found earlier",
	    { .found = true,
		.way = WAY_LYNCDISCOVER,
		.port = 7,
		.host = "pool9.lab.example",
		.access = "External",
		.at_ms = 1699999999000 },
	    true, 0 },
	{ "not found earlier", { .at_ms = 1699999999000 }, false, 0 },
	{ "found although a way failed that was not there",
	    { .found = true,
		.way = WAY_SRV_INTERNAL,
		.port = 7,
		.host = "pool9.lab.example",
		.at_ms = 1699999999000,
		.ntries = 1,
		.tries = { { .way = WAY_LYNCDISCOVER, .cause = CAUSE_DNS, .code = 4 } } },
	    true, 0 },
	{ "found although a way fails",
	    { .found = true,
		.way = WAY_SRV_INTERNAL,
		.port = 7,
		.host = "pool9.lab.example",
		.at_ms = 1699999999000,
		.ntries = 1,
		.tries = { { .way = WAY_LYNCDISCOVER,
		    .cause = CAUSE_AUTH,
		    .code = 401 } } },
	    true, 1u << WARNING_DISCOVERY },
	{ "found over http, because https fails",
	    { .found = true,
		.way = WAY_LYNCDISCOVER,
		.clear_text = true,
		.port = 7,
		.host = "pool9.lab.example",
		.at_ms = 1699999999000,
		.ntries = 1,
		.tries = { { .way = WAY_LYNCDISCOVER,
		    .cause = CAUSE_TRUST,
		    .code = 62 } } },
	    true, 0 },
};

static void
check_known(void **state)
{
	const struct known_case *tc = *state;
	struct discovery known = tc->known;
	struct txn_world w;
	struct err err;

	txn_world_open(&w);
	ask(&w, "127.0.0.1:1");
	w.spec.known = &known;
	w.txn = txn_start_plan(&w.env, &w.spec, plan, &w.observer, &err);
	memset(&known, 0xff, sizeof(known)); /* it is not needed any more */
	txn_world_wait(&w);
	assert_int_equal(w.result.ok, tc->used);
	assert_int_equal(w.result.discovery.known, tc->used);
	assert_int_equal(w.result.warnings, tc->warnings);
	if (tc->used) {
		assert_string_equal(w.result.discovery.host, tc->known.host);
		assert_int_equal(w.result.discovery.at_ms, tc->known.at_ms);
		assert_non_null(
		    strstr(w.notes.data, "found at 2023-11-14T22:13:19.000Z"));
	} else {
		assert_int_equal(w.result.discovery.at_ms, w.wall_ms);
	}
	txn_world_close(&w);
}

RUN_CASES(ROWS("autodiscover", cases, check_discover), TEST(nothing_is_found),
    TEST(the_uri_is_nowhere), TEST(a_way_has_its_time), TEST(name_servers_are_silent),
    TEST(targets_are_dead), ROWS("known", known_cases, check_known));
