/* Foreign text made safe to show, in a line, in XML, in JSON. */
#include <jansson.h>

#include "base/buf.h"
#include "base/text.h"
#include "fuzz.h"

/* Not base/json.h, which cannot be included beside jansson.h. */
struct json;
void text_as_json(struct buf *out, struct str s);

static void
check_json(struct str in)
{
	struct buf b;
	json_error_t e;
	json_t *v;

	buf_init(&b, 8 * in.len + 64);
	text_as_json(&b, in);
	CHECK(!b.failed);
	v = json_loadb(b.data, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
	CHECK(json_is_string(v));
	json_decref(v);
	buf_free(&b);
}

static void
check_value(struct str in)
{
	struct buf b;
	bool quoted;

	buf_init(&b, 4 * in.len + 64);
	text_value(&b, in);
	CHECK(!b.failed && b.len > 0);
	quoted = b.data[0] == '"';
	CHECK(!quoted || b.data[b.len - 1] == '"');
	for (size_t i = 0; i < b.len; i++)
		CHECK((unsigned char)b.data[i] >= ' ' && (quoted || b.data[i] != ' '));
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size);
	char shown[64];
	struct buf b;

	text_printable(shown, sizeof(shown), in);
	CHECK(strlen(shown) < sizeof(shown) && fuzz_is_printable(str_of(shown)));
	buf_init(&b, 8 * size + 64);
	text_xml(&b, in);
	CHECK(!b.failed && (b.len == 0 || memchr(b.data, '<', b.len) == NULL));
	buf_free(&b);
	check_value(in);
	check_json(in);
	return 0;
}
