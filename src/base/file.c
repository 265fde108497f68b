#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define READ_CHUNK 16384
#define OPEN_TO	   (S_IRWXG | S_IRWXO)

/* Closes fd without hiding an error that came before. */
static void
close_quietly(int fd)
{
	int errnum = errno;

	close(fd);
	errno = errnum;
}

/* ---- reading ---- */

/* Reads up to size bytes, fewer only at the end of the file. Returns -1 with errno. */
static ssize_t
fill(int fd, char *dst, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, dst + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* Finds out, when there is no room left, whether there is anything left to read. */
static enum file_status
find_end(int fd, bool head)
{
	char c;
	ssize_t n = head ? 0 : fill(fd, &c, 1);

	return n == 0 ? FILE_READ : n < 0 ? FILE_FAILED : FILE_TOO_LARGE;
}

/*
 * A file may be longer than fstat() said, or have no length at all. Where it is as long
 * as that, the first turn finds its end, and no more memory is taken than the content
 * needs.
 */
static enum file_status
read_all(int fd, size_t length, bool head, struct buf *out)
{
	for (size_t n = length + 1;; n = READ_CHUNK) {
		size_t room = out->max - out->len;
		ssize_t got;
		char *at;

		if (room == 0)
			return find_end(fd, head);
		if (n > room)
			n = room;
		at = buf_room(out, n);
		if (at == NULL) {
			errno = ENOMEM;
			return FILE_FAILED;
		}
		got = fill(fd, at, n);
		if (got < 0)
			return FILE_FAILED;
		buf_added(out, (size_t)got);
		if ((size_t)got < n)
			return FILE_READ;
	}
}

static enum file_status
read_open(int fd, unsigned flags, struct buf *out, mode_t *ret_mode)
{
	bool head = (flags & FILE_HEAD) != 0, regular;
	size_t length = 0;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return FILE_FAILED;
	regular = S_ISREG(st.st_mode);
	if (!regular && !(flags & FILE_ANY_KIND))
		return FILE_NOT_REGULAR;
	if (ret_mode != NULL)
		*ret_mode = st.st_mode & 07777;
	if (regular && (flags & FILE_PRIVATE) && (st.st_mode & OPEN_TO) != 0)
		return FILE_NOT_PRIVATE;
	if (regular && (uintmax_t)st.st_size > out->max - out->len) {
		if (!head)
			return FILE_TOO_LARGE;
		length = out->max - out->len;
	} else if (regular) {
		length = (size_t)st.st_size;
	}
	return read_all(fd, length, head, out);
}

enum file_status
file_read(const char *path, unsigned flags, struct buf *out, mode_t *ret_mode)
{
	int mode = O_RDONLY | O_CLOEXEC | O_NOCTTY;
	enum file_status status;
	int fd;

	if (flags & FILE_NO_LINK)
		mode |= O_NOFOLLOW;
	if (!(flags & FILE_ANY_KIND))
		mode |= O_NONBLOCK; /* a FIFO without a writer */
	fd = open(path, mode);
	if (fd < 0)
		return FILE_FAILED;
	status = read_open(fd, flags, out, ret_mode);
	close_quietly(fd);
	return status;
}

/* ---- replacing ---- */

bool
file_write_all(int fd, struct str content)
{
	while (content.len > 0) {
		ssize_t n = write(fd, content.p, content.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		content.p += n;
		content.len -= (size_t)n;
	}
	return true;
}

/* A rename has reached the disk only with its directory. */
static bool
sync_directory_of(const char *path)
{
	char copy[PATH_MAX];
	bool ok;
	int fd;

	(void)str_copy(copy, sizeof(copy), str_of(path));
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* EINVAL: a file system that cannot sync a directory; nothing to be done. */
	ok = fsync(fd) == 0 || errno == EINVAL;
	close_quietly(fd);
	return ok;
}

static int
create(struct file_draft *d, bool unique)
{
	if (unique)
		return mkostemp(d->temporary, O_CLOEXEC);
	if (unlink(d->temporary) != 0 && errno != ENOENT)
		return -1;
	return open(d->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

bool
file_draft_open(
    struct file_draft *d, const char *path, const char *temporary, mode_t mode)
{
	bool unique = temporary == NULL;
	int n = snprintf(d->temporary, sizeof(d->temporary), unique ? "%s.XXXXXX" : "%s",
	    unique ? path : temporary);

	d->fd = -1;
	if (n < 0 || (size_t)n >= sizeof(d->temporary) ||
	    !str_copy(d->path, sizeof(d->path), str_of(path))) {
		errno = ENAMETOOLONG;
		return false;
	}
	d->fd = create(d, unique);
	if (d->fd < 0)
		return false;
	if (fchmod(d->fd, mode) == 0)
		return true;
	file_draft_drop(d);
	return false;
}

bool
file_draft_commit(struct file_draft *d, bool sync)
{
	int fd = d->fd;

	if (sync && fsync(fd) != 0) {
		file_draft_drop(d);
		return false;
	}
	d->fd = -1;
	if (close(fd) != 0 || rename(d->temporary, d->path) != 0) {
		int errnum = errno;

		(void)unlink(d->temporary);
		errno = errnum;
		return false;
	}
	return !sync || sync_directory_of(d->path);
}

void
file_draft_drop(struct file_draft *d)
{
	int errnum = errno;

	if (d->fd < 0)
		return;
	close(d->fd);
	(void)unlink(d->temporary);
	d->fd = -1;
	errno = errnum;
}

bool
file_replace(
    const char *path, const char *temporary, mode_t mode, bool sync, struct str content)
{
	struct file_draft d;

	if (!file_draft_open(&d, path, temporary, mode))
		return false;
	if (file_write_all(d.fd, content))
		return file_draft_commit(&d, sync);
	file_draft_drop(&d);
	return false;
}
