/*
 * A connection is moved by three things: its descriptor (on_event), its deadline
 * (on_deadline) and the handler that answers. Each ends in rearm_client(), which derives
 * from what is there - bytes to send, a line to answer, an end - what to wait for and for
 * how long. Only the first two free the client: the handler runs in the middle of them,
 * so what goes wrong there marks it as doomed and has the timer run at once.
 *
 * Requests are answered one at a time and only while little is unsent; as long as one is
 * being answered at most CONTROL_LINE_MAX bytes are read. So no client takes more memory
 * than the limits of control/protocol.h, or more than its share of a turn of the loop.
 */
#include "control/server_client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vocab/err.h"
#include "control/request.h"
#include "loop/loop.h"
#include "loop/worker.h"

#define REQUESTS_PER_TURN 8
#define READ_CHUNK	  4096
#define SECOND		  ((uint64_t)1000000)

static void rearm_client(struct client *c);

void
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
unsent(const struct client *c)
{
	return c->out.len - c->sent;
}

const struct control_peer *
control_call_peer(const struct control_call *call)
{
	return &call->client->peer;
}

/* Runs in the middle of a handler, so nothing is freed or sent here. */
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
	rearm_client(c);
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
		rearm_client(c);
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
	rearm_client(call->client);
}

/* ---- requests ---- */

static bool
has_line(const struct client *c)
{
	return c->in.len > 0 && memchr(c->in.data, '\n', c->in.len) != NULL;
}

/* Returns whether nothing more is read; without a line feed, the line is too long. */
static bool
is_full(const struct client *c)
{
	return c->in.len >= CONTROL_LINE_MAX;
}

/* Tells the client why it is not served and closes the connection after that. */
static void
turn_away(struct client *c, const char *why)
{
	c->closing = true;
	buf_clear(&c->in);
	c->call.busy = true;
	control_end_error(&c->call, "%s", why);
}

static void
answer_line(struct client *c)
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

/* Returns whether there is something to do as soon as the client has read enough. */
static bool
has_work(const struct client *c)
{
	if (c->call.busy)
		return c->call.more != NULL;
	return !c->closing && c->named && (has_line(c) || is_full(c));
}

static void
serve_client(struct client *c)
{
	for (int i = 0; i < REQUESTS_PER_TURN && !c->doomed; i++) {
		if (!has_work(c) || unsent(c) >= CONTROL_QUEUE_LOW)
			break;
		if (c->call.busy) {
			c->call.more(c->call.state, &c->call);
			break;
		}
		if (has_line(c))
			answer_line(c);
		else
			turn_away(c, "a request is longer than 64 KiB");
	}
}

/* ---- the socket ---- */

/* Returns false if the connection is broken. */
static bool
read_some(struct client *c)
{
	char chunk[READ_CHUNK];
	size_t room = CONTROL_LINE_MAX - c->in.len;
	ssize_t n = read(c->fd, chunk, room < sizeof(chunk) ? room : sizeof(chunk));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		c->eof = true; /* of what it sends; it may still read */
	buf_add(&c->in, chunk, (size_t)n);
	return !c->in.failed;
}

static bool
write_some(struct client *c)
{
	ssize_t n = send(c->fd, c->out.data + c->sent, unsent(c), MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->progress = c->progress || n > 0;
	c->sent += (size_t)n;
	if (unsent(c) == 0) {
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

	if (c->stranger)
		return; /* nothing that it does makes it later */
	if (unsent(c) > 0)
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

/* Returns whether the client has got all answers that it will ever get. */
static bool
is_over(const struct client *c)
{
	return unsent(c) == 0 && !c->call.busy &&
	       (c->closing || (c->eof && !has_line(c)));
}

/* Sets what to wait for, and for how long. */
static void
rearm_client(struct client *c)
{
	unsigned what = 0;

	if (c->doomed)
		return;
	if (!c->eof && !c->closing && !is_full(c))
		what |= WATCH_READ;
	if (unsent(c) > 0 || has_work(c) || is_over(c))
		what |= WATCH_WRITE;
	watch_set(c->watch, what);
	set_deadline(c);
}

static void
on_event(void *arg, unsigned what)
{
	struct client *c = arg;

	if (((what & WATCH_READ) && !read_some(c)) ||
	    ((what & WATCH_WRITE) && unsent(c) > 0 && !write_some(c))) {
		client_free(c);
		return;
	}
	serve_client(c);
	if (!c->doomed && is_over(c)) {
		client_free(c);
		return;
	}
	rearm_client(c);
}

static bool
has_role(const struct client *c)
{
	const struct control_handler *h = &c->server->handler;

	return h->has_role == NULL || h->has_role(h->arg, &c->peer);
}

/*
 * Closes a connection whose deadline has passed, or that is doomed. One without a role is
 * told why and gets as much time to read it; unless it has got a role by a reload.
 */
static void
on_deadline(void *arg)
{
	struct client *c = arg;

	if (c->doomed || c->closing || c->call.busy || !c->stranger) {
		client_free(c);
		return;
	}
	c->stranger = !has_role(c);
	if (!c->stranger) {
		rearm_client(c);
		return;
	}
	timer_set(c->timer, CONTROL_STRANGER_S * SECOND);
	turn_away(c, "this account has no role; its connections end after 5 seconds");
}

static void
on_named(void *arg, const char *name)
{
	struct client *c = arg;

	c->naming = NULL;
	c->named = true;
	snprintf(c->peer.name, sizeof(c->peer.name), "%s", name);
	rearm_client(c);
}

/* Looks up the name of the account: the client waits for it, the loop does not. */
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

bool
client_open(struct control *s, int fd, const struct control_peer *peer)
{
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return false;
	*c = (struct client){ .server = s, .fd = fd, .call = { .client = c } };
	buf_init(&c->in, CONTROL_LINE_MAX);
	buf_init(&c->out, CONTROL_QUEUE_MAX);
	c->watch = watch_fd(s->loop, fd, WATCH_READ, on_event, c);
	c->timer = timer_new(s->loop, on_deadline, c);
	if (c->watch == NULL || c->timer == NULL) {
		watch_free(c->watch);
		timer_free(c->timer);
		free(c);
		return false;
	}
	c->peer = *peer;
	c->stranger = !has_role(c);
	if (c->stranger) {
		c->deadline_s = CONTROL_STRANGER_S;
		timer_set(c->timer, CONTROL_STRANGER_S * SECOND);
	}
	LIST_INSERT_HEAD(&s->clients, c, link);
	s->nclients++;
	rearm_client(c);
	find_name(c);
	return true;
}
