#include "daemon/trim.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* Mappings of files that nobody writes to: what is dropped is read again when it is needed. */
static void
page_out(const char *line)
{
	uintptr_t from, to;
	char perms[5];
	int path = 0;

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %n", &from, &to, perms,
	    &path) < 3 || path == 0 || line[path] != '/' || perms[1] == 'w')
		return;
#ifdef MADV_PAGEOUT
	(void)madvise((void *)from, to - from, MADV_PAGEOUT);
#endif
}

void
trim_after_start(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[4096];

	malloc_trim(0);
	if (maps == NULL)
		return;
	while (fgets(line, sizeof(line), maps) != NULL)
		page_out(line);
	fclose(maps);
}
