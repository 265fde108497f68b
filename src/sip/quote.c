#include "sip/quote.h"

size_t
sip_quoted_len(struct str s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	}
	return 0;
}

size_t
sip_find_unquoted(struct str s, const char *any)
{
	size_t n;

	for (size_t i = 0; i < s.len; i += n) {
		n = 1;
		if (s.p[i] == '"')
			n = sip_quoted_len((struct str){ s.p + i, s.len - i });
		else if (s.p[i] != '\0' && strchr(any, s.p[i]) != NULL)
			return i;
		if (n == 0)
			break;
	}
	return s.len;
}

struct str
sip_unquote(struct str s)
{
	s = str_trim(s);
	if (s.len < 2 || s.p[0] != '"' || sip_quoted_len(s) != s.len)
		return s;
	return (struct str){ s.p + 1, s.len - 2 };
}
