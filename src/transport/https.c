#include "transport/https.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "build_config.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "transport/curlmux.h"
#include "transport/https_auth.h"
#include "transport/https_headers.h"
#include "transport/https_judge.h"
#include "transport/https_reply.h"
#include "transport/wire.h"

#define HOST_MAX 256
#define LINK_MAX 1024 /* bytes of a URL that a redirect names */

struct https {
	struct loop *loop;
	struct resolver *resolver;
	struct tls_outer *tls;
	const char *pin_host, *pin_address;
	void (*done)(void *arg);
	void *arg;

	CURL *easy;
	struct curlmux *mux;
	struct lookup *lookup;
	struct curl_slist *headers;  /* of the request */
	struct curl_slist *resolved; /* "host:port:address,..." entries for libcurl */
	char host[HOST_MAX];	     /* of the request in flight */
	uint16_t port;
	char link[LINK_MAX]; /* its URL */
	struct https_request rq;
	struct https_auth auth;	    /* its authentication, if it needs one */
	bool auth_waits;	    /* its method makes the next leg's token */
	const struct wire_tap *tap; /* NULL: none */
	bool awaiting;		    /* a leg is under way */
	bool shown;		    /* ... and one before it, of the same request */

	/* The answer, or why there is none. */
	struct err err;
	bool answered;
	bool proven, confirmed; /* our account, and the server in turn */
	unsigned status, redirects;
	struct https_reply reply;
	struct tls_peer peer;
	int own_errnum; /* why no socket could be made; 0: one was */
	char curl_error[CURL_ERROR_SIZE];
};

static bool launch(struct https *h, struct err *err);

/*
 * The one thing that all transactions share: the public suffix list, which libcurl would
 * otherwise read again for the first cookie of each. It knows nothing of any user.
 */
static CURLSH *suffixes;

bool
https_global_init(struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
		suffixes = curl_share_init();
		curl_share_setopt(suffixes, CURLSHOPT_SHARE, CURL_LOCK_DATA_PSL);
		return true;
	}
	err_local(err, 0, "libcurl does not start");
	return false;
}

void
https_global_cleanup(void)
{
	curl_share_cleanup(suffixes);
	suffixes = NULL;
	curl_global_cleanup();
}

/* What every leg of the request carries, and authorization (NULL: nothing) this one. */
static bool
set_headers(struct https *h, const char *authorization)
{
	curl_slist_free_all(h->headers);
	h->headers = NULL;
	return https_headers(&h->rq, authorization, &h->headers);
}

/* What libcurl calls while it works */

static CURLcode
on_ssl_ctx(CURL *easy, void *ctx, void *arg)
{
	struct https *h = arg;

	(void)easy;
	h->peer = (struct tls_peer){ .verify_error = 0 };
	return tls_outer_apply(h->tls, ctx, h->host, &h->peer) ? CURLE_OK
							       : CURLE_SSL_CERTPROBLEM;
}

/* libcurl does not tell why there is no socket. */
static curl_socket_t
on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct https *h = arg;
	int fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);

	(void)purpose;
	h->own_errnum = fd < 0 && err_is_own(errno) ? errno : 0;
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct https *h = arg;

	return https_reply_body(&h->reply, (struct str){ data, size * n }) ? size * n : 0;
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct https *h = arg;

	return https_reply_line(&h->reply, (struct str){ data, size * n }) ? size * n : 0;
}

/* This leg went over a connection of its own. */
static bool
has_connected(const struct https *h)
{
	long connects = 0;

	return curl_easy_getinfo(h->easy, CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK &&
	       connects > 0;
}

/* What a step of authentication has come to: its header is that of the next leg. */
static enum https_auth_next
take_header(
    struct https *h, enum https_auth_next next, struct buf *header, struct err *err)
{
	if (next == HTTPS_AUTH_LEG && !set_headers(h, header->data)) {
		err_local(err, 0, "out of memory");
		next = HTTPS_AUTH_FAILED;
	}
	h->auth_waits = next == HTTPS_AUTH_WAIT;
	buf_wipe_free(header);
	return next;
}

/* The next leg of authentication, if one is asked for. */
static enum https_auth_next
authenticate(struct https *h, struct err *err)
{
	enum https_auth_next next;
	struct buf header;

	if (h->status != 401 || h->rq.account == NULL)
		return HTTPS_AUTH_OVER;
	buf_init(&header, HTTPS_AUTH_HEADER_MAX);
	next = https_auth_next(&h->auth, &h->reply, has_connected(h), &header, err);
	return take_header(h, next, &header, err);
}

static bool
stops_at(const struct https *h, const char *link)
{
	char host[256];
	uint16_t port;

	return h->rq.stops_at != NULL &&
	       https_url_host(link, host, sizeof(host), &port) && h->rq.stops_at(host);
}

/*
 * The URL that the answer sends us to, in h->link. Never with a body or with
 * credentials: those are for the URL that was asked for.
 */
static bool
wants_redirect(struct https *h)
{
	char *link = NULL;

	return h->status >= 301 && h->status <= 308 && h->rq.soap_action == NULL &&
	       h->rq.account == NULL && h->rq.ticket == NULL &&
	       h->redirects < HTTPS_REDIRECT_MAX &&
	       curl_easy_getinfo(h->easy, CURLINFO_REDIRECT_URL, &link) == CURLE_OK &&
	       link != NULL && !stops_at(h, link) &&
	       str_copy(h->link, sizeof(h->link), str_of(link));
}

/* On to the URL in h->link. */
static bool
redirect(struct https *h, struct err *err)
{
	h->redirects++;
	if (str_caseprefix(str_of(h->link), "https://"))
		return launch(h, err);
	err_set(err, CAUSE_REDIRECT, h->status,
	    "%s:%u redirects to %s, which is not an https URL", h->host, h->port,
	    h->link);
	return false;
}

/* The request has failed between two legs. */
static void
fail_leg(struct https *h, const struct err *err)
{
	h->err = *err;
	h->answered = false;
}

/*
 * Another leg that libcurl does not make by itself: credentials, or a redirect of a GET.
 * False: there is none to come.
 */
static bool
next_leg(struct https *h)
{
	enum https_auth_next auth;
	bool launched = false;
	struct err err;

	auth = authenticate(h, &err);
	if (auth == HTTPS_AUTH_WAIT)
		return true;
	if (auth == HTTPS_AUTH_LEG)
		launched = launch(h, &err);
	else if (auth == HTTPS_AUTH_OVER && wants_redirect(h))
		launched = redirect(h, &err);
	else if (auth == HTTPS_AUTH_OVER)
		return false;
	if (!launched)
		fail_leg(h, &err);
	return launched;
}

/* The request is over; the account's method is not needed any more. */
static void
finish(struct https *h)
{
	h->proven = h->auth.proven;
	h->confirmed =
	    h->answered && h->status != 401 && https_auth_confirmed(&h->auth, &h->reply);
	https_auth_clear(&h->auth);
	h->done(h->arg);
}

/* The account's method is ready, for which the next leg has waited. */
static void
on_auth_ready(void *arg)
{
	struct https *h = arg;
	enum https_auth_next next;
	struct buf header;
	struct err err;

	if (!h->auth_waits) /* the method calls twice */
		return;
	buf_init(&header, HTTPS_AUTH_HEADER_MAX);
	next = take_header(h, https_auth_resume(&h->auth, &header, &err), &header, &err);
	if (next == HTTPS_AUTH_WAIT || (next == HTTPS_AUTH_LEG && launch(h, &err)))
		return;
	fail_leg(h, &err);
	finish(h);
}

/* ---- for the tap ---- */

static void
show(const struct https *h, struct wire_message *m)
{
	char peer[HOST_MAX + 8];

	snprintf(peer, sizeof(peer), "%s:%u", h->host, h->port);
	m->http = true;
	m->peer = peer;
	h->tap->message(h->tap->arg, m);
}

static void
show_request(struct https *h)
{
	const char *path = strchr(h->link + strlen("https://"), '/');
	struct wire_message m = { .sent = true, .again = h->shown, .body = h->rq.body };
	struct buf head;

	if (h->tap == NULL)
		return;
	buf_init(&head, HTTPS_AUTH_HEADER_MAX + LINK_MAX + 1024);
	buf_printf(&head, "%s %s HTTP/1.1\r\nHost: %s:%u\r\n",
	    h->rq.soap_action != NULL ? "POST" : "GET", path == NULL ? "/" : path,
	    h->host, h->port);
	for (const struct curl_slist *l = h->headers; l != NULL; l = l->next)
		/* without a value it is not sent */
		if (l->data[strcspn(l->data, ":") + 2] != '\0')
			buf_printf(&head, "%s\r\n", l->data);
	m.head = buf_view(&head);
	show(h, &m);
	h->shown = h->rq.body.len > 0;
	buf_wipe_free(&head);
}

/* What has come of an answer. */
static void
show_answer(const struct https *h, bool broken)
{
	struct wire_message m = { .broken = broken,
		.head = buf_view(&h->reply.head),
		.body = buf_view(&h->reply.body) };

	if (h->tap != NULL && h->reply.head.len > 0)
		show(h, &m);
}

static void
judge(struct https *h, CURLcode code)
{
	struct https_ending e = {
		.code = code,
		.text = h->curl_error,
		.heard = h->reply.heard,
		.own_errnum = h->own_errnum,
		.head_full = https_reply_head_full(&h->reply),
		.body_full = h->reply.body.failed,
		.too_many_legs = h->reply.too_many_legs,
		.host = h->host,
		.port = h->port,
		.peer = &h->peer,
	};
	curl_off_t answer_us = 0;

	curl_easy_getinfo(h->easy, CURLINFO_OS_ERRNO, &e.errnum);
	curl_easy_getinfo(h->easy, CURLINFO_STARTTRANSFER_TIME_T, &answer_us);
	e.answering = answer_us > 0;
	https_judge(&e, &h->err);
}

static void
on_transfer_done(void *arg, CURLcode code)
{
	struct https *h = arg;
	long status = 0;

	/* libcurl is content with a head that ends in the middle. */
	h->answered = code == CURLE_OK && h->reply.head_whole;
	h->awaiting = false;
	show_answer(h, !h->answered);
	if (h->answered) {
		curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
		h->status = (unsigned)status;
		if (next_leg(h))
			return;
	} else {
		judge(h, code);
	}
	finish(h);
}

/* Starting one */

/*
 * What is the same for every leg. Set once: a curl_easy_reset() between legs would lose
 * the memory of CURLOPT_COOKIEFILE (libcurl 7.88).
 */
static void
set_common(struct https *h)
{
	CURL *e = h->easy;

	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, h->curl_error);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_SSL_ENABLE_ALPN, 0L);
	curl_easy_setopt(e, CURLOPT_PROXY, ""); /* nothing from the environment */
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	/* load balancers need theirs back */
	curl_easy_setopt(e, CURLOPT_COOKIEFILE, "");
	curl_easy_setopt(e, CURLOPT_SHARE, suffixes);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	/*
	 * Trust comes from tls_outer_apply(); parsing a bundle here would cost 20
	 * handshakes.
	 */
	curl_easy_setopt(e, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
	curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, h);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, h);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, h);
}

/* What differs: every option here is set or unset each time. */
static void
set_leg(struct https *h)
{
	CURL *e = h->easy;

	h->curl_error[0] = '\0';
	h->own_errnum = 0;
	if (https_url_is_clear_text(h->link))
		h->peer = (struct tls_peer){ .verify_error = 0 };
	curl_easy_setopt(e, CURLOPT_URL, h->link);
	curl_easy_setopt(
	    e, CURLOPT_PROTOCOLS_STR, h->rq.clear_text ? "http,https" : "https");
	curl_easy_setopt(e, CURLOPT_RESOLVE, h->resolved);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, h->headers);
	if (h->rq.soap_action != NULL) {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, h->rq.body.p);
		curl_easy_setopt(
		    e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)h->rq.body.len);
	} else {
		curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
	}
}

static bool
transfer(struct https *h, struct err *err)
{
	set_leg(h);
	h->awaiting = curlmux_start(h->mux, h->easy);
	if (h->awaiting) {
		show_request(h);
		return true;
	}
	err_local(err, 0, "libcurl does not take the request");
	return false;
}

/* Tells libcurl the addresses, so that it asks no resolver of its own. */
static bool
remember_addresses(struct https *h, const struct addrs *addrs)
{
	struct buf entry;
	struct curl_slist *list;
	char text[ADDR_TEXT_SIZE];

	buf_init(&entry, 1024);
	buf_printf(&entry, "%s:%u:", h->host, h->port);
	for (unsigned i = 0; i < addrs->n; i++) {
		addr_text(&addrs->a[i], text);
		buf_printf(&entry, "%s%s%s%s", i == 0 ? "" : ",",
		    strchr(text, ':') ? "[" : "", text, strchr(text, ':') ? "]" : "");
	}
	list = entry.failed ? NULL : curl_slist_append(h->resolved, entry.data);
	buf_free(&entry);
	if (list == NULL)
		return false;
	h->resolved = list;
	return true;
}

static void
on_lookup(void *arg, const struct addrs *addrs, const struct err *lookup_err)
{
	struct https *h = arg;

	h->lookup = NULL;
	if (addrs == NULL)
		h->err = *lookup_err;
	else if (!remember_addresses(h, addrs))
		err_local(&h->err, 0, "out of memory");
	else if (transfer(h, &h->err))
		return;
	h->answered = false;
	finish(h);
}

/* libcurl needs no help with it: it is a literal, or was looked up before. */
static bool
known_address(const struct https *h)
{
	char key[HOST_MAX + 8];
	struct addr literal;

	if (addr_parse(h->host, h->port, &literal))
		return true;
	snprintf(key, sizeof(key), "%s:%u:", h->host, h->port);
	for (const struct curl_slist *l = h->resolved; l != NULL; l = l->next)
		if (strncmp(l->data, key, strlen(key)) == 0)
			return true;
	return false;
}

/* h->link is set: on with it, by way of the resolver when its host is new. */
static bool
launch(struct https *h, struct err *err)
{
	const char *host;

	if (!(h->rq.clear_text ? https_url_host_any : https_url_host)(
		h->link, h->host, sizeof(h->host), &h->port)) {
		err_set(err, CAUSE_PROTOCOL, 0, "%s is not an https URL", h->link);
		return false;
	}
	if (known_address(h))
		return transfer(h, err);
	host = h->pin_address != NULL && strcasecmp(h->host, h->pin_host) == 0
		   ? h->pin_address
		   : h->host;
	h->lookup = resolver_lookup(h->resolver, host, h->port, on_lookup, h);
	if (h->lookup != NULL)
		return true;
	err_local(err, 0, "out of memory");
	return false;
}

bool
https_start(struct https *h, const struct https_request *rq, struct err *err)
{
	struct auth_logon logon = { rq->account, h->host, h->loop, on_auth_ready, h };

	https_cancel(h);
	assert(!rq->clear_text || (rq->account == NULL && rq->ticket == NULL));
	/* Cookies cross neither way between TLS, where they may be secrets, and http. */
	if (rq->clear_text || h->rq.clear_text)
		curl_easy_setopt(h->easy, CURLOPT_COOKIELIST, "ALL");
	h->rq = *rq;
	h->answered = h->shown = false;
	https_auth_init(&h->auth, &logon);
	h->status = h->redirects = 0;
	https_reply_clear(&h->reply);
	err_local(&h->err, 0, "no answer yet");
	if (!str_copy(h->link, sizeof(h->link), str_of(rq->url))) {
		err_set(err, CAUSE_LIMIT, LINK_MAX, "the URL is longer than %d octets",
		    LINK_MAX);
		return false;
	}
	if (!set_headers(h, NULL)) {
		err_local(err, 0, "out of memory");
		return false;
	}
	return launch(h, err);
}

void
https_cancel(struct https *h)
{
	if (h->awaiting)
		show_answer(h, true);
	h->awaiting = h->auth_waits = false;
	https_auth_clear(&h->auth);
	curlmux_stop(h->mux);
	lookup_cancel(h->lookup);
	h->lookup = NULL;
}

bool
https_answer(struct https *h, struct https_answer *ret, struct err *err)
{
	if (!h->answered) {
		*err = h->err;
		return false;
	}
	*ret = (struct https_answer){
		.status = h->status,
		.body = buf_view(&h->reply.body),
		.content_type = https_reply_header(&h->reply, "Content-Type"),
		.diagnostics = https_reply_header(&h->reply, "X-Ms-diagnostics"),
		.server_fqdn = https_reply_header(&h->reply, "X-MS-Server-Fqdn"),
		.server = https_reply_header(&h->reply, "Server"),
		.location = https_reply_header(&h->reply, "Location"),
		.ticket_url = https_reply_header(&h->reply, "X-MS-WebTicketURL"),
		.schemes = str_of(h->reply.schemes),
		.scheme = h->auth.scheme,
		.proven = h->proven,
		.confirmed = h->confirmed,
		.legs = h->reply.legs,
		.redirected = h->redirects > 0,
	};
	text_parse_date(https_reply_header(&h->reply, "Date"), &ret->date);
	return true;
}

void
https_listen(struct https *h, const struct wire_tap *tap)
{
	h->tap = tap;
}

const struct tls_peer *
https_peer(const struct https *h)
{
	return &h->peer;
}

struct https *
https_new(struct loop *l, struct resolver *r, struct tls_outer *tls, const char *pin_host,
    const char *pin_address, void (*done)(void *arg), void *arg)
{
	struct https *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->loop = l;
	h->resolver = r;
	h->tls = tls;
	h->pin_host = pin_host;
	h->pin_address = pin_address;
	h->done = done;
	h->arg = arg;
	err_local(&h->err, 0, "no request yet");
	https_reply_init(&h->reply);
	h->easy = curl_easy_init();
	h->mux = curlmux_new(l, on_transfer_done, h);
	if (h->easy == NULL || h->mux == NULL) {
		https_free(h);
		return NULL;
	}
	set_common(h);
	return h;
}

void
https_free(struct https *h)
{
	if (h == NULL)
		return;
	if (h->mux != NULL)
		https_cancel(h);
	/* The easy handle first: it may still hold a connection of the multi handle. */
	curl_easy_cleanup(h->easy);
	curlmux_free(h->mux);
	curl_slist_free_all(h->headers);
	curl_slist_free_all(h->resolved);
	https_reply_free(&h->reply);
	free(h);
}
