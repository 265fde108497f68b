/*
 * resolve - host names to addresses, asynchronously (c-ares: hosts file, then DNS; A and
 * AAAA); and the SRV records of a name.
 */
#ifndef CSWATCH_LOOP_RESOLVE_H
#define CSWATCH_LOOP_RESOLVE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct err;
struct loop;
struct lookup;
struct resolver;

#define ADDRS_MAX      8
#define SRVS_MAX       32 /* further records are not looked at */
#define SRV_TARGET_MAX 256
#define ADDR_TEXT_SIZE 48 /* "[2001:db8::...]:5061" does not go in: address only */

struct addr {
	struct sockaddr_storage ss;
	socklen_t len;
};
struct addrs {
	unsigned n;
	struct addr a[ADDRS_MAX];
};

/* servers: "127.0.0.1:5353,10.0.0.1" instead of the system's, or NULL. */
struct resolver *resolver_new(struct loop *l, const char *servers, struct err *err);
void resolver_free(struct resolver *r); /* pending look-ups are dropped without a call */
/*
 * How long a name server may take and how often it is asked, for look-ups that begin from
 * now on. Each further try gets twice the time of the one before. At first 2000 ms, three
 * times.
 */
void resolver_set_tries(struct resolver *r, unsigned try_ms, unsigned tries);

/*
 * Looks host up (a literal address is answered without asking anybody). cb is called
 * once, never inside this function: addrs is NULL when there is none, and then err
 * (CAUSE_DNS with an enum dns_code, or CAUSE_TIMEOUT when no name server answered) says
 * why. Borrowed for the
 * call. NULL when out of memory.
 */
struct lookup *resolver_lookup(struct resolver *r, const char *host, uint16_t port,
    void (*cb)(void *arg, const struct addrs *addrs, const struct err *err), void *arg);
/* One place where a service is: RFC 2782. */
struct srv {
	uint16_t priority, weight, port;
	char target[SRV_TARGET_MAX]; /* a host name, as text_is_host() has it */
};
struct srvs {
	unsigned n;
	struct srv s[SRVS_MAX];
};

/*
 * The same for the SRV records of a name, in the order in which they came; srvs_order()
 * makes it the one to try them in. No records are an error (CAUSE_DNS), and so is the
 * only target "."; CAUSE_PROTOCOL: targets that are no host names.
 */
struct lookup *resolver_srv(struct resolver *r, const char *name,
    void (*cb)(void *arg, const struct srvs *srvs, const struct err *err), void *arg);

/*
 * srv.c: lowest priority first, within one by weight and chance. draw(arg, n) is a number
 * from 0 to n.
 */
void srvs_order(struct srvs *s, uint32_t (*draw)(void *arg, uint32_t n), void *arg);

/* cb is not called any more. Not after cb was called. NULL is fine. */
void lookup_cancel(struct lookup *l);

/* A literal IPv4 or IPv6 address; false if it is not one. */
bool addr_parse(const char *literal, uint16_t port, struct addr *ret);
void addr_text(const struct addr *a, char dst[ADDR_TEXT_SIZE]);
uint16_t addr_port(const struct addr *a);

#endif
