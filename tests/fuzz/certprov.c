/* The answer of the certificate provisioning service. */
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "soap/certprov.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { .cause = CAUSE_NONE };
	struct buf der;

	buf_init(&der, 65536);
	if (certprov_parse(fuzz_str(data, size), &der, &err)) {
		CHECK(!der.failed && der.len > 0 && der.len < size);
	} else {
		CHECK(der.len == 0);
		CHECK(err.cause != CAUSE_NONE && fuzz_is_printable(str_of(err.detail)) &&
		      fuzz_is_printable(str_of(err.said)));
	}
	buf_free(&der);
	return 0;
}
