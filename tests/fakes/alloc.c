#include "alloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "must.h"

#define ALLOCATIONS_MAX 100000 /* of one body: more have no end */

/* Threads of workers allocate, too. */
static atomic_uint fail_at, asked, failed;
static atomic_bool fail_rest;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

static bool
fails(void)
{
	unsigned at = fail_at, n = ++asked;

	if (at == 0 || n < at || (n > at && !fail_rest))
		return false;
	failed++;
	errno = ENOMEM;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

void *
__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return fails() ? NULL : __real_reallocarray(p, n, size);
}

char *
__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

char *
__wrap_strndup(const char *s, size_t n)
{
	return fails() ? NULL : __real_strndup(s, n);
}

void
alloc_fail(unsigned nth, enum alloc_mode mode)
{
	fail_at = 0;
	fail_rest = mode == ALLOC_REST;
	asked = failed = 0;
	fail_at = nth;
}

unsigned
alloc_failed(void)
{
	return failed;
}

static unsigned
fail_each(void (*body)(void *arg), void *arg, enum alloc_mode mode)
{
	unsigned n = 0;

	do {
		MUST(++n <= ALLOCATIONS_MAX);
		alloc_fail(n, mode);
		body(arg);
	} while (alloc_failed() > 0);
	alloc_fail(0, ALLOC_ONE);
	return n - 1;
}

unsigned
alloc_fail_each(void (*body)(void *arg), void *arg)
{
	unsigned n = fail_each(body, arg, ALLOC_ONE);

	(void)fail_each(body, arg, ALLOC_REST);
	return n;
}
