/* base64 and hex, there and back. */
#include "base/buf.h"
#include "crypto/crypto.h"
#include "fuzz.h"

static void
there_and_back(struct str in, void (*encode)(struct buf *, const void *, size_t))
{
	struct buf text, back;

	buf_init(&text, 2 * in.len + 64);
	buf_init(&back, in.len + 64);
	encode(&text, in.p, in.len);
	CHECK(!text.failed && crypto_unbase64(buf_view(&text), &back));
	CHECK(back.len == in.len);
	CHECK(in.len == 0 || memcmp(back.data, in.p, in.len) == 0);
	buf_free(&back);
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size);
	uint8_t octets[32];
	char hex[65];
	struct buf out;

	buf_init(&out, size + 64);
	if (crypto_unbase64(in, &out))
		CHECK(!out.failed && out.len <= size / 4 * 3 + 3);
	there_and_back(buf_view(&out), crypto_base64);
	there_and_back(in, crypto_base64_lines);
	buf_free(&out);
	fuzz_fill(octets, sizeof(octets));
	if (crypto_unhex(in, octets, size / 2 < 32 ? size / 2 : 32)) {
		crypto_hex(hex, octets, size / 2);
		CHECK(str_caseeq(in, hex));
	} else {
		CHECK(fuzz_untouched(octets, sizeof(octets)));
	}
	return 0;
}
