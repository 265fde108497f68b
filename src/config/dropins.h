/*
 * dropins - the names of the *.conf files in a directory, in the order of reading.
 *
 * Only looks at names: what they lead to is found out when they are opened.
 */
#ifndef CSWATCH_CONFIG_DROPINS_H
#define CSWATCH_CONFIG_DROPINS_H
#include <stddef.h>

#define DROPINS_MAX 1000

struct dropins {
	char **names; /* without the directory, by their octets */
	size_t n;
};

/*
 * None, if there is no such directory. Otherwise NULL, or what is wrong. Names with a dot
 * in front or another ending are not meant. *ret is empty after a failure.
 */
const char *dropins_list(const char *path, struct dropins *ret);
void dropins_free(struct dropins *d); /* a zeroed one is fine */

#endif
