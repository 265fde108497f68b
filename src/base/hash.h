/*
 * hash - FNV-1a (Fowler, Noll, Vo): spreads names over a table, or over time. The values
 * are the same everywhere and forever. A peer that chooses the names can make them
 * collide.
 */
#ifndef CSWATCH_BASE_HASH_H
#define CSWATCH_BASE_HASH_H
#include <stdint.h>

#include "base/str.h"

uint32_t hash_32(struct str s);
uint64_t hash_64(struct str s);
/* Like hash_64(), for the text with A to Z made lower case. */
uint64_t hash_64_caseless(struct str s);

#endif
