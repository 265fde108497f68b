/* control/server: how many clients there may be, and how long they may stay. */
#include "control/server.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "control/listen.h"
#include "control/server_client.h"
#include "control_world.h"
#include "loop/loop.h"

/* ---- how many ---- */

static void
raise_fd_limit(void)
{
	struct rlimit l = { 1024, 1024 };

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &l), 0);
	l.rlim_cur = l.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &l), 0);
}

/* fd is a connection for which there was no place; closes it. */
static void
expect_full(int fd)
{
	expect(fd, "{\"ok\":false,\"error\":\"too many connections\"}");
	expect(fd, "");
	close(fd);
}

static void
as_many_as_may_be(void **state)
{
	unsigned most = geteuid() == 0 ? CONTROL_CLIENTS_MAX : CONTROL_CLIENTS_PER_USER;
	int fds[CONTROL_CLIENTS_MAX];

	(void)state;
	raise_fd_limit();
	for (unsigned i = 0; i < most; i++) {
		fds[i] = client();
		world_wait_clients(i + 1);
	}
	expect_full(client());
	say(fds[0], STATUS);
	expect(fds[0], OK);
	for (unsigned i = 0; i < most; i++)
		close(fds[i]);
	world_wait_clients(0);
}

/* Connects with that effective uid; what the kernel tells the server is that one.
 */
static int
client_of(uid_t uid)
{
	int fd;

	assert_int_equal(seteuid(uid), 0);
	fd = client();
	assert_int_equal(seteuid(0), 0);
	return fd;
}

static void
eight_places_are_for_root_alone(void **state)
{
	const size_t others = CONTROL_CLIENTS_MAX - 8, users = 4;
	int fds[CONTROL_CLIENTS_MAX];

	(void)state;
	if (geteuid() != 0)
		skip();
	raise_fd_limit();
	assert_int_equal(chmod(world.directory, 0755), 0);
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (i == others)
			expect_full(client_of(1000 + users));
		fds[i] = i < others ? client_of(1000 + i % users) : client();
		world_wait_clients(i + 1);
	}
	expect_full(client());
	say(fds[CONTROL_CLIENTS_MAX - 1], STATUS);
	expect(fds[CONTROL_CLIENTS_MAX - 1], OK);
	/* Those that root holds are not taken from the others. */
	close(fds[0]);
	world_wait_clients(CONTROL_CLIENTS_MAX - 1);
	fds[0] = client_of(1000 + users);
	world_wait_clients(CONTROL_CLIENTS_MAX);
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		close(fds[i]);
	world_wait_clients(0);
}

/* ---- an account without a role ---- */

static struct client *
only_client(void)
{
	world_wait_clients(1);
	return LIST_FIRST(&world.server->clients);
}

/* Lets the deadline of the connection pass now. */
static void
pass_deadline(struct client *c)
{
	timer_set(c->timer, 0);
	world_turn();
}

static void
a_stranger_is_told_and_let_go(void **state)
{
	int fd;

	(void)state;
	world.strangers = true;
	fd = client();
	assert_int_equal(only_client()->deadline_s, CONTROL_STRANGER_S);
	pass_deadline(only_client());
	expect(fd, "{\"ok\":false,\"error\":\"this account has no role; its connections "
		   "end after 5 seconds\"}");
	expect(fd, "");
	world_wait_clients(0);
	close(fd);
}

/* No request of it and no answer to it makes its connection last. */
static void
a_stranger_that_asks_is_let_go_as_well(void **state)
{
	char line[200];
	int fd;

	(void)state;
	world.strangers = true;
	fd = client();
	say(fd, STATUS STATUS);
	expect(fd, OK);
	expect(fd, OK);
	assert_int_equal(only_client()->deadline_s, CONTROL_STRANGER_S);
	say(fd, "{\"comm");
	world_turn();
	pass_deadline(only_client());
	hear(fd, line, sizeof(line));
	assert_non_null(strstr(line, "this account has no role"));
	expect(fd, "");
	close(fd);
}

static void
a_stranger_that_does_not_read_is_let_go_as_well(void **state)
{
	int fd;

	(void)state;
	world.strangers = true;
	fd = client();
	say(fd, "{\"command\":\"show\"}\n");
	AWAIT(world_turn(), world.fed > 0);
	pass_deadline(only_client());
	world_wait_clients(0);
	assert_int_equal(world.gone, 1);
	close(fd);
}

static void
a_stranger_that_got_a_role_stays(void **state)
{
	int fd;

	(void)state;
	world.strangers = true;
	fd = client();
	world_wait_clients(1);
	world.strangers = false;
	pass_deadline(only_client());
	assert_int_equal(only_client()->deadline_s, CONTROL_IDLE_S);
	say(fd, STATUS);
	expect(fd, OK);
	close(fd);
}

#define SERVED(function) TEST_WITH(function, world_open, world_close)

RUN_CASES(SERVED(as_many_as_may_be), SERVED(eight_places_are_for_root_alone),
    SERVED(a_stranger_is_told_and_let_go), SERVED(a_stranger_that_asks_is_let_go_as_well),
    SERVED(a_stranger_that_does_not_read_is_let_go_as_well),
    SERVED(a_stranger_that_got_a_role_stays));
