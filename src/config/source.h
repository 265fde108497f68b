/*
 * source - the text of the configuration: the file, the *.conf of conf.d beside it and
 * what they include, joined, with the way back to file and line.
 *
 * Each of those files is a unit, parsed for itself: a brace too few in one is no matter
 * of the next. What a file includes belongs to its unit.
 *
 * libconfig has its own @include, but opens whatever it is told (a directory ends the
 * process), finds either absolute or relative names, and has no limit. It also wraps
 * large integers without a word, so they are found here, where the digits can be seen.
 * The text may hold passwords: it is wiped when freed.
 */
#ifndef CSWATCH_CONFIG_SOURCE_H
#define CSWATCH_CONFIG_SOURCE_H
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct config_problem;
struct problems;

#define SOURCE_DIRECTORY  "conf.d" /* beside the main file */
#define SOURCE_FILES_MAX  1000
#define SOURCE_DEPTH_MAX  10	    /* files that include files that ... */
#define SOURCE_NUMBER_MAX 999999999 /* no setting takes more */

struct source_file {
	char *path;
	bool open_to_others; /* others than owner and group can read or change it */
};

struct source_unit {
	size_t text;	 /* where its text begins, which a NUL ends */
	unsigned before; /* lines of the joined text before it */
	bool whole;	 /* false: not all of it could be read */
};

struct source {
	const char *path;	   /* of the main file; the caller's */
	struct buf text;	   /* at most CONFIG_FILE_MAX */
	struct source_file *files; /* [0] is the main file */
	size_t nfiles;
	struct source_unit *units; /* likewise; in the order of reading */
	size_t nunits;
	struct source_part *parts; /* by first line of the joined text */
	size_t nparts, parts_cap;
	char *directory; /* of the main file */
	unsigned lines;	 /* of the joined text so far */
};

struct source_place {
	const char *file;
	unsigned line; /* 0: the file as a whole */
	bool open_to_others;
};

/*
 * Always to be followed by source_free(). False: something could not be read, problems
 * say what; units that are whole can be used for all that.
 */
bool source_read(struct source *src, const char *path, struct problems *problems);
void source_free(struct source *src);
/* Where a line of the joined text comes from; line 0 is the main file as a whole. */
struct source_place source_place(const struct source *src, unsigned line);
/*
 * Sorts the problems and calls tell for each, with file and line. Those of no line name
 * only the main file.
 */
void source_tell(const struct source *src, struct problems *p,
    void (*tell)(void *arg, const struct config_problem *problem), void *arg);
/* name, or directory/name when it is relative. malloc()ed; NULL when out of memory. */
char *source_path(const struct source *src, const char *name);

#endif
