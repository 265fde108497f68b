/*
 * tlsserver - a TLS server for tests, on a loopback port chosen by the kernel, run by
 * the loop of the test.
 *
 * It moves octets and knows no protocol: the test gets what a client sent and says what
 * goes back. Anything that fails here, apart from what a client does, aborts the test.
 */
#ifndef CSWATCH_TESTS_TLSSERVER_H
#define CSWATCH_TESTS_TLSSERVER_H
#include <stdbool.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "base/str.h"

struct loop;
struct tlsconn;
struct tlsserver;

struct tlsserver_settings {
	X509 *cert; /* NULL: no TLS at all, what comes is taken as it is */
	EVP_PKEY *key;
	/* Octets of a client; returns how many of them are done with. */
	size_t (*data)(void *arg, struct tlsconn *c, struct str octets);
	void *arg;
};

/* Borrows the loop; the certificate and the key only for the call. */
struct tlsserver *tlsserver_new(struct loop *l, const struct tlsserver_settings *s);
void tlsserver_free(struct tlsserver *s); /* with every connection; NULL is fine */
uint16_t tlsserver_port(const struct tlsserver *s);
unsigned tlsserver_accepted(const struct tlsserver *s); /* connections so far */
unsigned tlsserver_open(const struct tlsserver *s);	/* connections now */

unsigned tlsconn_number(const struct tlsconn *c); /* 1, 2, ... */
void tlsconn_send(struct tlsconn *c, struct str octets);
/* Ends it when all is sent; rude: by a reset, without saying so in TLS. */
void tlsconn_end(struct tlsconn *c, bool rude);

#endif
