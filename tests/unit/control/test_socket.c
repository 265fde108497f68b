/* control/listen, control/server: the socket as a file, and who connects to it. */
#include "control/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "control/client.h"
#include "control/server.h"
#include "control/server_client.h"
#include "control_world.h"
#include "loop/loop.h"

/* ---- the socket ---- */

static void
everybody_may_connect(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(world.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0666);
}

static void
a_second_server_is_refused(void **state)
{
	struct err err;
	int fd;

	(void)state;
	assert_null(control_new(world.loop, world.path, &world_handler, &err));
	assert_int_equal(err.code, EADDRINUSE);
	fd = client();
	say(fd, STATUS);
	expect(fd, OK);
	close(fd);
}

static void
what_a_dead_one_left_is_replaced(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int dead = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	struct err err;

	(void)state;
	control_free(world.server);
	assert_true(str_copy(at.sun_path, sizeof(at.sun_path), str_of(world.path)));
	assert_int_equal(bind(dead, (const struct sockaddr *)&at, sizeof(at)), 0);
	close(dead);
	world.server = control_new(world.loop, world.path, &world_handler, &err);
	assert_non_null(world.server);
	fd = client();
	say(fd, STATUS);
	expect(fd, OK);
	close(fd);
}

static void
a_file_is_not_replaced(void **state)
{
	struct err err;
	int fd;

	(void)state;
	control_free(world.server);
	fd = open(world.path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	world.server = control_new(world.loop, world.path, &world_handler, &err);
	assert_null(world.server);
	assert_non_null(strstr(err.detail, "is no socket"));
	assert_int_equal(unlink(world.path), 0);
}

/* Has the server look for its file now. */
static void
look(void)
{
	timer_set(world.server->look, 0);
	world_turn();
}

static void
a_socket_that_was_removed_is_made_again(void **state)
{
	int before = client();

	(void)state;
	world_wait_clients(1);
	look();
	assert_int_equal(world.restored, 0);
	assert_int_equal(unlink(world.path), 0);
	look();
	assert_int_equal(world.restored, 1);
	assert_int_equal(world.lost, 0);
	everybody_may_connect(state);
	expect_service();
	say(before, STATUS); /* who was connected still is */
	expect(before, OK);
	look();
	assert_int_equal(world.restored, 1);
	close(before);
}

static void
even_with_its_directory(void **state)
{
	(void)state;
	assert_int_equal(unlink(world.path), 0);
	assert_int_equal(rmdir(world.directory), 0);
	look();
	assert_int_equal(world.restored, 1);
	expect_service();
}

static void
a_socket_that_was_replaced_is_made_again(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int dead = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(unlink(world.path), 0);
	assert_true(str_copy(at.sun_path, sizeof(at.sun_path), str_of(world.path)));
	assert_int_equal(bind(dead, (const struct sockaddr *)&at, sizeof(at)), 0);
	close(dead);
	look();
	assert_int_equal(world.restored, 1);
	expect_service();
}

/* Two daemons do not take the socket from each other in turn. */
static void
what_is_in_use_now_is_left_alone(void **state)
{
	struct control *other;
	struct stat st;
	struct err err;

	(void)state;
	assert_int_equal(unlink(world.path), 0);
	other = control_new(world.loop, world.path,
	    &(struct control_handler){ .ask = world_handler.ask }, &err);
	assert_non_null(other);
	for (int i = 0; i < 3; i++)
		look();
	assert_int_equal(world.lost, 1); /* said once */
	assert_int_equal(world.restored, 0);
	expect_service();
	control_free(other);
	look();
	assert_int_equal(world.restored, 1);
	expect_service();
	/* And what is not its own it does not remove. */
	assert_int_equal(unlink(world.path), 0);
	other = control_new(world.loop, world.path,
	    &(struct control_handler){ .ask = world_handler.ask }, &err);
	assert_non_null(other);
	control_free(world.server);
	world.server = NULL;
	assert_int_equal(stat(world.path, &st), 0);
	control_free(other);
}

static void
a_socket_that_was_moved_away_and_back(void **state)
{
	char aside[sizeof(world.path) + 8];
	int fd;

	(void)state;
	snprintf(aside, sizeof(aside), "%s.aside", world.path);
	assert_int_equal(rename(world.path, aside), 0);
	fd = open(world.path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	look();
	assert_int_equal(world.lost, 1);
	assert_int_equal(rename(aside, world.path), 0);
	look();
	assert_int_equal(world.restored, 1);
	expect_service();
}

/* ---- the asking end ---- */

static void *
connect_patiently(void *arg)
{
	struct err err;

	(void)arg;
	return connect_to(world.path, 60000, &err) >= 0 ? world.path : NULL;
}

/* The backlog of a listener is full: who connects waits, but not for ever. */
static void
a_listener_that_is_busy(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int busy = socket(AF_UNIX, SOCK_STREAM, 0), first;
	pthread_t patient;
	struct err err;
	void *done = NULL;

	(void)state;
	control_free(world.server);
	world.server = NULL;
	assert_true(str_copy(at.sun_path, sizeof(at.sun_path), str_of(world.path)));
	assert_int_equal(bind(busy, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(busy, 0), 0);
	first = client();
	assert_int_equal(connect_to(world.path, 0, &err), -1);
	assert_int_equal(err.code, EAGAIN);
	assert_int_equal(connect_to(world.path, 1, &err), -1);
	assert_int_equal(err.code, EAGAIN);
	assert_int_equal(pthread_create(&patient, NULL, connect_patiently, NULL), 0);
	close(accept(busy, NULL, NULL));
	assert_int_equal(pthread_join(patient, &done), 0);
	assert_non_null(done);
	close(first);
	close(busy);
	assert_int_equal(unlink(world.path), 0);
}

static void
nobody_serves(void **state)
{
	struct err err;

	(void)state;
	assert_null(control_client_open("/nonexistent/c.sock", &err));
	assert_int_equal(err.code, ENOENT);
}

#define SERVED(function) TEST_WITH(function, world_open, world_close)

RUN_CASES(SERVED(everybody_may_connect), SERVED(a_second_server_is_refused),
    SERVED(what_a_dead_one_left_is_replaced), SERVED(a_file_is_not_replaced),
    SERVED(a_socket_that_was_removed_is_made_again), SERVED(even_with_its_directory),
    SERVED(a_socket_that_was_replaced_is_made_again),
    SERVED(what_is_in_use_now_is_left_alone),
    SERVED(a_socket_that_was_moved_away_and_back), SERVED(a_listener_that_is_busy),
    TEST(nobody_serves));
