/*
 * files - reads and writes the lab's small files: whole, atomic, with the wanted mode.
 */
#ifndef CSWATCH_LAB_FILES_H
#define CSWATCH_LAB_FILES_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/str.h"

struct buf;
struct err;

#define FILES_PATH_MAX 1024 /* octets of a path, NUL included */
#define FILES_SIZE_MAX (4 * 1024 * 1024)

/* dir/name into dst; false (*err: CAUSE_LOCAL) when it does not fit. */
bool lab_files_path(
    char dst[FILES_PATH_MAX], const char *dir, const char *name, struct err *err);
/* Makes the directory unless it is there. */
bool lab_files_mkdir(const char *path, mode_t mode, struct err *err);
/* Appends the content. */
bool lab_files_read(const char *path, struct buf *out, struct err *err);
/* Temporary file in the same directory, then rename: nobody sees half a file. */
bool lab_files_write(const char *path, mode_t mode, struct str content, struct err *err);
bool lab_files_exists(const char *path);

#endif
