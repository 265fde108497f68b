/*
 * loop: timers, descriptors and signals come when they should, and the loop ends when it
 * should.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../cases.h"
#include "base/clock.h"
#include "vocab/err.h"
#include "loop/loop.h"

#define TIMERS_MAX 4
#define APART_US   30000 /* time enough to set the next timer on a busy machine */

static struct loop *loop;

static int
make_loop(void **state)
{
	struct err err;

	(void)state;
	loop = loop_new(&err);
	return loop == NULL ? -1 : 0;
}

static int
drop_loop(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

/* What happened, in order: one letter for each call. */
static char trace[32];

static void
note(char c)
{
	size_t n = strlen(trace);

	assert_true(n + 1 < sizeof(trace));
	trace[n] = c;
	trace[n + 1] = '\0';
}

/* The argument with which note_arg() notes c. */
static char *
letter(char c)
{
	static char letters[] = "abcdefghijklmnopqrstuvwxyz";

	return &letters[c - 'a'];
}

static void
note_arg(void *arg)
{
	note(*(const char *)arg);
}

static void
run(void)
{
	trace[0] = '\0';
	await_loop(loop, "the end of the loop");
}

static const struct order_case {
	const char *name;
	uint64_t us[TIMERS_MAX]; /* of timers a, b, c, d; 0: not set */
	const char *cleared;
	const char *want;
} order_cases[] = {
	{ "as set", { 1, 2, 3, 4 }, "", "abcd" },
	{ "backwards", { 3 * APART_US, 2 * APART_US, APART_US, 1 }, "", "dcba" },
	{ "mixed", { 2 * APART_US, 1, 3 * APART_US, APART_US }, "", "bdac" },
	{ "cleared ones do not fire", { 1, 2, 3, 4 }, "bd", "ac" },
	{ "one", { 0, 1, 0, 0 }, "", "b" },
	{ "none", { 0, 0, 0, 0 }, "", "" },
	{ "all cleared", { 1, 1, 1, 1 }, "abcd", "" },
};

static void
check_order(void **state)
{
	const struct order_case *c = *state;
	struct timer *t[TIMERS_MAX];
	void *none = NULL;

	assert_int_equal(make_loop(&none), 0);
	for (int i = 0; i < TIMERS_MAX; i++) {
		t[i] = timer_new(loop, note_arg, letter((char)('a' + i)));
		if (c->us[i] != 0)
			timer_set(t[i], c->us[i]);
	}
	for (const char *p = c->cleared; *p != '\0'; p++)
		timer_clear(t[*p - 'a']);
	run();
	assert_string_equal(trace, c->want);
	for (int i = 0; i < TIMERS_MAX; i++)
		timer_free(t[i]);
	drop_loop(&none);
}

struct self {
	struct timer *timer;
	int left;
};

static void
set_again(void *arg)
{
	struct self *s = arg;

	note('x');
	if (--s->left > 0)
		timer_set(s->timer, 1);
}

static void
timer_may_set_itself(void **state)
{
	struct self s = { NULL, 3 };

	(void)state;
	s.timer = timer_new(loop, set_again, &s);
	timer_set(s.timer, 0);
	run();
	assert_string_equal(trace, "xxx");
	timer_free(s.timer);
}

static void
free_self(void *arg)
{
	struct self *s = arg;

	note('x');
	timer_free(s->timer);
}

static void
timer_may_free_itself(void **state)
{
	struct self s = { NULL, 0 };

	(void)state;
	s.timer = timer_new(loop, free_self, &s);
	timer_set(s.timer, 0);
	run();
	assert_string_equal(trace, "x");
	timer_free(NULL);
}

static void
a_later_setting_replaces_the_earlier(void **state)
{
	struct timer *a = timer_new(loop, note_arg, letter('a'));
	struct timer *b = timer_new(loop, note_arg, letter('b'));

	(void)state;
	timer_set(a, 1);
	timer_set(b, 2000);
	timer_set(a, 4000);
	timer_set(a, 6000);
	run();
	assert_string_equal(trace, "ba");
	timer_clear(a);
	timer_free(a);
	timer_free(b);
}

static void
stop_loop(void *arg)
{
	(void)arg;
	note('s');
	loop_stop(loop);
}

static void
the_longest_time_is_far_away(void **state)
{
	struct timer *never = timer_new(loop, note_arg, letter('n'));
	struct timer *stop = timer_new(loop, stop_loop, NULL);

	(void)state;
	timer_set(never, UINT64_MAX);
	timer_set(stop, 1000);
	run();
	assert_string_equal(trace, "s");
	timer_free(never);
	timer_free(stop);
}

static uint64_t fired_us;

static void
note_time(void *arg)
{
	(void)arg;
	fired_us = clock_mono_us(&clock_system);
}

static void
timers_are_never_early(void **state)
{
	struct timer *t = timer_new(loop, note_time, NULL);

	(void)state;
	for (uint64_t us = 0; us <= 5000; us += 617) {
		uint64_t set_us = clock_mono_us(&clock_system);

		timer_set(t, us);
		run();
		assert_true(fired_us >= set_us + us);
	}
	timer_free(t);
}

static void
stop_before_the_run_is_not_lost(void **state)
{
	struct timer *t = timer_new(loop, note_arg, letter('t'));

	(void)state;
	timer_set(t, 0);
	loop_stop(loop);
	loop_stop(loop);
	run();
	assert_string_equal(trace, "");
	run(); /* and is used up */
	assert_string_equal(trace, "t");
	timer_free(t);
}

static void
stop_inside_ends_the_run(void **state)
{
	struct timer *stop = timer_new(loop, stop_loop, NULL);
	struct timer *later = timer_new(loop, note_arg, letter('l'));

	(void)state;
	timer_set(stop, 0);
	timer_set(later, 2 * APART_US);
	run();
	assert_string_equal(trace, "s");
	run();
	assert_string_equal(trace, "l");
	timer_free(stop);
	timer_free(later);
}

/* A watch on one end of a pair of sockets. */
static struct {
	int fd[2];
	struct watch *watch;
	int calls_left; /* then the loop is stopped */
	bool drains;
	bool frees;
} pair;

static void
on_pair(void *arg, unsigned what)
{
	char c;

	assert_ptr_equal(arg, &pair);
	if (what & WATCH_READ)
		note('r');
	if (what & WATCH_WRITE)
		note('w');
	if (pair.drains && (what & WATCH_READ) && read(pair.fd[0], &c, 1) == 1)
		note(c);
	if (--pair.calls_left == 0)
		loop_stop(loop);
	if (pair.frees) {
		watch_free(pair.watch);
		pair.watch = NULL;
	}
}

static void
close_pair(void)
{
	watch_free(pair.watch);
	close(pair.fd[0]);
	close(pair.fd[1]);
}

static const struct fd_case {
	const char *name;
	unsigned what;
	const char *sent;
	int calls;
	bool drains, frees;
	const char *want;
} fd_cases[] = {
	{ "readable", WATCH_READ, "1", 1, true, false, "r1" },
	{ "level-triggered", WATCH_READ, "1", 3, false, false, "rrr" },
	{ "octet by octet", WATCH_READ, "123", 3, true, false, "r1r2r3" },
	{ "writable", WATCH_WRITE, "", 2, false, false, "ww" },
	{ "both", WATCH_READ | WATCH_WRITE, "1", 2, true, false, "rw1w" },
	{ "not waited for", WATCH_WRITE, "1", 2, true, false, "ww" },
	{ "may free itself", WATCH_READ, "123", 9, true, true, "r1" },
	{ "nothing waited for", 0, "123", 9, true, false, "" },
};

static void
open_pair(unsigned what, const char *sent)
{
	ssize_t n = (ssize_t)strlen(sent);

	memset(&pair, 0, sizeof(pair));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair.fd), 0);
	assert_int_equal(write(pair.fd[1], sent, (size_t)n), n);
	pair.watch = watch_fd(loop, pair.fd[0], what, on_pair, &pair);
	assert_non_null(pair.watch);
}

static void
check_fd(void **state)
{
	const struct fd_case *c = *state;
	void *none = NULL;

	assert_int_equal(make_loop(&none), 0);
	open_pair(c->what, c->sent);
	pair.calls_left = c->calls;
	pair.drains = c->drains;
	pair.frees = c->frees;
	run();
	assert_string_equal(trace, c->want);
	close_pair();
	drop_loop(&none);
}

static void
what_is_waited_for_can_change(void **state)
{
	(void)state;
	open_pair(WATCH_READ, "1");
	watch_set(pair.watch, WATCH_WRITE);
	pair.calls_left = 1;
	run();
	assert_string_equal(trace, "w");
	watch_set(pair.watch, WATCH_READ | WATCH_WRITE);
	watch_set(pair.watch, WATCH_READ | WATCH_WRITE);
	pair.calls_left = 1;
	run();
	assert_string_equal(trace, "rw");
	watch_set(pair.watch, 0);
	run(); /* nothing is left to wait for */
	assert_string_equal(trace, "");
	watch_set(pair.watch, WATCH_READ);
	pair.calls_left = 1;
	run();
	assert_string_equal(trace, "r");
	close_pair();
}

static void
end_of_the_peer_is_readable(void **state)
{
	(void)state;
	open_pair(WATCH_READ, "");
	shutdown(pair.fd[1], SHUT_WR);
	pair.calls_left = 1;
	run();
	assert_string_equal(trace, "r");
	close_pair();
}

static void
ignore_fd(void *arg, unsigned what)
{
	(void)arg;
	(void)what;
}

static void
descriptors_that_cannot_be_watched(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_null(watch_fd(loop, fd, WATCH_READ, ignore_fd, NULL));
	close(fd);
	assert_null(watch_fd(loop, fd, WATCH_READ, ignore_fd, NULL));
	watch_free(NULL);
}

static void
on_signal(void *arg, unsigned signum)
{
	assert_ptr_equal(arg, &trace);
	note(signum == SIGUSR1 ? '1' : '2');
	loop_stop(loop);
}

static void
signals_come_on_the_loop(void **state)
{
	struct watch *one = watch_signal(loop, SIGUSR1, on_signal, &trace);
	struct watch *two = watch_signal(loop, SIGUSR2, on_signal, &trace);

	(void)state;
	trace[0] = '\0';
	raise(SIGUSR2);
	assert_string_equal(trace, "");
	run();
	assert_string_equal(trace, "2");
	raise(SIGUSR1);
	run();
	assert_string_equal(trace, "1");
	watch_free(one);
	watch_free(two);
}

static void
a_broken_pipe_is_an_error_not_a_signal(void **state)
{
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	close(fd[0]);
	errno = 0;
	assert_int_equal(write(fd[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	close(fd[1]);
}

static void
burn(void *arg)
{
	struct timespec now;
	long ms = *(const long *)arg;
	clock_t until = clock() + ms * CLOCKS_PER_SEC / 1000;

	while (clock() < until)
		clock_gettime(CLOCK_MONOTONIC, &now);
}

static void
measures_work_but_not_waiting(void **state)
{
	long ms = 20;
	struct timer *work = timer_new(loop, burn, &ms);
	struct timer *wait = timer_new(loop, note_arg, letter('w'));
	uint64_t longest_us;

	(void)state;
	timer_set(wait, 1);
	run();
	assert_int_equal(loop_longest_turn_us(loop), 0); /* not asked to */
	loop_measure(loop);
	timer_set(wait, 100000);
	run();
	assert_true(loop_longest_turn_us(loop) < 100000);
	loop_measure(loop);
	timer_set(work, 0);
	run();
	longest_us = loop_longest_turn_us(loop);
	assert_true(longest_us >= 10000);
	timer_set(wait, 1);
	run();
	assert_true(loop_longest_turn_us(loop) == longest_us);
	timer_free(work);
	timer_free(wait);
}

static void
the_base_is_libevents(void **state)
{
	(void)state;
	assert_non_null(loop_base(loop));
	loop_free(NULL);
}

#define LOOP_TEST(f) TEST_WITH(f, make_loop, drop_loop)

RUN_CASES(ROWS("order", order_cases, check_order), LOOP_TEST(timer_may_set_itself),
    LOOP_TEST(timer_may_free_itself), LOOP_TEST(a_later_setting_replaces_the_earlier),
    LOOP_TEST(the_longest_time_is_far_away), LOOP_TEST(timers_are_never_early),
    LOOP_TEST(stop_before_the_run_is_not_lost), LOOP_TEST(stop_inside_ends_the_run),
    ROWS("fd", fd_cases, check_fd), LOOP_TEST(what_is_waited_for_can_change),
    LOOP_TEST(end_of_the_peer_is_readable), LOOP_TEST(descriptors_that_cannot_be_watched),
    LOOP_TEST(signals_come_on_the_loop),
    LOOP_TEST(a_broken_pipe_is_an_error_not_a_signal),
    LOOP_TEST(measures_work_but_not_waiting), LOOP_TEST(the_base_is_libevents));
