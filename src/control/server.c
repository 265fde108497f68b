#include "control/server.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "control/client_list.h"
#include "control/listen.h"
#include "control/request.h"
#include "loop/loop.h"
#include "loop/worker.h"

#define ACCEPTS_PER_TURN  16
#define REQUESTS_PER_TURN 8
#define READ_CHUNK	  4096
#define SECOND		  ((uint64_t)1000000)
#define ACCEPT_AGAIN_US	  (SECOND / 4) /* after running out of descriptors */

static void settle(struct client *c);

static void
client_free(struct client *c)
{
	void (*gone)(void *) = c->call.busy ? c->call.gone : NULL;
	void *state = c->call.state;

	LIST_REMOVE(c, link);
	c->server->nclients--;
	naming_forget(c->naming);
	watch_free(c->watch);
	timer_free(c->timer);
	close(c->fd);
	control_peer_free(&c->peer);
	buf_free(&c->in);
	buf_free(&c->out);
	free(c);
	if (gone != NULL)
		gone(state);
}

/* ---- answers ---- */

static size_t
pending(const struct client *c)
{
	return c->out.len - c->sent;
}

const struct control_peer *
control_call_peer(const struct control_call *call)
{
	return &call->client->peer;
}

/* Called in the middle of a handler, so nothing is freed or written here. */
void
control_say(struct control_call *call, const struct buf *line)
{
	struct client *c = call->client;

	if (c->doomed)
		return;
	if (c->sent > 0) {
		buf_consume(&c->out, c->sent);
		c->sent = 0;
	}
	buf_str(&c->out, buf_view(line));
	buf_putc(&c->out, '\n');
	if (line->failed || c->out.failed) {
		c->doomed = true;
		timer_soon(c->timer);
		return;
	}
	settle(c);
}

void
control_end(struct control_call *call, const struct buf *line)
{
	struct client *c = call->client;

	call->busy = false;
	call->gone = NULL;
	call->more = NULL;
	control_say(call, line);
	if (!c->doomed)
		settle(c);
}

void
control_end_ok(struct control_call *call)
{
	struct buf b;

	buf_init(&b, CONTROL_ANSWER_MAX);
	buf_puts(&b, "{\"ok\":true}");
	control_end(call, &b);
	buf_free(&b);
}

void
control_end_error(struct control_call *call, const char *fmt, ...)
{
	struct buf b;
	va_list ap;
	char line[1024];

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_init(&b, CONTROL_ANSWER_MAX);
	error_line(&b, line);
	control_end(call, &b);
	buf_free(&b);
}

void
control_keep(struct control_call *call, void (*gone)(void *state), void *state)
{
	call->gone = gone;
	call->state = state;
}

void
control_feed(
    struct control_call *call, void (*more)(void *state, struct control_call *call))
{
	call->more = more;
	settle(call->client);
}

/* ---- requests ---- */

static bool
has_line(const struct client *c)
{
	return c->in.len > 0 && memchr(c->in.data, '\n', c->in.len) != NULL;
}

/* Nothing more is read; without a line feed in it, that line is too long. */
static bool
is_full(const struct client *c)
{
	return c->in.len >= CONTROL_LINE_MAX;
}

/* A client that does not speak the language is told so, and let go. */
static void
turn_away(struct client *c, const char *why)
{
	c->closing = true;
	buf_clear(&c->in);
	c->call.busy = true;
	control_end_error(&c->call, "%s", why);
}

static void
take_line(struct client *c)
{
	struct control *s = c->server;
	struct control_request r;
	struct str line;
	struct err err;
	bool ok;

	(void)str_split(buf_view(&c->in), '\n', &line);
	ok = control_request_read(line, &r, &err);
	buf_consume(&c->in, line.len + 1);
	c->progress = true;
	if (!ok) {
		turn_away(c, err.detail);
		return;
	}
	c->call.busy = true;
	s->handler.ask(s->handler.arg, &c->call, &r);
	control_request_free(&r);
}

/* Something to do as soon as the client has read enough. */
static bool
has_work(const struct client *c)
{
	if (c->call.busy)
		return c->call.more != NULL;
	return !c->closing && c->named && (has_line(c) || is_full(c));
}

static void
work(struct client *c)
{
	for (int i = 0; i < REQUESTS_PER_TURN && !c->doomed; i++) {
		if (!has_work(c) || pending(c) >= CONTROL_QUEUE_LOW)
			break;
		if (c->call.busy) {
			c->call.more(c->call.state, &c->call);
			break;
		}
		if (has_line(c))
			take_line(c);
		else
			turn_away(c, "a request is longer than 64 KiB");
	}
}

/* ---- the socket ---- */

/* False: the client is lost. */
static bool
read_some(struct client *c)
{
	char chunk[READ_CHUNK];
	size_t room = CONTROL_LINE_MAX - c->in.len;
	ssize_t n = read(c->fd, chunk, room < sizeof(chunk) ? room : sizeof(chunk));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		c->eof = true; /* of what it says; it may still listen */
	buf_add(&c->in, chunk, (size_t)n);
	return !c->in.failed;
}

static bool
write_some(struct client *c)
{
	ssize_t n = send(c->fd, c->out.data + c->sent, pending(c), MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->progress = c->progress || n > 0;
	c->sent += (size_t)n;
	if (pending(c) == 0) {
		buf_free(&c->out);
		buf_init(&c->out, CONTROL_QUEUE_MAX);
		c->sent = 0;
	}
	return true;
}

static void
set_deadline(struct client *c)
{
	unsigned seconds = CONTROL_IDLE_S;

	if (pending(c) > 0)
		seconds = CONTROL_STALL_S;
	else if (c->call.busy || !c->named)
		seconds = 0; /* it waits for us */
	if (seconds == c->deadline_s && !c->progress)
		return;
	c->deadline_s = seconds;
	c->progress = false;
	if (seconds == 0)
		timer_clear(c->timer);
	else
		timer_set(c->timer, seconds * SECOND);
}

/* Nothing is owed to it any more. */
static bool
is_over(const struct client *c)
{
	return pending(c) == 0 && !c->call.busy &&
	       (c->closing || (c->eof && !has_line(c)));
}

/* What to wait for, and for how long. */
static void
settle(struct client *c)
{
	unsigned what = 0;

	if (c->doomed)
		return;
	if (!c->eof && !c->closing && !is_full(c))
		what |= WATCH_READ;
	if (pending(c) > 0 || has_work(c) || is_over(c))
		what |= WATCH_WRITE;
	watch_set(c->watch, what);
	set_deadline(c);
}

static void
on_event(void *arg, unsigned what)
{
	struct client *c = arg;

	if (((what & WATCH_READ) && !read_some(c)) ||
	    ((what & WATCH_WRITE) && pending(c) > 0 && !write_some(c))) {
		client_free(c);
		return;
	}
	work(c);
	if (!c->doomed && is_over(c)) {
		client_free(c);
		return;
	}
	settle(c);
}

/* The deadline has passed, or the queue is full. */
static void
on_timer(void *arg)
{
	client_free(arg);
}

static void
on_named(void *arg, const char *name)
{
	struct client *c = arg;

	c->naming = NULL;
	c->named = true;
	snprintf(c->peer.name, sizeof(c->peer.name), "%s", name);
	settle(c);
}

/* Clients wait for a name; the loop does not. */
static void
find_name(struct client *c)
{
	struct control *s = c->server;
	struct err err;

	if (c->peer.uid == 0) {
		on_named(c, "root");
		return;
	}
	if (s->worker == NULL)
		s->worker = worker_new(s->loop, &err);
	if (s->worker != NULL)
		c->naming = naming_start(s->worker, c->peer.uid, on_named, c);
	if (c->naming == NULL)
		on_named(c, "");
}

static bool
may_enter(const struct control *s, const struct control_peer *p)
{
	const struct client *c;
	size_t same = 0;

	LIST_FOREACH(c, &s->clients, link)
	same += c->peer.uid == p->uid;
	return s->nclients < CONTROL_CLIENTS_MAX &&
	       (p->uid == 0 || same < CONTROL_CLIENTS_PER_USER);
}

/* False: out of memory; fd and peer are still the caller's. */
static bool
client_new(struct control *s, int fd, const struct control_peer *peer)
{
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return false;
	*c = (struct client){ .server = s, .fd = fd, .call = { .client = c } };
	buf_init(&c->in, CONTROL_LINE_MAX);
	buf_init(&c->out, CONTROL_QUEUE_MAX);
	c->watch = watch_fd(s->loop, fd, WATCH_READ, on_event, c);
	c->timer = timer_new(s->loop, on_timer, c);
	if (c->watch == NULL || c->timer == NULL) {
		watch_free(c->watch);
		timer_free(c->timer);
		free(c);
		return false;
	}
	c->peer = *peer;
	LIST_INSERT_HEAD(&s->clients, c, link);
	s->nclients++;
	settle(c);
	find_name(c);
	return true;
}

static void
welcome(struct control *s, int fd)
{
	static const char full[] = "{\"ok\":false,\"error\":\"too many connections\"}\n";
	struct control_peer peer;
	struct err err;

	if (!control_peer_read(fd, &peer, &err)) {
		close(fd);
		return;
	}
	if (may_enter(s, &peer)) {
		if (client_new(s, fd, &peer))
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
			welcome(s, fd);
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

struct control *
control_new(struct loop *l, const char *path, const struct control_handler *handler,
    struct err *err)
{
	struct control *s = calloc(1, sizeof(*s));

	err_local(err, 0, "out of memory");
	if (s == NULL)
		return NULL;
	s->loop = l;
	s->handler = *handler;
	s->fd = listen_at(path, err);
	if (s->fd < 0) {
		free(s);
		return NULL;
	}
	s->path = str_dup(str_of(path));
	s->watch = watch_fd(l, s->fd, WATCH_READ, on_connection, s);
	s->again = timer_new(l, on_again, s);
	if (s->path != NULL && s->watch != NULL && s->again != NULL)
		return s;
	err_local(err, 0, "out of memory");
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
	close(s->fd);
	if (s->path != NULL)
		unlink(s->path);
	free(s->path);
	free(s);
}
