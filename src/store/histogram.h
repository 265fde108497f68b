/*
 * histogram - how often each latency came, in buckets of equal ratio: what is left of a
 * day's runs when the runs themselves are gone.
 *
 * Eight buckets for each doubling, from 0.1 ms on: a value read back is in the same
 * bucket as the true one, so less than 9.1 % away from it, and half of that on average.
 */
#ifndef CSWATCH_STORE_HISTOGRAM_H
#define CSWATCH_STORE_HISTOGRAM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

#define HISTOGRAM_PER_OCTAVE 8
#define HISTOGRAM_BUCKETS    256  /* up to 2^32 times 0.1 ms */
#define HISTOGRAM_BYTES_MAX  2048 /* encoded */

struct histogram {
	uint64_t total;
	uint32_t counts[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t us);
/* Adds what from has counted. */
void histogram_merge(struct histogram *h, const struct histogram *from);
/*
 * Microseconds that `share` (0 to 1) of all values do not exceed, interpolated inside the
 * bucket; 0 when nothing was counted.
 */
uint64_t histogram_quantile(const struct histogram *h, double share);

/* A format byte, then pairs (gap, count) as varints. Nothing at all when it is empty. */
void histogram_encode(const struct histogram *h, struct buf *out);
/* Adds what was encoded. False: it is not a histogram; *h unchanged. */
bool histogram_decode(struct histogram *h, const void *data, size_t size);

#endif
