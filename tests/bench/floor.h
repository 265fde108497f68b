/*
 * floor - the cryptography of one client-auth transaction called straight from OpenSSL:
 * what no client can do without.
 *
 * The peer is another process, as in life: a client that sleeps between two flights finds
 * its caches cold. Only the client's OpenSSL calls are counted, not the sockets.
 */
#ifndef CSWATCH_BENCH_FLOOR_H
#define CSWATCH_BENCH_FLOOR_H
#include <stdbool.h>

struct floor {
	const char *ca, *cert, *key;	/* PEM files; the key is also the client's, inside */
	unsigned outer;			/* outer handshakes: registrar, web services */
	unsigned rounds;
};

/* Microseconds of CPU for one transaction's handshakes. False: said on stderr. */
bool floor_measure(const struct floor *f, double *ret_us);

#endif
