/*
 * dropins - the names of the *.conf files in a directory, in the order of reading.
 *
 * Only names are considered: what kind of files they are shows when they are opened.
 */
#ifndef CSWATCH_CONFIG_DROPINS_H
#define CSWATCH_CONFIG_DROPINS_H
#include <stddef.h>

#define DROPINS_MAX 1000

struct dropins {
	char **names; /* without the directory, sorted by their bytes */
	size_t n;
};

/*
 * Lists the directory in *ret, which is empty if the directory does not exist. Names that
 * begin with a dot or have another ending are left out. Returns NULL, or what is wrong;
 * *ret is then empty.
 */
const char *dropins_list(const char *path, struct dropins *ret);
void dropins_free(struct dropins *d); /* a zeroed one is allowed */

#endif
