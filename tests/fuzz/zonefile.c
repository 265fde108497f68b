/* A file of the time zone database, and the rule that is at the end of one. */
#include "base/zonefile.h"
#include "fuzz.h"

#define OFFSET_MAX_S (27 * 3600)

static bool
is_possible(int32_t offset_s)
{
	return offset_s > -OFFSET_MAX_S && offset_s < OFFSET_MAX_S;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t moments[] = { INT64_C(-4000000000), 0, 1711846740,
		INT64_C(4102444800), INT64_C(32503680000) };
	struct zonerule rule;
	struct zonefile file;

	fuzz_fill(&rule, sizeof(rule));
	if (zonerule_parse(fuzz_str(data, size), &rule))
		for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
			CHECK(is_possible(zonerule_offset(&rule, moments[i])));
	else
		CHECK(fuzz_untouched(&rule, sizeof(rule)));
	fuzz_fill(&file, sizeof(file));
	if (!zonefile_parse(fuzz_str(data, size), &file)) {
		CHECK(fuzz_untouched(&file, sizeof(file)));
		return 0;
	}
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
		CHECK(is_possible(zonefile_offset(&file, moments[i])));
	zonefile_clear(&file);
	return 0;
}
