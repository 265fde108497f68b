#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

#define BUF_FIRST 256 /* bytes of the first allocation */

void
buf_init(struct buf *b, size_t max)
{
	/* One byte is kept for the NUL, so that max + 1 never wraps. */
	*b = (struct buf){ .max = max < SIZE_MAX ? max : SIZE_MAX - 1 };
}

void
buf_free(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

void
buf_wipe_free(struct buf *b)
{
	if (b->data != NULL)
		secret_wipe(b->data, b->cap);
	buf_free(b);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/*
 * Returns how many bytes to allocate for `need` of content and its NUL: doubled, but not
 * beyond the maximum.
 */
static size_t
new_cap(const struct buf *b, size_t need)
{
	size_t cap = b->cap < BUF_FIRST ? BUF_FIRST : b->cap;

	while (cap <= need) {
		if (cap > b->max / 2)
			return b->max + 1;
		cap *= 2;
	}
	return cap > b->max ? b->max + 1 : cap;
}

/*
 * Makes room for n more bytes and the NUL. Grows by copying, so that wiped buffers leave
 * no old copy.
 */
static bool
reserve(struct buf *b, size_t n)
{
	size_t cap;
	char *data;

	if (b->failed || n > b->max - b->len) {
		b->failed = true;
		return false;
	}
	if (b->data != NULL && b->len + n < b->cap)
		return true;
	cap = new_cap(b, b->len + n);
	data = malloc(cap);
	if (data == NULL) {
		b->failed = true;
		return false;
	}
	if (b->data != NULL) {
		memcpy(data, b->data, b->len);
		secret_wipe(b->data, b->cap);
		free(b->data);
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void
buf_add(struct buf *b, const void *src, size_t n)
{
	if (!reserve(b, n))
		return;
	if (n > 0)
		memcpy(b->data + b->len, src, n);
	b->len += n;
	b->data[b->len] = '\0';
}

char *
buf_room(struct buf *b, size_t n)
{
	return reserve(b, n) ? b->data + b->len : NULL;
}

void
buf_added(struct buf *b, size_t n)
{
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.len);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		b->failed = true;
	if (n < 0 || !reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_consume(struct buf *b, size_t n)
{
	if (n > b->len)
		n = b->len;
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
	b->data[b->len] = '\0';
}

void
buf_cut(struct buf *b, size_t len)
{
	if (len >= b->len)
		return;
	secret_wipe(b->data + len, b->len - len);
	b->len = len;
}

struct str
buf_view(const struct buf *b)
{
	return (struct str){ b->data == NULL ? "" : b->data, b->len };
}

char *
buf_take(struct buf *b, size_t *ret_len)
{
	char *data;

	if (b->data == NULL)
		buf_puts(b, "");
	if (b->failed)
		return NULL;
	data = b->data;
	if (ret_len != NULL)
		*ret_len = b->len;
	buf_init(b, b->max);
	return data;
}
