/* A file of a trace: what was read is written, read again and written the same. */
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "trace/html.h"
#include "trace/trace_json.h"
#include "trace/pretty.h"
#include "trace/trace.h"

static void
check_page(const struct trace *t)
{
	struct buf out;

	buf_init(&out, HTML_PART_MAX);
	html_trace(&out, t);
	CHECK(!out.failed);
	for (size_t i = 0; i < out.len; i++)
		CHECK((unsigned char)out.data[i] >= ' ' || out.data[i] == '\n');
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { .cause = CAUSE_NONE };
	struct trace *t = trace_json_parse(fuzz_str(data, size), &err), *again;
	struct buf once, twice;

	buf_init(&once, TRACE_FILE_MAX);
	buf_init(&twice, TRACE_FILE_MAX);
	pretty_body(fuzz_str(data, size), &once);
	buf_clear(&once);
	if (t == NULL) {
		CHECK(err.cause != CAUSE_NONE && err.detail[0] != '\0');
	} else {
		CHECK(trace_size(t) <= TRACE_MAX + 3 * TRACE_RECORD_MAX);
		check_page(t);
		trace_json_format(t, &once);
		CHECK(!once.failed);
		again = trace_json_parse(buf_view(&once), &err);
		CHECK(again != NULL);
		trace_json_format(again, &twice);
		CHECK(once.len == twice.len &&
		      memcmp(once.data, twice.data, once.len) == 0);
		trace_free(again);
	}
	trace_free(t);
	buf_free(&twice);
	buf_free(&once);
	return 0;
}
