/*
 * heap - a binary heap of small numbers, the least one first; each knows its place, so
 * that it can be removed from the middle or moved.
 *
 * The caller provides the array, large enough; nothing here allocates.
 */
#ifndef CSWATCH_SCHED_HEAP_H
#define CSWATCH_SCHED_HEAP_H
#include <stdbool.h>
#include <stdint.h>

#define HEAP_OUT UINT32_MAX /* place of what is in no heap */

struct heap_kind {
	bool (*before)(const void *arg, uint32_t a, uint32_t b);
	uint32_t *(*place)(void *arg, uint32_t a); /* where a's place is kept */
};

struct heap {
	uint32_t *v;
	uint32_t n;
};

void heap_push(struct heap *h, const struct heap_kind *k, void *arg, uint32_t a);
void heap_remove(struct heap *h, const struct heap_kind *k, void *arg, uint32_t place);
/* Moves the number at that place, which has become less or more. */
void heap_moved(struct heap *h, const struct heap_kind *k, void *arg, uint32_t place);

#endif
