/*
 * published - the pool's store of client certificates: one per user and device.
 *
 * A certificate works at the registrar only while it is in here, whoever signed it (spec
 * 03 section 4). Lives in memory: a pool that starts anew has published nothing.
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

#define PUBLISHED_PRINT 32 /* octets: SHA-256 of the DER */
#define PUBLISHED_MAX	100000

struct lab_published {
	struct published_entry *v;
	size_t n;
	uint64_t issued; /* since the start, replaced and revoked ones included */
};

bool lab_published_print(struct x509_st *cert, uint8_t ret[PUBLISHED_PRINT]);
/* Replaces what that device of that user had. False: out of memory, or full. */
bool lab_published_add(struct lab_published *p, const char *address, const char *device,
    struct x509_st *cert);
/* Is this very certificate published for that user? */
bool lab_published_has(const struct lab_published *p, const char *address,
    const uint8_t print[PUBLISHED_PRINT]);
/* Removes all of a user's; how many there were. */
size_t lab_published_revoke(struct lab_published *p, const char *address);
void lab_published_free(struct lab_published *p);
/* Appends an array called key. */
void lab_published_list(const struct lab_published *p, struct json *j, const char *key);

#endif
