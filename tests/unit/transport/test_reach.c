/* transport/reach: one that answers is enough, and nobody is waited for too long. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../cases.h"
#include "../fds.h"
#include "../loop/nameserver.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "transport/reach.h"

#define PATIENCE_MS 20000 /* an upper limit; only silence may use it up */

static struct loop *loop;
static struct nameserver *names;
static struct resolver *resolver;
static uint16_t open_port, closed_port;
static int open_fd, closed_fd;
static unsigned calls;
static bool answer;

static int
make_socket(bool listening, uint16_t *ret_port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	if (listening)
		assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	*ret_port = ntohs(sin.sin_port);
	return fd;
}

static int
open_world(void **state)
{
	struct err err;

	(void)state;
	loop = loop_new(&err);
	assert_non_null(loop);
	names = nameserver_new(loop);
	resolver = resolver_new(loop, nameserver_address(names), &err);
	assert_non_null(resolver);
	open_fd = make_socket(true, &open_port);
	closed_fd = make_socket(false, &closed_port);
	calls = 0;
	answer = false;
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	close(open_fd);
	close(closed_fd);
	resolver_free(resolver);
	nameserver_free(names);
	loop_free(loop);
	return 0;
}

static void
on_done(void *arg, bool reached)
{
	(void)arg;
	calls++;
	answer = reached;
	loop_stop(loop);
}

/* Targets by the words of what: open, closed, or a name with the open port. */
static struct reach *
ask(const char *what, uint64_t budget_ms)
{
	struct reach_target targets[REACH_MAX];
	struct str rest = str_of(what), word;
	static char hosts[REACH_MAX][64];
	struct reach *r;
	size_t n = 0;

	while (rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, ' ', &word);
		assert_true(str_copy(hosts[n], sizeof(hosts[n]), word));
		targets[n] = (struct reach_target){ hosts[n], open_port };
		if (str_eq(word, "closed"))
			targets[n].port = closed_port;
		if (str_eq(word, "open") || str_eq(word, "closed"))
			targets[n].host = "127.0.0.1";
		n++;
	}
	r = reach_start(loop, resolver, targets, n, budget_ms, on_done, NULL);
	assert_non_null(r);
	assert_int_equal(calls, 0); /* never inside */
	return r;
}

static const struct reach_case {
	const char *name;
	const char *what;
	uint64_t budget_ms;
	bool want;
} reach_cases[] = {
	{ "one that answers", "open", PATIENCE_MS, true },
	{ "nobody listens", "closed", PATIENCE_MS, false },
	{ "none at all", "", PATIENCE_MS, false },
	{ "the last of eight", "closed closed closed closed closed closed closed open",
	    PATIENCE_MS, true },
	{ "eight in vain", "closed closed closed closed closed closed closed closed",
	    PATIENCE_MS, false },
	{ "no such name", "nobody.x", PATIENCE_MS, false },
	{ "no such name, and one that answers", "nobody.x open", PATIENCE_MS, true },
	{ "one is looked up in vain, one answers", "silent.x open", PATIENCE_MS, true },
	{ "nobody says who that is", "silent.x closed", 50, false },
	{ "no address", "empty.x closed", PATIENCE_MS, false },
};

static void
check_reach(void **state)
{
	const struct reach_case *c = *state;

	open_world(NULL);
	(void)ask(c->what, c->budget_ms);
	await_loop(loop, "the end of all tries");
	assert_int_equal(calls, 1);
	assert_int_equal(answer, c->want);
	close_world(NULL);
}

static void
stop(void *arg)
{
	loop_stop(arg);
}

static void
who_is_cancelled_says_nothing(void **state)
{
	struct timer *end = timer_new(loop, stop, loop);

	(void)state;
	assert_non_null(end);
	reach_cancel(ask("open silent.x", PATIENCE_MS));
	reach_cancel(NULL);
	timer_set(end, 20000);
	await_loop(loop, "the end of all tries");
	assert_int_equal(calls, 0);
	timer_free(end);
}

/* That is the watcher's own trouble, and no answer either. */
static void
without_descriptors_nobody_is_reached(void **state)
{
	rlim_t limit;

	(void)state;
	(void)ask("open open", PATIENCE_MS);
	limit = fds_none();
	await_loop(loop, "the end of all tries");
	fds_set_limit(limit);
	assert_int_equal(calls, 1);
	assert_false(answer);
}

RUN_CASES(ROWS("reach", reach_cases, check_reach),
    TEST_WITH(who_is_cancelled_says_nothing, open_world, close_world),
    TEST_WITH(without_descriptors_nobody_is_reached, open_world, close_world));
