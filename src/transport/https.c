#include "transport/https.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/text.h"
#include "config.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "transport/curlmux.h"

#define HOST_MAX 256
#define LINK_MAX 1024		/* octets of a URL that a redirect names */

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
	struct curl_slist *headers;	/* of the request */
	struct curl_slist *resolved;	/* "host:port:address,..." entries for libcurl */
	char host[HOST_MAX];		/* of the request in flight */
	uint16_t port;
	char link[LINK_MAX];		/* its URL */
	struct https_request rq;
	/* this leg authenticates, or may use a connection that is authenticated */
	bool with_credentials;

	/* The answer, or why there is none. */
	struct err err;
	bool answered;
	unsigned status, legs, redirects;
	struct buf head;		/* header lines of the last answer */
	size_t head_octets;		/* over all legs of this request */
	struct buf body;
	char schemes[64];
	struct tls_peer peer;
	char curl_error[CURL_ERROR_SIZE];
};

static bool launch(struct https *h, struct err *err);

bool
https_global_init(struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		return true;
	err_local(err, 0, "libcurl does not start");
	return false;
}

void
https_global_cleanup(void)
{
	curl_global_cleanup();
}

bool
https_url_host(const char *url, char *host, size_t size, uint16_t *ret_port)
{
	static const char scheme[] = "https://";
	struct str rest = str_of(url), authority, name;
	uint64_t port = 443;

	if (!str_caseprefix(rest, scheme))
		return false;
	rest.p += sizeof(scheme) - 1;
	rest.len -= sizeof(scheme) - 1;
	authority.p = rest.p;
	authority.len = strcspn(rest.p, "/?#");
	if (authority.len == 0 || memchr(authority.p, '@', authority.len) != NULL)
		return false;
	if (authority.p[0] == '[') {
		const char *end = memchr(authority.p, ']', authority.len);

		if (end == NULL)
			return false;
		name = (struct str){ authority.p + 1, (size_t)(end - authority.p - 1) };
		rest = (struct str){ end + 1, authority.len - name.len - 2 };
		if (rest.len > 0 && (rest.p[0] != ':' ||
		    !str_uint((struct str){ rest.p + 1, rest.len - 1 }, 1, 65535, &port)))
			return false;
	} else {
		rest = str_split(authority, ':', &name);
		if (rest.p != NULL && !str_uint(rest, 1, 65535, &port))
			return false;
	}
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] <= ' ' || name.p[i] >= 0x7f)
			return false;
	if (name.len == 0 || !str_copy(host, size, name))
		return false;
	*ret_port = (uint16_t)port;
	return true;
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

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct https *h = arg;

	buf_add(&h->body, data, size * n);
	return h->body.failed ? 0 : size * n;
}

static void
note_scheme(struct https *h, struct str value)
{
	struct str scheme;
	size_t len = strlen(h->schemes);

	str_split(str_trim(value), ' ', &scheme);
	if (scheme.len == 0 || len + scheme.len + 2 > sizeof(h->schemes))
		return;
	if (len > 0)
		h->schemes[len++] = ' ';
	text_printable(h->schemes + len, sizeof(h->schemes) - len, scheme);
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct https *h = arg;
	struct str line = str_trim((struct str){ data, size * n });
	struct str name, value;

	h->head_octets += size * n;
	if (h->head_octets > HTTPS_HEAD_MAX)
		return 0;
	if (str_caseprefix(line, "HTTP/")) {	/* each leg's answer starts anew */
		buf_clear(&h->head);
		buf_clear(&h->body);
		h->schemes[0] = '\0';
		h->legs++;
	}
	value = str_split(line, ':', &name);
	if (value.p != NULL && str_caseeq(name, "WWW-Authenticate"))
		note_scheme(h, value);
	buf_str(&h->head, line);
	buf_putc(&h->head, '\n');
	return h->head.failed ? 0 : size * n;
}

static struct str
header(const struct https *h, const char *wanted)
{
	struct str rest = buf_view(&h->head), line, name, value;

	while (rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, '\n', &line);
		value = str_split(line, ':', &name);
		if (value.p != NULL && str_caseeq(str_trim(name), wanted))
			return str_trim(value);
	}
	return STR_NULL;
}

/* Judging how a transfer ended */

static void
judge_tls(struct https *h, CURLcode code)
{
	if (code == CURLE_SSL_CONNECT_ERROR || h->peer.verify_error != 0)
		tls_outer_error(&h->peer, h->host, "web service", &h->err);
	else		/* an objection of libcurl's own */
		err_set(&h->err, CAUSE_TLS, 0,
		    "TLS with the web service %s:%u failed: %s", h->host, h->port,
		    h->curl_error[0] != '\0' ? h->curl_error : curl_easy_strerror(code));
}

/* An alert tells more than the end of the connection that it announces. */
static void
judge_end(struct https *h, CURLcode code)
{
	if (h->peer.alert != 0)
		tls_outer_error(&h->peer, h->host, "web service", &h->err);
	else
		err_set(&h->err, CAUSE_CLOSED, 0,
		    "the web service %s:%u ended the connection: %s", h->host, h->port,
		    h->curl_error[0] != '\0' ? h->curl_error : curl_easy_strerror(code));
}

static void
judge_connect(struct https *h)
{
	long errnum = 0;

	curl_easy_getinfo(h->easy, CURLINFO_OS_ERRNO, &errnum);
	err_set(&h->err, CAUSE_CONNECT, errnum,
	    "no connection to the web service %s:%u: %s", h->host, h->port,
	    errnum != 0 ? strerror((int)errnum) : "not reachable");
}

static void
judge_limit(struct https *h)
{
	bool head = h->head_octets > HTTPS_HEAD_MAX || h->head.failed;
	long limit = head ? HTTPS_HEAD_MAX : HTTPS_BODY_MAX;

	err_set(&h->err, CAUSE_LIMIT, limit,
	    "the %s of %s:%u's answer is larger than %ld octets", head ? "head" : "body",
	    h->host, h->port, limit);
}

static void
judge_failure(struct https *h, CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_CONNECT:
		judge_connect(h);
		break;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		judge_tls(h, code);
		break;
	case CURLE_WRITE_ERROR:
		judge_limit(h);
		break;
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_SEND_FAIL_REWIND:
	case CURLE_PARTIAL_FILE:
		judge_end(h, code);
		break;
	case CURLE_AUTH_ERROR:
	case CURLE_LOGIN_DENIED:
		err_set(&h->err, CAUSE_AUTH, 0,
		    "HTTP authentication with %s:%u failed: %s", h->host, h->port,
		    curl_easy_strerror(code));
		break;
	case CURLE_OUT_OF_MEMORY:
	case CURLE_FAILED_INIT:
		err_local(&h->err, 0, "libcurl: %s", curl_easy_strerror(code));
		break;
	default:
		err_set(&h->err, CAUSE_PROTOCOL, 0,
		    "the answer of %s:%u is not HTTP as expected: %s", h->host, h->port,
		    h->curl_error[0] != '\0' ? h->curl_error : curl_easy_strerror(code));
	}
}

static bool
offered(const struct https *h, const char *scheme)
{
	struct str rest = str_of(h->schemes), one;

	while (rest.p != NULL) {
		rest = str_split(rest, ' ', &one);
		if (str_caseeq(one, scheme))
			return true;
	}
	return false;
}

/*
 * libcurl found no authenticated connection and began to authenticate on a new one, with a
 * request whose body it left out: what came back means nothing.
 */
static bool
was_not_reused(const struct https *h)
{
	long connects = 0;

	return h->rq.reuse && h->with_credentials &&
	    curl_easy_getinfo(h->easy, CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK &&
	    connects > 0;
}

static bool
wants_credentials(const struct https *h)
{
	return h->status == 401 && h->rq.username != NULL && !h->rq.reuse &&
	    !h->with_credentials && offered(h, "NTLM");
}

static bool
wants_redirect(struct https *h)
{
	char *link = NULL;

	return h->status >= 301 && h->status <= 308 && h->rq.soap_action == NULL &&
	    h->redirects < HTTPS_REDIRECT_MAX &&
	    curl_easy_getinfo(h->easy, CURLINFO_REDIRECT_URL, &link) == CURLE_OK &&
	    link != NULL && str_copy(h->link, sizeof(h->link), str_of(link));
}

/* Another leg that libcurl does not make by itself: credentials, or a redirect of a GET. */
static bool
next_leg(struct https *h)
{
	struct err err;

	if (was_not_reused(h))
		h->with_credentials = false;
	else if (wants_credentials(h))
		h->with_credentials = true;
	else if (wants_redirect(h))
		h->redirects++;
	else
		return false;
	if (launch(h, &err))
		return true;
	h->err = err;
	h->answered = false;
	return false;
}

static void
on_transfer_done(void *arg, CURLcode code)
{
	struct https *h = arg;
	long status = 0;

	h->answered = code == CURLE_OK;
	if (h->answered) {
		curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
		h->status = (unsigned)status;
		if (next_leg(h))
			return;
	} else {
		judge_failure(h, code);
	}
	h->done(h->arg);
}

/* Starting one */

static void
set_options(struct https *h)
{
	CURL *e = h->easy;

	curl_easy_setopt(e, CURLOPT_COOKIEFILE, NULL);	/* a reset forgets to free it */
	curl_easy_reset(e);		/* keeps connections, TLS sessions and cookies */
	h->curl_error[0] = '\0';
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, h->curl_error);
	curl_easy_setopt(e, CURLOPT_URL, h->link);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_SSL_ENABLE_ALPN, 0L);
	curl_easy_setopt(e, CURLOPT_PROXY, "");		/* nothing from the environment */
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	/* load balancers need theirs back */
	curl_easy_setopt(e, CURLOPT_COOKIEFILE, "");
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
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, h);
	curl_easy_setopt(e, CURLOPT_RESOLVE, h->resolved);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, h->headers);
	if (h->rq.soap_action != NULL) {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, h->rq.body.p);
		curl_easy_setopt(
		    e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)h->rq.body.len);
	}
	if (h->with_credentials) {
		/*
		 * Exactly one scheme; never FRESH_CONNECT, which tears NTLM's legs
		 * apart.
		 */
		curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_NTLM);
		curl_easy_setopt(e, CURLOPT_USERNAME, h->rq.username);
		curl_easy_setopt(e, CURLOPT_PASSWORD, secret_reveal(h->rq.password));
	}
}

static bool
transfer(struct https *h, struct err *err)
{
	set_options(h);
	if (curlmux_start(h->mux, h->easy))
		return true;
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
	h->done(h->arg);
}

static bool
known_address(const struct https *h)
{
	char key[HOST_MAX + 8];

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

	if (!https_url_host(h->link, h->host, sizeof(h->host), &h->port)) {
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

static bool
set_headers(struct https *h)
{
	char action[256];
	static const char *const always[] = { "Content-Type: text/xml; charset=utf-8",
		"Expect:" };
	struct curl_slist *list;

	curl_slist_free_all(h->headers);
	h->headers = NULL;
	if (h->rq.soap_action == NULL)
		return true;
	snprintf(action, sizeof(action), "SOAPAction: \"%s\"", h->rq.soap_action);
	h->headers = curl_slist_append(NULL, action);
	for (size_t i = 0; h->headers != NULL && i < sizeof(always) / sizeof(always[0]);
	     i++) {
		list = curl_slist_append(h->headers, always[i]);
		if (list == NULL)
			return false;
		h->headers = list;
	}
	return h->headers != NULL;
}

bool
https_start(struct https *h, const struct https_request *rq, struct err *err)
{
	https_cancel(h);
	h->rq = *rq;
	h->answered = false;
	h->with_credentials = rq->reuse;
	h->status = h->legs = h->redirects = 0;
	h->head_octets = 0;
	h->schemes[0] = '\0';
	buf_clear(&h->head);
	buf_clear(&h->body);
	err_set(&h->err, CAUSE_LOCAL, 0, "no answer yet");
	if (!str_copy(h->link, sizeof(h->link), str_of(rq->url))) {
		err_set(err, CAUSE_LIMIT, LINK_MAX, "the URL is longer than %d octets",
		    LINK_MAX);
		return false;
	}
	if (!set_headers(h)) {
		err_local(err, 0, "out of memory");
		return false;
	}
	return launch(h, err);
}

void
https_cancel(struct https *h)
{
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
		.body = buf_view(&h->body),
		.content_type = header(h, "Content-Type"),
		.diagnostics = header(h, "X-Ms-diagnostics"),
		.server_fqdn = header(h, "X-MS-Server-Fqdn"),
		.schemes = str_of(h->schemes),
		.legs = h->legs,
		.redirected = h->redirects > 0,
	};
	text_parse_date(header(h, "Date"), &ret->date);
	return true;
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
	buf_init(&h->head, HTTPS_HEAD_MAX);
	buf_init(&h->body, HTTPS_BODY_MAX);
	h->easy = curl_easy_init();
	h->mux = curlmux_new(l, on_transfer_done, h);
	if (h->easy == NULL || h->mux == NULL) {
		https_free(h);
		return NULL;
	}
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
	buf_free(&h->head);
	buf_free(&h->body);
	free(h);
}
