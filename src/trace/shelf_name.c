/* shelf_name - names of tests, which may be anything, as names of directories. */
#include <stdio.h>
#include <string.h>

#include "crypto/crypto.h"
#include "trace/shelf.h"

#define CUT_MAX	      128 /* octets in front of the digest */
#define DIGEST_OCTETS 16

static bool
is_plain(char c, bool first)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_-";

	return c != '\0' && (strchr(plain, c) != NULL || (c == '.' && !first));
}

/* False: it does not fit; as much as does is there. */
static bool
encode(const char *test, char *ret, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; test[i] != '\0'; i++) {
		size_t n = is_plain(test[i], i == 0) ? 1 : 3;

		if (at + n >= size)
			return false;
		if (n == 1)
			ret[at] = test[i];
		else
			snprintf(ret + at, size - at, "%%%02X", (unsigned char)test[i]);
		at += n;
		ret[at] = '\0';
	}
	return at > 0;
}

/* '~' stands in no name that is whole. */
void
shelf_encode(const char *test, char ret[SHELF_NAME_SIZE])
{
	uint8_t digest[CRYPTO_DIGEST_MAX] = { 0 };
	size_t n;

	ret[0] = '\0';
	if (encode(test, ret, SHELF_NAME_SIZE))
		return;
	(void)encode(test, ret, CUT_MAX);
	(void)crypto_hash(DIGEST_SHA256, str_of(test), digest);
	n = strlen(ret);
	ret[n++] = '~';
	crypto_hex(ret + n, digest, DIGEST_OCTETS);
}

bool
shelf_decode(const char *name, char *ret, size_t size)
{
	char again[SHELF_NAME_SIZE];
	size_t at = 0;
	uint8_t octet;

	for (size_t i = 0; name[i] != '\0' && at + 1 < size; i++) {
		ret[at] = name[i];
		if (name[i] == '%') {
			if (strlen(name + i) < 3 ||
			    !crypto_unhex((struct str){ name + i + 1, 2 }, &octet, 1))
				return false;
			ret[at] = (char)octet;
			i += 2;
		}
		if (ret[at++] == '\0')
			return false;
	}
	ret[at] = '\0';
	/* Only what we would have written ourselves. */
	shelf_encode(ret, again);
	return strchr(name, '~') == NULL && strcmp(again, name) == 0;
}
