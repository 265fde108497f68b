/* htmlfile - writes traces to one HTML file, which is complete or not there at all. */
#ifndef CSWATCH_CMD_HTMLFILE_H
#define CSWATCH_CMD_HTMLFILE_H
#include <stdbool.h>

#include "base/file.h"

struct err;
struct trace;

struct htmlfile {
	struct file_draft draft;
	int errnum; /* errno of the first write that failed; 0: none */
};

/*
 * Opens a draft of mode 0600 next to path, which it replaces when it is closed. Returns
 * false and sets *err on failure.
 */
bool htmlfile_open(
    struct htmlfile *f, const char *path, const char *title, struct err *err);
void htmlfile_add(struct htmlfile *f, const struct trace *t);
/* Completes the file. Returns false, sets *err and leaves path unchanged on failure. */
bool htmlfile_close(struct htmlfile *f, struct err *err);
/* Writes a whole file with the trace of one run. */
bool htmlfile_write(const char *path, const struct trace *t, struct err *err);
/* Drops the draft and leaves path unchanged. Allowed if it is not open. */
void htmlfile_drop(struct htmlfile *f);

#endif
