/* bindings - the registrations: one entry for each user and endpoint (epid). */
#ifndef CSWATCH_LAB_BINDINGS_H
#define CSWATCH_LAB_BINDINGS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sip/endpoint.h"

struct json;

#define BINDINGS_PER_USER 8 /* MaxEndpointsPerUser of a real pool */
#define BINDINGS_MAX	  50000
/* bytes of an epid, or of an instance if there is none */
#define BINDINGS_KEY_MAX 64

struct lab_binding;
struct lab_bindings {
	struct lab_binding *v;
	size_t n;
	uint64_t added, removed; /* numbers since the start */
};

/*
 * Adds or refreshes a registration; now and until are in seconds since the epoch. Returns
 * false if the user has BINDINGS_PER_USER others.
 */
bool lab_bindings_add(struct lab_bindings *b, const char *address, const char *endpoint,
    int64_t now, int64_t until);
/* Removes a registration. Returns false if there is none. */
bool lab_bindings_remove(
    struct lab_bindings *b, const char *address, const char *endpoint);
/* Appends the registrations that have not expired at `now`, as an array called key. */
void lab_bindings_list(
    struct lab_bindings *b, int64_t now, struct json *j, const char *key);
void lab_bindings_free(struct lab_bindings *b);

#endif
