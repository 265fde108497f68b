/* Where a message ends: the same wherever the stream is cut. */
#include "vocab/err.h"
#include "fuzz.h"
#include "sip/frame.h"

#define CUTS_MAX 400 /* octets; longer streams are cut in a few places only */

static void
check_cut(struct str in, size_t at, enum sip_frame whole, size_t end)
{
	size_t skip = 0, len = 0;
	struct err err;
	enum sip_frame f = sip_frame((struct str){ in.p, at }, &skip, &len, &err);

	CHECK(f != SIP_FRAME_WHOLE || (whole == SIP_FRAME_WHOLE && skip + len == end));
	CHECK(f != SIP_FRAME_NEVER || whole == SIP_FRAME_NEVER);
	CHECK(f != SIP_FRAME_MORE || skip <= at);
	/* Nothing is dropped that a message is made of. */
	CHECK(f != SIP_FRAME_MORE || whole != SIP_FRAME_WHOLE || skip + len <= end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size);
	size_t skip = 0, len = 0, step = size <= CUTS_MAX ? 1 : size / 16;
	struct err err = { .cause = CAUSE_NONE };
	enum sip_frame f = sip_frame(in, &skip, &len, &err);

	CHECK(f != SIP_FRAME_NEVER || err.cause == CAUSE_LIMIT ||
	      err.cause == CAUSE_PROTOCOL);
	CHECK(f != SIP_FRAME_WHOLE || (len > 0 && skip <= size && len <= size - skip));
	for (size_t at = 0; at < size; at += step)
		check_cut(in, at, f, skip + len);
	return 0;
}
