/*
 * What GetAndPublishCert issued: DER as it stands, or changes to a certificate that is
 * right. The key in whatever is taken is ours.
 */
#include <time.h>

#include <openssl/x509.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "issued.h"
#include "tls/credential.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size);
	struct err err = { .cause = CAUSE_NONE };
	struct credential *c;
	bool odd = false;
	struct buf der;

	buf_init(&der, 65536);
	if (size > 0 && data[0] == 0x30)
		buf_str(&der, in);
	else
		fuzz_edit(issued_certificate(), in, &der);
	c = credential_new(
	    issued_identity(), buf_view(&der), ISSUED_FOR, time(NULL), &odd, &err);
	if (c != NULL) {
		CHECK(X509_check_private_key(credential_cert(c), credential_key(c)) == 1);
		CHECK(credential_facts(c)->known);
	} else {
		CHECK(err.cause == CAUSE_CERTIFICATE || err.cause == CAUSE_PROTOCOL);
		CHECK(fuzz_is_printable(str_of(err.detail)));
	}
	CHECK(size > 0 || c != NULL);
	credential_free(c);
	buf_free(&der);
	return 0;
}
