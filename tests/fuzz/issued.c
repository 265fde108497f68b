#include "issued.h"

#include "../unit/tls/certs.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "tls/identity.h"

static struct identity *identity;
static unsigned char *der;
static int der_len;

static void
free_all(void)
{
	identity_free(identity);
	OPENSSL_free(der);
}

struct identity *
issued_identity(void)
{
	struct err err;

	if (identity == NULL) {
		identity = identity_new(ISSUED_FOR, NULL, &err);
		CHECK(identity != NULL);
		atexit(free_all);
	}
	return identity;
}

struct str
issued_certificate(void)
{
	struct cert_spec spec = { .cn = ISSUED_FOR, .eku = "clientAuth" };
	struct cert_spec ca = { .cn = "Communications Server", .ca = 1 };
	struct str request = identity_request(issued_identity());
	const unsigned char *p = (const unsigned char *)request.p;
	X509_REQ *req;
	X509 *issuer, *cert;
	EVP_PKEY *key;

	if (der == NULL) {
		req = d2i_X509_REQ(NULL, &p, (long)request.len);
		key = X509_REQ_get_pubkey(req);
		issuer = certs_make(&ca, certs_key(0, 0), NULL, NULL);
		cert = certs_make(&spec, key, issuer, certs_key(0, 0));
		der_len = i2d_X509(cert, &der);
		CHECK(der_len > 0);
		X509_free(cert);
		X509_free(issuer);
		EVP_PKEY_free(key);
		X509_REQ_free(req);
	}
	return (struct str){ (const char *)der, (size_t)der_len };
}
