#include "transport/curlmux.h"

#include <stdlib.h>

#include "loop/loop.h"

/* one connection at a time, each perhaps with two address families */
#define SOCKETS_MAX 8
/* some libcurl versions forget a timeout: look at least this often */
#define TICK_US 1000000

struct mux_socket {
	struct curlmux *mux;
	curl_socket_t fd;
	struct watch *watch; /* NULL: slot is free */
};

struct curlmux {
	struct loop *loop;
	CURLM *multi;
	CURL *running;
	struct timer *timer;
	struct mux_socket sockets[SOCKETS_MAX];
	void (*done)(void *arg, CURLcode code);
	void *arg;
};

/* The last thing that a callback does: done() may free the mux. */
static void
collect(struct curlmux *m)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(m->multi, &left)) != NULL) {
		CURLcode code = msg->data.result;

		if (msg->msg != CURLMSG_DONE || msg->easy_handle != m->running)
			continue;
		curlmux_stop(m);
		m->done(m->arg, code);
		return;
	}
}

static void
act(struct curlmux *m, curl_socket_t fd, int mask)
{
	int running;

	timer_set(m->timer, TICK_US); /* libcurl's timer callback may set it earlier */
	curl_multi_socket_action(m->multi, fd, mask, &running);
	collect(m);
}

static void
on_timer(void *arg)
{
	struct curlmux *m = arg;

	act(m, CURL_SOCKET_TIMEOUT, 0);
}

static void
on_socket(void *arg, unsigned what)
{
	struct mux_socket *s = arg;
	int mask = ((what & WATCH_READ) != 0 ? CURL_CSELECT_IN : 0) |
		   ((what & WATCH_WRITE) != 0 ? CURL_CSELECT_OUT : 0);

	act(s->mux, s->fd, mask);
}

/* libcurl calls this inside other calls: it may only arm the timer. */
static int
timer_wanted(CURLM *multi, long ms, void *arg)
{
	struct curlmux *m = arg;
	bool soon = ms >= 0 && ms < TICK_US / 1000;

	(void)multi;
	if (m->timer != NULL)
		timer_set(m->timer, soon ? (uint64_t)ms * 1000 : TICK_US);
	return 0;
}

static struct mux_socket *
find_socket(struct curlmux *m, curl_socket_t fd)
{
	struct mux_socket *free_slot = NULL;

	for (size_t i = 0; i < SOCKETS_MAX; i++) {
		if (m->sockets[i].watch == NULL)
			free_slot = &m->sockets[i];
		else if (m->sockets[i].fd == fd)
			return &m->sockets[i];
	}
	return free_slot;
}

/* The watch goes before libcurl closes the descriptor. */
static int
socket_wanted(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct curlmux *m = arg;
	struct mux_socket *s = find_socket(m, fd);
	unsigned want = ((what & CURL_POLL_IN) != 0 ? WATCH_READ : 0) |
			((what & CURL_POLL_OUT) != 0 ? WATCH_WRITE : 0);

	(void)easy;
	(void)unused;
	if (s == NULL)
		return -1;
	if (what == CURL_POLL_REMOVE) {
		watch_free(s->watch);
		s->watch = NULL;
	} else if (s->watch != NULL) {
		watch_set(s->watch, want);
	} else {
		s->mux = m;
		s->fd = fd;
		s->watch = watch_fd(m->loop, fd, want, on_socket, s);
		if (s->watch == NULL)
			return -1;
	}
	return 0;
}

struct curlmux *
curlmux_new(struct loop *l, void (*done)(void *arg, CURLcode code), void *arg)
{
	struct curlmux *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->loop = l;
	m->done = done;
	m->arg = arg;
	m->timer = timer_new(l, on_timer, m);
	m->multi = curl_multi_init();
	if (m->timer == NULL || m->multi == NULL) {
		curlmux_free(m);
		return NULL;
	}
	curl_multi_setopt(m->multi, CURLMOPT_SOCKETFUNCTION, socket_wanted);
	curl_multi_setopt(m->multi, CURLMOPT_SOCKETDATA, m);
	curl_multi_setopt(m->multi, CURLMOPT_TIMERFUNCTION, timer_wanted);
	curl_multi_setopt(m->multi, CURLMOPT_TIMERDATA, m);
	/*
	 * NTLM authenticates the connection: HTTP/2 streams would share what must not
	 * be shared.
	 */
	curl_multi_setopt(m->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	return m;
}

void
curlmux_free(struct curlmux *m)
{
	if (m == NULL)
		return;
	curlmux_stop(m);
	if (m->multi != NULL)
		curl_multi_cleanup(m->multi);
	for (size_t i = 0; i < SOCKETS_MAX; i++)
		watch_free(m->sockets[i].watch);
	timer_free(m->timer);
	free(m);
}

bool
curlmux_start(struct curlmux *m, CURL *easy)
{
	if (curl_multi_add_handle(m->multi, easy) != CURLM_OK)
		return false;
	m->running = easy;
	return true;
}

void
curlmux_stop(struct curlmux *m)
{
	if (m->running != NULL)
		curl_multi_remove_handle(m->multi, m->running);
	m->running = NULL;
	if (m->timer != NULL)
		timer_clear(m->timer);
}
