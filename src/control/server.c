#include "control/server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vocab/err.h"
#include "control/server_client.h"
#include "loop/loop.h"
#include "loop/worker.h"

#define ACCEPTS_PER_TURN 16
#define SECOND		 ((uint64_t)1000000)
#define ACCEPT_AGAIN_US	 (SECOND / 4) /* after running out of descriptors */
#define LOOK_US		 (5 * SECOND) /* between looks for the socket's file */

/* Returns whether there is a place for one more connection of the peer. */
static bool
has_place(const struct control *s, const struct control_peer *p)
{
	const struct client *c;
	size_t same = 0, of_root = 0;

	LIST_FOREACH(c, &s->clients, link)
	{
		/* cppcheck-suppress uninitvar ; LIST_FOREACH sets it */
		same += c->peer.uid == p->uid;
		of_root += c->peer.uid == 0;
	}
	if (p->uid == 0)
		return s->nclients < CONTROL_CLIENTS_MAX;
	return s->nclients < CONTROL_CLIENTS_MAX && same < CONTROL_CLIENTS_PER_USER &&
	       s->nclients - of_root < CONTROL_CLIENTS_MAX - CONTROL_CLIENTS_ROOT;
}

static void
admit_connection(struct control *s, int fd)
{
	static const char full[] = "{\"ok\":false,\"error\":\"too many connections\"}\n";
	struct control_peer peer;
	struct err err;

	if (!control_peer_read(fd, &peer, &err)) {
		close(fd);
		return;
	}
	if (has_place(s, &peer)) {
		if (client_open(s, fd, &peer))
			return;
	} else {
		(void)send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	control_peer_free(&peer);
	close(fd);
}

static void
on_connection(void *arg, unsigned what)
{
	struct control *s = arg;

	(void)what;
	for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			admit_connection(s, fd);
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
			   errno == ENOBUFS) {
			watch_set(s->watch, 0); /* or it would be told at once again */
			timer_set(s->again, ACCEPT_AGAIN_US);
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

static void
on_again(void *arg)
{
	struct control *s = arg;

	watch_set(s->watch, WATCH_READ);
}

/* ---- the socket ---- */

/* Makes the socket. On failure returns false and leaves *s as it was. */
static bool
open_socket(struct control *s, struct err *err)
{
	struct socket_file file;
	int fd = listen_at(s->path, &file, err);
	struct watch *watch;

	if (fd < 0)
		return false;
	watch = watch_fd(s->loop, fd, WATCH_READ, on_connection, s);
	if (watch == NULL) {
		err_local(err, 0, "out of memory");
		close(fd);
		(void)unlink(s->path);
		return false;
	}
	watch_free(s->watch);
	if (s->fd >= 0)
		close(s->fd);
	s->watch = watch;
	s->file = file;
	s->fd = fd;
	return true;
}

/*
 * Makes the socket again if its file was removed or replaced; what is there now and is in
 * use by another process stays. Whether that works is announced once.
 */
static void
on_look(void *arg)
{
	struct control *s = arg;
	bool was_lost = s->file_lost, is_here = socket_file_is_at(&s->file, s->path);
	struct err err;

	timer_set(s->look, LOOK_US);
	s->file_lost = !is_here && !open_socket(s, &err);
	if (s->handler.file_lost == NULL || (is_here && !was_lost) ||
	    (s->file_lost && was_lost))
		return;
	s->handler.file_lost(s->handler.arg, s->path, s->file_lost ? &err : NULL);
}

struct control *
control_new(struct loop *l, const char *path, const struct control_handler *handler,
    struct err *err)
{
	struct control *s = calloc(1, sizeof(*s));

	err_local(err, 0, "out of memory");
	if (s == NULL)
		return NULL;
	s->fd = -1;
	s->loop = l;
	s->handler = *handler;
	s->path = str_dup(str_of(path));
	s->again = timer_new(l, on_again, s);
	s->look = timer_new(l, on_look, s);
	if (s->path != NULL && s->again != NULL && s->look != NULL &&
	    open_socket(s, err)) {
		timer_set(s->look, LOOK_US);
		return s;
	}
	control_free(s);
	return NULL;
}

void
control_free(struct control *s)
{
	struct client *c;

	if (s == NULL)
		return;
	while ((c = LIST_FIRST(&s->clients)) != NULL)
		client_free(c);
	if (s->worker != NULL)
		worker_free(s->worker);
	watch_free(s->watch);
	timer_free(s->again);
	timer_free(s->look);
	if (s->fd >= 0 && socket_file_is_at(&s->file, s->path))
		unlink(s->path);
	if (s->fd >= 0)
		close(s->fd);
	free(s->path);
	free(s);
}
