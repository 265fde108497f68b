/*
 * transport/siptls against a TLS server in a thread: messages in any cut, ends of every
 * kind.
 */
#include <string.h>
#include <unistd.h>

#include "../cases.h"
#include "sip/frame.h"
#include "siptls_run.h"

static void
octet_by_octet(struct tls_server *s, SSL *ssl, int fd)
{
	struct buf b;

	(void)s;
	(void)fd;
	buf_init(&b, RUN_STREAM_MAX);
	add_message(&b, 1, 20);
	add_message(&b, 2, 0);
	for (size_t i = 0; i < b.len; i++)
		write_all(ssl, (struct str){ b.data + i, 1 });
	buf_free(&b);
	see_off(ssl);
}

/* The second message's beginning rides with the first one's end, at every octet. */
static void
cut_anywhere(struct tls_server *s, SSL *ssl, int fd)
{
	struct buf b;
	unsigned cseq = 0;

	(void)s;
	(void)fd;
	for (size_t at = 0; at < 400; at++) {
		buf_init(&b, RUN_STREAM_MAX);
		add_message(&b, ++cseq, 8);
		add_message(&b, ++cseq, 8);
		if (at < b.len) {
			write_all(ssl, (struct str){ b.data, at });
			write_all(ssl, (struct str){ b.data + at, b.len - at });
		} else {
			write_all(ssl, buf_view(&b));
		}
		buf_free(&b);
	}
	see_off(ssl);
}

static void
keep_alives(struct tls_server *s, SSL *ssl, int fd)
{
	struct buf b;

	(void)s;
	(void)fd;
	buf_init(&b, RUN_STREAM_MAX);
	buf_puts(&b, "\r\n\r\n");
	add_message(&b, 1, 5);
	buf_puts(&b, "\r\n\r\n\r\n\r\n");
	add_message(&b, 2, 5);
	buf_puts(&b, "\r\n");
	write_all(ssl, buf_view(&b));
	write_messages(ssl, 0, 0);
	buf_clear(&b);
	add_message(&b, 3, 5);
	write_all(ssl, buf_view(&b));
	buf_free(&b);
	see_off(ssl);
}

static void
many_messages(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_messages(ssl, 2000, 300);
	see_off(ssl);
}

static void
the_largest_body(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_messages(ssl, 2, SIP_BODY_MAX);
	see_off(ssl);
}

static void
message_and_goodbye(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_messages(ssl, 3, 10);
	SSL_shutdown(ssl);
}

static void
part_and_cut(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_messages(ssl, 1, 10);
	write_all(ssl, STR_LIT("SIP/2.0 200 OK\r\nCSeq: 2"));
}

/* One message, then bytes that are no record of this connection. */
static void
break_tls(SSL *ssl, int fd, struct str noise)
{
	write_messages(ssl, 1, 10);
	if (write(fd, noise.p, noise.len) < 0)
		return;
	see_off(ssl);
}

static void
message_and_noise(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	break_tls(ssl, fd, STR_LIT("this is no TLS record"));
}

static void
message_and_other_version(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	break_tls(ssl, fd,
	    STR_LIT("\x17\x05\x05\0\x10"
		    "0123456789abcdef"));
}

static void
message_and_other_type(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	break_tls(ssl, fd,
	    STR_LIT("\x63\x03\x03\0\x10"
		    "0123456789abcdef"));
}

static void
message_and_long_record(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	break_tls(ssl, fd,
	    STR_LIT("\x17\x03\x03\xff\xff"
		    "0123456789abcdef"));
}

static void
message_and_forgery(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	break_tls(ssl, fd,
	    STR_LIT("\x17\x03\x03\0\x20"
		    "0123456789abcdef0123456789abcdef"));
}

static void
message_and_http(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_messages(ssl, 1, 10);
	write_all(ssl, STR_LIT("HTTP/1.1 400 Bad Request\r\n\r\n"));
	write_messages(ssl, 1, 10);
	see_off(ssl);
}

static void
no_length(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_all(ssl, STR_LIT("SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\n\r\n"));
	see_off(ssl);
}

static void
endless_head(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_all(ssl, STR_LIT("SIP/2.0 200 OK\r\n"));
	for (unsigned i = 0; i < 70 * 1024 / 16; i++)
		write_all(ssl, STR_LIT("X-Header: abcd\r\n"));
	see_off(ssl);
}

static void
endless_line(struct tls_server *s, SSL *ssl, int fd)
{
	static char line[70 * 1024];

	(void)s;
	(void)fd;
	memset(line, 'x', sizeof(line));
	write_all(ssl, STR_LIT("SIP/2.0 200 "));
	write_all(ssl, (struct str){ line, sizeof(line) });
	see_off(ssl);
}

static void
body_too_large(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)fd;
	write_all(ssl, STR_LIT("SIP/2.0 200 OK\r\nContent-Length: 1048577\r\n\r\n"));
	see_off(ssl);
}

static const struct stream_case {
	const char *name;
	tls_script script;
	unsigned n;	  /* messages that arrive whole */
	size_t body;	  /* of the last one */
	enum cause cause; /* CAUSE_NONE: stops after them */
	long code;
	const char *says;
} stream_cases[] = {
	{ "one message", one_message, 1, 10, CAUSE_NONE, 0, NULL },
	{ "octet by octet", octet_by_octet, 2, 0, CAUSE_NONE, 0, NULL },
	{ "two in a record, cut anywhere", cut_anywhere, 800, 8, CAUSE_NONE, 0, NULL },
	{ "keep-alives between", keep_alives, 3, 5, CAUSE_NONE, 0, NULL },
	{ "many", many_messages, 2000, 300, CAUSE_NONE, 0, NULL },
	{ "the largest body", the_largest_body, 2, SIP_BODY_MAX, CAUSE_NONE, 0, NULL },
	{ "ends without close_notify", message_and_cut, 3, 10, CAUSE_CLOSED, 0,
	    "the registrar closed the connection" },
	{ "ends with close_notify", message_and_goodbye, 3, 10, CAUSE_CLOSED, 0,
	    "the registrar closed the connection" },
	{ "ends in a message", part_and_cut, 1, 10, CAUSE_CLOSED, 0,
	    "closed the connection in the middle of a message" },
	{ "breaks TLS", message_and_noise, 1, 10, CAUSE_TLS, SSL_AD_PROTOCOL_VERSION,
	    "TLS with the registrar" },
	{ "a record of another version", message_and_other_version, 1, 10, CAUSE_TLS,
	    SSL_AD_PROTOCOL_VERSION, "TLS with the registrar" },
	{ "a record of another type", message_and_other_type, 1, 10, CAUSE_TLS,
	    SSL_AD_PROTOCOL_VERSION, "TLS with the registrar" },
	{ "a record that is too long", message_and_long_record, 1, 10, CAUSE_TLS,
	    SSL_AD_RECORD_OVERFLOW, "length too long; what answers there" },
	{ "a forged record", message_and_forgery, 1, 10, CAUSE_TLS, SSL_AD_BAD_RECORD_MAC,
	    "TLS with the registrar" },
	{ "not SIP", message_and_http, 1, 10, CAUSE_PROTOCOL, 0, "not SIP" },
	{ "no Content-Length", no_length, 0, 0, CAUSE_PROTOCOL, 0, "Content-Length" },
	{ "endless head", endless_head, 0, 0, CAUSE_LIMIT, SIP_HEAD_MAX, "headers" },
	{ "endless line", endless_line, 0, 0, CAUSE_LIMIT, SIP_HEAD_MAX, "headers" },
	{ "body too large", body_too_large, 0, 0, CAUSE_LIMIT, SIP_BODY_MAX, "body" },
};

static void
check(const struct stream_case *c, bool one_by_one)
{
	struct run r = { .one_by_one = one_by_one };

	r.stop_at = c->cause == CAUSE_NONE ? c->n : 0;
	run_play(&r, c->script, true, RUN_HOST);
	/* A connection that ended before anybody looked, and left nothing, never was one.
	 */
	assert_true(r.connected || c->n == 0);
	assert_int_equal(r.n, c->n);
	assert_int_equal(r.body, c->body);
	assert_int_equal(r.failed, c->cause != CAUSE_NONE);
	if (r.failed && (r.err.cause != c->cause || r.err.code != c->code ||
			    strstr(r.err.detail, c->says) == NULL))
		fail_msg("%s %ld: %s", cause_name(r.err.cause), r.err.code, r.err.detail);
}

static void
check_stream(void **state)
{
	check(*state, false);
}

static void
check_one_by_one(void **state)
{
	check(*state, true);
}

static void
hang_up(struct tls_server *s, SSL *ssl, int fd)
{
	(void)s;
	(void)ssl;
	(void)fd;
}

static void
speak_http(struct tls_server *s, SSL *ssl, int fd)
{
	static const char html[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	char rest[512];

	(void)s;
	(void)ssl;
	if (write(fd, html, sizeof(html) - 1) < 0)
		return;
	while (read(fd, rest, sizeof(rest)) > 0)
		;
}

static const struct setup_case {
	const char *name;
	tls_script script;
	bool tls;
	const char *host;
	enum cause cause;
	bool known; /* the server's certificate was seen */
	const char *says;
} setup_cases[] = {
	{ "another name", one_message, true, "other.lab.example", CAUSE_TRUST, true,
	    "is for " RUN_HOST ", not for other.lab.example" },
	{ "hangs up", hang_up, false, RUN_HOST, CAUSE_CLOSED, false,
	    "during the TLS handshake" },
	{ "does not speak TLS", speak_http, false, RUN_HOST, CAUSE_TLS, false,
	    "wrong port?" },
};

static void
check_setup(void **state)
{
	const struct setup_case *c = *state;
	struct addrs addrs = { .n = 1 };
	struct tls_server *s = tls_server_start(c->script, c->tls);
	struct run r = { .stop_at = 0 };

	tls_server_addr(s, &addrs.a[0]);
	run_begin(&r);
	run_dial(&r, &addrs, c->host);
	await_loop(r.loop, "an event of the connection");
	assert_false(r.connected);
	assert_true(r.failed);
	assert_int_equal(siptls_peer(r.c)->cert.known, c->known);
	if (r.err.cause != c->cause || strstr(r.err.detail, c->says) == NULL)
		fail_msg("%s %ld: %s", cause_name(r.err.cause), r.err.code, r.err.detail);
	run_finish(&r);
	tls_server_stop(s);
}

RUN_CASES(ROWS("stream", stream_cases, check_stream),
    ROWS("taken one by one", stream_cases, check_one_by_one),
    ROWS("no connection", setup_cases, check_setup));
