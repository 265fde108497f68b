#include "report/logline.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"

struct str
logline_value(const struct kv *kv, char number[24])
{
	struct str s;

	if (kv->str == NULL) {
		snprintf(number, 24, "%" PRId64, kv->num);
		return str_of(number);
	}
	s = str_of(kv->str);
	if (s.len <= LOGLINE_VALUE_MAX)
		return s;
	s.len = LOGLINE_VALUE_MAX;
	for (int i = 0; i < 3 && ((unsigned char)s.p[s.len] & 0xc0) == 0x80; i++)
		s.len--; /* not inside a UTF-8 sequence */
	return s;
}

void
logline_format(struct buf *out, enum event_id event, const struct kv *kv, size_t n)
{
	char number[24];

	buf_puts(out, event_name(event));
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, " %s=", kv[i].key);
		text_value(out, logline_value(&kv[i], number));
	}
}
