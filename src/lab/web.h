/*
 * web - the HTTPS server: connections, requests, answers. What is served is lab/services'
 * business.
 *
 * One certificate, HTTP/1.1 with keep-alive; paths compare without case, as on IIS.
 */
#ifndef CSWATCH_LAB_WEB_H
#define CSWATCH_LAB_WEB_H
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "lab/ntlm.h"
#include "lab/pool.h"

struct err;
struct evhttp_request;
struct web;

#define WEB_BODY_MAX  (1024 * 1024) /* octets of a request */
#define WEB_REPLY_MAX (8 * 1024 * 1024)
#define WEB_STALL_S   120 /* a stalled request is dropped after that */

/* What belongs to one TCP connection: NTLM authenticates that, not the request. */
struct web_conn {
	unsigned id;
	struct negotiation *negotiation; /* between two legs, else NULL */
	char account[NTLM_NAME_MAX];	 /* authenticated as; empty: nobody yet */
};

struct web_request {
	struct pool *pool;
	struct web_conn *conn;
	struct evhttp_request *http;
	enum step_id step;
	struct str body;
	const char *host; /* in URLs: the name the client reached us by, or as told */
	/* the answer */
	unsigned status;
	const char *type; /* Content-Type */
	struct buf reply;
	bool hold;	 /* no answer now, or ever */
	bool clear_text; /* it came over http */
};

/* Listens; port 0 picks one. face: the certificate it shows. NULL: *err. */
struct web *web_new(
    struct pool *pool, enum pki_face face, uint16_t port, struct err *err);
/* The same over http: only the root of autodiscover is served there. */
struct web *web_new_clear_text(struct pool *pool, uint16_t port, struct err *err);
uint16_t web_port(const struct web *w);
void web_free(struct web *w); /* NULL is fine */

const char *web_request_header(
    const struct web_request *rq, const char *name); /* NULL: absent */
void web_add_header(struct web_request *rq, const char *name, const char *value);
/* The first words of an answer: status, an HTML page with it. */
void web_page(struct web_request *rq, unsigned status, const char *text);
#define WEB_URL_MAX (POOL_HOST_MAX + 16)
/* "https://HOST:PORT" for URLs that are used at that step: the faults may send them
 * elsewhere. */
void web_url(const struct web_request *rq, enum step_id step, char dst[WEB_URL_MAX]);
/* Ends the connection without an answer, at once or after so many seconds. */
void web_drop(struct web_request *rq, unsigned after_s);

#endif
