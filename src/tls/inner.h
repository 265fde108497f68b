/*
 * inner - the inner TLS handshake of TLS-DSK: a TLS client or server that talks to
 * memory.
 *
 * TLS-DSK carries handshake records inside SIP headers, so the caller moves the bytes
 * ([MS-SIPAE] 3.2, 3.3; spec 04 section 6). TLS 1.0 to 1.2, no tickets, no resumption,
 * mutual certificates. No application data: the session exists to derive the two signing
 * keys. There is no I/O, and no log.
 */
#ifndef CSWATCH_TLS_INNER_H
#define CSWATCH_TLS_INNER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vocab/result.h"
#include "base/str.h"
#include "crypto/crypto.h"
#include "tls/inner_ctx.h"

struct buf;
struct credential;
struct err;
struct tls_inner; /* one handshake */
struct tls_outer;
struct x509_st;

#define TLS_INNER_LEG_MAX  (32 * 1024) /* bytes one leg may carry, either way */
#define TLS_INNER_LEGS_MAX 4	       /* legs either way before giving up */
#define TLS_INNER_KEY_SIZE 32	       /* bytes of a signing key */

enum tls_inner_state { TLS_INNER_MORE, TLS_INNER_ESTABLISHED, TLS_INNER_FAILED };

struct tls_inner_keys {
	uint8_t client[TLS_INNER_KEY_SIZE];
	uint8_t server[TLS_INNER_KEY_SIZE];
	enum digest mac; /* the suite's MAC hash; spec 04 6.6 */
};

/*
 * Begins a handshake as client with that credential. Returns NULL and sets *err on
 * failure.
 */
struct tls_inner *tls_inner_client(
    struct tls_inner_ctx *ctx, struct credential *cred, struct err *err);
/*
 * Begins one as server; accept(arg, certificate) decides on the client's certificate (the
 * lab's published store).
 */
struct tls_inner *tls_inner_server(struct tls_inner_ctx *ctx,
    bool (*accept)(void *arg, struct x509_st *cert), void *arg, struct err *err);
void tls_inner_free(struct tls_inner *m); /* wipes the keys; NULL is allowed */

/*
 * Feeds one leg (empty for a client's first), and appends the answer to out (raw
 * records). TLS_INNER_FAILED sets *err (CAUSE_HANDSHAKE, code is the alert number if one
 * was sent or received) and may still leave an alert in out. The server's first flight is
 * one TLS record, as Windows sends it (spec 07 5.1).
 */
enum tls_inner_state tls_inner_leg(
    struct tls_inner *m, struct str in, struct buf *out, struct err *err);
/* Derives the keys, once established; the caller wipes *ret. Returns false with *err. */
bool tls_inner_keys(
    const struct tls_inner *m, struct tls_inner_keys *ret, struct err *err);
/* Describes the peer's certificate; known is false before it came. */
void tls_inner_peer(const struct tls_inner *m, struct cert_facts *ret);
/*
 * What to do about a server whose inner certificate is not one that the outer connection
 * would accept (spec 04 6.4). Real clients do not look at it, and what real pools show is
 * not known for certain: a watcher that failed for it by default could cry wolf.
 */
enum tls_inner_check {
	TLS_INNER_LOG,
	TLS_INNER_STRICT,
	TLS_INNER_OFF,
	TLS_INNER_CHECK_COUNT
};
/* Reads "log", "strict" or "off". Returns false and leaves *ret unchanged if it is
 * another. */
bool tls_inner_check_by_name(struct str name, enum tls_inner_check *ret);
/*
 * Checks, for a client once established, that the server's certificate chains to a CA of
 * o and is for host or for targetname. Returns false and sets *err if not.
 */
bool tls_inner_trusted(const struct tls_inner *m, struct tls_outer *o, const char *host,
    const char *targetname, struct err *err);
/* Writes "TLSv1.2 AES128-SHA", for the trace. */
void tls_inner_describe(const struct tls_inner *m, char *dst, size_t size);

#endif
