#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/cswatch-lab-XXXXXX";
static int made;

static int
remove_one(const char *path, const struct stat *st, int what, struct FTW *at)
{
	(void)st, (void)what, (void)at;
	return remove(path);
}

static void
clean(void)
{
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *
scratch_dir(void)
{
	if (!made) {
		if (mkdtemp(dir) == NULL)
			abort();
		made = 1;
		atexit(clean);
	}
	return dir;
}

const char *
scratch_path(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", scratch_dir(), name);
	return path;
}
