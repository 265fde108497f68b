/*
 * transport/https: what a request carries beside its URL, where that may go, and http in
 * the one case where it may be.
 */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "https_world.h"
#include "loop/loop.h"

static struct buf heard;     /* what the server was sent, in lines */
static const char *location; /* of the answer; NULL: it is none */

static void
serve(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	static const char *const names[] = { "Accept", "X-MS-WebTicket", "SOAPAction",
		"Content-Type", "Expect", "Authorization" };
	char head[256] = "X-MS-WebTicketURL:  https://t.lab.example/t.svc \r\n";

	(void)arg;
	buf_printf(&heard, "%.*s %.*s", (int)rq->method.len, rq->method.p,
	    (int)rq->path.len, rq->path.p);
	for (size_t i = 0; i < NROWS(names); i++) {
		struct str value = web_request_header(rq, names[i]);

		if (value.p != NULL)
			buf_printf(&heard, " %s=%.*s", names[i], (int)value.len, value.p);
	}
	buf_puts(&heard, "\n");
	if (location != NULL && rq->number == 1) {
		snprintf(head, sizeof(head), "Location: %s\r\n", location);
		webserver_answer(c, "302 Found", head, STR_LIT(""));
	} else {
		webserver_answer(c, "200 OK", head, STR_LIT("ok"));
	}
}

static const struct header_case {
	const char *name;
	struct https_request rq; /* without URL */
	const char *location;
	const char *heard;
	unsigned status;
} header_cases[] = {
	{ "nothing", { .url = NULL }, NULL, "GET / Accept=*/*\n", 200 },
	{ "what is accepted", { .accept = "text/x;v=1" }, NULL,
	    "GET / Accept=text/x;v=1\n", 200 },
	{ "a ticket", { .accept = "a/b", .ticket = "opaque=AAAA" }, NULL,
	    "GET / Accept=a/b X-MS-WebTicket=opaque=AAAA\n", 200 },
	{ "a post", { .soap_action = "urn:x", .body = { "<x/>", 4 } }, NULL,
	    "POST / Accept=*/* SOAPAction=\"urn:x\" Content-Type=text/xml; "
	    "charset=utf-8\n",
	    200 },
	{ "a redirect keeps what is accepted", { .accept = "a/b" }, "/there",
	    "GET / Accept=a/b\nGET /there Accept=a/b\n", 200 },
	{ "a redirect of a ticket is not followed", { .ticket = "opaque=AAAA" }, "/there",
	    "GET / Accept=*/* X-MS-WebTicket=opaque=AAAA\n", 302 },
};

static void
check_headers(void **state)
{
	const struct header_case *tc = *state;
	struct https_request rq = tc->rq;
	struct https_answer a;
	struct https_world w;
	struct err err;

	buf_init(&heard, 65536);
	location = tc->location;
	https_world_open(&w, serve);
	rq.url = w.url;
	assert_true(https_world_ask(&w, &rq, &a, &err));
	assert_int_equal(a.status, tc->status);
	assert_string_equal(buf_view(&heard).p, tc->heard);
	if (a.status == 200)
		assert_true(str_eq(a.ticket_url, "https://t.lab.example/t.svc"));
	else
		assert_null(a.ticket_url.p);
	https_world_close(&w);
	buf_free(&heard);
}

static const struct clear_case {
	const char *name, *url;
	bool clear_text;
	enum cause cause;
	const char *says;
} clear_cases[] = {
	{ "http where it may not be", "http://" WEB_HOST ":1/", false, CAUSE_PROTOCOL,
	    "is not an https URL" },
	{ "http where it may be", "http://" WEB_HOST ":1/", true, CAUSE_CONNECT,
	    "no connection to the web service " WEB_HOST ":1" },
	{ "ftp", "ftp://" WEB_HOST ":1/", true, CAUSE_PROTOCOL, "is not an https URL" },
	{ "a user", "http://a@" WEB_HOST ":1/", true, CAUSE_PROTOCOL,
	    "is not an https URL" },
};

static void
check_clear_text(void **state)
{
	const struct clear_case *tc = *state;
	struct https_request rq = { .url = tc->url, .clear_text = tc->clear_text };
	struct https_answer a;
	struct https_world w;
	struct err err;

	buf_init(&heard, 65536);
	https_world_open(&w, serve);
	assert_false(https_world_ask(&w, &rq, &a, &err));
	assert_string_equal(cause_name(err.cause), cause_name(tc->cause));
	assert_non_null(strstr(err.detail, tc->says));
	https_world_close(&w);
	buf_free(&heard);
}

/* ---- a server without TLS, and what came over TLS before ---- */

struct plain {
	struct loop *loop;
	int listener, fd;
	struct watch *on_listener, *on_fd;
	uint16_t port;
	char heard[2048];
};

static void
on_plain(void *arg, unsigned what)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nSet-Cookie: clear=2\r\n"
				     "Content-Length: 0\r\n\r\n";
	struct plain *p = arg;
	ssize_t n = recv(p->fd, p->heard, sizeof(p->heard) - 1, 0);

	(void)what;
	p->heard[n > 0 ? n : 0] = '\0';
	if (n > 0)
		assert_true(send(p->fd, answer, strlen(answer), MSG_NOSIGNAL) > 0);
	watch_free(p->on_fd);
	p->on_fd = NULL;
	close(p->fd);
}

static void
on_plain_connection(void *arg, unsigned what)
{
	struct plain *p = arg;

	(void)what;
	p->fd = accept(p->listener, NULL, NULL);
	assert_true(p->fd >= 0);
	p->on_fd = watch_fd(p->loop, p->fd, WATCH_READ, on_plain, p);
}

static void
plain_open(struct plain *p, struct loop *l)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*p = (struct plain){ .loop = l, .listener = socket(AF_INET, SOCK_STREAM, 0) };
	assert_int_equal(bind(p->listener, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(p->listener, 1), 0);
	assert_int_equal(getsockname(p->listener, (struct sockaddr *)&in, &len), 0);
	p->port = ntohs(in.sin_port);
	p->on_listener = watch_fd(l, p->listener, WATCH_READ, on_plain_connection, p);
}

static struct buf cookies; /* of each request over TLS, in lines */

static void
serve_cookie(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	struct str value = web_request_header(rq, "Cookie");

	(void)arg;
	buf_printf(&cookies, "%.*s\n", (int)value.len, value.len > 0 ? value.p : "");
	webserver_answer(c, "200 OK", "Set-Cookie: session=1\r\n", STR_LIT("ok"));
}

/* What a session over TLS is known by is not told to everybody on the way, nor back. */
static void
cookies_stay_where_they_are_from(void **state)
{
	struct https_request rq = { .clear_text = false };
	struct https_answer a;
	struct https_world w;
	struct plain plain;
	char url[64];
	struct err err;

	(void)state;
	buf_init(&cookies, 65536);
	https_world_open(&w, serve_cookie);
	plain_open(&plain, w.loop);
	rq.url = w.url;
	assert_true(https_world_ask(&w, &rq, &a, &err));
	assert_true(https_world_ask(&w, &rq, &a, &err));
	snprintf(url, sizeof(url), "http://" WEB_HOST ":%u/", plain.port);
	rq = (struct https_request){ .url = url, .clear_text = true };
	assert_true(https_world_ask(&w, &rq, &a, &err));
	assert_non_null(strstr(plain.heard, "GET / HTTP/1.1"));
	assert_null(strstr(plain.heard, "Cookie"));
	rq = (struct https_request){ .url = w.url };
	assert_true(https_world_ask(&w, &rq, &a, &err));
	assert_string_equal(buf_view(&cookies).p, "\nsession=1\n\n");
	watch_free(plain.on_listener);
	close(plain.listener);
	https_world_close(&w);
	buf_free(&cookies);
}

RUN_CASES(ROWS("headers", header_cases, check_headers),
    ROWS("clear text", clear_cases, check_clear_text),
    TEST(cookies_stay_where_they_are_from));
