/*
 * map - names to numbers, for look-ups among many; upper and lower case are the same.
 *
 * Of a fixed size: whoever makes one knows how many names will come. Names are borrowed.
 */
#ifndef CSWATCH_CONFIG_MAP_H
#define CSWATCH_CONFIG_MAP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct map_slot {
	struct str name; /* p == NULL: free */
	uint32_t value;
};

struct map {
	struct map_slot *slots;
	size_t mask;
};

/* Room for n names. False: out of memory. */
bool map_init(struct map *m, size_t n);
void map_free(struct map *m); /* a zeroed one is fine */
/* The value of name, which is 0 when it is new; *ret_new says so. */
uint32_t *map_put(struct map *m, struct str name, bool *ret_new);
/* NULL when it is not there. */
const uint32_t *map_find(const struct map *m, struct str name);

#endif
