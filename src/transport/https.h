/*
 * https - the web services leg: one request at a time over connections of its own
 * (libcurl).
 *
 * One https object per transaction: it has its own connection pool, TLS sessions and
 * cookies, so that nothing is ever shared between two users. HTTP/1.1 only, no proxy,
 * no automatic redirects (GET may follow three), https only; but a question that carries
 * nothing secret may be asked over http.
 */
#ifndef CSWATCH_TRANSPORT_HTTPS_H
#define CSWATCH_TRANSPORT_HTTPS_H
#include <stdbool.h>
#include <stdint.h>

#include "vocab/result.h"
#include "base/str.h"
#include "tls/outer.h"

struct account;
struct err;
struct https;
struct loop;
struct resolver;
struct wire_tap;

#define HTTPS_BODY_MAX	   (1024 * 1024) /* bytes of an answer */
#define HTTPS_HEAD_MAX	   (64 * 1024)	 /* bytes of an answer's headers */
#define HTTPS_SCHEMES_SIZE 128		 /* more than a list of schemes with commas has */
#define HTTPS_REDIRECT_MAX 3
#define HTTPS_LEGS_MAX	   8 /* answers to one request, redirects included */

/* Once per process, before threads; and at the very end. */
bool https_global_init(struct err *err);
void https_global_cleanup(void);

struct https_request {
	const char *url; /* https://... */
	/* the URL may be http:// as well; nothing secret goes there then */
	bool clear_text;
	/* a redirect to such a host is the answer, and not followed; NULL: there is none
	 */
	bool (*stops_at)(const char *host);
	const char *accept; /* NULL: whatever there is */
	/* X-MS-WebTicket: for this URL only, a redirect is not followed; NULL: none */
	const char *ticket;
	const char *soap_action; /* NULL: GET without body */
	struct str body;	 /* borrowed until the answer is there */
	/* the account that asks, if the server wants to know; or NULL. Borrowed like body
	 */
	const struct account *account;
};

struct https_answer {
	unsigned status;
	struct str body;
	struct str content_type;
	struct str diagnostics; /* X-Ms-diagnostics; p == NULL when absent */
	struct str server_fqdn; /* X-MS-Server-Fqdn */
	struct str server;	/* Server: what kind of program answered */
	struct str location;	/* Location */
	struct str ticket_url;	/* X-MS-WebTicketURL; p == NULL when absent */
	/* of WWW-Authenticate, space-separated: "NTLM Negotiate" */
	struct str schemes;
	int64_t date; /* Date, seconds since the epoch; 0 when absent */
	/* in which our account was named; NULL: in none */
	const char *scheme;
	bool proven;	/* ... and its proof judged */
	bool confirmed; /* ... and the server proven too, where the method has it do so */
	/* HTTP messages it took, authentication and redirects included */
	unsigned legs;
	bool redirected;
};

/*
 * done(arg) is called once per started request, never inside https_start().
 * pin_host/pin_address: that host is at that literal address, whatever DNS says; NULL:
 * no pin. NULL when out of memory. Everything is borrowed until https_free().
 */
struct https *https_new(struct loop *l, struct resolver *r, struct tls_outer *tls,
    const char *pin_host, const char *pin_address, void (*done)(void *arg), void *arg);
/*
 * Has tap see every leg from now on; borrowed. What libcurl adds to a head by itself is
 * not in it. NULL: none does.
 */
void https_listen(struct https *h, const struct wire_tap *tap);
/* Drops what is in flight, without a call of done(). NULL is allowed. */
void https_free(struct https *h);

/*
 * Starts a request, one at a time. Returns false with *err if nothing was started (URL
 * not https, out of memory).
 */
bool https_start(struct https *h, const struct https_request *rq, struct err *err);
void https_cancel(struct https *h);

/*
 * Call after done(). Returns true if an HTTP answer arrived, whatever its status; *ret is
 * valid until the next https_start(). False: *err is CAUSE_DNS, CONNECT, TLS, TRUST,
 * CLOSED, LIMIT, AUTH (the scheme could not be used), NOT_OFFERED, PROTOCOL, LOCAL, or
 * what the account's method says.
 */
bool https_answer(struct https *h, struct https_answer *ret, struct err *err);
/* Returns what the last connection showed of the server. */
const struct tls_peer *https_peer(const struct https *h);

/* Returns whether it is http://...: only for requests with clear_text. */
bool https_url_is_clear_text(const char *url);
/*
 * Copies host and port of an https URL (default 443). Returns false if it is not one, has
 * a user part, or is too long.
 */
bool https_url_host(const char *url, char *host, size_t size, uint16_t *ret_port);
/* Like https_url_host(), for http URLs as well (default 80). */
bool https_url_host_any(const char *url, char *host, size_t size, uint16_t *ret_port);

#endif
