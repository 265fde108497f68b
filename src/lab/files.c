#include "lab/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/file.h"

bool
lab_files_path(
    char dst[FILES_PATH_MAX], const char *dir, const char *name, struct err *err)
{
	int n = snprintf(dst, FILES_PATH_MAX, "%s/%s", dir, name);

	if (n < 0 || n >= FILES_PATH_MAX) {
		err_local(err, ENAMETOOLONG, "%s/%s", dir, name);
		return false;
	}
	return true;
}

bool
lab_files_mkdir(const char *path, mode_t mode, struct err *err)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return true;
	if (errno != EEXIST) {
		err_local(err, errno, "cannot make directory %s", path);
		return false;
	}
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		err_local(err, ENOTDIR, "%s is in the way", path);
		return false;
	}
	return true;
}

static bool
read_all(int fd, struct buf *out)
{
	char part[4096];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		buf_add(out, part, (size_t)n);
	}
	errno = EFBIG;
	return !out->failed;
}

bool
lab_files_read(const char *path, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0) {
		err_local(err, errno, "cannot open %s", path);
		return false;
	}
	ok = read_all(fd, out);
	if (!ok)
		err_local(err, errno, "cannot read %s", path);
	close(fd);
	return ok;
}

bool
lab_files_write(const char *path, mode_t mode, struct str content, struct err *err)
{
	char temp[FILES_PATH_MAX + 8];
	int fd;
	bool ok;

	snprintf(temp, sizeof(temp), "%s.new", path);
	unlink(temp);
	fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0) {
		err_local(err, errno, "cannot create %s", temp);
		return false;
	}
	/* fchmod: the umask must not decide who reads a key */
	ok = fchmod(fd, mode) == 0 && file_write_all(fd, content);
	if (close(fd) != 0)
		ok = false;
	if (ok && rename(temp, path) == 0)
		return true;
	err_local(err, errno, "cannot write %s", path);
	unlink(temp);
	return false;
}

bool
lab_files_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
