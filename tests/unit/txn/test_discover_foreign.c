/*
 * txn/autodiscover against a service that sends us elsewhere, by every door there is: a
 * server of another host listens, believed by TLS, and must never hear who we are.
 */
#include <string.h>

#include "../../fakes/webserver.h"
#include "../cases.h"
#include "../tls/certs.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn_world.h"

#define REPLIES_MAX 6
#define TYPE	    "Content-Type: application/vnd.microsoft.rtc.autodiscover+xml;v=1\r\n"
#define LINK(token, url)                                                                 \
	"<AutodiscoverResponse><Root><Link token=\"" token "\" href=\"" url              \
	"\"/></Root></AutodiscoverResponse>"
#define OK(body)     { "200 OK", TYPE, body }
#define ROOT	     OK(LINK("User", "$HOME$/user"))
#define MOVED(url)   { "307 Moved", "Location: " url "\r\n", "" }
#define TICKETS(url) { "401 No", "X-MS-WebTicketURL: " url "\r\n", "" }
#define ASKS	     { "401 No", "WWW-Authenticate: NTLM\r\n", "" }
#define CHALLENGES   { "401 No", "WWW-Authenticate: " WEBSERVER_NTLM "\r\n", "" }
#define PORT(url)                                                                        \
	OK("<wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" "          \
	   "xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\">"                       \
	   "<wsdl:service name=\"WebTicketService\">"                                    \
	   "<wsdl:port name=\"WebTicketServiceWinNtlm\"><soap:address location=\"" url   \
	   "\"/></wsdl:port></wsdl:service></wsdl:definitions>")

struct reply {
	const char *status, *headers, *body;
};

static const struct foreign_case {
	const char *name;
	struct reply home[REPLIES_MAX]; /* in turn, the last for ever */
	struct reply foreign[REPLIES_MAX];
	enum cause cause;
	unsigned strangers; /* requests that the other host gets, nothing secret */
	unsigned proofs;    /* requests with a proof that our own host gets */
} cases[] = {
	{ "the root is there, and asks who we are", { MOVED("$FOREIGN$/") }, { ASKS },
	    CAUSE_NOT_OFFERED, 1, 0 },
	{ "the root is there, and so is the user", { MOVED("$FOREIGN$/") },
	    { OK(LINK("User", "$FOREIGN$/user")), ASKS }, CAUSE_TRUST, 1, 0 },
	{ "the root is there, and names our host, which names theirs",
	    { MOVED("$FOREIGN$/"), TICKETS("$FOREIGN$/t.svc") }, { ROOT }, CAUSE_TRUST, 1,
	    0 },
	{ "the user is there", { ROOT, MOVED("$FOREIGN$/user") },
	    { TICKETS("$FOREIGN$/t.svc") }, CAUSE_TRUST, 1, 0 },
	{ "tickets are there", { ROOT, TICKETS("$FOREIGN$/t.svc") }, { ASKS },
	    CAUSE_TRUST, 0, 0 },
	{ "tickets are moved there",
	    { ROOT, TICKETS("$HOME$/t.svc"), MOVED("$FOREIGN$/t.svc/mex") },
	    { PORT("$FOREIGN$/t.svc"), ASKS }, CAUSE_TRUST, 1, 0 },
	{ "the port is there", { ROOT, TICKETS("$HOME$/t.svc"), PORT("$FOREIGN$/t.svc") },
	    { ASKS }, CAUSE_TRUST, 0, 0 },
	{ "the request for a ticket is moved",
	    { ROOT, TICKETS("$HOME$/t.svc"), PORT("$HOME$/p"), MOVED("$FOREIGN$/p") },
	    { ASKS }, CAUSE_REDIRECT, 0, 0 },
	{ "... when we have begun to prove",
	    { ROOT, TICKETS("$HOME$/t.svc"), PORT("$HOME$/p"), ASKS,
		MOVED("$FOREIGN$/p") },
	    { CHALLENGES }, CAUSE_REDIRECT, 0, 1 },
	{ "... when we have proven",
	    { ROOT, TICKETS("$HOME$/t.svc"), PORT("$HOME$/p"), ASKS, CHALLENGES,
		MOVED("$FOREIGN$/p") },
	    { CHALLENGES }, CAUSE_REDIRECT, 0, 2 },

	{ "a user in front of the host", { ROOT, TICKETS("https://localhost@$HOST$/") },
	    { ASKS }, CAUSE_PROTOCOL, 0, 0 },
	{ "... with a password", { ROOT, TICKETS("https://localhost:443@$HOST$/") },
	    { ASKS }, CAUSE_PROTOCOL, 0, 0 },
	{ "a backslash behind the host", { ROOT, TICKETS("https://$HOST$\\@localhost/") },
	    { ASKS }, CAUSE_PROTOCOL, 0, 0 },
	{ "a host that is none", { ROOT, TICKETS("https://127.0.0.1\\.lab.example/") },
	    { ASKS }, CAUSE_PROTOCOL, 0, 0 },
	{ "an escaped end of the host",
	    { ROOT, TICKETS("https://127.0.0.1%2f.lab.example/") }, { ASKS },
	    CAUSE_PROTOCOL, 0, 0 },
	{ "an escaped NUL", { ROOT, TICKETS("https://127.0.0.1%00.lab.example/") },
	    { ASKS }, CAUSE_PROTOCOL, 0, 0 },
	{ "a fragment for a host", { ROOT, TICKETS("https://$HOST$#.lab.example/") },
	    { ASKS }, CAUSE_TRUST, 0, 0 },
	{ "a file", { ROOT, TICKETS("file:///etc/passwd") }, { ASKS }, CAUSE_PROTOCOL, 0,
	    0 },
	{ "moved to a file", { MOVED("file:///etc/passwd") }, { ASKS }, CAUSE_REDIRECT, 0,
	    0 },
	{ "moved without TLS", { MOVED("http://$HOST$/") }, { ASKS }, CAUSE_REDIRECT, 0,
	    0 },
	{ "moved there by a name without scheme", { MOVED("//$HOST$/") }, { ASKS },
	    CAUSE_NOT_OFFERED, 1, 0 },
};

struct scene {
	const struct foreign_case *tc;
	struct txn_world world;
	struct webserver *home, *foreign;
	char home_url[64], foreign_url[64];
	unsigned proofs;
};

static void
expand(const struct scene *s, const char *text, struct buf *out)
{
	struct str rest = str_of(text), part;

	for (bool word = false; rest.p != NULL; word = !word) {
		rest = str_split(rest, '$', &part);
		if (!word)
			buf_str(out, part);
		else if (str_eq(part, "HOME"))
			buf_puts(out, s->home_url);
		else
			buf_puts(
			    out, s->foreign_url +
				     (str_eq(part, "HOST") ? strlen("https://") : 0));
	}
	assert_false(out->failed);
}

static void
reply(const struct scene *s, struct tlsconn *c, const struct reply *r, unsigned number)
{
	struct buf headers, body;
	unsigned n = 0;

	while (n + 1 < REPLIES_MAX && n + 1 < number && r[n + 1].status != NULL)
		n++;
	buf_init(&headers, 65536);
	buf_init(&body, 65536);
	expand(s, r[n].headers, &headers);
	expand(s, r[n].body, &body);
	webserver_answer(c, r[n].status, buf_view(&headers).p, buf_view(&body));
	buf_free(&headers);
	buf_free(&body);
}

static void
serve_home(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	struct scene *s = arg;

	s->proofs += web_request_header(rq, "Authorization").p != NULL;
	reply(s, c, s->tc->home, rq->number);
}

static void
serve_foreign(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	const struct scene *s = arg;

	assert_null(web_request_header(rq, "Authorization").p);
	assert_null(web_request_header(rq, "X-MS-WebTicket").p);
	assert_null(web_request_header(rq, "Cookie").p);
	assert_int_equal(rq->body.len, 0);
	reply(s, c, s->tc->foreign, rq->number);
}

static struct webserver *
serve(struct scene *s, const char *name, const char *san, char url[64],
    void (*how)(void *arg, struct tlsconn *c, const struct web_request *rq))
{
	struct cert_spec ca_spec = { .cn = "Test CA", .ca = 1 };
	struct cert_spec spec = { .cn = name, .san = san, .eku = "serverAuth" };
	X509 *ca = certs_make(&ca_spec, certs_key(0, 0), NULL, NULL);
	X509 *cert = certs_make(&spec, certs_key(1, 0), ca, certs_key(0, 0));
	struct webserver *w =
	    webserver_new(s->world.env.loop, cert, certs_key(1, 0), how, s);

	assert_non_null(w);
	snprintf(url, 64, "https://%s:%u", name, webserver_port(w));
	X509_free(ca);
	X509_free(cert);
	return w;
}

static void
open_scene(struct scene *s, const struct foreign_case *tc)
{
	*s = (struct scene){ .tc = tc };
	txn_world_open(&s->world);
	s->home = serve(s, "localhost", "DNS:localhost", s->home_url, serve_home);
	s->foreign = serve(s, "127.0.0.1", "IP:127.0.0.1", s->foreign_url, serve_foreign);
	s->world.spec.target_fqdn = NULL;
	s->world.spec.address = NULL;
	s->world.spec.discovery_uri = s->home_url;
}

static void
close_scene(struct scene *s)
{
	webserver_free(s->home);
	webserver_free(s->foreign);
	txn_world_close(&s->world);
}

static void
begin(struct txn_world *w)
{
	static const struct step *const plan[] = { &step_discover, NULL };
	struct err err;

	w->txn = txn_start_plan(&w->env, &w->spec, plan, &w->observer, &err);
	assert_non_null(w->txn);
}

/* The longest way, and the end comes at each line of its account. */
static const struct foreign_case *
longest(void)
{
	const struct foreign_case *tc = cases;

	while (strcmp(tc->name, "... when we have proven") != 0)
		tc++;
	return tc;
}

static void
cancelled_anywhere(void **state)
{
	struct scene s;
	unsigned n = 0;
	bool cancelled;

	(void)state;
	do {
		open_scene(&s, longest());
		s.world.cancel_at_note = ++n;
		begin(&s.world);
		txn_world_wait(&s.world);
		cancelled = s.world.result.err.cause == CAUSE_CANCELLED;
		close_scene(&s);
	} while (cancelled);
	assert_in_range(n, 6, 20);
}

static void
abandon(void *arg)
{
	struct txn_world *w = arg;

	txn_abandon(w->txn);
	w->txn = NULL;
	loop_stop(w->env.loop);
}

static struct timer *soon;

static void
abandon_soon(struct txn_world *w)
{
	(void)w;
	timer_set(soon, 0);
}

static void
abandoned_anywhere(void **state)
{
	struct scene s;

	(void)state;
	for (unsigned n = 1; n <= 8; n++) {
		open_scene(&s, longest());
		soon = timer_new(s.world.env.loop, abandon, &s.world);
		s.world.hook_at_note = n;
		s.world.hook = abandon_soon;
		begin(&s.world);
		await_loop(s.world.env.loop, "the end of the transaction");
		assert_null(s.world.txn);
		timer_free(soon);
		close_scene(&s);
	}
}

static void
check_foreign(void **state)
{
	const struct foreign_case *tc = *state;
	struct scene s;
	struct txn_world *w = &s.world;

	open_scene(&s, tc);
	begin(w);
	txn_world_wait(w);
	if (w->result.err.cause != tc->cause)
		fail_msg("%s: %s", cause_name(w->result.err.cause), w->result.err.detail);
	assert_false(w->result.discovery.found);
	assert_int_equal(webserver_requests(s.foreign), tc->strangers);
	assert_int_equal(s.proofs, tc->proofs);
	close_scene(&s);
}

RUN_CASES(ROWS("foreign", cases, check_foreign), TEST(cancelled_anywhere),
    TEST(abandoned_anywhere));
