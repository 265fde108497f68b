#include "state/incident.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* FNV-1a, 64 bits. */
static uint64_t
hash_bytes(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* With its NUL, so that "ab","c" is another incident than "a","bc". */
static uint64_t
hash_word(uint64_t h, const char *word)
{
	return hash_bytes(h, word, strlen(word) + 1);
}

void
incident_name(char ret[INCIDENT_SIZE], const char *host, const char *kind,
    const char *subject, int64_t began_ms)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	char began[24];

	snprintf(began, sizeof(began), "%lld", (long long)began_ms);
	h = hash_word(h, host);
	h = hash_word(h, kind);
	h = hash_word(h, subject);
	h = hash_word(h, began);
	snprintf(
	    ret, INCIDENT_SIZE, "%08lx", (unsigned long)((h >> 32 ^ h) & 0xffffffff));
}
