#include "siptls_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cases.h"
#include "sip/msg.h"

/* of a test that hangs */
#define DEADLINE_US (20 * 1000000u)

static void
on_deadline(void *arg)
{
	(void)arg;
	fprintf(stderr, "the test hangs\n");
	abort();
}

void
run_take(struct run *r)
{
	struct sip_msg *m;

	do {
		r->inside = true;
		m = siptls_take(r->c);
		r->inside = false;
		if (m == NULL)
			return;
		r->n++;
		/* In the order they were sent, none lost, none twice. */
		assert_int_equal(sip_msg_cseq(m), r->same_cseq ? 1 : r->n);
		r->body = sip_msg_body(m).len;
		sip_msg_free(m);
	} while (!r->one_by_one);
}

static void
send_it(struct run *r)
{
	struct err err;

	r->inside = true;
	assert_true(siptls_send(r->c, str_of(r->say), &err));
	r->inside = false;
}

static void
on_event(void *arg)
{
	struct run *r = arg;

	assert_false(r->inside);
	r->events++;
	if (r->free_in_event) {
		siptls_free(r->c);
		r->c = NULL;
		loop_stop(r->loop);
		return;
	}
	if (r->idle)
		return;
	if (!r->connected && siptls_connected(r->c)) {
		r->connected = true;
		if (r->stop_connected)
			loop_stop(r->loop);
		if (r->say != NULL)
			send_it(r);
	}
	run_take(r);
	if (siptls_failed(r->c, &r->err))
		r->failed = true;
	if (r->failed || (r->stop_at != 0 && r->n >= r->stop_at))
		loop_stop(r->loop);
}

void
run_begin(struct run *r)
{
	struct tls_settings settings = { tls_server_ca(), TLS_1_2, false };
	struct err err;

	r->loop = loop_new(&err);
	r->tls = tls_outer_new(&settings, &err);
	assert_true(r->loop != NULL && r->tls != NULL);
	r->deadline = timer_new(r->loop, on_deadline, NULL);
	timer_set(r->deadline, DEADLINE_US);
	r->c = siptls_new(r->loop, on_event, r);
	assert_non_null(r->c);
}

void
run_dial(struct run *r, const struct addrs *addrs, const char *host)
{
	struct err err;

	r->inside = true;
	assert_true(siptls_connect(r->c, addrs, host, r->tls, &err));
	r->inside = false;
}

void
run_finish(struct run *r)
{
	siptls_free(r->c);
	timer_free(r->deadline);
	tls_outer_free(r->tls);
	loop_free(r->loop);
}

long
run_play(struct run *r, tls_script script, bool tls, const char *host)
{
	struct addrs addrs = { .n = 1 };
	struct tls_server *s = tls_server_start(script, tls);

	tls_server_addr(s, &addrs.a[0]);
	run_begin(r);
	run_dial(r, &addrs, host);
	await_loop(r->loop, "the end of the connection");
	run_finish(r);
	return tls_server_stop(s);
}

void
add_message(struct buf *b, unsigned cseq, size_t body)
{
	buf_printf(b,
	    "SIP/2.0 200 OK\r\n"
	    "Via: SIP/2.0/TLS 192.0.2.1\r\n"
	    "From: <sip:a@b>;tag=1\r\n"
	    "To: <sip:a@b>;tag=2\r\n"
	    "Call-ID: 1\r\n"
	    "CSeq: %u REGISTER\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    cseq, body);
	for (size_t i = 0; i < body; i++)
		buf_putc(b, (char)('a' + i % 26));
}

void
write_all(SSL *ssl, struct str s)
{
	if (s.len > 0)
		(void)SSL_write(ssl, s.p, (int)s.len);
}

void
write_messages(SSL *ssl, unsigned n, size_t body)
{
	struct buf b;

	buf_init(&b, RUN_STREAM_MAX);
	for (unsigned i = 1; i <= n; i++)
		add_message(&b, i, body);
	write_all(ssl, buf_view(&b));
	buf_free(&b);
}

int
see_off(SSL *ssl)
{
	char rest[4096];

	while (SSL_read(ssl, rest, sizeof(rest)) > 0)
		;
	return SSL_get_error(ssl, 0) == SSL_ERROR_ZERO_RETURN;
}

void
one_message(struct tls_server *s, SSL *ssl, int fd)
{
	(void)fd;
	write_messages(ssl, 1, 10);
	tls_server_note(s, see_off(ssl));
}

void
message_and_cut(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_messages(ssl, 3, 10);
}
