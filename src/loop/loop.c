#include "loop/loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "vocab/err.h"

struct loop {
	struct event_base *base;
	uint64_t longest_us;
	bool measuring;
	bool stopping;
};

struct timer {
	struct event *ev;
	void (*cb)(void *arg);
	void *arg;
};

struct watch {
	struct event *ev;
	struct event_base *base;
	int fd; /* or the number of the signal */
	unsigned what;
	void (*cb)(void *arg, unsigned what);
	void *arg;
};

/*
 * Without a cached time and the coarse clock a timer is never early by clock_system: the
 * longest turn would otherwise be taken off every timer that is set at its end.
 */
static struct event_base *
new_base(void)
{
	struct event_config *cfg = event_config_new();
	struct event_base *base;

	if (cfg == NULL)
		return NULL;
	if (event_config_set_flag(cfg,
		EVENT_BASE_FLAG_PRECISE_TIMER | EVENT_BASE_FLAG_NO_CACHE_TIME) != 0) {
		event_config_free(cfg);
		return NULL;
	}
	base = event_base_new_with_config(cfg);
	event_config_free(cfg);
	return base;
}

struct loop *
loop_new(struct err *err)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (l != NULL)
		l->base = new_base();
	if (l == NULL || l->base == NULL) {
		err_local(err, 0, "no event loop: out of memory or descriptors");
		free(l);
		return NULL;
	}
	/* A peer that closes its connection is seen as EPIPE where it happens. */
	sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	event_base_free(l->base);
	free(l);
}

struct event_base *
loop_base(struct loop *l)
{
	return l->base;
}

static uint64_t
cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* Runs one turn; measured in CPU time, so that neither waiting nor other load counts. */
static int
turn(struct loop *l)
{
	uint64_t start, used;
	int r;

	if (!l->measuring)
		return event_base_loop(l->base, EVLOOP_ONCE);
	start = cpu_us();
	r = event_base_loop(l->base, EVLOOP_ONCE);
	used = cpu_us() - start;
	if (used > l->longest_us)
		l->longest_us = used;
	return r;
}

void
loop_run(struct loop *l)
{
	int r = 0;

	while (!l->stopping && r == 0)
		r = turn(l);
	l->stopping = false;
}

void
loop_stop(struct loop *l)
{
	l->stopping = true;
}

void
loop_measure(struct loop *l)
{
	l->measuring = true;
	l->longest_us = 0;
}

uint64_t
loop_longest_turn_us(const struct loop *l)
{
	return l->longest_us;
}

static void
on_timer(evutil_socket_t fd, short events, void *arg)
{
	struct timer *t = arg;

	(void)fd;
	(void)events;
	t->cb(t->arg); /* may free t */
}

struct timer *
timer_new(struct loop *l, void (*cb)(void *arg), void *arg)
{
	struct timer *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	*t = (struct timer){ .cb = cb, .arg = arg };
	t->ev = evtimer_new(l->base, on_timer, t);
	if (t->ev == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

void
timer_free(struct timer *t)
{
	if (t == NULL)
		return;
	event_free(t->ev);
	free(t);
}

void
timer_set(struct timer *t, uint64_t us)
{
	struct timeval tv = { (time_t)(us / 1000000), (suseconds_t)(us % 1000000) };

	/*
	 * Memory ran out. A deadline that cannot be set is better treated as reached than
	 * as never.
	 */
	if (evtimer_add(t->ev, &tv) != 0)
		event_active(t->ev, EV_TIMEOUT, 0);
}

void
timer_soon(struct timer *t)
{
	event_active(t->ev, EV_TIMEOUT, 0);
}

void
timer_clear(struct timer *t)
{
	evtimer_del(t->ev);
}

static void
on_fd(evutil_socket_t fd, short events, void *arg)
{
	struct watch *w = arg;
	unsigned what = 0;

	(void)fd;
	if (events & EV_READ)
		what |= WATCH_READ;
	if (events & EV_WRITE)
		what |= WATCH_WRITE;
	w->cb(w->arg, what); /* may free w */
}

static void
on_signal(evutil_socket_t signum, short events, void *arg)
{
	struct watch *w = arg;

	(void)events;
	w->cb(w->arg, (unsigned)signum);
}

static short
events_of(unsigned what)
{
	int events = EV_PERSIST;

	if (what & WATCH_READ)
		events |= EV_READ;
	if (what & WATCH_WRITE)
		events |= EV_WRITE;
	return (short)events;
}

static struct watch *
new_watch(struct loop *l, int fd, short events, event_callback_fn on_event,
    void (*cb)(void *arg, unsigned what), void *arg)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	*w = (struct watch){ .base = l->base, .fd = fd, .cb = cb, .arg = arg };
	w->ev = event_new(l->base, fd, events, on_event, w);
	if (w->ev == NULL) {
		free(w);
		return NULL;
	}
	return w;
}

struct watch *
watch_fd(struct loop *l, int fd, unsigned what, void (*cb)(void *arg, unsigned what),
    void *arg)
{
	struct watch *w = new_watch(l, fd, events_of(what), on_fd, cb, arg);

	if (w == NULL)
		return NULL;
	w->what = what;
	if (what != 0 && event_add(w->ev, NULL) != 0) {
		watch_free(w);
		return NULL;
	}
	return w;
}

void
watch_set(struct watch *w, unsigned what)
{
	if (what == w->what)
		return;
	w->what = what;
	event_del(w->ev);
	event_assign(w->ev, w->base, w->fd, events_of(what), on_fd, w);
	/* A failure (no memory) shows as silence, which the owner's deadline ends. */
	if (what != 0)
		event_add(w->ev, NULL);
}

struct watch *
watch_signal(
    struct loop *l, int signum, void (*cb)(void *arg, unsigned signum), void *arg)
{
	const short events = EV_SIGNAL | EV_PERSIST;
	struct watch *w = new_watch(l, signum, events, on_signal, cb, arg);

	if (w != NULL && event_add(w->ev, NULL) != 0) {
		watch_free(w);
		return NULL;
	}
	return w;
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	event_free(w->ev);
	free(w);
}
