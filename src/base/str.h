/*
 * str - a borrowed piece of text: pointer and length, not NUL-terminated.
 *
 * Parsers hand these out; they live as long as the buffer that they point into.
 */
#ifndef CSWATCH_BASE_STR_H
#define CSWATCH_BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t len;
};

#define STR_NULL   ((struct str){ NULL, 0 })
#define STR_LIT(s) ((struct str){ (s), sizeof(s) - 1 })

static inline struct str
str_of(const char *s)
{
	return (struct str){ s, s == NULL ? 0 : strlen(s) };
}

bool str_eq(struct str a, const char *b);
/* Both ignore the case of ASCII letters, whatever the locale. */
bool str_caseeq(struct str a, const char *b);
bool str_caseprefix(struct str a, const char *prefix);
/* Returns s without the spaces, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);
/* Copies s and a NUL. Returns false and empties dst if they do not fit. */
bool str_copy(char *dst, size_t size, struct str s);
/*
 * Returns a NUL-terminated copy, which the caller frees with free(), or NULL if memory
 * ran out.
 */
char *str_dup(struct str s);
/*
 * Reads a number from min to max. Returns false and leaves *ret unchanged if it is
 * another or s holds anything but decimal digits.
 */
bool str_uint(struct str s, uint64_t min, uint64_t max, uint64_t *ret);
/*
 * Splits s at the first sep: sets *ret_head to what is before it and returns what is
 * after it, or STR_NULL if there is no sep.
 */
struct str str_split(struct str s, char sep, struct str *ret_head);

#endif
