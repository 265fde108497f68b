/*
 * transport/https: what a request carries beside its URL, where that may go, and http in
 * the one case where it may be.
 */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "https_world.h"
#include "loop/loop.h"

static struct buf heard;		/* what the server was sent, in lines */
static const char *location;		/* of the answer; NULL: it is none */

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
	struct https_request rq;	/* without URL */
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
	    "charset=utf-8\n", 200 },
	{ "a redirect keeps what is accepted", { .accept = "a/b" }, "/there",
	    "GET / Accept=a/b\nGET /there Accept=a/b\n", 200 },
	{ "a redirect of a ticket is not followed", { .ticket = "opaque=AAAA" },
	    "/there", "GET / Accept=*/* X-MS-WebTicket=opaque=AAAA\n", 302 },
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

RUN_CASES(ROWS("headers", header_cases, check_headers),
    ROWS("clear text", clear_cases, check_clear_text));
