#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "transport/https.h"

/*
 * Nothing that libcurl, DNS and code that compares domains could read in different ways:
 * no escapes, no backslash. An absolute name has a dot at its end.
 */
static bool
is_name(struct str s)
{
	if (s.len > 0 && s.p[s.len - 1] == '.')
		s.len--;
	return text_is_host(s);
}

static bool
is_literal(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("0123456789abcdefABCDEF:.", s.p[i]) == NULL)
			return false;
	return s.len > 0;
}

static bool
url_host(const char *url, const char *scheme, uint64_t port, char *host, size_t size,
    uint16_t *ret_port)
{
	struct str rest = str_of(url), authority, name;
	bool literal;

	if (!str_caseprefix(rest, scheme))
		return false;
	rest.p += strlen(scheme);
	rest.len -= strlen(scheme);
	authority.p = rest.p;
	authority.len = strcspn(rest.p, "/?#");
	if (authority.len == 0 || memchr(authority.p, '@', authority.len) != NULL)
		return false;
	literal = authority.p[0] == '[';
	if (literal) {
		const char *end = memchr(authority.p, ']', authority.len);

		if (end == NULL)
			return false;
		name = (struct str){ authority.p + 1, (size_t)(end - authority.p - 1) };
		rest = (struct str){ end + 1, authority.len - name.len - 2 };
		if (rest.len > 0 &&
		    (rest.p[0] != ':' ||
			!str_uint(
			    (struct str){ rest.p + 1, rest.len - 1 }, 1, 65535, &port)))
			return false;
	} else {
		rest = str_split(authority, ':', &name);
		if (rest.p != NULL && !str_uint(rest, 1, 65535, &port))
			return false;
	}
	if (!(literal ? is_literal(name) : is_name(name)) || !str_copy(host, size, name))
		return false;
	*ret_port = (uint16_t)port;
	return true;
}

bool
https_url_host(const char *url, char *host, size_t size, uint16_t *ret_port)
{
	return url_host(url, "https://", 443, host, size, ret_port);
}

bool
https_url_is_clear_text(const char *url)
{
	return str_caseprefix(str_of(url), "http://");
}

bool
https_url_host_any(const char *url, char *host, size_t size, uint16_t *ret_port)
{
	return https_url_is_clear_text(url)
		   ? url_host(url, "http://", 80, host, size, ret_port)
		   : https_url_host(url, host, size, ret_port);
}
