/*
 * floor - the cryptography of one client-auth transaction called straight from OpenSSL: what no client can
 * do without. Only the client's side of each handshake is counted.
 */
#ifndef CSWATCH_BENCH_FLOOR_H
#define CSWATCH_BENCH_FLOOR_H
#include <stdbool.h>
#include <stdint.h>

struct floor {
	unsigned outer_full;	/* full outer handshakes of a transaction: registrar, web services */
	unsigned outer_resumed;	/* abbreviated ones */
};

/* Microseconds of CPU for one transaction's cryptography; pki: directory with ca.pem, server.pem, server.key. */
bool floor_measure(const struct floor *f, const char *ca, const char *cert, const char *key, unsigned rounds,
    double *ret_us);

#endif
