/* transport/siptls: addresses, sending, what is not taken, and when it may be freed. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "../cases.h"
#include "../fds.h"
#include "siptls_run.h"
#include "transport/wire.h"

static void
message_and_reset(struct tls_server *s, SSL *ssl, int fd)
{
	struct linger hard = { 1, 0 };

	(void)ssl;
	tls_server_wait(s);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
}

static void
a_reset_has_its_errno(void **state)
{
	struct addrs addrs = { .n = 1 };
	struct tls_server *s = tls_server_start(message_and_reset, true);
	struct run r = { .stop_at = 0 };

	(void)state;
	tls_server_addr(s, &addrs.a[0]);
	run_begin(&r);
	run_dial(&r, &addrs, RUN_HOST);
	tls_server_go(s);
	await_loop(r.loop, "an event of the connection");
	assert_true(r.failed);
	assert_int_equal(r.err.cause, CAUSE_CLOSED);
	/* Tickets of TLS 1.3 may have been read before. */
	assert_int_equal(r.err.code, ECONNRESET);
	run_finish(&r);
	tls_server_stop(s);
}

static void
nobody_listens(void **state)
{
	struct addrs addrs = { .n = 2 };
	int one = tls_server_socket(AF_INET, false, &addrs.a[0]);
	int two = tls_server_socket(AF_INET, false, &addrs.a[1]);
	struct run r = { .stop_at = 0 };
	char port[16];

	(void)state;
	run_begin(&r);
	run_dial(&r, &addrs, RUN_HOST);
	await_loop(r.loop, "an event of the connection");
	assert_true(r.failed);
	assert_int_equal(r.err.cause, CAUSE_CONNECT);
	assert_int_equal(r.err.code, ECONNREFUSED);
	snprintf(port, sizeof(port), ":%u", addr_port(&addrs.a[1]));
	assert_non_null(strstr(r.err.detail, port));
	assert_non_null(strstr(r.err.detail, "the last address tried"));
	run_finish(&r);
	close(one);
	close(two);
}

/* The pool is not to blame for it. */
static void
no_descriptor_is_left(void **state)
{
	struct addrs addrs = { .n = 1 };
	int bound = tls_server_socket(AF_INET, false, &addrs.a[0]);
	struct run r = { .stop_at = 0 };
	rlim_t before;

	(void)state;
	run_begin(&r);
	before = fds_none();
	run_dial(&r, &addrs, RUN_HOST);
	await_loop(r.loop, "an event of the connection");
	fds_set_limit(before);
	assert_true(r.failed);
	assert_int_equal(r.err.cause, CAUSE_LOCAL);
	assert_int_equal(r.err.code, EMFILE);
	run_finish(&r);
	close(bound);
}

static void
the_second_address_answers(void **state)
{
	struct addrs addrs = { .n = 2 };
	int refusing = tls_server_socket(AF_INET, false, &addrs.a[0]);
	struct tls_server *s = tls_server_start(one_message, true);
	struct run r = { .stop_at = 1 };
	char want[64];

	(void)state;
	tls_server_addr(s, &addrs.a[1]);
	run_begin(&r);
	assert_string_equal(siptls_local(r.c), "");
	run_dial(&r, &addrs, RUN_HOST);
	await_loop(r.loop, "an event of the connection");
	assert_int_equal(r.n, 1);
	snprintf(want, sizeof(want), "127.0.0.1:%u", addr_port(&addrs.a[1]));
	assert_string_equal(siptls_remote(r.c), want);
	assert_memory_equal(siptls_local(r.c), "127.0.0.1:", 10);
	assert_string_not_equal(siptls_local(r.c), want);
	assert_true(siptls_peer(r.c)->cert.known);
	assert_string_equal(siptls_peer(r.c)->cert.subject, "CN=" RUN_HOST);
	assert_string_equal(siptls_peer(r.c)->version, "TLSv1.3");
	run_finish(&r);
	close(refusing);
	/* siptls_free() said goodbye. */
	assert_int_equal(tls_server_stop(s), 1);
}

static void
an_address_of_ipv6_is_bracketed(void **state)
{
	struct addrs addrs = { .n = 1 };
	int fd = tls_server_socket(AF_INET6, false, &addrs.a[0]);
	struct run r = { .stop_at = 0 };
	char want[64];

	(void)state;
	if (fd < 0)
		skip();
	run_begin(&r);
	run_dial(&r, &addrs, RUN_HOST);
	await_loop(r.loop, "an event of the connection");
	snprintf(want, sizeof(want), "[::1]:%u", addr_port(&addrs.a[0]));
	assert_string_equal(siptls_remote(r.c), want);
	run_finish(&r);
	close(fd);
}

static void
connect_refuses_nonsense(void **state)
{
	struct addrs none = { .n = 0 }, one = { .n = 1 };
	int fd = tls_server_socket(AF_INET, false, &one.a[0]);
	struct run r = { .stop_at = 0 };
	char longest[300];
	struct err err;

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	run_begin(&r);
	assert_false(siptls_connect(r.c, &none, RUN_HOST, r.tls, &err));
	assert_false(siptls_connect(r.c, &one, longest, r.tls, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_true(siptls_connect(r.c, &one, RUN_HOST, r.tls, &err));
	assert_false(siptls_connect(r.c, &one, RUN_HOST, r.tls, &err));
	run_finish(&r);
	close(fd);
}

static void
echo(struct tls_server *s, SSL *ssl, int fd)
{
	char in[4096] = "";
	int n = SSL_read(ssl, in, sizeof(in) - 1);

	(void)fd;
	tls_server_note(s, n == 8 && memcmp(in, "REGISTER", 8) == 0);
	write_messages(ssl, 1, 0);
	see_off(ssl);
}

static void
what_is_sent_arrives(void **state)
{
	struct run r = { .say = "REGISTER", .stop_at = 1 };

	(void)state;
	assert_int_equal(run_play(&r, echo, true, RUN_HOST), 1);
	assert_int_equal(r.n, 1);
}

static void
nothing_is_sent_before_or_after(void **state)
{
	struct addrs addrs = { .n = 1 };
	struct tls_server *s = tls_server_start(message_and_cut, true);
	struct run r = { .stop_at = 0 };
	struct err err;

	(void)state;
	tls_server_addr(s, &addrs.a[0]);
	run_begin(&r);
	assert_false(siptls_send(r.c, STR_LIT("x"), &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_false(siptls_failed(r.c, &err));
	run_dial(&r, &addrs, RUN_HOST);
	assert_false(siptls_send(r.c, STR_LIT("x"), &err));
	await_loop(r.loop, "an event of the connection");
	assert_false(siptls_connected(r.c));
	assert_false(siptls_send(r.c, STR_LIT("x"), &err));
	assert_int_equal(err.cause, CAUSE_CLOSED);
	run_finish(&r);
	tls_server_stop(s);
}

/* Octets that the client got rid of; written before tls_server_go(). */
static unsigned long accepted;

static void
read_late(struct tls_server *s, SSL *ssl, int fd)
{
	static char in[65536];
	unsigned long total = 0;
	int n;

	(void)fd;
	tls_server_wait(s);
	while (total < accepted && (n = SSL_read(ssl, in, sizeof(in))) > 0)
		total += (unsigned long)n;
	write_messages(ssl, 1, 0);
	tls_server_note(s, see_off(ssl) == 1 && total == accepted);
}

/* A server that does not read fills the queue, which has an end; then all of it arrives.
 */
static void
the_queue_has_a_limit(void **state)
{
	static char message[60000];
	struct addrs addrs = { .n = 1 };
	struct tls_server *s = tls_server_start(read_late, true);
	struct run r = { .stop_connected = true, .stop_at = 1 };
	struct err err;

	(void)state;
	tls_server_addr(s, &addrs.a[0]);
	run_begin(&r);
	run_dial(&r, &addrs, RUN_HOST);
	await_loop(r.loop, "an event of the connection");
	assert_true(r.connected);
	accepted = 0;
	while (siptls_send(r.c, (struct str){ message, sizeof(message) }, &err)) {
		accepted += sizeof(message);
		assert_true(accepted < 64 * 1024 * 1024);
	}
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(err.code, ENOBUFS);
	tls_server_go(s);
	r.stop_connected = false;
	await_loop(r.loop, "an event of the connection");
	assert_int_equal(r.n, 1);
	run_finish(&r);
	assert_int_equal(tls_server_stop(s), 1);
}

/* What the server said before it left counts, also when there was something left to send.
 */
static void
the_last_word_is_heard(void **state)
{
	struct addrs addrs = { .n = 1 };
	struct tls_server *s = tls_server_start(message_and_cut, true);
	struct run r = { .stop_connected = true };
	struct err err;

	(void)state;
	tls_server_addr(s, &addrs.a[0]);
	run_begin(&r);
	run_dial(&r, &addrs, RUN_HOST);
	await_loop(r.loop, "an event of the connection");
	/* The server has gone now: the first write is answered with a reset, the next one
	 * fails. */
	tls_server_stop(s);
	for (unsigned i = 0; i < 50 && siptls_send(r.c, STR_LIT("REGISTER"), &err); i++)
		;
	r.stop_connected = false;
	await_loop(r.loop, "an event of the connection");
	assert_true(r.failed);
	assert_int_equal(r.err.cause, CAUSE_CLOSED);
	run_finish(&r);
}

/* A server in this very thread; it writes as long as the connection takes it. */
struct flood {
	SSL *ssl;
	int fd;
	struct buf out;
	size_t at, total;
};

static bool
flood_write(struct flood *f)
{
	size_t n = 0;

	ERR_clear_error();
	if (SSL_write_ex(f->ssl, f->out.data + f->at, f->out.len - f->at, &n) != 1)
		return false;
	f->at = (f->at + n) % f->out.len;
	f->total += n;
	return true;
}

static void
flood_accept(struct flood *f, int listener)
{
	SSL_CTX *ctx = tls_server_ctx();

	f->fd = accept(listener, NULL, NULL);
	assert_true(f->fd >= 0);
	assert_int_equal(fcntl(f->fd, F_SETFL, O_NONBLOCK), 0);
	SSL_CTX_set_mode(
	    ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	f->ssl = SSL_new(ctx);
	SSL_CTX_free(ctx);
	SSL_set_fd(f->ssl, f->fd);
	SSL_set_accept_state(f->ssl);
}

static void
on_turn(void *arg)
{
	loop_stop(arg);
}

/* A few turns of the loop. */
static void
turn(struct run *r, struct timer *t)
{
	for (unsigned i = 0; i < 4; i++) {
		timer_set(t, 0);
		await_loop(r->loop, "an event of the connection");
	}
}

static void
what_is_not_taken_is_not_fetched(void **state)
{
	struct addrs addrs = { .n = 1 };
	int listener = tls_server_socket(AF_INET, true, &addrs.a[0]);
	struct run r = { .stop_at = 0, .idle = true };
	struct flood f = { .at = 0 };
	struct timer *t;
	unsigned stalled;

	(void)state;
	run_begin(&r);
	t = timer_new(r.loop, on_turn, r.loop);
	buf_init(&f.out, RUN_STREAM_MAX);
	add_message(&f.out, 1, 1000);
	run_dial(&r, &addrs, RUN_HOST);
	flood_accept(&f, listener);
	while (SSL_do_handshake(f.ssl) != 1)
		turn(&r, t);
	for (stalled = 0; stalled < 200 && f.total < 64 * 1024 * 1024; stalled++) {
		while (flood_write(&f))
			stalled = 0;
		turn(&r, t);
	}
	/* The buffers of the kernel take a few megabytes; without an end it would be all
	 * of it. */
	assert_int_equal(stalled, 200);
	assert_true(siptls_connected(r.c));
	/* As soon as somebody takes, it goes on. */
	r.idle = false;
	r.same_cseq = true;
	run_take(&r);
	turn(&r, t);
	assert_true(r.n > 0);
	assert_true(flood_write(&f));
	timer_free(t);
	run_finish(&r);
	SSL_free(f.ssl);
	close(f.fd);
	close(listener);
	buf_free(&f.out);
}

static void
it_may_be_freed_in_the_event(void **state)
{
	struct run r = { .free_in_event = true };

	(void)state;
	run_play(&r, one_message, true, RUN_HOST);
	assert_int_equal(r.events, 1);
}

static void
it_may_be_freed_at_any_time(void **state)
{
	(void)state;
	for (unsigned turns = 0; turns < 12; turns++) {
		struct addrs addrs = { .n = 1 };
		struct tls_server *s = tls_server_start(one_message, true);
		struct run r = { .idle = true };
		struct timer *t;

		tls_server_addr(s, &addrs.a[0]);
		run_begin(&r);
		t = timer_new(r.loop, on_turn, r.loop);
		if (turns > 0)
			run_dial(&r, &addrs, RUN_HOST);
		for (unsigned i = 1; i < turns; i++)
			turn(&r, t);
		timer_free(t);
		run_finish(&r);
		tls_server_stop(s);
	}
	siptls_free(NULL);
}

/* Of each message: direction, words, octets of its body. */
static struct buf shown;

static void
on_message(void *arg, const struct wire_message *m)
{
	struct str start;

	assert_ptr_equal(arg, &shown);
	assert_false(m->http);
	assert_true(strncmp(m->peer, "127.0.0.1:", 10) == 0);
	(void)str_split(m->head, '\r', &start);
	buf_printf(&shown, "%s%s %.*s +%zu\n", m->sent ? "sent" : "got",
	    m->broken ? " broken" : "", (int)start.len, start.p, m->body.len);
}

/* A message and a half, then what is none. */
static void
message_and_a_half(struct tls_server *s, SSL *ssl, int fd)
{
	struct buf b;

	(void)s;
	(void)fd;
	buf_init(&b, RUN_STREAM_MAX);
	add_message(&b, 1, 7);
	add_message(&b, 2, 7);
	write_all(ssl, (struct str){ b.data, b.len - 3 });
	buf_free(&b);
}

static void
garbage(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_all(ssl, STR_LIT("HTTP/1.1 400 Bad\r\nA: b\r\n\r\n"));
	see_off(ssl);
}

static void
check_shown(tls_script script, const char *say, const char *want)
{
	const struct wire_tap tap = { on_message, &shown };
	struct tls_server *s = tls_server_start(script, true);
	struct addrs addrs = { .n = 1 };
	struct run r = { .say = say };

	buf_init(&shown, 65536);
	tls_server_addr(s, &addrs.a[0]);
	run_begin(&r);
	siptls_listen(r.c, &tap);
	run_dial(&r, &addrs, RUN_HOST);
	await_loop(r.loop, "an event of the connection");
	run_finish(&r);
	tls_server_stop(s);
	assert_string_equal(shown.data == NULL ? "" : shown.data, want);
	buf_free(&shown);
}

static void
who_listens_sees_every_message(void **state)
{
	(void)state;
	check_shown(message_and_a_half, "REGISTER sip:x SIP/2.0\r\n\r\nbody",
	    "sent REGISTER sip:x SIP/2.0 +4\ngot SIP/2.0 200 OK +7\n"
	    "got broken SIP/2.0 200 OK +4\n");
	check_shown(garbage, NULL, "got broken HTTP/1.1 400 Bad +0\n");
}

RUN_CASES(TEST(a_reset_has_its_errno), TEST(nobody_listens), TEST(no_descriptor_is_left),
    TEST(the_second_address_answers), TEST(an_address_of_ipv6_is_bracketed),
    TEST(connect_refuses_nonsense), TEST(what_is_sent_arrives),
    TEST(nothing_is_sent_before_or_after), TEST(the_queue_has_a_limit),
    TEST(the_last_word_is_heard), TEST(what_is_not_taken_is_not_fetched),
    TEST(it_may_be_freed_in_the_event), TEST(it_may_be_freed_at_any_time),
    TEST(who_listens_sees_every_message));
