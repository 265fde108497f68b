/* A line from the control socket: what was understood, written and read, is the same. */
#include "base/buf.h"
#include "vocab/err.h"
#include "control/request.h"
#include "fuzz.h"

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void
check_again(const struct control_request *r)
{
	struct control_request again;
	struct err err;
	struct buf b;

	CHECK(r->verb < COMMAND_COUNT && r->nnames <= CONTROL_NAMES_MAX);
	buf_init(&b, 8 * CONTROL_LINE_MAX);
	control_request_write(&b, r);
	CHECK(!b.failed && b.len > 0 && b.data[b.len - 1] == '\n');
	if (b.len <= CONTROL_LINE_MAX) {
		CHECK(control_request_read(
		    (struct str){ b.data, b.len - 1 }, &again, &err));
		CHECK(r->verb == again.verb && r->verbose == again.verbose);
		CHECK(r->nnames == again.nnames && r->for_ms == again.for_ms);
		CHECK(same_text(r->reason, again.reason));
		CHECK(same_text(r->user, again.user));
		CHECK(same_text(r->about, again.about));
		for (size_t i = 0; i < r->nnames; i++)
			CHECK(same_text(r->names[i], again.names[i]));
		control_request_free(&again);
	}
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct control_request r;
	struct err err = { .cause = CAUSE_NONE };

	fuzz_fill(&r, sizeof(r));
	if (control_request_read(fuzz_str(data, size), &r, &err)) {
		check_again(&r);
		control_request_free(&r);
	} else {
		CHECK(fuzz_untouched(&r, sizeof(r)));
		CHECK(fuzz_is_printable(str_of(err.detail)));
	}
	return 0;
}
