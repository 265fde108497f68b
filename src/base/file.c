#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <unistd.h>

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

bool
file_sync_directory_of(const char *path)
{
	char copy[PATH_MAX];
	bool ok;
	int fd, e;

	if (!str_copy(copy, sizeof(copy), str_of(path))) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* EINVAL: a file system that cannot sync a directory; nothing to be done. */
	ok = fsync(fd) == 0 || errno == EINVAL;
	e = errno;
	close(fd);
	errno = e;
	return ok;
}
