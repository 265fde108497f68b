/*
 * transport/https: what surrounds a request. What two requests share and two objects do
 * not, and that it can be dropped at any moment.
 */
#include <string.h>

#include "../../fakes/accounts.h"
#include "../cases.h"
#include "base/buf.h"
#include "https_world.h"
#include "loop/loop.h"
#include "tls/outer.h"
#include "transport/wire.h"

static struct https_world world;
static struct buf seen; /* of each request: number of the connection, and words */
static bool silent;	/* the server does not answer */

static void
serve(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	struct str cookie = web_request_header(rq, "Cookie");
	struct str type = web_request_header(rq, "Content-Type");
	struct str action = web_request_header(rq, "SOAPAction");
	struct str auth = web_request_header(rq, "Authorization");

	(void)arg;
	buf_printf(&seen, "%u %.*s %.*s", tlsconn_number(c), (int)rq->method.len,
	    rq->method.p, (int)rq->path.len, rq->path.p);
	if (type.p != NULL)
		buf_printf(&seen, " type=%.*s", (int)type.len, type.p);
	if (action.p != NULL)
		buf_printf(&seen, " action=%.*s", (int)action.len, action.p);
	if (cookie.p != NULL)
		buf_printf(&seen, " cookie=%.*s", (int)cookie.len, cookie.p);
	if (auth.p != NULL)
		buf_puts(&seen, " auth");
	if (rq->body.len > 0)
		buf_printf(&seen, " body=%.*s", (int)rq->body.len, rq->body.p);
	buf_putc(&seen, '\n');
	if (silent)
		loop_stop(world.loop);
	else if (auth.len > 100 || !str_eq(rq->path, "/ntlm"))
		webserver_answer(c, "200 OK",
		    "Set-Cookie: node=fe1; secure\r\nX-Ms-diagnostics: "
		    "28000;reason=\"x\"\r\n"
		    "x-ms-server-fqdn:fe1.lab.example\r\nContent-Type: text/xml\r\n"
		    "Date: Thu, 01 Dec 2016 08:21:44 GMT\r\n",
		    STR_LIT("ok"));
	else
		webserver_answer(c, "401 No",
		    auth.p == NULL ? "WWW-Authenticate: NTLM\r\n"
				   : "WWW-Authenticate: " WEBSERVER_NTLM "\r\n",
		    STR_NULL);
}

static int
open_world(void **state)
{
	(void)state;
	silent = false;
	buf_init(&seen, 65536);
	https_world_open(&world, serve);
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	https_world_close(&world);
	buf_free(&seen);
	return 0;
}

static void
assert_seen(const char *want)
{
	assert_false(seen.failed);
	assert_string_equal(seen.data == NULL ? "" : seen.data, want);
}

static void
must_answer(struct https_world *w, const struct https_request *rq)
{
	struct https_answer a;
	struct err err;

	if (!https_world_ask(w, rq, &a, &err))
		fail_msg("%s", err.detail);
	assert_int_equal(a.status, 200);
}

static void
tells_what_the_headers_say(void **state)
{
	struct https_request rq = { .url = world.url };
	struct https_answer a;
	struct err err;

	(void)state;
	assert_true(https_world_ask(&world, &rq, &a, &err));
	assert_true(str_eq(a.content_type, "text/xml"));
	assert_true(str_eq(a.diagnostics, "28000;reason=\"x\""));
	assert_true(str_eq(a.server_fqdn, "fe1.lab.example"));
	assert_int_equal(a.date, 1480580504);
	assert_true(str_eq(a.schemes, ""));
	assert_true(https_peer(world.https)->cert.known);
	assert_string_equal(https_peer(world.https)->version, "TLSv1.3");
}

static void
posts_as_soap_wants_it(void **state)
{
	struct https_request rq = {
		.url = world.url, .soap_action = "urn:do", .body = STR_LIT("<x/>")
	};

	(void)state;
	must_answer(&world, &rq);
	assert_seen(
	    "1 POST / type=text/xml; charset=utf-8 action=\"urn:do\" body=<x/>\n");
}

/* One connection, and the cookies of a load balancer are returned. */
static void
requests_of_one_object_share(void **state)
{
	struct https_request rq = { .url = world.url };

	(void)state;
	must_answer(&world, &rq);
	must_answer(&world, &rq);
	assert_seen("1 GET /\n1 GET / cookie=node=fe1\n");
}

#define POST "POST /ntlm type=text/xml; charset=utf-8 action=\"a\""

/* The finding behind it: libcurl lends an authenticated connection to another user. */
static void
two_objects_share_nothing(void **state)
{
	struct account account = accounts_ntlm("LAB\\alice", "secret");
	struct account bob = accounts_ntlm("LAB\\bob", "secret");
	struct https_world other = world;
	struct https_request rq = {
		.soap_action = "a", .body = STR_LIT("b"), .account = &account
	};
	char url[160];

	(void)state;
	snprintf(url, sizeof(url), "%sntlm", world.url);
	rq.url = url;
	must_answer(&world, &rq);
	buf_clear(&seen);
	other.https = https_new(world.loop, world.resolver, world.tls, WEB_HOST,
	    "127.0.0.1", https_world_done, &other);
	assert_non_null(other.https);
	rq.account = &bob;
	must_answer(&other, &rq);
	assert_seen(
	    "2 POST /ntlm type=text/xml; charset=utf-8 action=\"a\" body=b\n"
	    "2 POST /ntlm type=text/xml; charset=utf-8 action=\"a\" auth body=b\n"
	    "2 POST /ntlm type=text/xml; charset=utf-8 action=\"a\" auth body=b\n");
	https_free(other.https);
	account_clear(&bob);
	account_clear(&account);
}

/*
 * The certificate's request after the ticket's: no handshake, and no credentials, which
 * stay with the request that they were given for.
 */
static void
rides_on_an_authenticated_connection(void **state)
{
	struct account account = accounts_ntlm("LAB\\alice", "secret");
	struct https_request rq = {
		.soap_action = "a", .body = STR_LIT("b"), .account = &account
	};
	char url[160];

	(void)state;
	snprintf(url, sizeof(url), "%sntlm", world.url);
	rq.url = url;
	must_answer(&world, &rq);
	buf_clear(&seen);
	rq.url = world.url;
	rq.account = NULL;
	must_answer(&world, &rq);
	assert_seen("1 POST / type=text/xml; charset=utf-8 action=\"a\" cookie=node=fe1 "
		    "body=b\n");
	account_clear(&account);
}

static void
ignores_proxies_of_the_environment(void **state)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
		"ALL_PROXY" };
	struct https_request rq = { .url = world.url };

	(void)state;
	for (size_t i = 0; i < NROWS(names); i++)
		setenv(names[i], "http://127.0.0.1:1", 1);
	must_answer(&world, &rq);
	for (size_t i = 0; i < NROWS(names); i++)
		unsetenv(names[i]);
}

static const struct url_case {
	const char *name, *url;
} refused_urls[] = {
	{ "http", "http://" WEB_HOST "/" },
	{ "file", "file:///etc/passwd" },
	{ "nothing", "" },
	{ "a user", "https://a@" WEB_HOST "/" },
};

static void
check_refused_url(void **state)
{
	const struct url_case *tc = *state;
	struct https_request rq = { .url = tc->url };
	struct https_answer a = { .status = 7 };
	struct err err = { .cause = CAUSE_NONE };

	open_world(NULL);
	assert_false(https_start(world.https, &rq, &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_false(https_answer(world.https, &a, &err));
	assert_int_equal(a.status, 7);
	assert_int_equal(world.done, 0);
	close_world(NULL);
}

static void
a_url_at_the_limit(void **state)
{
	char url[1100];
	struct https_request rq = { .url = url };
	struct err err;
	size_t len = strlen(world.url);

	(void)state;
	memset(url, 'x', sizeof(url));
	memcpy(url, world.url, len);
	url[1024] = '\0';
	assert_false(https_start(world.https, &rq, &err));
	assert_int_equal(err.cause, CAUSE_LIMIT);
	url[1023] = '\0';
	must_answer(&world, &rq);
}

static void
no_answer_before_a_request(void **state)
{
	struct https_answer a = { .status = 7 };
	struct err err = { .cause = CAUSE_NONE };

	(void)state;
	assert_false(https_answer(world.https, &a, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(a.status, 7);
}

/* Runs until the request is at the server, which says nothing. */
static void
ask_silence(void)
{
	struct https_request rq = { .url = world.url };
	struct err err;

	silent = true;
	assert_true(https_start(world.https, &rq, &err));
	await_loop(world.loop, "the end of the request");
	silent = false;
	assert_int_equal(world.done, 0);
}

static void
cancelled_in_flight(void **state)
{
	struct https_request rq = { .url = world.url };
	struct https_answer a;
	struct err err;

	(void)state;
	ask_silence();
	https_cancel(world.https);
	assert_false(https_answer(world.https, &a, &err));
	/* The next request has an answer of its own, on a connection of its own. */
	must_answer(&world, &rq);
	assert_int_equal(world.done, 1);
	assert_seen("1 GET /\n2 GET /\n");
}

static void
started_anew_in_flight(void **state)
{
	struct https_request rq = { .url = world.url };

	(void)state;
	ask_silence();
	must_answer(&world, &rq);
	assert_int_equal(world.done, 1);
}

static void
cancelled_at_once(void **state)
{
	struct https_request rq = { .url = world.url };
	struct err err;

	(void)state;
	assert_true(https_start(world.https, &rq, &err));
	https_cancel(world.https);
	https_cancel(world.https);
	must_answer(&world, &rq);
	assert_int_equal(world.done, 1);
}

static void
freed_in_flight(void **state)
{
	(void)state;
	ask_silence();
	https_free(world.https);
	world.https = NULL;
	assert_int_equal(world.done, 0);
}

static void
freed_during_the_look_up(void **state)
{
	struct https_request rq = { .url = world.url };
	struct err err;

	(void)state;
	assert_true(https_start(world.https, &rq, &err));
	https_free(world.https);
	world.https = NULL;
}

static void
free_inside(void *arg)
{
	struct https **h = arg;

	https_free(*h);
	*h = NULL;
	loop_stop(world.loop);
}

/* What ends a request when its object is freed inside done(). */
static const struct end_case {
	const char *name;
	const char *url; /* NULL: the world's server */
} end_cases[] = {
	{ "an answer", NULL },
	{ "a refused connection", "https://127.0.0.1:1/" },
	{ "a name that nobody knows", "https://nobody.lab.example/" },
};

static void
check_free_inside(void **state)
{
	const struct end_case *tc = *state;
	struct https_request rq;
	struct https *h;
	struct err err;

	open_world(NULL);
	rq = (struct https_request){ .url = tc->url == NULL ? world.url : tc->url };
	h = https_new(world.loop, world.resolver, world.tls, WEB_HOST, "127.0.0.1",
	    free_inside, &h);
	assert_non_null(h);
	assert_true(https_start(h, &rq, &err));
	while (h != NULL)
		await_loop(world.loop, "the end of the request");
	close_world(NULL);
}

static void
start_inside(void *arg)
{
	struct https_world *w = arg;
	struct https_request rq = { .url = w->url };
	struct err err;

	if (++w->done < 3)
		assert_true(https_start(w->https, &rq, &err));
	else
		loop_stop(w->loop);
}

static void
started_anew_inside_done(void **state)
{
	struct https_world other = world;
	struct https_request rq = { .url = world.url };
	struct err err;

	(void)state;
	other.https = https_new(world.loop, world.resolver, world.tls, WEB_HOST,
	    "127.0.0.1", start_inside, &other);
	assert_non_null(other.https);
	assert_true(https_start(other.https, &rq, &err));
	https_world_wait(&other, 3);
	https_free(other.https);
	assert_seen("1 GET /\n1 GET / cookie=node=fe1\n1 GET / cookie=node=fe1\n");
}

/* An idle object does not keep the loop from ending. */
static void
idle_when_done(void **state)
{
	struct https_request rq = { .url = world.url };

	(void)state;
	must_answer(&world, &rq);
	webserver_free(world.server);
	world.server = NULL;
	await_loop(world.loop, "the end of the request");
}

static void
freeing_nothing(void **state)
{
	(void)state;
	https_free(NULL);
}

#define LIFE(function) TEST_WITH(function, open_world, close_world)

static struct buf shown; /* of each message: its direction and what it is */

static void
on_message(void *arg, const struct wire_message *m)
{
	struct str start;

	assert_ptr_equal(arg, &shown);
	assert_true(m->http);
	assert_true(strncmp(m->peer, WEB_HOST ":", strlen(WEB_HOST) + 1) == 0);
	(void)str_split(m->head, '\n', &start);
	start = str_trim(start);
	buf_printf(&shown, "%s%s%s %.*s", m->sent ? "sent" : "got",
	    m->again ? " again" : "", m->broken ? " broken" : "", (int)start.len,
	    start.p);
	if (memmem(m->head.p, m->head.len, "\nAuthorization: NTLM", 20) != NULL)
		buf_puts(&shown, " auth");
	if (memmem(m->head.p, m->head.len, "Expect", 6) != NULL)
		buf_puts(&shown, " expect");
	buf_printf(&shown, " [%.*s]\n", (int)m->body.len, m->body.p);
}

static const struct wire_tap tap = { on_message, &shown };

static void
assert_shown(const char *want)
{
	assert_string_equal(shown.data == NULL ? "" : shown.data, want);
	buf_free(&shown);
}

static void
who_listens_sees_every_leg(void **state)
{
	struct account account = accounts_ntlm("LAB\\alice", "secret");
	struct https_request rq = {
		.soap_action = "a", .body = STR_LIT("b"), .account = &account
	};
	char url[160];

	(void)state;
	snprintf(url, sizeof(url), "%sntlm", world.url);
	rq.url = url;
	buf_init(&shown, 65536);
	https_listen(world.https, &tap);
	must_answer(&world, &rq);
	rq = (struct https_request){ .url = world.url };
	must_answer(&world, &rq);
	assert_shown("sent POST /ntlm HTTP/1.1 [b]\ngot HTTP/1.1 401 No []\n"
		     "sent again POST /ntlm HTTP/1.1 auth [b]\ngot HTTP/1.1 401 No []\n"
		     "sent again POST /ntlm HTTP/1.1 auth [b]\ngot HTTP/1.1 200 OK [ok]\n"
		     "sent GET / HTTP/1.1 []\ngot HTTP/1.1 200 OK [ok]\n");
	account_clear(&account);
}

static void
who_listens_sees_no_more_than_came(void **state)
{
	(void)state;
	buf_init(&shown, 65536);
	https_listen(world.https, &tap);
	ask_silence();
	https_cancel(world.https);
	assert_shown("sent GET / HTTP/1.1 []\n");
}

RUN_CASES(LIFE(tells_what_the_headers_say), LIFE(posts_as_soap_wants_it),
    LIFE(requests_of_one_object_share), LIFE(two_objects_share_nothing),
    LIFE(rides_on_an_authenticated_connection), LIFE(ignores_proxies_of_the_environment),
    ROWS("refused URL", refused_urls, check_refused_url), LIFE(a_url_at_the_limit),
    LIFE(no_answer_before_a_request), LIFE(cancelled_in_flight),
    LIFE(started_anew_in_flight), LIFE(cancelled_at_once), LIFE(freed_in_flight),
    LIFE(freed_during_the_look_up),
    ROWS("freed inside done", end_cases, check_free_inside),
    LIFE(started_anew_inside_done), LIFE(idle_when_done), TEST(freeing_nothing),
    LIFE(who_listens_sees_every_leg), LIFE(who_listens_sees_no_more_than_came));
