/*
 * pool - a lab pool as a child of the test program, for whole transactions.
 */
#ifndef CSWATCH_TESTS_TXN_POOL_H
#define CSWATCH_TESTS_TXN_POOL_H
#include <stdbool.h>
#include <stdint.h>

#include "txn_world.h"

#define POOL_FQDN "pool01.lab.example"

/* One for all tests of a program: it makes half a dozen RSA keys when it starts. */
struct pool {
	uint16_t https_port, sip_port;
	char ca_file[160];
	char url[128];
};
extern struct pool pool;

/* A set-up: starts it, once; it ends with the program. */
int pool_start(void **state);
/* One order and its answer; NULL: the answer alone. */
const char *pool_order(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Behind key, which must be there. */
unsigned pool_number(const char *text, const char *key);
/* A world with a user of the pool. */
void pool_open_world(struct txn_world *w, bool certificate_first);

#endif
