/* The value of a header that challenges, or answers a challenge. */
#include "fuzz.h"
#include "sip/auth.h"

static void
check_auth(const struct sip_auth *a, struct str in)
{
	CHECK(a->scheme.len > 0 && fuzz_within(a->scheme, in));
	CHECK(a->n <= SIP_AUTH_PARAMS_MAX);
	for (unsigned i = 0; i < a->n; i++) {
		CHECK(a->param[i].name.len > 0 && fuzz_within(a->param[i].name, in));
		CHECK(fuzz_within(a->param[i].value, in));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size), rest = in, before = in;
	struct sip_auth a;

	fuzz_fill(&a, sizeof(a));
	while (sip_auth_next(&rest, &a)) {
		check_auth(&a, in);
		CHECK(rest.len < before.len && fuzz_within(rest, in));
		before = rest;
		fuzz_fill(&a, sizeof(a));
	}
	CHECK(fuzz_untouched(&a, sizeof(a)));
	CHECK(rest.p == before.p && rest.len == before.len);
	return 0;
}
