/*
 * daemon/notify: a service manager that does not read holds nothing up; what it could not
 * take comes later, and of what is outdated nothing.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "daemon/notify.h"
#include "loop/loop.h"
#include "vocab/err.h"

#define HANGS_S 60 /* an upper limit; nothing waits for it */

static struct loop *loop;
static struct notifier *notifier;
static char directory[] = "/tmp/cswatch-notify.XXXXXX";
static struct sockaddr_un address;
static socklen_t address_len;
static int manager; /* its socket */
static struct buf got;

/* The manager's socket: in the file system, or of an abstract name ('@'). */
static void
open_manager(bool abstract)
{
	char name[sizeof(address.sun_path)];
	struct err err;

	alarm(HANGS_S); /* a send that blocks ends the test program */
	assert_non_null(mkdtemp(directory));
	snprintf(name, sizeof(name), "%s%s/notify", abstract ? "@" : "", directory);
	address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address.sun_path, name, strlen(name));
	address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	if (abstract)
		address.sun_path[0] = '\0';
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_true(manager >= 0);
	assert_int_equal(bind(manager, (struct sockaddr *)&address, address_len), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	buf_init(&got, 65536);
	loop = loop_new(&err);
	assert_non_null(loop);
	notifier = notifier_new(loop);
	assert_non_null(notifier);
}

static int
close_all(void **state)
{
	(void)state;
	notifier_free(notifier);
	loop_free(loop);
	close(manager);
	if (address.sun_path[0] != '\0')
		unlink(address.sun_path);
	rmdir(directory);
	memcpy(directory + sizeof(directory) - 7, "XXXXXX", 6);
	buf_free(&got);
	unsetenv("NOTIFY_SOCKET");
	alarm(0);
	return 0;
}

/* Until its queue is full. */
static void
stuff_manager(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	while (sendto(fd, "-", 1, 0, (struct sockaddr *)&address, address_len) == 1)
		;
	assert_int_equal(errno, EAGAIN);
	close(fd);
}

/* Appends what has come to got, "|" after each; the stuffing is left out. */
static void
read_all(void)
{
	char text[512];
	ssize_t n;

	while ((n = recv(manager, text, sizeof(text), 0)) > 0)
		if (text[0] != '-')
			buf_printf(&got, "%.*s|", (int)n, text);
}

static unsigned turns;
static struct timer *ticker;

static void
on_tick(void *arg)
{
	const char *last = arg;

	turns++;
	if (last != NULL)
		read_all();
	if ((last == NULL && turns == 3) ||
	    (last != NULL && got.len > 0 && strstr(got.data, last) != NULL))
		loop_stop(loop);
	else
		timer_set(ticker, 1000);
}

/* Runs the loop until the manager has got that; NULL: for three turns. */
static void
run_loop(char *last)
{
	turns = 0;
	ticker = timer_new(loop, on_tick, last);
	assert_non_null(ticker);
	timer_set(ticker, 0);
	await_loop(loop, "the last turn");
	timer_free(ticker);
}

static void
everything_is_said(void)
{
	notify_ready(notifier);
	notify_status(notifier, "%d tests", 3);
	notify_alive(notifier);
	notify_stopping(notifier);
	read_all();
	assert_string_equal(got.data, "READY=1|STATUS=3 tests|WATCHDOG=1|STOPPING=1|");
}

static void
a_path(void **state)
{
	(void)state;
	open_manager(false);
	everything_is_said();
}

static void
an_abstract_name(void **state)
{
	(void)state;
	open_manager(true);
	everything_is_said();
}

static void
a_stuck_manager_holds_nothing_up(void **state)
{
	static char last[] = "WATCHDOG=1|";

	(void)state;
	open_manager(false);
	stuff_manager();
	notify_ready(notifier);
	notify_status(notifier, "first");
	notify_alive(notifier);
	run_loop(NULL);
	assert_int_equal(turns, 3);
	notify_status(notifier, "second");
	notify_alive(notifier);
	notify_stopping(notifier);
	read_all();
	assert_int_equal(got.len, 0);
	run_loop(last);
	assert_string_equal(got.data, "READY=1|STOPPING=1|STATUS=second|WATCHDOG=1|");
}

/* Each of its reloads would be two messages; the last one tells it all. */
static void
many_reloads_are_one(void **state)
{
	static char last[] = "STATUS=x|";
	const char *reloading;

	(void)state;
	open_manager(false);
	stuff_manager();
	notify_ready(notifier);
	for (unsigned i = 0; i < 100; i++) {
		notify_reloading(notifier);
		notify_ready(notifier);
	}
	notify_status(notifier, "x");
	run_loop(last);
	assert_memory_equal(got.data, "READY=1|RELOADING=1\nMONOTONIC_USEC=", 35);
	reloading = strstr(got.data + 35, "|");
	assert_non_null(reloading);
	assert_string_equal(reloading, "|READY=1|STATUS=x|");
}

/* It is started anew, and its socket is another file. */
static void
a_manager_that_was_away(void **state)
{
	static char last[] = "READY=1|";

	(void)state;
	open_manager(false);
	close(manager);
	assert_int_equal(unlink(address.sun_path), 0);
	notify_ready(notifier);
	run_loop(NULL);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(manager, (struct sockaddr *)&address, address_len), 0);
	run_loop(last);
	assert_string_equal(got.data, "READY=1|");
}

static const struct silent_case {
	const char *name, *value;
} silent_cases[] = {
	{ "none", NULL },
	{ "empty", "" },
	{ "relative", "run/notify" },
	{ "a slash", "/" },
	{ "of a virtual machine", "vsock:2:1234" },
	{ "too long", "/23456789012345678901234567890123456789012345678901234567890"
		      "123456789012345678901234567890123456789012345678901234567890" },
};

static void
check_silent(void **state)
{
	const struct silent_case *c = *state;

	open_manager(false);
	notifier_free(notifier);
	if (c->value == NULL)
		unsetenv("NOTIFY_SOCKET");
	else
		assert_int_equal(setenv("NOTIFY_SOCKET", c->value, 1), 0);
	notifier = notifier_new(loop);
	assert_non_null(notifier);
	notify_ready(notifier);
	notify_status(notifier, "x");
	read_all();
	assert_int_equal(got.len, 0);
	close_all(NULL);
}

RUN_CASES(TEST_WITH(a_path, NULL, close_all),
    TEST_WITH(an_abstract_name, NULL, close_all),
    TEST_WITH(a_stuck_manager_holds_nothing_up, NULL, close_all),
    TEST_WITH(many_reloads_are_one, NULL, close_all),
    TEST_WITH(a_manager_that_was_away, NULL, close_all),
    ROWS("silent", silent_cases, check_silent));
