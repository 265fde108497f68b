#include "control/client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "vocab/err.h"
#include "control/listen.h"
#include "control/request.h"

#define READ_CHUNK 65536

struct control_client {
	int fd;
	struct buf in;
	size_t taken; /* bytes of the line that was returned last */
};

struct control_client *
control_client_open(const char *path, struct err *err)
{
	struct control_client *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		err_local(err, ENOMEM, "%s", path);
		return NULL;
	}
	buf_init(&c->in, CONTROL_ANSWER_MAX + READ_CHUNK);
	c->fd = connect_to(path, CONTROL_BUSY_MS, err);
	if (c->fd >= 0)
		return c;
	free(c);
	return NULL;
}

void
control_client_close(struct control_client *c)
{
	if (c == NULL)
		return;
	close(c->fd);
	buf_free(&c->in);
	free(c);
}

/*
 * Waits until the connection is ready: until_us is one limit for a whole line, however
 * slowly it comes. Returns false and sets *err after that.
 */
static bool
wait_ready(struct control_client *c, short events, uint64_t until_us, struct err *err)
{
	struct pollfd p = { .fd = c->fd, .events = events };
	uint64_t now = clock_mono_us(&clock_system);
	int n = now >= until_us ? 0 : poll(&p, 1, (int)((until_us - now) / 1000) + 1);

	if (n > 0 || (n < 0 && errno == EINTR))
		return true;
	err_local(err, n == 0 ? ETIMEDOUT : errno, "the daemon");
	return false;
}

static uint64_t
deadline(unsigned timeout_ms)
{
	return clock_mono_us(&clock_system) + (uint64_t)timeout_ms * 1000;
}

bool
control_client_ask(struct control_client *c, const struct control_request *r,
    unsigned timeout_ms, struct err *err)
{
	uint64_t until = deadline(timeout_ms);
	struct buf line;
	size_t at = 0;
	bool ok = true;

	buf_init(&line, CONTROL_LINE_MAX);
	control_request_write(&line, r);
	if (line.failed) {
		err_local(err, 0, "the request is too long");
		ok = false;
	}
	while (ok && at < line.len) {
		ssize_t n = send(c->fd, line.data + at, line.len - at, MSG_NOSIGNAL);

		if (n > 0) {
			at += (size_t)n;
		} else if (errno == EAGAIN || errno == EINTR) {
			ok = wait_ready(c, POLLOUT, until, err);
		} else {
			err_local(err, errno, "the daemon");
			ok = false;
		}
	}
	buf_free(&line);
	return ok;
}

/* Reads what is there. Returns false and sets *err if nothing more will come. */
static bool
read_some(struct control_client *c, uint64_t until, struct err *err)
{
	char chunk[READ_CHUNK];
	ssize_t n = read(c->fd, chunk, sizeof(chunk));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return wait_ready(c, POLLIN, until, err);
	if (n < 0) {
		err_local(err, errno, "the daemon");
		return false;
	}
	if (n == 0) {
		err_local(err, ECONNRESET, "the daemon");
		return false;
	}
	buf_add(&c->in, chunk, (size_t)n);
	if (c->in.failed)
		err_local(err, 0, "the daemon's answer is too long");
	return !c->in.failed;
}

bool
control_client_line(
    struct control_client *c, unsigned timeout_ms, struct str *ret, struct err *err)
{
	uint64_t until = deadline(timeout_ms);
	struct str line;

	buf_consume(&c->in, c->taken);
	c->taken = 0;
	for (;;) {
		if (str_split(buf_view(&c->in), '\n', &line).p != NULL) {
			c->taken = line.len + 1;
			*ret = line;
			return true;
		}
		if (!read_some(c, until, err))
			return false;
	}
}
