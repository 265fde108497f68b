/*
 * files - reads and writes the lab's small files: as a whole, atomically, with a given
 * mode.
 */
#ifndef CSWATCH_LAB_FILES_H
#define CSWATCH_LAB_FILES_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/str.h"

struct buf;
struct err;

#define FILES_PATH_MAX 1024 /* bytes of a path with its NUL */
#define FILES_SIZE_MAX (4 * 1024 * 1024)

/*
 * Writes dir/name to dst. Returns false and sets *err (CAUSE_LOCAL) if it does not fit.
 */
bool lab_files_path(
    char dst[FILES_PATH_MAX], const char *dir, const char *name, struct err *err);
/* Makes a directory unless it exists. */
bool lab_files_mkdir(const char *path, mode_t mode, struct err *err);
/* Appends the content of a file. */
bool lab_files_read(const char *path, struct buf *out, struct err *err);
/*
 * Replaces a file, so that no reader finds half of it: writes a temporary file in the
 * same directory and renames it.
 */
bool lab_files_write(const char *path, mode_t mode, struct str content, struct err *err);
bool lab_files_exists(const char *path);

#endif
