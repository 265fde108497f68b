#include "base/buf.h"
#include "base/json.h"

void text_as_json(struct buf *out, struct str s);

void
text_as_json(struct buf *out, struct str s)
{
	struct json j;

	jsonw_init(&j, out);
	jsonw_str(&j, NULL, s);
}
