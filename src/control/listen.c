#include "control/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
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

/* Lets connect() wait for the listener to accept, but for a bounded time. */
static bool
limit_wait(int fd, unsigned wait_ms)
{
	const struct timeval tv = { .tv_sec = wait_ms / 1000,
		.tv_usec = wait_ms % 1000 * 1000 };

	return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)) == 0;
}

/* Connects a socket that blocks if wait_ms is not 0. Returns false and leaves errno. */
static bool
connect_socket(int fd, const struct sockaddr_un *at, unsigned wait_ms)
{
	if (wait_ms > 0 && !limit_wait(fd, wait_ms))
		return false;
	if (connect(fd, (const struct sockaddr *)at, sizeof(*at)) != 0)
		return false;
	return fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

int
connect_to(const char *path, unsigned wait_ms, struct err *err)
{
	struct sockaddr_un at;
	int fd;

	if (!fill_address(path, &at, err))
		return -1;
	fd = socket(
	    AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (wait_ms == 0 ? SOCK_NONBLOCK : 0), 0);
	if (fd >= 0 && connect_socket(fd, &at, wait_ms))
		return fd;
	err_local(err, errno, "%s", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

/*
 * Makes the directory of path if it is missing, one level. (Under systemd it is there:
 * RuntimeDirectory.) Where that fails bind() has the better error.
 */
static void
make_directory(const char *path)
{
	char copy[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	const char *directory;

	if (!str_copy(copy, sizeof(copy), str_of(path)))
		return;
	directory = dirname(copy);
	if (mkdir(directory, 0755) == 0)
		(void)chmod(directory, 0755); /* whatever the umask is */
}

/*
 * Removes a socket that nobody listens at from path. Returns false and sets *err if
 * something else is there.
 */
static bool
remove_dead_socket(const char *path, struct err *err)
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
	fd = connect_to(path, 0, err);
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

/* Opens the file that is bound to path up to everybody, and listens. */
static bool
start_listening(int fd, const char *path, struct socket_file *ret)
{
	struct stat st;

	if (chmod(path, SOCKET_MODE) != 0 || lstat(path, &st) != 0 ||
	    listen(fd, BACKLOG) != 0)
		return false;
	*ret = (struct socket_file){ .device = st.st_dev, .inode = st.st_ino };
	return true;
}

int
listen_at(const char *path, struct socket_file *ret, struct err *err)
{
	struct sockaddr_un at;
	bool bound = false;
	int fd;

	if (!fill_address(path, &at, err) || !remove_dead_socket(path, err))
		return -1;
	make_directory(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		bound = bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;
	if (bound && start_listening(fd, path, ret))
		return fd;
	err_local(err, errno, "%s", path);
	if (bound)
		(void)unlink(path);
	if (fd >= 0)
		close(fd);
	return -1;
}

bool
socket_file_is_at(const struct socket_file *f, const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && st.st_dev == f->device && st.st_ino == f->inode;
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
