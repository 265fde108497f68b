#include "daemon/trim.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define LINE_SIZE 4352 /* a path and what stands before it */

struct mapping {
	uintptr_t from, to;
	bool file; /* of a file, and not writable */
};

/*
 * The first line of a mapping in smaps: "55d0-55e0 r-xp 00001000 fe:01 1234
 * /usr/lib/..."
 */
static bool
parse_head(const char *line, struct mapping *ret)
{
	uintptr_t from, to;
	char perms[5];
	int path = 0;

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %n", &from, &to,
		perms, &path) < 3)
		return false;
	ret->from = from;
	ret->to = to;
	ret->file = path != 0 && line[path] == '/' && strchr(perms, 'w') == NULL;
	return true;
}

void
trim_after_start(void)
{
	FILE *smaps = fopen("/proc/self/smaps", "re");
	struct mapping m = { .file = false };
	char line[LINE_SIZE];
	unsigned long kib;

	malloc_trim(0);
	if (smaps == NULL)
		return;
	while (fgets(line, sizeof(line), smaps) != NULL) {
		if (parse_head(line, &m) || !m.file)
			continue;
		/*
		 * Nothing in it is our own: no relocation was written here. What is
		 * dropped is found in the page cache when it is needed again.
		 */
		if (sscanf(line, "Anonymous: %lu kB", &kib) == 1 && kib == 0)
			(void)madvise((void *)m.from, m.to - m.from, MADV_DONTNEED);
	}
	fclose(smaps);
}
