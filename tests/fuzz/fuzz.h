/*
 * fuzz - what the entries share. An entry is one LLVMFuzzerTestOneInput() for one parser:
 * libFuzzer calls it with what it invents (configure --enable-fuzzers), main.c with the
 * seeds ("make check").
 *
 * What an entry finds wrong ends the process, as a sanitizer would.
 */
#ifndef CSWATCH_TESTS_FUZZ_H
#define CSWATCH_TESTS_FUZZ_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

struct buf;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(what) ((what) ? (void)0 : fuzz_wrong(__FILE__, __LINE__, #what))

static inline void
fuzz_wrong(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
	abort();
}

/* Outputs are untouched on failure: fill before, look after. */
static inline void
fuzz_fill(void *p, size_t n)
{
	memset(p, 0x5a, n);
}

static inline bool
fuzz_untouched(const void *p, size_t n)
{
	const uint8_t *octet = p;

	for (size_t i = 0; i < n; i++)
		if (octet[i] != 0x5a)
			return false;
	return true;
}

static inline struct str
fuzz_str(const uint8_t *data, size_t size)
{
	return (struct str){ (const char *)data, size };
}

/* part is empty or lies in whole. */
static inline bool
fuzz_within(struct str part, struct str whole)
{
	return part.len == 0 ||
	       (part.p >= whole.p && part.p + part.len <= whole.p + whole.len);
}

/* UTF-8 without control characters: what may be shown. */
bool fuzz_is_printable(struct str s);

/* A file (mode 0600) with that content; the next call replaces it. */
const char *fuzz_file(struct str content);

/*
 * For formats that nobody hits by chance: input is a list of changes to something valid.
 * Four octets each: where (two), what (0 replace, 1 flip bits, 2 insert, 3 remove, 4 cut
 * off), and with which octet. Appends the result to out.
 */
void fuzz_edit(struct str valid, struct str changes, struct buf *out);

#endif
