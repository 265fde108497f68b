/* control/server, control/client: many clients, and those that mean no good. */
#include "control/server.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "control/client.h"
#include "control/client_list.h"
#include "control/listen.h"
#include "control/request.h"
#include "loop/loop.h"

#define TURNS_MAX 20000 /* turns of a loop, after which a test has failed */

static struct loop *loop;
static struct timer *tick;
static struct control *server;
static char directory[64], path[100];
static struct control_call *kept; /* by "test"; NULL: none, or gone */
static unsigned asked, gone, fed;

static void
on_gone(void *state)
{
	*(unsigned *)state += 1;
	kept = NULL;
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
	fed++;
}

/*
 * status answers at once, test is kept, show never comes to an end, trace says more than
 * may wait.
 */
static void
on_ask(void *arg, struct control_call *call, const struct control_request *r)
{
	(void)arg;
	asked++;
	if (r->verb == COMMAND_TEST || r->verb == COMMAND_SHOW ||
	    r->verb == COMMAND_TRACE)
		control_keep(call, on_gone, &gone);
	if (r->verb == COMMAND_TEST)
		kept = call;
	else if (r->verb == COMMAND_SHOW)
		control_feed(call, feed);
	else if (r->verb == COMMAND_TRACE)
		for (unsigned i = 0; i < 3000; i++)
			feed(NULL, call);
	else
		control_end_ok(call);
}

static void
on_tick(void *arg)
{
	loop_stop(arg);
}

static void
turn(void)
{
	timer_set(tick, 200);
	loop_run(loop);
}

static int
enter(void **state)
{
	const struct control_handler handler = { on_ask, NULL };
	struct err err;

	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/cswatch-control-XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/c.sock", directory);
	asked = gone = fed = 0;
	kept = NULL;
	loop = loop_new(&err);
	tick = timer_new(loop, on_tick, loop);
	server = control_new(loop, path, &handler, &err);
	return server == NULL ? -1 : 0;
}

static int
leave(void **state)
{
	(void)state;
	control_free(server);
	server = NULL;
	timer_free(tick);
	loop_free(loop);
	if (access(path, F_OK) == 0)
		return -1; /* the socket is to go with the server */
	return rmdir(directory);
}

static int
client(void)
{
	struct err err;
	int fd = connect_to(path, &err);

	assert_true(fd >= 0);
	return fd;
}

static void
say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* What comes until a line feed or the end of the connection. */
static void
hear(int fd, char *dst, size_t size)
{
	size_t at = 0;

	for (int i = 0; i < TURNS_MAX; i++) {
		ssize_t n = read(fd, dst + at, 1);

		if (n == 0 || (n < 0 && errno == ECONNRESET))
			break;
		if (n < 0) {
			turn();
			continue;
		}
		if (dst[at] == '\n' || at + 1 == size)
			break;
		at++;
	}
	dst[at] = '\0';
}

static void
expect(int fd, const char *want)
{
	char line[2000];

	hear(fd, line, sizeof(line));
	assert_string_equal(line, want);
}

#define OK     "{\"ok\":true}"
#define STATUS "{\"command\":\"status\"}\n"

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
	assert_int_equal(asked, 4);
	close(fd);
}

static void
a_request_in_pieces(void **state)
{
	int fd = client();

	(void)state;
	for (const char *p = STATUS; *p != '\0'; p++) {
		assert_int_equal(send(fd, p, 1, 0), 1);
		turn();
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
	turn();
	assert_int_equal(server->nclients, 1);
	close(fd);
	for (int i = 0; i < TURNS_MAX && server->nclients > 0; i++)
		turn();
	assert_int_equal(server->nclients, 0);
	assert_int_equal(asked, 0);
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
	assert_int_equal(server->nclients, 0);
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
	assert_int_equal(asked, 0);
	close(fd);
}

static void
too_long_a_request(void **state)
{
	static char much[CONTROL_LINE_MAX];
	int fd = client();
	size_t at = 0;

	(void)state;
	memset(much, 'x', sizeof(much));
	for (int i = 0; i < TURNS_MAX && at < sizeof(much); i++) {
		ssize_t n = send(fd, much + at, sizeof(much) - at, MSG_NOSIGNAL);

		at += n > 0 ? (size_t)n : 0;
		turn();
	}
	expect(fd, "{\"ok\":false,\"error\":\"a request is longer than 64 KiB\"}");
	expect(fd, "");
	close(fd);
}

/* It may say as much as it likes meanwhile: not more than a request's worth is kept. */
static void
much_said_during_a_call(void **state)
{
	static char much[4096];
	int fd = client();
	size_t at = 0;

	(void)state;
	memset(much, 'x', sizeof(much));
	say(fd, "{\"command\":\"test\"}\n");
	for (int i = 0; i < TURNS_MAX && kept == NULL; i++)
		turn();
	for (int i = 0; i < 2000; i++) {
		ssize_t n = send(fd, much, sizeof(much), MSG_NOSIGNAL);

		at += n > 0 ? (size_t)n : 0;
		turn();
	}
	assert_true(at > CONTROL_LINE_MAX);
	assert_int_equal(gone, 0);
	control_end_ok(kept);
	expect(fd, OK);
	expect(fd, "{\"ok\":false,\"error\":\"a request is longer than 64 KiB\"}");
	assert_int_equal(gone, 0);
	close(fd);
}

static void
an_answer_that_takes_its_time(void **state)
{
	struct buf b;
	int fd = client(), other = client();

	(void)state;
	say(fd, "{\"command\":\"test\"}\n" STATUS);
	for (int i = 0; i < TURNS_MAX && kept == NULL; i++)
		turn();
	say(other, STATUS); /* nobody waits for somebody else */
	expect(other, OK);
	buf_init(&b, 100);
	buf_puts(&b, "{\"event\":\"x\"}");
	control_say(kept, &b);
	control_end(kept, &b);
	expect(fd, "{\"event\":\"x\"}");
	expect(fd, "{\"event\":\"x\"}");
	expect(fd, OK);
	assert_int_equal(gone, 0);
	buf_free(&b);
	close(fd);
	close(other);
}

static void
gone_before_the_answer(void **state)
{
	struct buf b;
	int fd = client();

	(void)state;
	say(fd, "{\"command\":\"test\"}\n");
	for (int i = 0; i < TURNS_MAX && kept == NULL; i++)
		turn();
	close(fd);
	buf_init(&b, 100);
	buf_puts(&b, "{}");
	for (int i = 0; i < TURNS_MAX && kept != NULL; i++) {
		control_say(kept, &b);
		turn();
	}
	assert_int_equal(gone, 1);
	assert_int_equal(server->nclients, 0);
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
		turn();
	made = fed;
	assert_true(made > 10);
	for (int i = 0; i < 200; i++)
		turn();
	assert_int_equal(fed, made);
	say(other, STATUS);
	expect(other, OK);
	close(fd);
	for (int i = 0; i < TURNS_MAX && gone == 0; i++)
		turn();
	assert_int_equal(gone, 1);
	close(other);
}

static void
one_that_is_told_too_much_is_let_go(void **state)
{
	int fd = client();

	(void)state;
	say(fd, "{\"command\":\"trace\"}\n");
	for (int i = 0; i < TURNS_MAX && gone == 0; i++)
		turn();
	assert_int_equal(gone, 1);
	assert_int_equal(server->nclients, 0);
	close(fd);
}

static void
as_many_as_may_be(void **state)
{
	unsigned most = geteuid() == 0 ? CONTROL_CLIENTS_MAX : CONTROL_CLIENTS_PER_USER;
	int fds[CONTROL_CLIENTS_MAX], late;
	struct rlimit l = { 1024, 1024 };

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &l), 0);
	l.rlim_cur = l.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &l), 0);
	for (unsigned i = 0; i < most; i++) {
		fds[i] = client();
		for (int k = 0; k < TURNS_MAX && server->nclients <= i; k++)
			turn();
	}
	assert_int_equal(server->nclients, most);
	late = client();
	expect(late, "{\"ok\":false,\"error\":\"too many connections\"}");
	expect(late, "");
	say(fds[0], STATUS);
	expect(fds[0], OK);
	for (unsigned i = 0; i < most; i++)
		close(fds[i]);
	for (int i = 0; i < TURNS_MAX && server->nclients > 0; i++)
		turn();
	assert_int_equal(server->nclients, 0);
	close(late);
}

static void
open_calls_end_with_the_server(void **state)
{
	int fd = client();

	(void)state;
	say(fd, "{\"command\":\"test\"}\n");
	for (int i = 0; i < TURNS_MAX && kept == NULL; i++)
		turn();
	control_free(server);
	server = NULL;
	assert_int_equal(gone, 1);
	expect(fd, "");
	close(fd);
}

/* ---- the socket ---- */

static void
everybody_may_connect(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0666);
}

static void
a_second_server_is_refused(void **state)
{
	const struct control_handler handler = { on_ask, NULL };
	struct err err;
	int fd;

	(void)state;
	assert_null(control_new(loop, path, &handler, &err));
	assert_int_equal(err.code, EADDRINUSE);
	fd = client();
	say(fd, STATUS);
	expect(fd, OK);
	close(fd);
}

static void
what_a_dead_one_left_is_replaced(void **state)
{
	const struct control_handler handler = { on_ask, NULL };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int dead = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	struct err err;

	(void)state;
	control_free(server);
	assert_true(str_copy(at.sun_path, sizeof(at.sun_path), str_of(path)));
	assert_int_equal(bind(dead, (const struct sockaddr *)&at, sizeof(at)), 0);
	close(dead);
	server = control_new(loop, path, &handler, &err);
	assert_non_null(server);
	fd = client();
	say(fd, STATUS);
	expect(fd, OK);
	close(fd);
}

static void
a_file_is_not_replaced(void **state)
{
	const struct control_handler handler = { on_ask, NULL };
	struct err err;
	int fd;

	(void)state;
	control_free(server);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	server = control_new(loop, path, &handler, &err);
	assert_null(server);
	assert_non_null(strstr(err.detail, "is no socket"));
	assert_int_equal(unlink(path), 0);
}

static void
nobody_serves(void **state)
{
	struct err err;

	(void)state;
	assert_null(control_client_open("/nonexistent/c.sock", &err));
	assert_int_equal(err.code, ENOENT);
}

#define SERVED(function) TEST_WITH(function, enter, leave)

RUN_CASES(SERVED(one_request_after_the_other), SERVED(a_request_in_pieces),
    SERVED(half_a_request_and_gone), SERVED(an_answer_after_the_last_word),
    SERVED(nonsense_is_told_so_once), SERVED(too_long_a_request),
    SERVED(much_said_during_a_call), SERVED(an_answer_that_takes_its_time),
    SERVED(gone_before_the_answer), SERVED(a_client_that_does_not_read),
    SERVED(one_that_is_told_too_much_is_let_go), SERVED(as_many_as_may_be),
    SERVED(open_calls_end_with_the_server), SERVED(everybody_may_connect),
    SERVED(a_second_server_is_refused), SERVED(what_a_dead_one_left_is_replaced),
    SERVED(a_file_is_not_replaced), TEST(nobody_serves));
