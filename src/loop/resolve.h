/*
 * resolve - host names to addresses, asynchronously (c-ares: hosts file, then DNS; A and
 * AAAA).
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
#define ADDR_TEXT_SIZE 48	/* "[2001:db8::...]:5061" does not go in: address only */

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
void resolver_free(struct resolver *r);	/* pending look-ups are dropped without a call */
/*
 * How long a name server may take and how often it is asked, for look-ups that begin from
 * now on. Each further try gets twice the time of the one before. At first 2000 ms, three
 * times.
 */
void resolver_set_tries(struct resolver *r, unsigned try_ms, unsigned tries);

/*
 * Looks host up (a literal address is answered without asking anybody). cb is called
 * once, never inside this function: addrs is NULL when there is none, and then err
 * (CAUSE_DNS, or CAUSE_TIMEOUT when no name server answered) says why. Borrowed for the
 * call. NULL when out of memory.
 */
struct lookup *resolver_lookup(struct resolver *r, const char *host, uint16_t port,
    void (*cb)(void *arg, const struct addrs *addrs, const struct err *err), void *arg);
/* cb is not called any more. Not after cb was called. NULL is fine. */
void lookup_cancel(struct lookup *l);

/* A literal IPv4 or IPv6 address; false if it is not one. */
bool addr_parse(const char *literal, uint16_t port, struct addr *ret);
void addr_text(const struct addr *a, char dst[ADDR_TEXT_SIZE]);
uint16_t addr_port(const struct addr *a);

#endif
