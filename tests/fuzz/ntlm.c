/* A CHALLENGE_MESSAGE of NTLM; the answer stays within its limits. */
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "auth/ntlm.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ntlm_login l = {
		.username = "LAB\\alice",
		.password = "correct horse",
		.workstation = "watch1",
		.now_ms = INT64_C(1700000000000),
	};
	struct err err = { .cause = CAUSE_NONE };
	struct buf out;

	buf_init(&out, NTLM_MESSAGE_MAX);
	if (ntlm_authenticate(&l, fuzz_str(data, size), &out, &err)) {
		CHECK(!out.failed && out.len > 64);
		CHECK(memcmp(out.data, "NTLMSSP\0\3\0\0\0", 12) == 0);
	} else {
		CHECK(err.cause == CAUSE_PROTOCOL || err.cause == CAUSE_LOCAL);
		CHECK(fuzz_is_printable(str_of(err.detail)));
	}
	buf_free(&out);
	return 0;
}
