/*
 * web - an HTTPS server: connections, requests, answers; what is served is up to the
 * caller.
 *
 * It has one certificate and HTTP/1.1 with keep-alive; paths are compared without case,
 * as on IIS.
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
struct lab_soapfault;
struct lab_web;

#define WEB_BODY_MAX  (1024 * 1024) /* bytes of a request */
#define WEB_REPLY_MAX (8 * 1024 * 1024)
#define WEB_STALL_S   120 /* seconds after which a stalled request is dropped */

/*
 * What belongs to a TCP connection: NTLM authenticates the connection, not the request.
 */
struct lab_web_conn {
	unsigned id;
	struct lab_negotiation *negotiation; /* the state between two legs, else NULL */
	char account[NTLM_NAME_MAX];	     /* authenticated account; empty: none yet */
};

struct lab_web_request {
	struct lab_pool *pool;
	struct lab_web_conn *conn;
	struct evhttp_request *http;
	enum step_id step;
	struct str body;
	const char *
	    host; /* host name in URLs: the name that the client used, or as configured */
	/* the answer */
	unsigned status;
	const char *type; /* Content-Type */
	struct buf reply;
	bool unanswered; /* there is no answer, now or later */
	bool clear_text; /* the request came over http */
};

/*
 * Makes a server that listens with a certificate (face); port 0 selects a free port.
 * serve fills in rq->step and the answer to a request for a path. Returns NULL and sets
 * *err on failure.
 */
struct lab_web *lab_web_new(struct lab_pool *pool, enum lab_pki_face face, uint16_t port,
    void (*serve)(struct lab_web_request *rq, bool post, struct str path),
    struct err *err);
/* Like lab_web_new(), over http: rq->clear_text is set. */
struct lab_web *lab_web_new_clear_text(struct lab_pool *pool, uint16_t port,
    void (*serve)(struct lab_web_request *rq, bool post, struct str path),
    struct err *err);
uint16_t lab_web_port(const struct lab_web *w);
void lab_web_free(struct lab_web *w); /* NULL is allowed */

const char *lab_web_request_header(
    const struct lab_web_request *rq, const char *name); /* NULL: absent */
void lab_web_add_header(struct lab_web_request *rq, const char *name, const char *value);
/* Makes a status and an HTML page the answer. */
void lab_web_page(struct lab_web_request *rq, unsigned status, const char *text);
/* Makes the content of rq->reply the answer, as XML. */
void lab_web_xml(struct lab_web_request *rq);
/* Makes a SOAP fault the answer. */
void lab_web_soapfault(struct lab_web_request *rq, const struct lab_soapfault *f);
#define WEB_URL_MAX (POOL_HOST_MAX + 16)
/*
 * Writes "https://HOST:PORT" of URLs that are used at a step, which the faults may
 * redirect.
 */
void lab_web_url(
    const struct lab_web_request *rq, enum step_id step, char dst[WEB_URL_MAX]);
/* Ends the connection without an answer, at once or after some seconds. */
void lab_web_drop(struct lab_web_request *rq, unsigned after_s);

#endif
