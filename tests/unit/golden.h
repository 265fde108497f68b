/*
 * golden - messages that are kept as files under tests/golden: text as it is, octets as
 * commented hex.
 */
#ifndef CSWATCH_TESTS_GOLDEN_H
#define CSWATCH_TESTS_GOLDEN_H
#include <string.h>

#include "cases.h"

#define GOLDEN_MAX 65536 /* octets */

/* The file, NUL-terminated. The caller frees it. */
static inline char *
golden_text(const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[512], *text = calloc(1, GOLDEN_MAX);
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/golden/%s", top == NULL ? "." : top, name);
	f = fopen(path, "rb");
	if (f == NULL)
		fail_msg("no %s", path);
	assert_non_null(text);
	assert_in_range(fread(text, 1, GOLDEN_MAX - 1, f), 1, GOLDEN_MAX - 2);
	fclose(f);
	return text;
}

/* Hex digits and "??" (any octet) without comments and white space. */
static inline char *
golden_hex(const char *name)
{
	char *text = golden_text(name), *to = text;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '#')
			p += strcspn(p, "\n");
		if (strchr("0123456789abcdef?", *p) != NULL)
			*to++ = *p;
	}
	*to = '\0';
	return text;
}

/* The octets of such a file, which must be fixed. ret: as many as it takes; their
 * number. */
static inline size_t
golden_octets(const char *name, uint8_t *ret, size_t size)
{
	char *hex = golden_hex(name);
	size_t n = strlen(hex) / 2;

	assert_true(n <= size);
	for (size_t i = 0; i < n; i++) {
		const char digits[] = { hex[2 * i], hex[2 * i + 1], '\0' };
		char *end;

		ret[i] = (uint8_t)strtoul(digits, &end, 16);
		assert_true(*end == '\0');
	}
	free(hex);
	return n;
}

static inline void
assert_golden_octets(const void *got, size_t len, const char *name)
{
	const uint8_t *octets = got;
	char *hex = golden_hex(name);

	assert_int_equal(strlen(hex), 2 * len);
	for (size_t i = 0; i < len; i++) {
		char is[3];

		snprintf(is, sizeof(is), "%02x", octets[i]);
		if (memcmp(hex + 2 * i, "??", 2) != 0 && memcmp(hex + 2 * i, is, 2) != 0)
			fail_msg(
			    "%s: octet %zu is %s, not %.2s", name, i, is, hex + 2 * i);
	}
	free(hex);
}

#endif
