#include "tests/support/scratch.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fakes/must.h"

#define PARENT_MAX 40 /* paths of sockets are short */
#define PATHS	   8

static char dir[PARENT_MAX + sizeof("/cswatch-XXXXXX")];
static pid_t owner; /* children that fork() made do not clean up */

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void
scratch_remove(void)
{
	if (dir[0] != '\0' && owner == getpid())
		(void)nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	dir[0] = '\0';
}

const char *
scratch_dir(void)
{
	const char *parent = getenv("TMPDIR");
	static bool registered;

	if (dir[0] != '\0')
		return dir;
	if (parent == NULL || strlen(parent) > PARENT_MAX)
		parent = "/tmp";
	snprintf(dir, sizeof(dir), "%s/cswatch-XXXXXX", parent);
	MUST(mkdtemp(dir) != NULL);
	owner = getpid();
	if (!registered)
		atexit(scratch_remove);
	registered = true;
	return dir;
}

const char *
scratch_path(const char *name)
{
	static char paths[PATHS][512];
	static unsigned turn;
	char *path = paths[turn++ % PATHS];
	int n = snprintf(path, sizeof(paths[0]), "%s/%s", scratch_dir(), name);

	MUST(n > 0 && (size_t)n < sizeof(paths[0]));
	return path;
}

int
scratch_enter(void **state)
{
	(void)state;
	scratch_remove();
	(void)scratch_dir();
	return 0;
}

int
scratch_leave(void **state)
{
	(void)state;
	scratch_remove();
	return 0;
}

void
scratch_write(const char *path, unsigned mode, const char *text)
{
	FILE *f;

	(void)remove(path);
	f = fopen(path, "we");
	MUST(f != NULL);
	MUST(fwrite(text, 1, strlen(text), f) == strlen(text));
	MUST(fclose(f) == 0);
	MUST(chmod(path, mode) == 0);
}

char *
scratch_read(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "re"), *copy;
	char *text = NULL;
	size_t len = 0;
	int c;

	if (f == NULL)
		return NULL;
	copy = open_memstream(&text, &len);
	MUST(copy != NULL);
	while ((c = getc(f)) != EOF)
		MUST(putc(c, copy) != EOF);
	MUST(fclose(copy) == 0 && fclose(f) == 0);
	if (ret_len != NULL)
		*ret_len = len;
	return text;
}

bool
scratch_holds(const char *path, const char *text)
{
	size_t len = 0;
	char *got = scratch_read(path, &len);
	bool same = got != NULL && len == strlen(text) && memcmp(got, text, len) == 0;

	free(got);
	return same;
}

unsigned
scratch_count(void)
{
	DIR *d = opendir(scratch_dir());
	const struct dirent *e;
	unsigned n = 0;

	MUST(d != NULL);
	while ((e = readdir(d)) != NULL)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return n;
}
