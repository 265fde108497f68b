#include "trace/pretty.h"

#include "base/buf.h"

#define INDENT_MAX 20 /* levels; deeper ones stand as deep as this */

static void
new_line(struct buf *out, unsigned depth)
{
	buf_putc(out, '\n');
	for (unsigned i = 0; i < depth && i < INDENT_MAX; i++)
		buf_puts(out, "  ");
}

/* s.p[i] is '<': what it does to the depth. */
static int
step_of(struct str s, size_t i)
{
	const char *end = memchr(s.p + i, '>', s.len - i);

	if (i + 1 < s.len && s.p[i + 1] == '/')
		return -1;
	if (i + 1 < s.len && (s.p[i + 1] == '?' || s.p[i + 1] == '!'))
		return 0;
	return end != NULL && end[-1] == '/' ? 0 : 1;
}

void
pretty_body(struct str body, struct buf *out)
{
	unsigned depth = 0;

	if (body.len == 0 || body.p[0] != '<') {
		buf_str(out, body);
		return;
	}
	for (size_t i = 0; i < body.len; i++) {
		if (body.p[i] == '<') {
			int step = step_of(body, i);

			if (step < 0 && depth > 0)
				depth--;
			if (i > 0 && body.p[i - 1] == '>')
				new_line(out, depth);
			depth += step > 0;
		}
		buf_putc(out, body.p[i]);
	}
}
