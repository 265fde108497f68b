#include "signer.h"

#include <openssl/evp.h>

#include "vocab/err.h"
#include "lab/x509.h"
#include "lab/xmlsig.h"
#include "scratch.h"
#include "tests/unit/cases.h"

struct xmlsig *
signer_new(void)
{
	const char *path = scratch_path("ticket.key");
	struct err err;
	EVP_PKEY *key = x509_make_key(&err);
	struct xmlsig *x;

	assert_non_null(key);
	assert_true(x509_write_key(path, key, &err));
	EVP_PKEY_free(key);
	x = xmlsig_new(path, &err);
	assert_non_null(x);
	return x;
}
