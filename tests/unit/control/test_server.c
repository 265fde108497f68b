/* control/server: what clients and server say to each other, and clients that mean no
 * good. */
#include "control/server.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "control/listen.h"
#include "control/server_client.h"
#include "control_world.h"
#include "loop/loop.h"

static void
one_request_after_the_other(void **state)
{
	int fd = client();

	(void)state;
	say(fd, STATUS);
	expect(fd, OK);
	say(fd, STATUS STATUS STATUS);
	expect(fd, OK);
	expect(fd, OK);
	expect(fd, OK);
	assert_int_equal(world.asked, 4);
	close(fd);
}

static void
a_request_in_pieces(void **state)
{
	int fd = client();

	(void)state;
	for (const char *p = STATUS; *p != '\0'; p++) {
		assert_int_equal(send(fd, p, 1, 0), 1);
		world_turn();
	}
	expect(fd, OK);
	close(fd);
}

static void
half_a_request_and_gone(void **state)
{
	int fd = client();

	(void)state;
	say(fd, "{\"command\":\"sta");
	world_turn();
	assert_int_equal(world.server->nclients, 1);
	close(fd);
	AWAIT(world_turn(), world.server->nclients == 0);
	assert_int_equal(world.server->nclients, 0);
	assert_int_equal(world.asked, 0);
}

/* echo '...' | socat - UNIX:...: nothing more will be said, but the answer is wanted. */
static void
an_answer_after_the_last_word(void **state)
{
	int fd = client();

	(void)state;
	say(fd, STATUS STATUS);
	shutdown(fd, SHUT_WR);
	expect(fd, OK);
	expect(fd, OK);
	expect(fd, "");
	assert_int_equal(world.server->nclients, 0);
	close(fd);
}

static void
nonsense_is_told_so_once(void **state)
{
	const char *want = "{\"ok\":false,\"error\":\"no JSON: ";
	int fd = client();
	char line[200];

	(void)state;
	say(fd, "GET / HTTP/1.1\r\n\r\n" STATUS);
	hear(fd, line, sizeof(line));
	assert_memory_equal(line, want, strlen(want));
	expect(fd, "");
	assert_int_equal(world.asked, 0);
	close(fd);
}

/* Sends what the socket takes at once. */
static void
say_some(int fd, const char *text, size_t size, size_t *at)
{
	ssize_t n = send(fd, text + *at, size - *at, MSG_NOSIGNAL);

	*at += n > 0 ? (size_t)n : 0;
	world_turn();
}

static void
too_long_a_request(void **state)
{
	static char much[CONTROL_LINE_MAX];
	int fd = client();
	size_t at = 0;

	(void)state;
	memset(much, 'x', sizeof(much));
	AWAIT(say_some(fd, much, sizeof(much), &at), at == sizeof(much));
	expect(fd, "{\"ok\":false,\"error\":\"a request is longer than 64 KiB\"}");
	expect(fd, "");
	close(fd);
}

/* It may say as much as it likes meanwhile: not more than a request's worth is
 * kept. */
static void
much_said_during_a_call(void **state)
{
	static char much[4096];
	int fd = client();
	size_t at = 0;

	(void)state;
	memset(much, 'x', sizeof(much));
	say(fd, "{\"command\":\"test\"}\n");
	AWAIT(world_turn(), world.kept != NULL);
	for (int i = 0; i < 2000; i++) {
		ssize_t n = send(fd, much, sizeof(much), MSG_NOSIGNAL);

		at += n > 0 ? (size_t)n : 0;
		world_turn();
	}
	assert_true(at > CONTROL_LINE_MAX);
	assert_int_equal(world.gone, 0);
	control_end_ok(world.kept);
	expect(fd, OK);
	expect(fd, "{\"ok\":false,\"error\":\"a request is longer than 64 KiB\"}");
	assert_int_equal(world.gone, 0);
	close(fd);
}

static void
an_answer_that_takes_its_time(void **state)
{
	struct buf b;
	int fd = client(), other = client();

	(void)state;
	say(fd, "{\"command\":\"test\"}\n" STATUS);
	AWAIT(world_turn(), world.kept != NULL);
	say(other, STATUS); /* nobody waits for somebody else */
	expect(other, OK);
	buf_init(&b, 100);
	buf_puts(&b, "{\"event\":\"x\"}");
	control_say(world.kept, &b);
	control_end(world.kept, &b);
	expect(fd, "{\"event\":\"x\"}");
	expect(fd, "{\"event\":\"x\"}");
	expect(fd, OK);
	assert_int_equal(world.gone, 0);
	buf_free(&b);
	close(fd);
	close(other);
}

static void
answer_kept(const struct buf *line)
{
	control_say(world.kept, line);
	world_turn();
}

static void
gone_before_the_answer(void **state)
{
	struct buf b;
	int fd = client();

	(void)state;
	say(fd, "{\"command\":\"test\"}\n");
	AWAIT(world_turn(), world.kept != NULL);
	close(fd);
	buf_init(&b, 100);
	buf_puts(&b, "{}");
	AWAIT(answer_kept(&b), world.kept == NULL);
	assert_int_equal(world.gone, 1);
	assert_int_equal(world.server->nclients, 0);
	buf_free(&b);
}

/* What is made for it stays below the limit, however long it does not read. */
static void
a_client_that_does_not_read(void **state)
{
	int fd = client(), other = client();
	unsigned made;

	(void)state;
	say(fd, "{\"command\":\"show\"}\n");
	for (int i = 0; i < 2000; i++)
		world_turn();
	made = world.fed;
	assert_true(made > 10);
	for (int i = 0; i < 200; i++)
		world_turn();
	assert_int_equal(world.fed, made);
	say(other, STATUS);
	expect(other, OK);
	close(fd);
	AWAIT(world_turn(), world.gone > 0);
	assert_int_equal(world.gone, 1);
	close(other);
}

static void
one_that_is_told_too_much_is_let_go(void **state)
{
	int fd = client();

	(void)state;
	say(fd, "{\"command\":\"trace\"}\n");
	AWAIT(world_turn(), world.gone > 0);
	assert_int_equal(world.gone, 1);
	assert_int_equal(world.server->nclients, 0);
	close(fd);
}

static void
open_calls_end_with_the_server(void **state)
{
	int fd = client();

	(void)state;
	say(fd, "{\"command\":\"test\"}\n");
	AWAIT(world_turn(), world.kept != NULL);
	control_free(world.server);
	world.server = NULL;
	assert_int_equal(world.gone, 1);
	expect(fd, "");
	close(fd);
}

#define SERVED(function) TEST_WITH(function, world_open, world_close)

RUN_CASES(SERVED(one_request_after_the_other), SERVED(a_request_in_pieces),
    SERVED(half_a_request_and_gone), SERVED(an_answer_after_the_last_word),
    SERVED(nonsense_is_told_so_once), SERVED(too_long_a_request),
    SERVED(much_said_during_a_call), SERVED(an_answer_that_takes_its_time),
    SERVED(gone_before_the_answer), SERVED(a_client_that_does_not_read),
    SERVED(one_that_is_told_too_much_is_let_go), SERVED(open_calls_end_with_the_server));
