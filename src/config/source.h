/*
 * source - the text of the configuration: the file, the *.conf of conf.d in its directory
 * and the files that they include, joined, with the file and line of each line.
 *
 * Each of those files is a unit that is parsed by itself, so that a missing brace in one
 * does not affect the next. The files that a file includes belong to its unit.
 *
 * libconfig has its own @include, but it opens whatever it is given (a directory ends the
 * process), finds either absolute or relative names, and has no limit. It also wraps
 * large integers silently, so they are found here, where the digits can be seen. The text
 * may contain passwords: it is wiped when it is freed.
 */
#ifndef CSWATCH_CONFIG_SOURCE_H
#define CSWATCH_CONFIG_SOURCE_H
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct config_problem;
struct problems;

#define SOURCE_DIRECTORY  "conf.d" /* in the directory of the main file */
#define SOURCE_FILES_MAX  1000
#define SOURCE_DEPTH_MAX  10	    /* files that include files that ... */
#define SOURCE_NUMBER_MAX 999999999 /* no setting accepts a larger number */

struct source_file {
	char *path;
	bool open_to_others; /* accounts other than owner and group can read or change it
			      */
};

struct source_unit {
	size_t text;	 /* offset of its text, which ends with a NUL */
	unsigned before; /* number of lines of the joined text before it */
	bool whole;	 /* false: not all of it could be read */
};

struct source {
	const char *path;	   /* of the main file; borrowed */
	struct buf text;	   /* at most CONFIG_FILE_MAX */
	struct source_file *files; /* [0] is the main file */
	size_t nfiles;
	struct source_unit *units; /* in the order of reading; [0] is the main file */
	size_t nunits;
	struct source_part *parts; /* by first line of the joined text */
	size_t nparts, parts_cap;
	char *directory; /* of the main file */
	unsigned lines;	 /* number of lines of the joined text so far */
};

struct source_place {
	const char *file;
	unsigned line; /* 0: the file as a whole */
	bool open_to_others;
};

/*
 * Reads path and the files of conf.d. Returns false if a file could not be read; the
 * problems are then added, and units that are whole can be used nevertheless. Call
 * source_free() in both cases.
 */
bool source_read(struct source *src, const char *path, struct problems *problems);
void source_free(struct source *src);
/*
 * Returns the file and line of a line of the joined text; line 0 is the main file as a
 * whole.
 */
struct source_place source_place(const struct source *src, unsigned line);
/*
 * Sorts the problems and calls tell for each of them, with file and line. Problems
 * without a line name only the main file.
 */
void source_tell(const struct source *src, struct problems *p,
    void (*tell)(void *arg, const struct config_problem *problem), void *arg);
/*
 * Returns name, or directory/name if it is relative. The caller frees it. Returns NULL if
 * out of memory.
 */
char *source_path(const struct source *src, const char *name);

#endif
