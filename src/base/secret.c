#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct secret {
	size_t size; /* of the mapping */
	char text[];
};

void
secret_wipe(void *p, size_t n)
{
	explicit_bzero(p, n);
}

struct secret *
secret_new(struct str s)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (sizeof(struct secret) + s.len + page) / page * page;
	struct secret *sec;

	if (s.len > SECRET_MAX)
		return NULL;
	sec =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (sec == MAP_FAILED)
		return NULL;
	/*
	 * Best effort both: RLIMIT_MEMLOCK may be small, and old kernels know no
	 * DONTDUMP.
	 */
	(void)mlock(sec, size);
	(void)madvise(sec, size, MADV_DONTDUMP);
	sec->size = size;
	str_copy(sec->text, s.len + 1, s);
	return sec;
}

void
secret_free(struct secret *s)
{
	size_t size;

	if (s == NULL)
		return;
	size = s->size;
	secret_wipe(s, size);
	munmap(s, size);
}

const char *
secret_reveal(const struct secret *s)
{
	return s->text;
}
