/*
 * file - reads a file whole, and replaces one so that a reader finds either the old
 * content or the new, never a part of it.
 *
 * Paths may lead to anything: a FIFO, a device, a file that grows while it is read.
 * Nothing here waits for more than the disk, unless FILE_ANY_KIND asks for it. Callers
 * name file and trouble in their own words; errno is set where a function says so.
 */
#ifndef CSWATCH_BASE_FILE_H
#define CSWATCH_BASE_FILE_H
#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/str.h"

struct buf;

/* ---- reading ---- */

enum file_flag {
	FILE_NO_LINK = 1u << 0,	 /* a symbolic link is refused: errno ELOOP */
	FILE_PRIVATE = 1u << 1,	 /* a file with any mode bit of group and others, too */
	FILE_ANY_KIND = 1u << 2, /* a pipe or terminal is read, too, and waited for */
	FILE_HEAD = 1u << 3,	 /* what does not fit is not read, and no error */
};

enum file_status {
	FILE_READ,
	FILE_FAILED,	  /* errno says why: ENOENT, EACCES, ENOMEM, ... */
	FILE_NOT_REGULAR, /* a directory, a FIFO, a device */
	FILE_NOT_PRIVATE, /* others may read or change it, and FILE_PRIVATE */
	FILE_TOO_LARGE	  /* for what out may still hold */
};

/*
 * Appends the content of a file to out, whose maximum is the limit. Content goes nowhere
 * else: of a secret nothing is left once out is wiped. *ret_mode (NULL is allowed)
 * becomes the permission bits of the file as soon as they are known: with FILE_READ,
 * FILE_NOT_PRIVATE and FILE_TOO_LARGE. After anything but FILE_READ out may hold a part.
 */
enum file_status file_read(
    const char *path, unsigned flags, struct buf *out, mode_t *ret_mode);

/* ---- replacing ---- */

/* A new version of a file, which is not there yet. */
struct file_draft {
	int fd; /* to write to; -1: not open */
	char path[PATH_MAX], temporary[PATH_MAX];
};

/*
 * Opens a draft of path, in a file of that mode (whatever the umask is) at the path
 * temporary, on the same file system. Whatever is found there is removed, and never
 * opened: the remains of a killed process, a FIFO, a link to somewhere else. NULL: a
 * random name next to path, for a file that several processes may replace at a time; a
 * kill leaves it behind. Returns false with errno on failure; d is not open then.
 */
bool file_draft_open(
    struct file_draft *d, const char *path, const char *temporary, mode_t mode);
/*
 * Gives the draft its name by rename(2): a link at path is replaced, not followed. With
 * sync it has reached the disk before, and so has the new name when this returns.
 * Otherwise a power cut may leave an empty file. Returns false with errno on failure;
 * then path is as it was, unless only the directory could not be synced. d is not open
 * any more, and the temporary file is gone.
 */
bool file_draft_commit(struct file_draft *d, bool sync);
/* Removes the draft; errno stays. Does nothing if d is not open. */
void file_draft_drop(struct file_draft *d);

/* Writes all of content, however many calls that takes. Returns false with errno. */
bool file_write_all(int fd, struct str content);

/*
 * Replaces a file: opens a draft, writes it and commits it. Returns false with errno on
 * failure; path is as it was.
 */
bool file_replace(
    const char *path, const char *temporary, mode_t mode, bool sync, struct str content);

#endif
