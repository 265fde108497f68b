#include "control_world.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "control/listen.h"
#include "control/request.h"
#include "control/server.h"
#include "control/server_client.h"
#include "loop/loop.h"

struct control_world world;

static void
on_gone(void *state)
{
	*(unsigned *)state += 1;
	world.kept = NULL;
}

/* Lines of 1 KiB without end. */
static void
feed(void *state, struct control_call *call)
{
	char line[1024];
	struct buf b;

	(void)state;
	memset(line, 'x', sizeof(line));
	buf_init(&b, 2000);
	buf_add(&b, line, sizeof(line));
	control_say(call, &b);
	buf_free(&b);
	world.fed++;
}

/*
 * status answers at once, test is kept, show never comes to an end, trace says more
 * than may wait.
 */
static void
on_ask(void *arg, struct control_call *call, const struct control_request *r)
{
	(void)arg;
	world.asked++;
	if (r->verb == COMMAND_TEST || r->verb == COMMAND_SHOW ||
	    r->verb == COMMAND_TRACE)
		control_keep(call, on_gone, &world.gone);
	if (r->verb == COMMAND_TEST)
		world.kept = call;
	else if (r->verb == COMMAND_SHOW)
		control_feed(call, feed);
	else if (r->verb == COMMAND_TRACE)
		for (unsigned i = 0; i < 1100; i++)
			feed(NULL, call);
	else
		control_end_ok(call);
}

static bool
on_has_role(void *arg, const struct control_peer *peer)
{
	(void)arg;
	(void)peer;
	return !world.strangers;
}

static void
on_file_lost(void *arg, const char *lost_path, const struct err *err)
{
	(void)arg;
	assert_string_equal(lost_path, world.path);
	if (err == NULL)
		world.restored++;
	else
		world.lost++;
}

const struct control_handler world_handler = {
	.ask = on_ask,
	.has_role = on_has_role,
	.file_lost = on_file_lost,
};

static void
on_tick(void *arg)
{
	loop_stop(arg);
}

bool
world_make_tick(void)
{
	world.tick = timer_new(world.loop, on_tick, world.loop);
	return world.tick != NULL;
}

void
world_turn(void)
{
	timer_set(world.tick, 200);
	loop_run(world.loop);
}

int
world_open(void **state)
{
	struct err err;

	(void)state;
	snprintf(world.directory, sizeof(world.directory), "/tmp/cswatch-control-XXXXXX");
	if (mkdtemp(world.directory) == NULL)
		return -1;
	snprintf(world.path, sizeof(world.path), "%s/c.sock", world.directory);
	world.asked = world.gone = world.fed = world.lost = world.restored = 0;
	world.kept = NULL;
	world.strangers = false;
	world.loop = loop_new(&err);
	if (world.loop == NULL || !world_make_tick())
		return -1;
	world.server = control_new(world.loop, world.path, &world_handler, &err);
	return world.server == NULL ? -1 : 0;
}

int
world_close(void **state)
{
	(void)state;
	control_free(world.server);
	world.server = NULL;
	timer_free(world.tick);
	loop_free(world.loop);
	if (access(world.path, F_OK) == 0)
		return -1; /* the socket is to go with the server */
	return rmdir(world.directory);
}

void
world_wait_clients(size_t n)
{
	AWAIT(world_turn(), world.server->nclients == n);
	assert_int_equal(world.server->nclients, n);
}

int
client(void)
{
	struct err err;
	int fd = connect_to(world.path, 0, &err);

	assert_true(fd >= 0);
	return fd;
}

void
say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* What comes until a line feed or the end of the connection. */
void
hear(int fd, char *dst, size_t size)
{
	size_t at = 0;

	await_what = "a line, or the end of the connection";
	for (;;) {
		ssize_t n = read(fd, dst + at, 1);

		if (n == 0 || (n < 0 && errno == ECONNRESET))
			break;
		if (n < 0) {
			world_turn();
			continue;
		}
		if (dst[at] == '\n' || at + 1 == size)
			break;
		at++;
	}
	await_what = NULL;
	dst[at] = '\0';
}

void
expect(int fd, const char *want)
{
	char line[2000];

	hear(fd, line, sizeof(line));
	assert_string_equal(line, want);
}

void
expect_service(void)
{
	int fd = client();

	say(fd, STATUS);
	expect(fd, OK);
	close(fd);
}
