/* SOAP faults, and X-Ms-diagnostics. */
#include "fuzz.h"
#include "soap/fault.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault f;

	if (fault_parse(fuzz_str(data, size), &f))
		CHECK(fuzz_is_printable(str_of(f.text)));
	if (fault_parse_diagnostics(fuzz_str(data, size), &f))
		CHECK(f.id != 0 && fuzz_is_printable(str_of(f.text)));
	return 0;
}
