/*
 * siptls - one SIP over TLS connection: connect, handshake, whole messages out and in,
 * close.
 *
 * Named states in one switch in wire order. Takes bytes and gives parsed messages; knows
 * no method or status.
 */
#ifndef CSWATCH_TRANSPORT_SIPTLS_H
#define CSWATCH_TRANSPORT_SIPTLS_H
#include <stdbool.h>

#include "base/str.h"
#include "tls/outer.h"

struct addrs;
struct buf;
struct err;
struct loop;
struct sip_msg;
struct siptls;
struct wire_tap;

/*
 * event(arg) is called when siptls_connected(), siptls_take() or siptls_failed() may have
 * news; never inside another call. It may free the connection.
 */
struct siptls *siptls_new(struct loop *l, void (*event)(void *arg), void *arg);
/* From now on tap sees every message; borrowed. NULL: nobody does. */
void siptls_listen(struct siptls *c, const struct wire_tap *tap);
/* NULL is fine; closes at once, sends close_notify if it can */
void siptls_free(struct siptls *c);

/*
 * Tries the addresses in order. host: SNI and name check. Borrowed: tls until freed.
 * False: *err.
 */
bool siptls_connect(struct siptls *c, const struct addrs *addrs, const char *host,
    struct tls_outer *tls, struct err *err);
/* Also when it has ended since and left messages behind. */
bool siptls_connected(const struct siptls *c);
/* Nothing more comes: *err is CAUSE_CONNECT, TLS, TRUST, CLOSED, LIMIT or PROTOCOL. */
bool siptls_failed(const struct siptls *c, struct err *err);

/* Queues one whole message (copied). False: not connected or out of memory, *err. */
bool siptls_send(struct siptls *c, struct str message, struct err *err);
/*
 * The oldest message received and not yet taken; the caller frees it with sip_msg_free().
 * NULL: none.
 */
struct sip_msg *siptls_take(struct siptls *c);

/*
 * "192.0.2.1:40000", "[2001:db8::1]:40000": our end; for Via and Contact. Empty before
 * connected.
 */
const char *siptls_local(const struct siptls *c);
/* The address that answered, for the account. */
const char *siptls_remote(const struct siptls *c);
const struct tls_peer *siptls_peer(const struct siptls *c);

#endif
