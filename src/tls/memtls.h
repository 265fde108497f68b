/*
 * memtls - the inner TLS handshake of TLS-DSK: a TLS client or server that talks to
 * memory.
 *
 * TLS-DSK carries handshake records inside SIP headers, so the caller moves the octets
 * ([MS-SIPAE] 3.2, 3.3; spec 04 section 6). TLS 1.0 to 1.2, no tickets, no resumption,
 * mutual certificates. No application data: the session exists to derive the two signing
 * keys. Does no I/O, logs nothing.
 */
#ifndef CSWATCH_TLS_MEMTLS_H
#define CSWATCH_TLS_MEMTLS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vocab/result.h"
#include "base/str.h"
#include "crypto/crypto.h"
#include "tls/memtls_ctx.h"

struct buf;
struct credential;
struct err;
struct memtls; /* one handshake */
struct tls_outer;
struct x509_st;

#define MEMTLS_LEG_MAX	(32 * 1024) /* octets one leg may carry, either way */
#define MEMTLS_LEGS_MAX 4	    /* legs either way before giving up */
#define MEMTLS_KEY_SIZE 32	    /* octets of a signing key */

enum memtls_state { MEMTLS_MORE, MEMTLS_ESTABLISHED, MEMTLS_FAILED };

struct memtls_keys {
	uint8_t client[MEMTLS_KEY_SIZE];
	uint8_t server[MEMTLS_KEY_SIZE];
	enum digest mac; /* the suite's MAC hash; spec 04 6.6 */
};

/* A handshake as client with that credential. NULL on failure, and then *err says why. */
struct memtls *memtls_client(
    struct memtls_ctx *ctx, struct credential *cred, struct err *err);
/*
 * As server; accept(arg, certificate) decides on the client's certificate (the lab's
 * published store).
 */
struct memtls *memtls_server(struct memtls_ctx *ctx,
    bool (*accept)(void *arg, struct x509_st *cert), void *arg, struct err *err);
void memtls_free(struct memtls *m); /* NULL is fine; keys are wiped */

/*
 * Feeds one leg (empty for a client's first), appends the answer to out (raw records).
 * FAILED fills *err (CAUSE_HANDSHAKE, code = alert number if one was sent or received)
 * and may still leave an alert in out. The server's first flight comes as one TLS record,
 * as Windows sends it (spec 07 5.1).
 */
enum memtls_state memtls_leg(
    struct memtls *m, struct str in, struct buf *out, struct err *err);
/* Only when ESTABLISHED. The caller wipes *ret. */
bool memtls_keys(const struct memtls *m, struct memtls_keys *ret, struct err *err);
/* The peer's certificate; known = false before it came. */
void memtls_peer(const struct memtls *m, struct cert_facts *ret);
/*
 * What becomes of a server whose inner certificate is not one that the outer connection
 * would take (spec 04 6.4). Real clients do not look at it, and what real pools show is
 * not known for certain: a watcher that failed for it by default could cry wolf.
 */
enum memtls_check { MEMTLS_LOG, MEMTLS_STRICT, MEMTLS_OFF, MEMTLS_CHECK_COUNT };
/* "log", "strict", "off"; false and untouched for anything else. */
bool memtls_check_by_name(struct str name, enum memtls_check *ret);
/*
 * A client's, once ESTABLISHED: whether the server's certificate chains to a CA of o and
 * is for host or for targetname. False: *err.
 */
bool memtls_trusted(const struct memtls *m, struct tls_outer *o, const char *host,
    const char *targetname, struct err *err);
/* "TLSv1.2 AES128-SHA", for the account. */
void memtls_describe(const struct memtls *m, char *dst, size_t size);

#endif
