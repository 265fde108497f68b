/* Times and durations as text. */
#include "base/text.h"
#include "fuzz.h"

static void
check_round(int64_t s)
{
	char text[TEXT_TIME_SIZE];
	int64_t again;

	text_time_s(text, s);
	CHECK(text_parse_time(str_of(text), &again) && again == s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size);
	int64_t s = 7;
	uint64_t ms = 7;

	if (!text_parse_time(in, &s))
		CHECK(s == 7);
	else if (s >= INT64_C(-62135596800) && s <= INT64_C(253402300799))
		check_round(s);
	s = 7;
	if (text_parse_date(in, &s))
		check_round(s);
	else
		CHECK(s == 7);
	if (text_parse_duration(in, &ms))
		CHECK(ms <= UINT64_C(366) * 86400 * 1000);
	else
		CHECK(ms == 7);
	return 0;
}
