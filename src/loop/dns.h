/*
 * dns - one question to the name servers: the addresses of a name, or its SRV records.
 *
 * c-ares behind one door, driven by the loop. An answer has the same end with every
 * version of c-ares. What an end means, and whether the question is asked again, is up to
 * the caller. For resolve.c only.
 */
#ifndef CSWATCH_LOOP_DNS_H
#define CSWATCH_LOOP_DNS_H
#include <stdbool.h>
#include <stdint.h>

struct addrs;
struct dns_query;
struct loop;
struct srvs;

enum dns_end {
	DNS_END_FOUND,
	DNS_END_NO_RECORD,
	DNS_END_NO_NAME,
	DNS_END_BAD_NAME,
	DNS_END_NO_SERVICE, /* SRV: the only target is ".", RFC 2782 */
	DNS_END_NO_TARGET,  /* SRV: no record has a host name and a port */
	DNS_END_REFUSED,    /* name servers answered that they will or can not tell */
	DNS_END_DEAD,	    /* no name server is there, which was found out at once */
	DNS_END_SILENT,	    /* none answered in the time of all tries */
	DNS_END_GARBAGE,    /* what came makes no sense */
	DNS_END_NO_SOCKET,  /* this machine is short of something: errnum */
	DNS_END_NO_MEMORY,
	DNS_END_OTHER /* see why */
};

struct dns_question {
	const char *name;
	const char *servers; /* "127.0.0.1:5353,10.0.0.1", or NULL for the system's */
	uint16_t port;	     /* goes into the addresses */
	bool srv;	     /* whether SRV records are wanted, not addresses */
	/* Time of the first try, and number of tries of each server. Times double. */
	unsigned try_ms, tries;
};

/* Everything is borrowed for the call; addrs and srvs are NULL unless found. */
struct dns_answer {
	enum dns_end end;
	int errnum;
	const char *why; /* text of c-ares */
	const struct addrs *addrs;
	const struct srvs *srvs;
};

/*
 * Starts c-ares, and finds out whether look-ups can be made at all with these servers
 * (NULL: the system's). Returns NULL if so, else the reason; then dns_close() is not
 * called.
 */
const char *dns_open(const char *servers);
void dns_close(void);

/*
 * Asks. The question is borrowed for the call. cb is called once, never inside this
 * function, and may free the query. NULL when out of memory.
 */
struct dns_query *dns_query_new(struct loop *l, const struct dns_question *question,
    void (*cb)(void *arg, const struct dns_answer *answer), void *arg);
/* Drops the question; cb is not called any more. NULL is allowed. */
void dns_query_free(struct dns_query *q);

#endif
