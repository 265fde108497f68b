/*
 * web - the HTTPS server: connections, requests, answers; what is served is up to its
 * caller.
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
struct lab_soapfault;
struct lab_web;

#define WEB_BODY_MAX  (1024 * 1024) /* octets of a request */
#define WEB_REPLY_MAX (8 * 1024 * 1024)
#define WEB_STALL_S   120 /* a stalled request is dropped after that */

/* What belongs to one TCP connection: NTLM authenticates that, not the request. */
struct lab_web_conn {
	unsigned id;
	struct lab_negotiation *negotiation; /* between two legs, else NULL */
	char account[NTLM_NAME_MAX];	     /* authenticated as; empty: nobody yet */
};

struct lab_web_request {
	struct lab_pool *pool;
	struct lab_web_conn *conn;
	struct evhttp_request *http;
	enum step_id step;
	struct str body;
	const char *host; /* in URLs: the name the client reached us by, or as told */
	/* the answer */
	unsigned status;
	const char *type; /* Content-Type */
	struct buf reply;
	bool unanswered; /* no answer now, or ever */
	bool clear_text; /* it came over http */
};

/*
 * Listens; port 0 picks one. face: the certificate it shows. serve fills in rq->step and
 * the answer to a request for that path. Returns NULL on failure, and then *err says why.
 */
struct lab_web *lab_web_new(struct lab_pool *pool, enum lab_pki_face face, uint16_t port,
    void (*serve)(struct lab_web_request *rq, bool post, struct str path),
    struct err *err);
/* Like lab_web_new(), over http: rq->clear_text is set. */
struct lab_web *lab_web_new_clear_text(struct lab_pool *pool, uint16_t port,
    void (*serve)(struct lab_web_request *rq, bool post, struct str path),
    struct err *err);
uint16_t lab_web_port(const struct lab_web *w);
void lab_web_free(struct lab_web *w); /* NULL is fine */

const char *lab_web_request_header(
    const struct lab_web_request *rq, const char *name); /* NULL: absent */
void lab_web_add_header(struct lab_web_request *rq, const char *name, const char *value);
/* The first words of an answer: status, an HTML page with it. */
void lab_web_page(struct lab_web_request *rq, unsigned status, const char *text);
/* Makes what is in rq->reply the answer, as XML. */
void lab_web_xml(struct lab_web_request *rq);
/* Makes a SOAP fault the answer. */
void lab_web_soapfault(struct lab_web_request *rq, const struct lab_soapfault *f);
#define WEB_URL_MAX (POOL_HOST_MAX + 16)
/* "https://HOST:PORT" for URLs that are used at that step: the faults may send them
 * elsewhere. */
void lab_web_url(
    const struct lab_web_request *rq, enum step_id step, char dst[WEB_URL_MAX]);
/* Ends the connection without an answer, at once or after so many seconds. */
void lab_web_drop(struct lab_web_request *rq, unsigned after_s);

#endif
