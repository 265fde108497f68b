#include "base/hash.h"

uint32_t
hash_32(struct str s)
{
	uint32_t h = 0x811c9dc5;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x01000193;
	return h;
}

static uint64_t
add_64(uint64_t h, unsigned char c)
{
	return (h ^ c) * 0x100000001b3u;
}

uint64_t
hash_64(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++)
		h = add_64(h, (unsigned char)s.p[i]);
	return h;
}

uint64_t
hash_64_caseless(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		h = add_64(h, (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
	}
	return h;
}
