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
/* ASCII case-insensitive, whatever the locale. */
bool str_caseeq(struct str a, const char *b);
bool str_caseprefix(struct str a, const char *prefix);
/* Without the space, tab, CR and LF at both ends. */
struct str str_trim(struct str s);
/* Copies and terminates; false (and an empty dst) if it does not fit with its NUL. */
bool str_copy(char *dst, size_t size, struct str s);
/* malloc()ed, NUL-terminated copy; NULL when out of memory. The caller frees it. */
char *str_dup(struct str s);
/*
 * A whole string of decimal digits, nothing else, between min and max; *ret untouched on
 * failure.
 */
bool str_uint(struct str s, uint64_t min, uint64_t max, uint64_t *ret);
/*
 * Splits s at the first sep: head in *ret_head, the rest returned (STR_NULL when no sep).
 */
struct str str_split(struct str s, char sep, struct str *ret_head);

#endif
