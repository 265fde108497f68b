#include "base/json.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/text.h"

#define DECIMALS_MAX 18 /* digits that an int64_t surely has */

void
jsonw_init(struct json *j, struct buf *out)
{
	*j = (struct json){ .out = out };
}

/* Escapes by RFC 8259 section 7; everything beyond ASCII stays UTF-8. */
static void
put_char(struct buf *out, uint32_t code, struct str utf8)
{
	if (code == '"' || code == '\\') {
		buf_putc(out, '\\');
		buf_putc(out, (char)code);
	} else if (code == '\n') {
		buf_puts(out, "\\n");
	} else if (code == '\r') {
		buf_puts(out, "\\r");
	} else if (code == '\t') {
		buf_puts(out, "\\t");
	} else if (code < 0x20 || code == 0x7f) {
		buf_printf(out, "\\u%04" PRIx32, code);
	} else {
		buf_str(out, utf8);
	}
}

static void
put_string(struct buf *out, struct str s)
{
	buf_putc(out, '"');
	while (s.len > 0) {
		uint32_t code = 0xfffd;
		size_t n = text_utf8(s, &code);

		if (n == 0)
			buf_puts(out, "\xef\xbf\xbd");
		else
			put_char(out, code, (struct str){ s.p, n });
		n = n == 0 ? 1 : n;
		s = (struct str){ s.p + n, s.len - n };
	}
	buf_putc(out, '"');
}

/* Writes what precedes a value: the comma that is due, and the key. */
static void
begin(struct json *j, const char *key)
{
	if (j->more[j->depth])
		buf_putc(j->out, ',');
	j->more[j->depth] = true;
	if (key != NULL) {
		put_string(j->out, str_of(key));
		buf_putc(j->out, ':');
	}
}

static void
open_nest(struct json *j, const char *key, char bracket)
{
	begin(j, key);
	buf_putc(j->out, bracket);
	if (j->depth + 1 >= JSON_DEPTH_MAX) {
		j->out->failed = true;
		return;
	}
	j->more[++j->depth] = false;
}

static void
close_nest(struct json *j, char bracket)
{
	if (j->depth == 0) {
		j->out->failed = true;
		return;
	}
	j->depth--;
	buf_putc(j->out, bracket);
}

void
jsonw_object(struct json *j, const char *key)
{
	open_nest(j, key, '{');
}

void
jsonw_object_end(struct json *j)
{
	close_nest(j, '}');
}

void
jsonw_array(struct json *j, const char *key)
{
	open_nest(j, key, '[');
}

void
jsonw_array_end(struct json *j)
{
	close_nest(j, ']');
}

void
jsonw_str(struct json *j, const char *key, struct str value)
{
	begin(j, key);
	put_string(j->out, value);
}

void
jsonw_string(struct json *j, const char *key, const char *value)
{
	begin(j, key);
	if (value == NULL)
		buf_puts(j->out, "null");
	else
		put_string(j->out, str_of(value));
}

void
jsonw_int(struct json *j, const char *key, int64_t value)
{
	begin(j, key);
	buf_printf(j->out, "%" PRId64, value);
}

void
jsonw_bool(struct json *j, const char *key, bool value)
{
	begin(j, key);
	buf_puts(j->out, value ? "true" : "false");
}

void
jsonw_fixed(struct json *j, const char *key, int64_t value, unsigned decimals)
{
	uint64_t v = value < 0 ? -(uint64_t)value : (uint64_t)value, scale = 1;

	if (decimals == 0) {
		jsonw_int(j, key, value);
		return;
	}
	if (decimals > DECIMALS_MAX) {
		j->out->failed = true;
		return;
	}
	for (unsigned i = 0; i < decimals; i++)
		scale *= 10;
	begin(j, key);
	buf_printf(j->out, "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "", v / scale,
	    (int)decimals, v % scale);
}
