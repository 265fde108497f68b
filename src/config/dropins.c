#include "config/dropins.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define ENDING ".conf"

static bool
is_dropin(const char *name)
{
	size_t len = strlen(name), end = sizeof(ENDING) - 1;

	return name[0] != '.' && len > end && strcmp(name + len - end, ENDING) == 0;
}

/* Compares bytes, as strcmp() does: the order is the same in every locale. */
static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *
read_names(DIR *dir, struct dropins *ret)
{
	const struct dirent *e;

	ret->names = calloc(DROPINS_MAX, sizeof(*ret->names));
	if (ret->names == NULL)
		return "out of memory";
	errno = 0;
	while ((e = readdir(dir)) != NULL) {
		if (!is_dropin(e->d_name))
			continue;
		if (ret->n == DROPINS_MAX)
			return "it holds more than 1000 files *.conf";
		ret->names[ret->n] = str_dup(str_of(e->d_name));
		if (ret->names[ret->n++] == NULL)
			return "out of memory";
		errno = 0;
	}
	return errno == 0 ? NULL : strerror(errno);
}

const char *
dropins_list(const char *path, struct dropins *ret)
{
	DIR *dir = opendir(path);
	const char *wrong;

	*ret = (struct dropins){ .n = 0 };
	if (dir == NULL)
		return errno == ENOENT ? NULL : strerror(errno);
	wrong = read_names(dir, ret);
	closedir(dir);
	if (wrong != NULL)
		dropins_free(ret);
	else
		qsort(ret->names, ret->n, sizeof(*ret->names), by_bytes);
	return wrong;
}

void
dropins_free(struct dropins *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->names[i]);
	free(d->names);
	*d = (struct dropins){ .n = 0 };
}
