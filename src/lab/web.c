#include "lab/web.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <openssl/ssl.h>

#include "vocab/err.h"
#include "lab/net.h"
#include "lab/pki.h"
#include "lab/soapfault.h"
#include "lab/transcript.h"

#define HEAD_MAX   (64 * 1024)
#define HTTPS_PORT 443
#define IDLE_S	   180 /* more than the 60 s after which the real client closes */

struct lab_web {
	struct lab_pool *pool;
	enum lab_pki_face face;
	void (*serve)(struct lab_web_request *rq, bool post, struct str path);
	struct evhttp *http;
	struct evhttp_bound_socket *bound;
	unsigned conns; /* number of connections so far */
	struct lab_web_conn
	    *clear_text; /* over http the one of all connections; else NULL */
};

/*
 * Index of struct lab_web_conn in the application data of an SSL. There is one for all
 * servers, which is never freed, because libevent frees the last SSLs with its base, long
 * after the server.
 */
static int conn_index = -1;

static void
conn_free(void *parent, void *conn, CRYPTO_EX_DATA *ad, int idx, long argl, void *argp)
{
	struct lab_web_conn *c = conn;

	(void)parent, (void)ad, (void)idx, (void)argl, (void)argp;
	if (c == NULL)
		return;
	lab_negotiation_free(c->negotiation);
	free(c);
}

/*
 * Returns the certificate to show: at the main address, that of the first step's fault.
 */
static enum lab_pki_face
choose_face(const struct lab_web *w)
{
	return w->face == PKI_RIGHT ? lab_pool_face(w->pool, STEP_CERTPROV_METADATA)
				    : w->face;
}

/*
 * Makes the bufferevent of a connection that is about to be accepted. The SSL owns the
 * struct lab_web_conn.
 */
static struct bufferevent *
on_accept(struct event_base *base, void *arg)
{
	struct lab_web *w = arg;
	SSL *ssl = SSL_new(lab_pki_outer(w->pool->pki, choose_face(w)));
	struct lab_web_conn *c = calloc(1, sizeof(*c));
	struct bufferevent *bev;

	if (ssl == NULL || c == NULL || SSL_set_ex_data(ssl, conn_index, c) != 1) {
		free(c);
		SSL_free(ssl);
		return NULL;
	}
	c->id = ++w->conns;
	bev = bufferevent_openssl_socket_new(
	    base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		SSL_free(ssl);
	else
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return bev;
}

static struct lab_web_conn *
conn_of(const struct lab_web *w, struct evhttp_request *http)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(http);
	SSL *ssl;

	if (w->clear_text != NULL)
		return w->clear_text;
	ssl = bufferevent_openssl_get_ssl(evhttp_connection_get_bufferevent(evcon));
	return SSL_get_ex_data(ssl, conn_index);
}

static void
add_headers(struct buf *out, struct evkeyvalq *headers)
{
	struct evkeyval *h;

	TAILQ_FOREACH(h, headers, next)
	buf_printf(out, "%s: %s\r\n", h->key, h->value);
}

static void
record_message(const struct lab_web_request *rq, bool out)
{
	char name[32];
	struct lab_transcript_message m = { .connection = name,
		.out = out,
		.protocol = rq->clear_text ? "http" : "https",
		.body = out ? buf_view(&rq->reply) : rq->body };
	struct buf head;

	if (rq->pool->transcript == NULL)
		return;
	snprintf(name, sizeof(name), "%s-%u", m.protocol, rq->conn->id);
	buf_init(&head, WEB_REPLY_MAX);
	if (out) {
		buf_printf(&head, "HTTP/1.1 %u\r\n", rq->status);
		add_headers(&head, evhttp_request_get_output_headers(rq->http));
	} else {
		buf_printf(&head, "%s %s HTTP/1.1\r\n",
		    evhttp_request_get_command(rq->http) == EVHTTP_REQ_POST ? "POST"
									    : "GET",
		    evhttp_request_get_uri(rq->http));
		add_headers(&head, evhttp_request_get_input_headers(rq->http));
	}
	m.head = buf_view(&head);
	lab_transcript_write(rq->pool->transcript, &m);
	buf_free(&head);
}

/* Returns the host name for URLs; a name that cannot be a host name is not used. */
static const char *
host_of(const struct lab_web_request *rq)
{
	const char *host = rq->pool->advertise;

	if (host == NULL)
		host = evhttp_request_get_host(rq->http);
	/* lyncdiscover and lyncdiscoverinternal are only for the first request. */
	return host == NULL || !lab_net_host_ok(host) ||
		       str_caseprefix(str_of(host), "lyncdiscover")
		   ? rq->pool->fqdn
		   : host;
}

/*
 * Returns the port at which a front end was asked, by the Host header that it preserves.
 */
static uint16_t
front_end_port(const struct lab_web_request *rq)
{
	struct str host = str_of(lab_web_request_header(rq, "Host"));
	uint64_t port = HTTPS_PORT;
	size_t i = host.len;

	while (i > 0 && isdigit((unsigned char)host.p[i - 1]))
		i--;
	if (i > 0 && host.p[i - 1] == ':')
		str_uint((struct str){ host.p + i, host.len - i }, 1, 65535, &port);
	return (uint16_t)port;
}

void
lab_web_url(const struct lab_web_request *rq, enum step_id step, char dst[WEB_URL_MAX])
{
	uint16_t port = lab_pool_web_port(rq->pool, step);

	if (rq->pool->front_end != NULL && port == rq->pool->https_port)
		port = front_end_port(rq);
	snprintf(dst, WEB_URL_MAX, "https://%s:%u", rq->host, (unsigned)port);
}

static void
send_reply(struct lab_web_request *rq)
{
	struct evbuffer *body = evbuffer_new();
	char date[POOL_DATE_SIZE];

	lab_pool_date(rq->pool, rq->step, date);
	lab_web_add_header(rq, "Date", date);
	lab_web_add_header(rq, "Server", "cswatch-lab");
	lab_web_add_header(rq, "X-MS-Server-Fqdn", rq->pool->fqdn);
	if (rq->type != NULL)
		lab_web_add_header(rq, "Content-Type", rq->type);
	/* Load balancers set a cookie, which a client must return. */
	if (lab_web_request_header(rq, "Cookie") == NULL)
		lab_web_add_header(
		    rq, "Set-Cookie", "LabNode=1; path=/; secure; HttpOnly");
	record_message(rq, true);
	if (body != NULL)
		evbuffer_add(body, rq->reply.data, rq->reply.len);
	evhttp_send_reply(rq->http, (int)rq->status, NULL, body);
	if (body != NULL)
		evbuffer_free(body);
}

static void
on_request(struct evhttp_request *http, void *arg)
{
	struct lab_web *w = arg;
	struct lab_web_request rq = { .pool = w->pool, .http = http, .step = STEP_COUNT };
	struct evbuffer *in = evhttp_request_get_input_buffer(http);
	enum evhttp_cmd_type method = evhttp_request_get_command(http);
	struct str path;

	rq.clear_text = w->clear_text != NULL;
	rq.conn = conn_of(w, http);
	rq.body = (struct str){ (const char *)evbuffer_pullup(in, -1),
		evbuffer_get_length(in) };
	if (rq.body.p == NULL)
		rq.body = STR_LIT("");
	buf_init(&rq.reply, WEB_REPLY_MAX);
	rq.host = host_of(&rq);
	record_message(&rq, false);
	str_split(str_of(evhttp_request_get_uri(http)), '?', &path);
	w->serve(&rq, method == EVHTTP_REQ_POST, path);
	if (!rq.unanswered)
		send_reply(&rq);
	buf_free(&rq.reply);
}

static bool
listen_on(struct lab_web *w, uint16_t port, struct err *err)
{
	if (conn_index < 0)
		conn_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, conn_free);
	w->http = evhttp_new(w->pool->base);
	if (conn_index < 0 || w->http == NULL) {
		err_local(err, 0, "out of memory");
		return false;
	}
	if (w->clear_text == NULL)
		evhttp_set_bevcb(w->http, on_accept, w);
	evhttp_set_gencb(w->http, on_request, w);
	evhttp_set_allowed_methods(w->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
	evhttp_set_max_headers_size(w->http, HEAD_MAX);
	evhttp_set_max_body_size(w->http, WEB_BODY_MAX);
	evhttp_set_timeout(w->http, IDLE_S);
	w->bound = evhttp_bind_socket_with_handle(w->http, w->pool->address, port);
	if (w->bound != NULL) {
		lab_net_no_delay(evhttp_bound_socket_get_fd(w->bound));
		return true;
	}
	err_local(err, EVUTIL_SOCKET_ERROR(), "cannot listen on %s port %u for %s",
	    w->pool->address, (unsigned)port, w->clear_text == NULL ? "HTTPS" : "HTTP");
	return false;
}

struct lab_web *
lab_web_new(struct lab_pool *pool, enum lab_pki_face face, uint16_t port,
    void (*serve)(struct lab_web_request *rq, bool post, struct str path),
    struct err *err)
{
	struct lab_web *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	w->pool = pool;
	w->face = face;
	w->serve = serve;
	if (listen_on(w, port, err))
		return w;
	lab_web_free(w);
	return NULL;
}

struct lab_web *
lab_web_new_clear_text(struct lab_pool *pool, uint16_t port,
    void (*serve)(struct lab_web_request *rq, bool post, struct str path),
    struct err *err)
{
	struct lab_web *w = calloc(1, sizeof(*w));

	if (w == NULL || (w->clear_text = calloc(1, sizeof(*w->clear_text))) == NULL) {
		err_local(err, 0, "out of memory");
		free(w);
		return NULL;
	}
	w->pool = pool;
	w->clear_text->id = 1;
	w->serve = serve;
	if (listen_on(w, port, err))
		return w;
	lab_web_free(w);
	return NULL;
}

uint16_t
lab_web_port(const struct lab_web *w)
{
	return lab_net_port(evhttp_bound_socket_get_fd(w->bound));
}

void
lab_web_free(struct lab_web *w)
{
	if (w == NULL)
		return;
	if (w->http != NULL)
		evhttp_free(w->http);
	free(w->clear_text);
	free(w);
}

const char *
lab_web_request_header(const struct lab_web_request *rq, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(rq->http), name);
}

void
lab_web_add_header(struct lab_web_request *rq, const char *name, const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(rq->http), name, value);
}

void
lab_web_page(struct lab_web_request *rq, unsigned status, const char *text)
{
	rq->status = status;
	rq->type = "text/html; charset=utf-8";
	buf_clear(&rq->reply);
	buf_printf(&rq->reply,
	    "<!DOCTYPE html>\n<html><head><title>%u</title></head>"
	    "<body><h1>%u</h1><p>%s</p></body></html>\n",
	    status, status, text);
}

void
lab_web_xml(struct lab_web_request *rq)
{
	rq->status = rq->reply.failed ? 500 : 200;
	rq->type = "text/xml; charset=utf-8";
}

void
lab_web_soapfault(struct lab_web_request *rq, const struct lab_soapfault *f)
{
	buf_clear(&rq->reply);
	lab_soapfault_build(f, &rq->reply);
	rq->status = 500;
	rq->type = "text/xml; charset=utf-8";
}

static void
on_drop(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	evhttp_connection_free(arg);
}

/*
 * While a request waits for its answer evhttp does not read, so that the connection stays
 * open until then.
 */
void
lab_web_drop(struct lab_web_request *rq, unsigned after_s)
{
	struct timeval delay = { .tv_sec = (time_t)after_s, .tv_usec = 0 };

	rq->unanswered = true;
	event_base_once(rq->pool->base, -1, EV_TIMEOUT, on_drop,
	    evhttp_request_get_connection(rq->http), &delay);
}
