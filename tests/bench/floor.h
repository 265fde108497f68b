/*
 * floor - the cryptography of one client-auth transaction called straight from OpenSSL:
 * what no client can do without.
 *
 * Two outer handshakes (registrar, web services), the inner one with a client
 * certificate, and a look at the certificate that was issued. The peer is another
 * process, as in life: a client that sleeps between two flights finds its caches cold.
 * Only the client's OpenSSL calls are counted, not the sockets.
 */
#ifndef CSWATCH_BENCH_FLOOR_H
#define CSWATCH_BENCH_FLOOR_H
#include <stdbool.h>

struct floor_run;

struct floor {
	/* PEM files; the pair is also the client's, inside */
	const char *ca, *cert, *key;
};

/* Starts the peer; before there are threads. NULL: said on stderr. */
struct floor_run *floor_open(const struct floor *f);
void floor_close(struct floor_run *r); /* NULL is fine */

/* Microseconds of CPU for one transaction. False: said on stderr. */
bool floor_measure(struct floor_run *r, unsigned outer, unsigned rounds, double *ret_us);

#endif
