/*
 * srv - where a service is, as SRV records tell it, and in which order: RFC 2782.
 */
#ifndef CSWATCH_LOOP_SRV_H
#define CSWATCH_LOOP_SRV_H
#include <stdint.h>

#define SRVS_MAX       32 /* further records are not looked at */
#define SRV_TARGET_MAX 256

struct srv {
	uint16_t priority, weight, port;
	char target[SRV_TARGET_MAX]; /* a host name, as text_is_host() has it */
};
struct srvs {
	unsigned n;
	struct srv s[SRVS_MAX];
};

/*
 * Sorts the records into the order in which they are to be tried: lowest priority first,
 * within one by weight and chance. draw(arg, n) returns a number from 0 to n.
 */
void srvs_order(struct srvs *s, uint32_t (*draw)(void *arg, uint32_t n), void *arg);

#endif
