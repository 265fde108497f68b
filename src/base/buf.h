/*
 * buf - a growing buffer that has a maximum from birth.
 *
 * Writers never check each call: the first write that does not fit (or finds no memory)
 * sets `failed`, later ones do nothing, and the caller that finishes the buffer looks
 * once. The content is always followed by a NUL that is not counted. Ownership:
 * buf_init() then buf_free(), or buf_take().
 */
#ifndef CSWATCH_BASE_BUF_H
#define CSWATCH_BASE_BUF_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf {
	char *data; /* NULL until the first write; NUL-terminated after it */
	size_t len, cap;
	size_t max; /* bytes; never changes */
	bool failed;
};

/* Makes an empty buffer for at most max bytes. Cannot fail, allocates nothing. */
void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);
/* Overwrites the content before it is freed: for secrets. */
void buf_wipe_free(struct buf *b);
/* Removes the content, and forgets a failure. */
void buf_clear(struct buf *b);

/* These append to the content. */
void buf_add(struct buf *b, const void *src, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_str(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * Returns where the caller may write n bytes itself, which count after buf_added(); NULL
 * if they do not fit, or memory is short, and then b has failed. Borrowed until the next
 * call that adds.
 */
char *buf_room(struct buf *b, size_t n);
/* Counts n of the bytes that buf_room() gave. */
void buf_added(struct buf *b, size_t n);
/* Removes n bytes from the front. */
void buf_consume(struct buf *b, size_t n);
/* Shortens the content to len bytes and wipes the rest; a shorter one stays. */
void buf_cut(struct buf *b, size_t len);

/* Returns the content, which is valid until the next call that changes it. */
struct str buf_view(const struct buf *b);
/*
 * Returns the content as one string, which the caller frees with free(), and empties b.
 * Returns NULL and leaves b and *ret_len unchanged if b has failed. ret_len: NULL is
 * allowed.
 */
char *buf_take(struct buf *b, size_t *ret_len);

#endif
