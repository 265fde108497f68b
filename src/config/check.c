#include "config/check.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/credential.h"
#include "base/text.h"
#include "sip/endpoint.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

static bool
only(struct str s, const char *chars)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '\0' || strchr(chars, s.p[i]) == NULL)
			return false;
	return s.len > 0;
}

static bool
visible(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	return s.len > 0;
}

bool
check_fqdn(const char *s)
{
	return text_is_host(str_of(s)) && !check_address(s);
}

bool
check_sip(const char *s)
{
	char address[SIP_ADDRESS_MAX];

	return sip_address_parse(str_of(s), address);
}

bool
check_username(const char *s)
{
	return credential_is_username(str_of(s));
}

static bool
good_port(struct str s)
{
	uint64_t port;

	return str_uint(s, 1, 65535, &port);
}

/*
 * Returns whether s is HOST or HOST:PORT, where HOST is a name or an address, an IPv6
 * address in brackets.
 */
static bool
good_authority(struct str s)
{
	struct str host, rest;
	char literal[64];

	if (s.len > 0 && s.p[0] == '[') {
		rest = str_split((struct str){ s.p + 1, s.len - 1 }, ']', &host);
		if (rest.p == NULL || !str_copy(literal, sizeof(literal), host) ||
		    !check_address(literal))
			return false;
		return rest.len == 0 ||
		       (rest.p[0] == ':' &&
			   good_port((struct str){ rest.p + 1, rest.len - 1 }));
	}
	rest = str_split(s, ':', &host);
	return text_is_host(host) && (rest.p == NULL || good_port(rest));
}

bool
check_https_uri(const char *s)
{
	struct str all = str_of(s), authority, path;

	if (!str_caseprefix(all, "https://") || !visible(all))
		return false;
	path = str_split((struct str){ all.p + 8, all.len - 8 }, '/', &authority);
	if (path.p != NULL && path.len > 0 && memchr(path.p, '#', path.len) != NULL)
		return false;
	return good_authority(authority);
}

bool
check_address(const char *s)
{
	unsigned char raw[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, s, raw) == 1 || inet_pton(AF_INET6, s, raw) == 1;
}

bool
check_server(const char *s)
{
	char literal[64];
	struct str host;

	if (check_address(s))
		return true;
	if (s[0] == '[')
		return good_authority(str_of(s));
	(void)str_split(str_of(s), ':', &host);
	return str_copy(literal, sizeof(literal), host) && check_address(literal) &&
	       good_authority(str_of(s));
}

bool
check_endpoint(const char *s)
{
	const char *end = s[0] == '[' ? strchr(s, ']') : s;

	return end != NULL && strchr(end, ':') != NULL && good_authority(str_of(s));
}

bool
check_suffix(const char *s)
{
	return s[0] == '\0' || only(str_of(s), LETTERS DIGITS);
}

bool
check_agent(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

bool
check_test_name(const char *s)
{
	return only(str_of(s), LETTERS DIGITS "._-+@:/");
}
