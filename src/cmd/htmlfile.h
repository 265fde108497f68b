/*
 * htmlfile - writes traces into one HTML file, which is there whole or not at all.
 */
#ifndef CSWATCH_CMD_HTMLFILE_H
#define CSWATCH_CMD_HTMLFILE_H
#include <stdbool.h>

#include "base/file.h"

struct err;
struct trace;

struct htmlfile {
	struct file_draft draft;
	int errnum; /* of the first write that failed; 0: none */
};

/* Next to path, which is replaced in the end. Mode 0600. False: *err. */
bool htmlfile_open(
    struct htmlfile *f, const char *path, const char *title, struct err *err);
void htmlfile_add(struct htmlfile *f, const struct trace *t);
/* False: *err, and path is as it was. */
bool htmlfile_close(struct htmlfile *f, struct err *err);
/* All of it at once, of one run. */
bool htmlfile_write(const char *path, const struct trace *t, struct err *err);
/* Instead of closing it: path stays as it was. Fine when it is not open. */
void htmlfile_drop(struct htmlfile *f);

#endif
