#include "base/process.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define SEGMENTS_MAX 8 /* of a library; most have three to drop */

void
process_raise_descriptor_limit(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) == 0 && l.rlim_cur < l.rlim_max) {
		l.rlim_cur = l.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &l);
	}
}

/* Drops the pages of an object's segments that cannot have been written to. */
static int
drop_pages(struct dl_phdr_info *object, size_t size, void *arg)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	struct {
		uintptr_t from, to;
	} found[SEGMENTS_MAX];
	size_t n = 0;

	(void)size;
	(void)arg;
	/* All are found first: the list of them is in one of these pages itself. */
	for (unsigned i = 0; i < object->dlpi_phnum && n < SEGMENTS_MAX; i++) {
		const ElfW(Phdr) *h = &object->dlpi_phdr[i];

		if (h->p_type != PT_LOAD || (h->p_flags & PF_W) != 0)
			continue;
		found[n].from = (object->dlpi_addr + h->p_vaddr) & ~(page - 1);
		found[n++].to = object->dlpi_addr + h->p_vaddr + h->p_memsz;
	}
	for (size_t i = 0; i < n; i++)
		(void)madvise(
		    (void *)found[i].from, found[i].to - found[i].from, MADV_DONTNEED);
	return 0;
}

void
process_release_start_pages(void)
{
	malloc_trim(0);
	dl_iterate_phdr(drop_pages, NULL);
}
