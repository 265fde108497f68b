#include "edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

void
edit(struct buf *b, const char *find, const char *replace)
{
	size_t max = b->max;
	char *text = buf_take(b, NULL);
	const char *from = text, *at;

	if (text == NULL || strstr(text, find) == NULL)
		abort();
	buf_init(b, max);
	while ((at = strstr(from, find)) != NULL) {
		buf_add(b, from, (size_t)(at - from));
		buf_puts(b, replace);
		from = at + strlen(find);
	}
	buf_puts(b, from);
	free(text);
}
