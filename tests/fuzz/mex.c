/* The metadata of both web services. */
#include "vocab/err.h"
#include "fuzz.h"
#include "soap/mex.h"

static void
certprov(struct str text)
{
	struct mex_certprov m;
	struct err err = { .cause = CAUSE_NONE };

	fuzz_fill(&m, sizeof(m));
	if (mex_parse_certprov(text, &m, &err)) {
		CHECK(strlen(m.issuer) < URL_MAX && strlen(m.service) < URL_MAX);
		CHECK(m.issuer[0] != '\0' && m.service[0] != '\0');
	} else {
		CHECK(fuzz_untouched(&m, sizeof(m)) && err.cause != CAUSE_NONE);
		CHECK(fuzz_is_printable(str_of(err.detail)));
	}
}

static void
ticket(struct str text)
{
	static const char *const wanted[] = { "WebTicketServiceWinNegotiate",
		"WebTicketServiceWinNtlm", NULL };
	struct mex_ticket m;
	struct err err = { .cause = CAUSE_NONE };

	fuzz_fill(&m, sizeof(m));
	if (mex_parse_ticket(text, wanted, &m, &err)) {
		CHECK(strlen(m.url) < URL_MAX);
		CHECK(strlen(m.ports) < sizeof(m.ports));
	} else {
		CHECK(fuzz_untouched(&m, sizeof(m)) && err.cause != CAUSE_NONE);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	certprov(fuzz_str(data, size));
	ticket(fuzz_str(data, size));
	return 0;
}
