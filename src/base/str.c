#include "base/str.h"

#include <stdlib.h>

static int
lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool
str_eq(struct str a, const char *b)
{
	return a.p != NULL && strlen(b) == a.len && memcmp(a.p, b, a.len) == 0;
}

bool
str_caseprefix(struct str a, const char *prefix)
{
	size_t n = strlen(prefix);

	if (a.p == NULL || a.len < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower((unsigned char)a.p[i]) != lower((unsigned char)prefix[i]))
			return false;
	return true;
}

bool
str_caseeq(struct str a, const char *b)
{
	return a.len == strlen(b) && str_caseprefix(a, b);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_blank(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

bool
str_copy(char *dst, size_t size, struct str s)
{
	if (size == 0)
		return false;
	dst[0] = '\0';
	if (s.len >= size)
		return false;
	if (s.len > 0)
		memcpy(dst, s.p, s.len);
	dst[s.len] = '\0';
	return true;
}

char *
str_dup(struct str s)
{
	char *copy = malloc(s.len + 1);

	if (copy != NULL)
		str_copy(copy, s.len + 1, s);
	return copy;
}

bool
str_uint(struct str s, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (s.len == 0 || s.len > 20)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}

struct str
str_split(struct str s, char sep, struct str *ret_head)
{
	const char *at = s.len == 0 ? NULL : memchr(s.p, sep, s.len);

	if (at == NULL) {
		*ret_head = s;
		return STR_NULL;
	}
	*ret_head = (struct str){ s.p, (size_t)(at - s.p) };
	return (struct str){ at + 1, s.len - ret_head->len - 1 };
}
