#include "lab/published.h"

#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include <openssl/x509.h>

#include "base/json.h"
#include "base/text.h"

struct published_entry {
	char address[SIP_ADDRESS_MAX];
	char device[CRYPTO_UUID_SIZE];
	uint8_t print[PUBLISHED_PRINT];
	int64_t not_after;
};

bool
lab_published_print(X509 *cert, uint8_t ret[PUBLISHED_PRINT])
{
	unsigned len = PUBLISHED_PRINT;

	return X509_digest(cert, EVP_sha256(), ret, &len) == 1;
}

static struct published_entry *
find_or_append(struct lab_published *p, const char *address, const char *device)
{
	struct published_entry *v;

	for (size_t i = 0; i < p->n; i++)
		if (strcasecmp(p->v[i].address, address) == 0 &&
		    strcasecmp(p->v[i].device, device) == 0)
			return &p->v[i];
	if (p->n == PUBLISHED_MAX)
		return NULL;
	v = realloc(p->v, (p->n + 1) * sizeof(*v));
	if (v == NULL)
		return NULL;
	p->v = v;
	return &p->v[p->n++];
}

bool
lab_published_add(
    struct lab_published *p, const char *address, const char *device, X509 *cert)
{
	struct published_entry e = { .not_after = 0 };
	struct published_entry *at;
	struct tm tm;

	if (!str_copy(e.address, sizeof(e.address), str_of(address)) ||
	    !str_copy(e.device, sizeof(e.device), str_of(device)) ||
	    !lab_published_print(cert, e.print) ||
	    ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) != 1)
		return false;
	e.not_after = (int64_t)timegm(&tm);
	at = find_or_append(p, address, device);
	if (at == NULL)
		return false;
	*at = e;
	p->issued++;
	return true;
}

bool
lab_published_has(const struct lab_published *p, const char *address,
    const uint8_t print[PUBLISHED_PRINT])
{
	for (size_t i = 0; i < p->n; i++)
		if (memcmp(p->v[i].print, print, PUBLISHED_PRINT) == 0)
			return strcasecmp(p->v[i].address, address) == 0;
	return false;
}

size_t
lab_published_revoke(struct lab_published *p, const char *address)
{
	size_t kept = 0, before = p->n;

	for (size_t i = 0; i < before; i++)
		if (strcasecmp(p->v[i].address, address) != 0)
			p->v[kept++] = p->v[i];
	p->n = kept;
	return before - kept;
}

void
lab_published_free(struct lab_published *p)
{
	free(p->v);
	*p = (struct lab_published){ NULL, 0, 0 };
}

void
lab_published_list(const struct lab_published *p, struct json *j, const char *key)
{
	jsonw_array(j, key);
	for (size_t i = 0; i < p->n; i++) {
		char hex[2 * PUBLISHED_PRINT + 1], until[TEXT_TIME_SIZE];

		crypto_hex(hex, p->v[i].print, PUBLISHED_PRINT);
		text_time_s(until, p->v[i].not_after);
		jsonw_object(j, NULL);
		jsonw_string(j, "user", p->v[i].address);
		jsonw_string(j, "device", p->v[i].device);
		jsonw_string(j, "sha256", hex);
		jsonw_string(j, "not_after", until);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}
