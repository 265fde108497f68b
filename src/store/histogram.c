#include "store/histogram.h"

#include <math.h>

#include "base/buf.h"
#include "store/varint.h"

#define FORMAT	1
#define UNIT_US 100.0

static unsigned
bucket_of(uint64_t us)
{
	double units = (double)us / UNIT_US, at;

	if (units <= 1.0)
		return 0;
	at = floor(HISTOGRAM_PER_OCTAVE * log2(units));
	return at >= HISTOGRAM_BUCKETS ? HISTOGRAM_BUCKETS - 1 : (unsigned)at;
}

/* Where a bucket begins, in microseconds. */
static double
edge_of(double bucket)
{
	return UNIT_US * exp2(bucket / HISTOGRAM_PER_OCTAVE);
}

static void
add(struct histogram *h, unsigned bucket, uint64_t n)
{
	uint64_t room = UINT32_MAX - h->counts[bucket];

	if (n > room)
		n = room;
	h->counts[bucket] += (uint32_t)n;
	h->total += n;
}

void
histogram_add(struct histogram *h, uint64_t us)
{
	add(h, bucket_of(us), 1);
}

void
histogram_merge(struct histogram *h, const struct histogram *from)
{
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		add(h, i, from->counts[i]);
}

uint64_t
histogram_quantile(const struct histogram *h, double share)
{
	double wanted = share * (double)h->total, before = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		double here = h->counts[i];

		if (here > 0 && before + here >= wanted)
			return (uint64_t)llround(edge_of(i + (wanted - before) / here));
		before += here;
	}
	return 0;
}

void
histogram_encode(const struct histogram *h, struct buf *out)
{
	unsigned next = 0;

	if (h->total == 0)
		return;
	buf_putc(out, FORMAT);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (h->counts[i] == 0)
			continue;
		varint_put(out, i - next);
		varint_put(out, h->counts[i]);
		next = i + 1;
	}
}

bool
histogram_decode(struct histogram *h, const void *data, size_t size)
{
	struct varint_reader r = varint_read(data, size);
	struct histogram read = { .total = 0 };
	uint64_t at = 0, n;

	if (size == 0)
		return true;
	if (varint_get(&r) != FORMAT)
		return false;
	while (!varint_at_end(&r)) {
		at += varint_get_max(&r, HISTOGRAM_BUCKETS);
		n = varint_get_max(&r, UINT32_MAX);
		if (r.bad || at >= HISTOGRAM_BUCKETS)
			return false;
		add(&read, (unsigned)at++, n);
	}
	if (r.bad)
		return false;
	histogram_merge(h, &read);
	return true;
}
