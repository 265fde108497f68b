/*
 * published - the pool's store of client certificates: one for each user and device.
 *
 * A certificate is accepted at the registrar only while it is in the store, whatever CA
 * signed it (spec 03 section 4). The store is in memory: a pool that has just started has
 * published nothing.
 */
#ifndef CSWATCH_LAB_PUBLISHED_H
#define CSWATCH_LAB_PUBLISHED_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/crypto.h"
#include "sip/endpoint.h"

struct json;
struct x509_st;

#define PUBLISHED_PRINT 32 /* bytes; SHA-256 of the DER */
#define PUBLISHED_MAX	100000

struct lab_published {
	struct published_entry *v;
	size_t n;
	uint64_t issued; /* number since the start, including replaced and revoked ones */
};

bool lab_published_print(struct x509_st *cert, uint8_t ret[PUBLISHED_PRINT]);
/*
 * Publishes a certificate, which replaces that of the same device of the user. Returns
 * false if out of memory, or if the store is full.
 */
bool lab_published_add(struct lab_published *p, const char *address, const char *device,
    struct x509_st *cert);
/* Returns whether a certificate is published for a user. */
bool lab_published_has(const struct lab_published *p, const char *address,
    const uint8_t print[PUBLISHED_PRINT]);
/* Removes all certificates of a user. Returns how many there were. */
size_t lab_published_revoke(struct lab_published *p, const char *address);
void lab_published_free(struct lab_published *p);
/* Appends the certificates as an array called key. */
void lab_published_list(const struct lab_published *p, struct json *j, const char *key);

#endif
