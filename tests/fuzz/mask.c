/*
 * Masking: what is shown of a message does not depend on where it is cut short, and what
 * stands in an element that is secret is not shown.
 */
#include "base/buf.h"
#include "fuzz.h"
#include "trace/mask.h"

#define CANARY "c4nary0fEverything"

static void
check_limit(struct str in, const struct buf *whole, size_t limit)
{
	struct buf out;

	buf_init(&out, 4 * in.len + 4096);
	CHECK(mask_body(MASK_TRACE, in, limit, &out) <= in.len);
	CHECK(!out.failed && out.len <= whole->len);
	CHECK(out.len >= limit || out.len == whole->len);
	CHECK(out.len == 0 || memcmp(out.data, whole->data, out.len) == 0);
	buf_free(&out);
}

/* The input, whatever it is, around a secret that is well marked. */
static void
check_canary(struct str in)
{
	struct buf text, out;

	if (in.len > 0 && memmem(in.p, in.len, CANARY, strlen(CANARY)) != NULL)
		return; /* libFuzzer has read it here */
	buf_init(&text, in.len + 4096);
	buf_init(&out, 4 * in.len + 16384);
	buf_puts(&text, "<Password>" CANARY);
	buf_puts(&text, "</Password>");
	buf_str(&text, in);
	(void)mask_body(MASK_TRACE, buf_view(&text), out.max, &out);
	CHECK(!out.failed);
	CHECK(memmem(out.data, out.len, CANARY, strlen(CANARY)) == NULL);
	buf_free(&out);
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size);
	struct buf out;

	buf_init(&out, 4 * size + 4096);
	CHECK(mask_body(MASK_TRACE, in, 4 * size + 1024, &out) == size);
	CHECK(!out.failed);
	check_limit(in, &out, size / 3);
	check_limit(in, &out, 0);
	check_canary(in);
	buf_clear(&out);
	CHECK(mask_body(MASK_TRANSCRIPT, in, 4 * size + 1024, &out) == size);
	buf_clear(&out);
	mask_head(MASK_TRACE, in, &out);
	CHECK(!out.failed && (out.len == 0 || out.data[out.len - 1] == '\n'));
	buf_clear(&out);
	mask_head(MASK_TRANSCRIPT, in, &out);
	mask_header(MASK_TRACE, STR_LIT("WWW-Authenticate"), in, &out);
	CHECK(!out.failed);
	buf_clear(&out);
	mask_text(in, &out);
	CHECK(!out.failed);
	buf_free(&out);
	return 0;
}
