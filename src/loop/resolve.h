/*
 * resolve - host names to addresses, asynchronously (hosts file, then DNS; A and AAAA);
 * and the SRV records of a name.
 *
 * Decides what the answers of name servers mean, and when to ask again; dns.h asks.
 */
#ifndef CSWATCH_LOOP_RESOLVE_H
#define CSWATCH_LOOP_RESOLVE_H
#include <stdint.h>

#include "loop/addr.h"
#include "loop/srv.h"

struct err;
struct loop;
struct lookup;
struct resolver;

/*
 * servers: "127.0.0.1:5353,10.0.0.1" instead of the system's, or NULL. Returns NULL on
 * failure, and then *err says why. The caller frees it.
 */
struct resolver *resolver_new(struct loop *l, const char *servers, struct err *err);
/* Drops pending look-ups without a call. NULL is allowed. */
void resolver_free(struct resolver *r);
/*
 * Sets how long a name server may take and how often it is asked, for look-ups that begin
 * from now on. Each further try gets twice the time of the one before. At first 2000 ms,
 * three times. A server that is not there counts as one that does not answer, but the
 * tries are try_ms apart, and the last of them is the end.
 */
void resolver_set_tries(struct resolver *r, unsigned try_ms, unsigned tries);

/*
 * Looks host up; a literal address is answered without asking anybody. cb is called once,
 * never inside this function: addrs is NULL when there is none, and then err (CAUSE_DNS
 * with an enum dns_code, or CAUSE_TIMEOUT with the milliseconds when no name server gave
 * an answer that makes sense) says why. Both are borrowed for the call. Returns NULL when
 * out of memory.
 */
struct lookup *resolver_lookup(struct resolver *r, const char *host, uint16_t port,
    void (*cb)(void *arg, const struct addrs *addrs, const struct err *err), void *arg);

/*
 * Like resolver_lookup(), for the SRV records of a name, in the order in which they came;
 * srvs_order() makes it the one to try them in. No records are an error (CAUSE_DNS), and
 * so is the only target "."; CAUSE_PROTOCOL: targets that are no host names.
 */
struct lookup *resolver_srv(struct resolver *r, const char *name,
    void (*cb)(void *arg, const struct srvs *srvs, const struct err *err), void *arg);

/* Drops the look-up: cb is not called. Not after cb was called. NULL is allowed. */
void lookup_cancel(struct lookup *l);

#endif
