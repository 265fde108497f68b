/* Addresses: of users, and in the headers From, To, Contact. */
#include "fuzz.h"
#include "sip/endpoint.h"
#include "sip/msg.h"

static void
check_user(struct str in)
{
	char address[SIP_ADDRESS_MAX], again[SIP_ADDRESS_MAX];

	fuzz_fill(address, sizeof(address));
	if (!sip_address_parse(in, address)) {
		CHECK(fuzz_untouched(address, sizeof(address)));
		return;
	}
	CHECK(fuzz_is_printable(str_of(address)));
	CHECK(sip_address_domain(address).len > 0);
	CHECK(sip_address_parse(str_of(address), again) && strcmp(address, again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const params[] = { "tag", "epid", "+sip.instance", "" };
	struct str in = fuzz_str(data, size), rest = in, one;
	size_t elements = 0;

	check_user(in);
	while (sip_next_element(&rest, &one)) {
		CHECK(++elements <= size + 1 && fuzz_within(one, in));
		CHECK(fuzz_within(sip_addr_uri(one), one));
		for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
			CHECK(fuzz_within(sip_addr_param(one, params[i]), one));
	}
	return 0;
}
