/*
 * varint - whole numbers in as few bytes as they need: seven bits a byte, the lowest
 * first, the top bit set on all but the last (LEB128). Signed ones are zigzag-coded.
 */
#ifndef CSWATCH_STORE_VARINT_H
#define CSWATCH_STORE_VARINT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

void varint_put(struct buf *out, uint64_t value);
void varint_put_signed(struct buf *out, int64_t value);

/* Reads what came from a file: a read past the end or out of range sets `bad` for good.
 */
struct varint_reader {
	const uint8_t *at, *end;
	bool bad;
};

struct varint_reader varint_read(const void *data, size_t size);
/* All of these return 0 or NULL once the reader is bad. */
uint64_t varint_get(struct varint_reader *r);
/* Like varint_get(); a value above max makes the reader bad. */
uint64_t varint_get_max(struct varint_reader *r, uint64_t max);
int64_t varint_get_signed(struct varint_reader *r);
/* Borrows the next n bytes. */
const void *varint_get_bytes(struct varint_reader *r, size_t n);
bool varint_at_end(const struct varint_reader *r);

#endif
