#include "control/listen.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/json.h"

#define BACKLOG	    128
#define SOCKET_MODE 0666

static bool
fill_address(const char *path, struct sockaddr_un *ret, struct err *err)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (str_copy(ret->sun_path, sizeof(ret->sun_path), str_of(path)))
		return true;
	err_local(err, ENAMETOOLONG, "%s", path);
	return false;
}

int
connect_to(const char *path, struct err *err)
{
	struct sockaddr_un at;
	int fd;

	if (!fill_address(path, &at, err))
		return -1;
	/* Blocking sends, but never a wait for a listener that accepts nobody. */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	err_local(err, errno, "%s", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* What stands at path is nobody's any more, or nothing stands there. False: *err. */
static bool
make_way(const char *path, struct err *err)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) != 0) {
		if (errno == ENOENT)
			return true;
		err_local(err, errno, "%s", path);
		return false;
	}
	if (!S_ISSOCK(st.st_mode)) {
		err_local(err, 0, "%s is there and is no socket", path);
		return false;
	}
	fd = connect_to(path, err);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || err->code != ECONNREFUSED) {
		err_local(err, EADDRINUSE, "%s", path);
		return false;
	}
	if (unlink(path) == 0)
		return true;
	err_local(err, errno, "%s", path);
	return false;
}

int
listen_at(const char *path, struct err *err)
{
	struct sockaddr_un at;
	int fd;

	if (!fill_address(path, &at, err) || !make_way(path, err))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
	    chmod(path, SOCKET_MODE) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	err_local(err, errno, "%s", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

void
error_line(struct buf *out, const char *why)
{
	struct json j;

	jsonw_init(&j, out);
	jsonw_object(&j, NULL);
	jsonw_bool(&j, "ok", false);
	jsonw_string(&j, "error", why);
	jsonw_object_end(&j);
}
