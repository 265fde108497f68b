#include "transport/reach.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"
#include "loop/resolve.h"

#define CALLS_MAX (REACH_MAX * ADDRS_MAX)

/* One address. */
struct call {
	struct reach *reach;
	int fd; /* -1: over */
	struct watch *watch;
};

struct question {
	struct reach *reach;
	struct lookup *lookup; /* under way, or NULL */
};

struct reach {
	struct loop *loop;
	void (*done)(void *arg, bool reached);
	void *arg;
	struct timer *timer; /* the budget; and the end, never inside a call */
	bool reached;
	size_t n, ncalls;
	size_t left; /* look-ups and calls under way */
	struct question questions[REACH_MAX];
	struct call calls[CALLS_MAX];
};

static void
hang_up(struct call *c)
{
	watch_free(c->watch);
	c->watch = NULL;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

void
reach_cancel(struct reach *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n; i++)
		lookup_cancel(r->questions[i].lookup);
	for (size_t i = 0; i < r->ncalls; i++)
		hang_up(&r->calls[i]);
	timer_free(r->timer);
	free(r);
}

static void
on_timer(void *arg)
{
	struct reach *r = arg;
	void (*done)(void *, bool) = r->done;
	void *done_arg = r->arg;
	bool reached = r->reached;

	reach_cancel(r);
	done(done_arg, reached);
}

static void
one_is_over(struct reach *r)
{
	if (--r->left == 0)
		timer_soon(r->timer);
}

static void
on_connected(void *arg, unsigned what)
{
	struct call *c = arg;
	int errnum = 0;
	socklen_t len = sizeof(errnum);

	(void)what;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &errnum, &len) < 0)
		errnum = errno;
	hang_up(c);
	if (errnum == 0) {
		c->reach->reached = true;
		timer_soon(c->reach->timer);
	}
	one_is_over(c->reach);
}

/* False: it has failed already. */
static bool
call(struct call *c, const struct addr *to)
{
	c->fd = socket(to->ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return false;
	if (connect(c->fd, (const struct sockaddr *)&to->ss, to->len) < 0 &&
	    errno != EINPROGRESS)
		return false;
	c->watch = watch_fd(c->reach->loop, c->fd, WATCH_WRITE, on_connected, c);
	return c->watch != NULL;
}

static void
on_addresses(void *arg, const struct addrs *addrs, const struct err *err)
{
	struct question *q = arg;
	struct reach *r = q->reach;

	(void)err;
	q->lookup = NULL;
	for (unsigned i = 0; addrs != NULL && i < addrs->n; i++) {
		struct call *c = &r->calls[r->ncalls++];

		*c = (struct call){ .reach = r };
		if (call(c, &addrs->a[i]))
			r->left++;
		else
			hang_up(c);
	}
	one_is_over(r);
}

struct reach *
reach_start(struct loop *l, struct resolver *resolver, const struct reach_target *targets,
    size_t n, uint64_t budget_ms, void (*done)(void *arg, bool reached), void *arg)
{
	struct reach *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	*r = (struct reach){ .loop = l, .done = done, .arg = arg };
	r->n = r->left = n < REACH_MAX ? n : REACH_MAX;
	r->timer = timer_new(l, on_timer, r);
	if (r->timer == NULL) {
		free(r);
		return NULL;
	}
	timer_set(r->timer, r->n == 0 ? 0 : budget_ms * 1000);
	for (size_t i = 0; i < r->n; i++) {
		struct question *q = &r->questions[i];

		q->reach = r;
		q->lookup = resolver_lookup(
		    resolver, targets[i].host, targets[i].port, on_addresses, q);
		if (q->lookup == NULL)
			one_is_over(r);
	}
	return r;
}
