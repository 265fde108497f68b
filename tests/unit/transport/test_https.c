/*
 * transport/https: what one request makes of the answers that a web server gives, right
 * and wrong. The server plays a script; every row says what it answers in turn.
 */
#include <stdlib.h>
#include <string.h>

#include "../../fakes/accounts.h"
#include "../cases.h"
#include "base/buf.h"
#include "https_world.h"

#define REPLIES_MAX 6
#define OCTETS(s)   { (s), sizeof(s) - 1 }

enum after { KEEP, END, RESET };

struct reply {
	const char *text; /* with @WORD@s, see add_word(); NULL: nothing */
	size_t fill;	  /* then so many octets 'x' */
	struct str tail;  /* and these */
	enum after after;
};

/* A gzip stream in front of and behind 1016 zeros: 1 MiB and one octet of zeros. */
#define BOMB_HEAD                                                                        \
	"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xed\xc1\x31\x01\0\0\0\xc2\xa0\xf5\x4f"           \
	"\x6d\x08\x5f\xa0"
#define BOMB_TAIL "\x4e\x03\x28\x8b\xa4\xc6\x01\0\x10\0"
#define HELLO_GZ                                                                         \
	"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10"           \
	"\x36\x05\0\0\0"
#define HEAD(lines) "HTTP/1.1 200 OK\r\n" lines "\r\n"
#define OK	    { .text = HEAD("Content-Length: 2\r\n") "ok" }
#define WANT_NTLM                                                                        \
	{ .text = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\n"         \
		  "WWW-Authenticate: NTLM\r\nContent-Length: 4\r\n\r\nhtml" }
#define NTLM_CHALLENGE                                                                   \
	{ .text = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " WEBSERVER_NTLM       \
		  "\r\n"                                                                 \
		  "Content-Length: 0\r\n\r\n" }
#define NTLM_CHALLENGE_AND_END                                                           \
	{ .text = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " WEBSERVER_NTLM       \
		  "\r\nConnection: close\r\n"                                            \
		  "Content-Length: 0\r\n\r\n",                                           \
		.after = END }
#define WANT_NEGOTIATE                                                                   \
	{ .text = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\n"         \
		  "WWW-Authenticate: Basic realm=\"NTLM\"\r\n"                           \
		  "Content-Length: 0\r\n\r\n" }
#define MOVED(to)                                                                        \
	{ .text = "HTTP/1.1 302 Found\r\nLocation: " to                                  \
		  "\r\nContent-Length: 3\r\n\r\nold" }
#define HERE "https://" WEB_HOST ":@PORT@"

static const struct https_case {
	const char *name;
	struct reply replies[REPLIES_MAX];
	bool again; /* the last one for ever */
	bool post, credentials;
	/* wanted: */
	unsigned status; /* 0: no answer, but */
	enum cause cause;
	long code; /* -1: any */
	const char *says;
	const char *body; /* NULL: any */
	size_t body_len;  /* when not 0 */
	const char *schemes;
	const char *scheme; /* in which it was; NULL: no credentials */
	bool proven;
	unsigned legs, requests, connections;
	bool redirected;
} https_cases[] = {
	{ "an answer", { OK }, .status = 200, .body = "ok", .legs = 1 },
	{ "an empty answer", { { .text = HEAD("Content-Length: 0\r\n") } }, .status = 200,
	    .body = "", .legs = 1 },
	{ "an answer that ends with the connection",
	    { { .text = HEAD("") "all", .after = END } }, .status = 200, .body = "all",
	    .legs = 1 },
	{ "in chunks",
	    { { .text = HEAD("Transfer-Encoding: chunked\r\n") "3\r\nabc\r\n2;x="
							       "y\r\nde\r\n0\r\nHTTP/x: "
							       "trailer\r\n\r\n" } },
	    .status = 200, .legs = 1 },
	{ "compressed",
	    { { .text = HEAD("Content-Encoding: gzip\r\nContent-Length: 25\r\n"),
		.tail = OCTETS(HELLO_GZ) } },
	    .status = 200, .body = "hello", .legs = 1 },
	{ "an error status is an answer",
	    { { .text = "HTTP/1.1 503 Gone\r\nContent-Length: 4\r\n\r\nbusy" } },
	    .status = 503, .body = "busy", .legs = 1 },
	{ "a post", { OK }, .post = true, .status = 200, .body = "ok", .legs = 1 },

	{ "a body at the limit",
	    { { .text = HEAD("Content-Length: 1048576\r\n"), .fill = 1048576 } },
	    .status = 200, .body_len = HTTPS_BODY_MAX, .legs = 1 },
	{ "a body beyond the limit",
	    { { .text = HEAD("Content-Length: 1048577\r\n"), .fill = 1048577 } },
	    .cause = CAUSE_LIMIT, .code = HTTPS_BODY_MAX, .says = "body" },
	{ "a body that does not say how long it is, beyond the limit",
	    { { .text = HEAD(""), .fill = 1048577, .after = END } }, .cause = CAUSE_LIMIT,
	    .code = HTTPS_BODY_MAX, .says = "body" },
	{ "a small body that unpacks beyond the limit",
	    { { .text =
		    HEAD("Content-Encoding: gzip\r\nContent-Length: 1051\r\n") "@BOMB@",
		.tail = OCTETS(BOMB_TAIL) } },
	    .cause = CAUSE_LIMIT, .code = HTTPS_BODY_MAX, .says = "body" },
	{ "a head at the limit",
	    { { .text = HEAD("A: @60000@\r\nContent-Length: 0\r\n") } }, .status = 200,
	    .body = "", .legs = 1 },
	{ "a head beyond the limit",
	    { { .text = HEAD("A: @60000@\r\nB: @60000@\r\nContent-Length: 0\r\n") } },
	    .cause = CAUSE_LIMIT, .code = HTTPS_HEAD_MAX, .says = "head" },
	{ "a header line that does not end",
	    { { .text = "HTTP/1.1 200 OK\r\nA: ", .fill = 300000 } },
	    .cause = CAUSE_LIMIT, .code = HTTPS_HEAD_MAX, .says = "head" },
	{ "a status line that does not end",
	    { { .text = "HTTP/1.1 200 ", .fill = 300000 } }, .cause = CAUSE_LIMIT,
	    .code = HTTPS_HEAD_MAX, .says = "head" },
	{ "heads that go on for ever", { { .text = "@CONTINUES@" } },
	    .cause = CAUSE_LIMIT, .code = HTTPS_HEAD_MAX, .says = "head" },

	{ "garbage instead of HTTP",
	    { { .text = "SSH-2.0-OpenSSH_9.2\r\n", .after = END } },
	    .cause = CAUSE_PROTOCOL, .says = "not HTTP" },
	{ "garbage without an end", { { .fill = 200000 } }, .cause = CAUSE_PROTOCOL,
	    .says = "not HTTP" },
	{ "garbage as length", { { .text = HEAD("Content-Length: x\r\n") } },
	    .cause = CAUSE_PROTOCOL },
	{ "garbage as gzip",
	    { { .text =
		    HEAD("Content-Encoding: gzip\r\nContent-Length: 4\r\n") "1234" } },
	    .cause = CAUSE_PROTOCOL },
	{ "garbage as chunks",
	    { { .text = HEAD("Transfer-Encoding: chunked\r\n") "zz\r\n" } },
	    .cause = CAUSE_PROTOCOL },
	{ "an end without a word", { { .after = END } }, .cause = CAUSE_CLOSED,
	    .requests = 1 },
	{ "a reset", { { .after = RESET } }, .cause = CAUSE_CLOSED },
	{ "an end in the head", { { .text = "HTTP/1.1 200 OK\r\nServer", .after = END } },
	    .cause = CAUSE_CLOSED },
	{ "an end in the body",
	    { { .text = HEAD("Content-Length: 9\r\n") "1", .after = END } },
	    .cause = CAUSE_CLOSED },
	{ "an end between two chunks",
	    { { .text = HEAD("Transfer-Encoding: chunked\r\n") "1\r\na\r\n",
		.after = END } },
	    .cause = CAUSE_CLOSED },

	{ "NTLM", { WANT_NTLM, NTLM_CHALLENGE, OK }, .post = true, .credentials = true,
	    .status = 200, .body = "ok", .scheme = "NTLM", .proven = true, .legs = 3,
	    .requests = 3, .connections = 1 },
	{ "Negotiate when that is all there is",
	    { WANT_NEGOTIATE,
		{ .text = "HTTP/1.1 401 No\r\nWWW-Authenticate: "
			  "Negotiate " WEBSERVER_NTLM_TOKEN
			  "\r\nContent-Length: 0\r\n\r\n" },
		OK },
	    .post = true, .credentials = true, .status = 200, .scheme = "Negotiate",
	    .proven = true, .legs = 3, .requests = 3, .connections = 1 },
	{ "NTLM for a document", { WANT_NTLM, NTLM_CHALLENGE, OK }, .credentials = true,
	    .status = 200, .scheme = "NTLM", .proven = true, .legs = 3, .requests = 3 },
	{ "credentials that are not asked for", { OK }, .post = true, .credentials = true,
	    .status = 200, .legs = 1, .requests = 1 },
	{ "refused without credentials to offer", { WANT_NTLM }, .post = true,
	    .status = 401, .schemes = "Negotiate NTLM", .legs = 1, .requests = 1 },
	{ "401 without a scheme that we speak",
	    { { .text = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"NTLM\"\r\n"
			"Content-Length: 0\r\n\r\n" } },
	    .post = true, .credentials = true, .status = 401, .schemes = "Basic",
	    .legs = 1, .requests = 1 },
	{ "401 without a scheme",
	    { { .text = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n" } }, .post = true,
	    .credentials = true, .status = 401, .schemes = "", .legs = 1, .requests = 1 },
	{ "the password is refused", { WANT_NTLM, NTLM_CHALLENGE, WANT_NTLM },
	    .post = true, .credentials = true, .status = 401, .body = "html",
	    .schemes = "Negotiate NTLM", .scheme = "NTLM", .proven = true, .legs = 3,
	    .requests = 3, .connections = 1 },
	{ "NTLM is refused before its challenge", { WANT_NTLM }, .again = true,
	    .post = true, .credentials = true, .status = 401, .scheme = "NTLM", .legs = 2,
	    .requests = 2 },
	{ "Negotiate without NTLM in it", { WANT_NEGOTIATE }, .again = true, .post = true,
	    .credentials = true, .status = 401, .schemes = "Negotiate Basic",
	    .scheme = "Negotiate", .legs = 2, .requests = 2 },
	{ "a challenge again and again", { WANT_NTLM, NTLM_CHALLENGE }, .again = true,
	    .post = true, .credentials = true, .status = 401, .scheme = "NTLM",
	    .proven = true, .legs = 3, .requests = 3 },
	{ "a challenge that is none",
	    { WANT_NTLM, { .text = "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM Zm9v\r\n"
				   "Content-Length: 0\r\n\r\n" } },
	    .post = true, .credentials = true, .cause = CAUSE_PROTOCOL,
	    .says = "NTLM challenge", .requests = 2 },
	{ "a challenge that is not base64",
	    { WANT_NTLM, { .text = "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM (=)\r\n"
				   "Content-Length: 0\r\n\r\n" } },
	    .post = true, .credentials = true, .cause = CAUSE_PROTOCOL, .says = "base64",
	    .requests = 2 },
	{ "an end between the legs of NTLM",
	    { WANT_NTLM,
		{ .text = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " WEBSERVER_NTLM
			  "\r\n"
			  "Content-Length: 0\r\n\r\n",
		    .after = END },
		{ .after = END } },
	    .post = true, .credentials = true, .cause = CAUSE_CLOSED },
	{ "the connection closes after the first 401",
	    { { .text =
		      "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nConnection: close\r\n"
		      "Content-Length: 0\r\n\r\n",
		  .after = END },
		NTLM_CHALLENGE, OK },
	    .post = true, .credentials = true, .status = 200, .scheme = "NTLM",
	    .proven = true, .legs = 3, .requests = 3, .connections = 2 },
	{ "the connection closes once after the challenge",
	    { WANT_NTLM, NTLM_CHALLENGE_AND_END, WANT_NTLM, NTLM_CHALLENGE, OK },
	    .post = true, .credentials = true, .status = 200, .scheme = "NTLM",
	    .proven = true, .legs = 5, .requests = 5, .connections = 2 },
	{ "the connection closes after every challenge",
	    { WANT_NTLM, NTLM_CHALLENGE_AND_END }, .again = true, .post = true,
	    .credentials = true, .cause = CAUSE_CLOSED,
	    .says = "between the legs of NTLM", .requests = 5 },
	{ "the connection closes after the proof",
	    { WANT_NTLM, NTLM_CHALLENGE,
		{ .text = HEAD("Connection: close\r\nContent-Length: 2\r\n") "ok",
		    .after = END } },
	    .post = true, .credentials = true, .status = 200, .scheme = "NTLM",
	    .proven = true, .legs = 3, .requests = 3, .connections = 1 },
	{ "a password that is refused on a second try",
	    { WANT_NTLM, NTLM_CHALLENGE_AND_END, WANT_NTLM, NTLM_CHALLENGE, WANT_NTLM },
	    .post = true, .credentials = true, .status = 401, .scheme = "NTLM",
	    .proven = true, .legs = 5, .requests = 5 },

	{ "a redirect", { MOVED(HERE "/there"), OK }, .status = 200, .body = "ok",
	    .legs = 2, .requests = 2, .redirected = true },
	{ "a relative redirect", { MOVED("/there"), OK }, .status = 200, .legs = 2,
	    .redirected = true },
	{ "three redirects", { MOVED("/1"), MOVED("/2"), MOVED("/3"), OK }, .status = 200,
	    .legs = 4, .requests = 4, .redirected = true },
	{ "a fourth redirect", { MOVED("/1"), MOVED("/2"), MOVED("/3"), MOVED("/4"), OK },
	    .status = 302, .body = "old", .legs = 4, .requests = 4, .redirected = true },
	{ "a post is not redirected", { MOVED("/there"), OK }, .post = true,
	    .status = 302, .legs = 1, .requests = 1 },
	{ "credentials are not redirected", { MOVED("/there"), OK }, .credentials = true,
	    .status = 302, .legs = 1, .requests = 1 },
	{ "a redirect out of TLS", { MOVED("http://" WEB_HOST "/") },
	    .cause = CAUSE_REDIRECT, .code = 302, .says = "http://" WEB_HOST "/",
	    .requests = 1 },
	{ "a redirect to a file", { MOVED("file:///etc/passwd") },
	    .cause = CAUSE_REDIRECT, .code = 302, .requests = 1 },
	{ "a redirect to a name that nobody knows",
	    { MOVED("https://nobody.lab.example:@PORT@/") }, .cause = CAUSE_TIMEOUT,
	    .code = -1, .requests = 1 },
	{ "a redirect without a target",
	    { { .text = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n" } },
	    .status = 302, .legs = 1, .requests = 1 },
	{ "a redirect that is too long", { MOVED("/@60000@") }, .status = 302,
	    .requests = 1 },
	{ "not modified", { { .text = "HTTP/1.1 304 x\r\n\r\n" } }, .status = 304,
	    .requests = 1 },
};

static const struct https_case *playing;

/* The words between two @ in a script. */
static void
add_word(struct buf *out, const struct webserver *server, struct str word)
{
	if (str_eq(word, "PORT")) {
		buf_printf(out, "%u", webserver_port(server));
	} else if (str_eq(word, "BOMB")) {
		buf_str(out, (struct str)OCTETS(BOMB_HEAD));
		for (int i = 0; i < 1016; i++)
			buf_putc(out, '\0');
	} else if (str_eq(word, "CONTINUES")) {
		for (int i = 0; i < 10000; i++)
			buf_puts(out, "HTTP/1.1 100 Continue\r\n\r\n");
	} else if (str_eq(word, "60000")) {
		for (int i = 0; i < 60000; i++)
			buf_putc(out, 'x');
	} else {
		fail_msg("no such word: %.*s", (int)word.len, word.p);
	}
}

static const struct reply *
reply_to(unsigned request)
{
	static const struct reply none;
	unsigned n = 0;

	while (n < REPLIES_MAX && memcmp(&playing->replies[n], &none, sizeof(none)) != 0)
		n++;
	if (request > n && !playing->again)
		fail_msg("request %u was not expected", request);
	return &playing->replies[request > n ? n - 1 : request - 1];
}

static void
serve(void *arg, struct tlsconn *c, const struct web_request *rq)
{
	struct https_world *w = arg;
	const struct reply *r = reply_to(rq->number);
	struct str rest, part;
	struct buf out;

	buf_init(&out, 8 * HTTPS_BODY_MAX);
	rest = str_of(r->text == NULL ? "" : r->text);
	for (bool word = false; rest.p != NULL; word = !word) {
		rest = str_split(rest, '@', &part);
		if (word)
			add_word(&out, w->server, part);
		else
			buf_str(&out, part);
	}
	for (size_t i = 0; i < r->fill; i++)
		buf_putc(&out, 'x');
	buf_str(&out, r->tail);
	assert_false(out.failed);
	tlsconn_send(c, buf_view(&out));
	buf_free(&out);
	if (r->after != KEEP)
		tlsconn_end(c, r->after == RESET);
}

static void
check_answer(const struct https_case *tc, const struct https_answer *a)
{
	assert_int_equal(a->status, tc->status);
	if (tc->legs != 0)
		assert_int_equal(a->legs, tc->legs);
	assert_int_equal(a->redirected, tc->redirected);
	if (tc->body != NULL) {
		assert_int_equal(a->body.len, strlen(tc->body));
		assert_memory_equal(a->body.p, tc->body, a->body.len);
	}
	if (tc->body_len != 0)
		assert_int_equal(a->body.len, tc->body_len);
	if (tc->schemes != NULL)
		assert_true(str_eq(a->schemes, tc->schemes));
	assert_string_equal(
	    a->scheme == NULL ? "" : a->scheme, tc->scheme == NULL ? "" : tc->scheme);
	assert_int_equal(a->proven, tc->proven);
}

static void
check_https(void **state)
{
	const struct https_case *tc = *state;
	struct account account = accounts_ntlm("LAB\\alice", "Passw0rd");
	struct https_request rq = {
		.soap_action = tc->post ? "urn:test" : NULL,
		.body = tc->post ? STR_LIT("<x/>") : STR_NULL,
		.account = tc->credentials ? &account : NULL,
	};
	struct https_answer a = { .status = 7 };
	struct https_world w;
	struct err err;

	playing = tc;
	https_world_open(&w, serve);
	rq.url = w.url;
	err_clear(&err);
	if (https_world_ask(&w, &rq, &a, &err)) {
		if (tc->status == 0)
			fail_msg("answered %u", a.status);
		check_answer(tc, &a);
	} else {
		if (tc->status != 0 || err.cause != tc->cause ||
		    (tc->code != -1 && err.code != tc->code))
			fail_msg(
			    "%s %ld: %s", cause_name(err.cause), err.code, err.detail);
		if (tc->says != NULL)
			assert_non_null(strstr(err.detail, tc->says));
		assert_int_equal(a.status, 7); /* untouched */
	}
	if (tc->requests != 0)
		assert_int_equal(webserver_requests(w.server), tc->requests);
	if (tc->connections != 0)
		assert_int_equal(
		    tlsserver_accepted(webserver_tls(w.server)), tc->connections);
	https_world_close(&w);
	account_clear(&account);
}

RUN_CASES(ROWS("https", https_cases, check_https));
