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
#include "tls/outer.h"
#include "transport/https_message.h"

struct err;
struct https;
struct loop;
struct resolver;
struct wire_tap;

/* Once per process, before threads; and at the very end. */
bool https_global_init(struct err *err);
void https_global_cleanup(void);

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
