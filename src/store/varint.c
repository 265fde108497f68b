#include "store/varint.h"

#include "base/buf.h"

#define BYTES_MAX 10 /* of 64 bits */

void
varint_put(struct buf *out, uint64_t value)
{
	uint8_t bytes[BYTES_MAX];
	size_t n = 0;

	while (value > 0x7f) {
		bytes[n++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	bytes[n++] = (uint8_t)value;
	buf_add(out, bytes, n);
}

void
varint_put_signed(struct buf *out, int64_t value)
{
	varint_put(out, ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

struct varint_reader
varint_read(const void *data, size_t size)
{
	const uint8_t *at = data;

	return (struct varint_reader){ at, size == 0 ? at : at + size, false };
}

uint64_t
varint_get(struct varint_reader *r)
{
	uint64_t value = 0;

	for (unsigned shift = 0; !r->bad && r->at < r->end && shift < 64; shift += 7) {
		uint8_t byte = *r->at++;

		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return value;
	}
	r->bad = true;
	return 0;
}

uint64_t
varint_get_max(struct varint_reader *r, uint64_t max)
{
	uint64_t value = varint_get(r);

	if (value <= max)
		return value;
	r->bad = true;
	return 0;
}

int64_t
varint_get_signed(struct varint_reader *r)
{
	uint64_t value = varint_get(r);

	return (int64_t)(value >> 1 ^ ((value & 1) != 0 ? UINT64_MAX : 0));
}

const void *
varint_get_bytes(struct varint_reader *r, size_t n)
{
	const uint8_t *at = r->at;

	if (r->bad || n > (size_t)(r->end - r->at)) {
		r->bad = true;
		return NULL;
	}
	r->at += n;
	return at;
}

bool
varint_at_end(const struct varint_reader *r)
{
	return r->bad || r->at == r->end;
}
