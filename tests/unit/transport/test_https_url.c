/* transport/https_url: host and port of a URL; what is not https is refused. */
#include <string.h>
#include <strings.h>

#include "../cases.h"
#include "transport/https.h"

#define HOST_SIZE 64
#define X16	  "xxxxxxxxxxxxxxxx"
#define X63	  X16 X16 X16 "xxxxxxxxxxxxxxx"

static const struct url_case {
	const char *name, *url;
	const char *host; /* NULL: refused */
	uint16_t port;
} url_cases[] = {
	{ "host alone", "https://web.lab.example", "web.lab.example", 443 },
	{ "with path", "https://a/b:1@c", "a", 443 },
	{ "with query", "https://a?b@c:9", "a", 443 },
	{ "with fragment", "https://a#b@c", "a", 443 },
	{ "with port", "https://a:4443/x", "a", 4443 },
	{ "lowest port", "https://a:1", "a", 1 },
	{ "highest port", "https://a:65535", "a", 65535 },
	{ "any case of the scheme", "HTTPS://A.Example/", "A.Example", 443 },
	{ "an absolute name", "https://web.lab.example./", "web.lab.example.", 443 },
	{ "IPv4", "https://192.0.2.1:4443", "192.0.2.1", 4443 },
	{ "IPv6", "https://[2001:db8::1]/x", "2001:db8::1", 443 },
	{ "IPv6 and port", "https://[::1]:4443/x", "::1", 4443 },
	{ "a host that just fits", "https://" X63, X63, 443 },

	{ "empty", "", NULL, 0 },
	{ "no scheme", "web.lab.example", NULL, 0 },
	{ "http", "http://a", NULL, 0 },
	{ "a scheme that begins alike", "https:/a", NULL, 0 },
	{ "no host", "https://", NULL, 0 },
	{ "no host but a path", "https:///a", NULL, 0 },
	{ "no host but a port", "https://:443", NULL, 0 },
	{ "a user", "https://web.lab.example@evil.example/", NULL, 0 },
	{ "a user and password", "https://a:b@c", NULL, 0 },
	{ "port 0", "https://a:0", NULL, 0 },
	{ "port 65536", "https://a:65536", NULL, 0 },
	{ "no port after its colon", "https://a:/", NULL, 0 },
	{ "a port that is no number", "https://a:4x/", NULL, 0 },
	{ "two ports", "https://a:1:2", NULL, 0 },
	{ "a blank in the host", "https://a b/", NULL, 0 },
	{ "a line end in the host", "https://a\r\nb/", NULL, 0 },
	{ "octets beyond ASCII", "https://\xc3\xa4/", NULL, 0 },
	{ "a backslash in the host", "https://a\\@b/", NULL, 0 },
	{ "a backslash and a domain", "https://evil.org\\.lab.example/", NULL, 0 },
	{ "an escape in the host", "https://evil.org%2f.lab.example/", NULL, 0 },
	{ "an escaped dot", "https://web%2elab.example/", NULL, 0 },
	{ "labels without octets", "https://a..b/", NULL, 0 },
	{ "nothing but a dot", "https://./", NULL, 0 },
	{ "a zone of an IPv6 address", "https://[fe80::1%25eth0]/", NULL, 0 },
	{ "IPv6 without its end", "https://[::1", NULL, 0 },
	{ "IPv6 with nothing inside", "https://[]", NULL, 0 },
	{ "IPv6 and rubbish", "https://[::1]x", NULL, 0 },
	{ "IPv6 and port 0", "https://[::1]:0", NULL, 0 },
	{ "a host that is too long", "https://" X63 "x", NULL, 0 },
};

static void
check_url(void **state)
{
	const struct url_case *tc = *state;
	char host[HOST_SIZE] = "before";
	uint16_t port = 7;

	assert_int_equal(
	    https_url_host(tc->url, host, sizeof(host), &port), tc->host != NULL);
	assert_int_equal(port, tc->host != NULL ? tc->port : 7);
	assert_string_equal(host, tc->host != NULL ? tc->host : "before");
}

static const struct url_case any_cases[] = {
	{ "https", "https://a/b", "a", 443 },
	{ "http", "http://a/b", "a", 80 },
	{ "http with port", "HTTP://a:8080", "a", 8080 },
	{ "http with a user", "http://a@b/", NULL, 0 },
	{ "ftp", "ftp://a/", NULL, 0 },
	{ "nothing", "", NULL, 0 },
};

/* Where clear text may be. */
static void
check_any(void **state)
{
	const struct url_case *tc = *state;
	char host[HOST_SIZE] = "before";
	uint16_t port = 7;

	assert_int_equal(
	    https_url_host_any(tc->url, host, sizeof(host), &port), tc->host != NULL);
	assert_string_equal(host, tc->host == NULL ? "before" : tc->host);
	assert_int_equal(port, tc->host == NULL ? 7 : tc->port);
	assert_int_equal(https_url_is_clear_text(tc->url),
	    (tc->url[0] | 0x20) == 'h' && strncasecmp(tc->url, "https", 5) != 0);
}

RUN_CASES(ROWS("url", url_cases, check_url), ROWS("any", any_cases, check_any));
