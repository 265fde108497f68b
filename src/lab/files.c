#include "lab/files.h"

#include <errno.h>
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

bool
lab_files_read(const char *path, struct buf *out, struct err *err)
{
	switch (file_read(path, 0, out, NULL)) {
	case FILE_READ:
		return true;
	case FILE_TOO_LARGE:
		err_local(err, EFBIG, "cannot read %s", path);
		return false;
	case FILE_FAILED:
		err_local(err, errno, "cannot open %s", path);
		return false;
	case FILE_NOT_REGULAR:
	case FILE_NOT_PRIVATE:
		break;
	}
	err_local(err, 0, "cannot read %s: it is not a file", path);
	return false;
}

bool
lab_files_write(const char *path, mode_t mode, struct str content, struct err *err)
{
	char temporary[FILES_PATH_MAX + 8];

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	if (file_replace(path, temporary, mode, false, content))
		return true;
	err_local(err, errno, "cannot write %s", path);
	return false;
}

bool
lab_files_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
