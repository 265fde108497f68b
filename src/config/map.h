/*
 * map - maps names to numbers, for look-ups among many; upper and lower case are the
 * same.
 *
 * The size is fixed: the caller knows how many names there will be. Names are borrowed.
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

/* Makes a map with room for n names. Returns false if out of memory. */
bool map_init(struct map *m, size_t n);
void map_free(struct map *m); /* a zeroed one is allowed */
/*
 * Returns the value of a name, which is added with the value 0 if it is new. Sets
 * *ret_new to whether it is.
 */
uint32_t *map_put(struct map *m, struct str name, bool *ret_new);
/* Returns NULL if the name is unknown. */
const uint32_t *map_find(const struct map *m, struct str name);

#endif
