#include "signer.h"

#include <openssl/evp.h>

#include "vocab/err.h"
#include "lab/x509.h"
#include "lab/xmlsig.h"
#include "scratch.h"
#include "tests/unit/cases.h"

struct lab_xmlsig *
signer_new(void)
{
	const char *path = scratch_path("ticket.key");
	struct err err;
	EVP_PKEY *key = lab_x509_make_key(&err);
	struct lab_xmlsig *x;

	assert_non_null(key);
	assert_true(lab_x509_write_key(path, key, &err));
	EVP_PKEY_free(key);
	x = lab_xmlsig_new(path, &err);
	assert_non_null(x);
	return x;
}
