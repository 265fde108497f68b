#include "sip/msg.h"

#include "sip/quote.h"

static struct str
from(struct str s, size_t at)
{
	return (struct str){ s.p + at, s.len - at };
}

/*
 * Splits an address at its brackets. Without them every parameter is the header's (RFC
 * 3261 20.10). *ret_params begins with ';' or is empty.
 */
static bool
cut_address(struct str value, struct str *ret_uri, struct str *ret_params)
{
	size_t open = sip_find_unquoted(value, "<");
	struct str inside, rest;

	if (value.p == NULL)
		return false;
	if (open == value.len) {
		size_t semi = sip_find_unquoted(value, ";");

		*ret_uri = str_trim((struct str){ value.p, semi });
		*ret_params = from(value, semi);
		return true;
	}
	rest = str_split(from(value, open + 1), '>', &inside);
	if (rest.p == NULL)
		return false;
	*ret_uri = inside;
	*ret_params = from(rest, sip_find_unquoted(rest, ";"));
	return true;
}

struct str
sip_addr_uri(struct str value)
{
	struct str uri, params;

	return cut_address(value, &uri, &params) ? uri : STR_NULL;
}

struct str
sip_addr_param(struct str value, const char *name)
{
	struct str uri, params;

	if (!cut_address(value, &uri, &params))
		return STR_NULL;
	while (params.len > 0) {
		struct str one, key, content;
		size_t at;

		params = from(params, 1);
		at = sip_find_unquoted(params, ";");
		one = (struct str){ params.p, at };
		params = from(params, at);
		content = str_split(one, '=', &key);
		key = str_trim(key);
		if (!str_caseeq(key, name))
			continue;
		if (content.p == NULL) /* a flag: present, without value */
			return (struct str){ key.p + key.len, 0 };
		return sip_unquote(content);
	}
	return STR_NULL;
}

/* Where the element ends: a comma outside quotes and outside the brackets of a URI. */
static size_t
element_length(struct str s)
{
	size_t at = 0;

	for (;;) {
		at += sip_find_unquoted(from(s, at), ",<");
		if (at == s.len || s.p[at] == ',')
			return at;
		while (at < s.len && s.p[at] != '>')
			at++;
	}
}

bool
sip_next_element(struct str *rest, struct str *ret)
{
	while (rest->len > 0) {
		size_t at = element_length(*rest);
		struct str one = str_trim((struct str){ rest->p, at });

		*rest = from(*rest, at < rest->len ? at + 1 : at);
		if (one.len > 0) {
			*ret = one;
			return true;
		}
	}
	return false;
}
