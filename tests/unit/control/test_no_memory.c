/*
 * The control socket without memory: whichever allocation fails, nobody waits for an
 * answer that does not come - the connection ends - and nothing is left open.
 */
#include "tests/fakes/alloc.h"
#include "tests/unit/cases.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "control/client.h"
#include "control/listen.h"
#include "control/request.h"
#include "control/server.h"
#include "control/server_client.h"
#include "control_world.h"
#include "loop/loop.h"

#define READ_MAX                                                                         \
	(64 * 1024) /* bytes of an answer without end; then its client leaves            \
		     */

static unsigned
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

/* jansson allocates here, so that it is short of memory as well. */
static void *
allocate(size_t size)
{
	return malloc(size);
}

static int
make_directory(void **state)
{
	(void)state;
	json_set_alloc_funcs(allocate, free);
	memset(&world, 0, sizeof(world));
	snprintf(world.directory, sizeof(world.directory), "/tmp/cswatch-control-XXXXXX");
	if (mkdtemp(world.directory) == NULL)
		return -1;
	snprintf(world.path, sizeof(world.path), "%s/c.sock", world.directory);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	json_set_alloc_funcs(malloc, free);
	return rmdir(world.directory);
}

/* Reads until the end of the connection, or enough. Returns how many bytes came. */
static size_t
read_all(int fd, char *dst, size_t size)
{
	size_t total = 0;

	await_what = "the end of the connection";
	while (total < READ_MAX) {
		ssize_t n = read(fd, total < size ? dst + total : dst,
		    total < size ? size - total : size);

		if (n == 0 || (n < 0 && errno != EAGAIN))
			break;
		if (n > 0) {
			total += (size_t)n;
			continue;
		}
		world_turn();
		if (world.kept != NULL)
			control_end_ok(world.kept);
		world.kept = NULL;
	}
	await_what = NULL;
	return total;
}

static const struct serve_case {
	const char *name;
	const char *request;
	bool dropped; /* without an answer, whatever memory there is */
} serve_cases[] = {
	{ "a request", STATUS, false },
	{ "several", STATUS STATUS STATUS, false },
	{ "one that is answered later",
	    "{\"command\":\"test\",\"names\":[\"a\",\"b\"]}\n", false },
	{ "an answer without end", "{\"command\":\"show\"}\n", false },
	{ "an answer beyond all bounds", "{\"command\":\"trace\"}\n", true },
	{ "no JSON", "GET / HTTP/1.1\r\n\r\n", false },
	{ "an unknown command", "{\"command\":\"statsu\"}\n", false },
};

static const struct serve_case *serving;

static void
converse(void)
{
	static char answer[4096];
	int fd = client();
	size_t n;

	say(fd, serving->request);
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	n = read_all(fd, answer, sizeof(answer) - 1);
	answer[n < sizeof(answer) ? n : sizeof(answer) - 1] = '\0';
	close(fd);
	AWAIT(world_turn(), world.server->nclients == 0);
	assert_true(n == 0 || answer[0] == '{' || answer[0] == 'x');
	assert_true(alloc_failed() > 0 || n > 0 || serving->dropped);
}

/* A server from its start to its end, with one client. */
static void
serve(void *arg)
{
	struct err err;

	(void)arg;
	world.kept = NULL;
	world.loop = loop_new(&err);
	if (world.loop == NULL)
		return;
	if (world_make_tick())
		world.server = control_new(world.loop, world.path, &world_handler, &err);
	if (world.server != NULL)
		converse();
	control_free(world.server);
	timer_free(world.tick);
	loop_free(world.loop);
	world.server = NULL;
	world.tick = NULL;
	assert_int_not_equal(access(world.path, F_OK), 0);
}

static void
check_serve(void **state)
{
	unsigned before = open_descriptors();

	serving = *state;
	assert_true(alloc_fail_each(serve, NULL) > 4);
	assert_int_equal(open_descriptors(), before);
}

/* ---- the asking end ---- */

static void
ask(void *arg)
{
	static const char *const names[] = { "atl/ken", "dub/ken" };
	struct control_request r = {
		.verb = COMMAND_PAUSE,
		.names = { names[0], names[1] },
		.nnames = 2,
		.for_ms = 7200000,
		.reason = "new disks",
	};
	struct control_client *c;
	struct socket_file file;
	struct str line;
	struct err err;
	int listener = listen_at(world.path, &file, &err), fd;

	(void)arg;
	assert_true(listener >= 0);
	c = control_client_open(world.path, &err);
	assert_true(c != NULL || alloc_failed() > 0);
	if (c != NULL) {
		fd = accept(listener, NULL, NULL);
		assert_true(fd >= 0);
		say(fd, OK "\n");
		if (control_client_ask(c, &r, 1000, &err) &&
		    control_client_line(c, 1000, &line, &err))
			assert_true(str_eq(line, OK));
		else
			assert_true(alloc_failed() > 0);
		close(fd);
	}
	control_client_close(c);
	close(listener);
	assert_int_equal(unlink(world.path), 0);
}

static void
a_client_that_asks(void **state)
{
	unsigned before = open_descriptors();

	(void)state;
	assert_true(alloc_fail_each(ask, NULL) >= 3);
	assert_int_equal(open_descriptors(), before);
}

/* ---- requests ---- */

static void
copy_request(void *arg)
{
	static const char text[] =
	    "{\"command\":\"trace\",\"names\":[\"atl/ken\",\"dub/ken\"],"
	    "\"reason\":\"new disks\",\"run\":\"4f2a91\",\"list\":true}";
	struct control_request r = { .verb = COMMAND_STATUS };
	struct buf copy;
	struct err err;

	(void)arg;
	if (!control_request_read(str_of(text), &r, &err)) {
		assert_true(alloc_failed() > 0);
		assert_int_equal(r.verb, COMMAND_STATUS); /* unchanged */
		return;
	}
	buf_init(&copy, CONTROL_LINE_MAX);
	control_request_write(&copy, &r);
	if (copy.failed)
		assert_true(alloc_failed() > 0);
	else
		assert_memory_equal(copy.data, text, strlen(text));
	buf_free(&copy);
	control_request_free(&r);
}

static void
a_request_read_and_written(void **state)
{
	(void)state;
	assert_true(alloc_fail_each(copy_request, NULL) > 10);
}

#define SHORT(function) TEST_WITH(function, make_directory, remove_directory)

RUN_CASES(ROWS_WITH("serve", serve_cases, check_serve, make_directory, remove_directory),
    SHORT(a_client_that_asks), SHORT(a_request_read_and_written));
