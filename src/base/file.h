/*
 * file - the parts of writing a file that everybody who replaces one needs. Errors are in
 * errno.
 */
#ifndef CSWATCH_BASE_FILE_H
#define CSWATCH_BASE_FILE_H
#include <stdbool.h>

#include "base/str.h"

/* All of it, however many calls that takes. */
bool file_write_all(int fd, struct str content);
/* A rename inside it has reached the disk: before, a power cut may bring the old back. */
bool file_sync_directory_of(const char *path);

#endif
