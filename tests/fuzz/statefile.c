/* A state file: what was read, written and read again, is written the same. */
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "state/statefile.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { .cause = CAUSE_NONE };
	struct state s;
	struct buf once, twice;

	if (!statefile_peek(fuzz_file(fuzz_str(data, size)), &s, &err)) {
		CHECK(err.cause != CAUSE_NONE && fuzz_is_printable(str_of(err.detail)));
		CHECK(s.ntests == 0 && s.tests == NULL);
		state_free(&s);
		return 0;
	}
	buf_init(&once, 16 * 1024 * 1024);
	buf_init(&twice, 16 * 1024 * 1024);
	statefile_format(&once, &s);
	CHECK(!once.failed);
	state_free(&s);
	CHECK(statefile_peek(fuzz_file(buf_view(&once)), &s, &err));
	statefile_format(&twice, &s);
	CHECK(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	state_free(&s);
	buf_free(&twice);
	buf_free(&once);
	return 0;
}
