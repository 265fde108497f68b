#include "tlsserver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "must.h"
#include "base/buf.h"
#include "loop/loop.h"

#define CONTENT_MAX (16 * 1024 * 1024)

enum ending { STAYS, ENDS, ENDS_RUDELY };

struct tlsconn {
	struct tlsconn *next, **link;
	struct tlsserver *server;
	unsigned number;
	int fd;
	SSL *ssl;     /* NULL: plain */
	bool greeted; /* the handshake is done */
	struct watch *watch;
	struct buf in, out;
	enum ending ending;
};

struct tlsserver {
	struct tlsserver_settings settings;
	struct loop *loop;
	SSL_CTX *ctx;
	int fd;
	uint16_t port;
	struct watch *watch;
	unsigned accepted;
	struct tlsconn *conns;
};

static void
drop(struct tlsconn *c)
{
	static const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	watch_free(c->watch);
	if (c->ending == ENDS_RUDELY)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	else if (c->ssl != NULL && c->greeted)
		SSL_shutdown(c->ssl);
	SSL_free(c->ssl);
	ERR_clear_error();
	close(c->fd);
	buf_free(&c->in);
	buf_free(&c->out);
	free(c);
}

/* As read(2) and write(2): -1 and EAGAIN when it must wait. */
static ssize_t
pull(struct tlsconn *c, char *dst, size_t size)
{
	int n, why;

	if (c->ssl == NULL)
		return read(c->fd, dst, size);
	ERR_clear_error();
	n = SSL_read(c->ssl, dst, (int)size);
	if (n > 0)
		return n;
	why = SSL_get_error(c->ssl, n);
	errno =
	    why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
	return why == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

static ssize_t
push(struct tlsconn *c, const char *src, size_t size)
{
	int n, why;

	if (c->ssl == NULL)
		return write(c->fd, src, size);
	ERR_clear_error();
	n = SSL_write(c->ssl, src, (int)(size < CONTENT_MAX ? size : CONTENT_MAX));
	if (n > 0)
		return n;
	why = SSL_get_error(c->ssl, n);
	errno =
	    why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
	return -1;
}

static bool
greet(struct tlsconn *c)
{
	int r, why;

	if (c->ssl == NULL || c->greeted)
		return true;
	ERR_clear_error();
	r = SSL_accept(c->ssl);
	c->greeted = r == 1;
	if (r == 1)
		return true;
	why = SSL_get_error(c->ssl, r);
	return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
}

/* False: the connection is over. */
static bool
receive(struct tlsconn *c)
{
	char chunk[16384];
	ssize_t n;

	while ((n = pull(c, chunk, sizeof(chunk))) > 0) {
		size_t used;

		buf_add(&c->in, chunk, (size_t)n);
		MUST(!c->in.failed);
		if (c->ending != STAYS) {
			buf_clear(&c->in);
			continue;
		}
		used = c->server->settings.data(
		    c->server->settings.arg, c, buf_view(&c->in));
		buf_consume(&c->in, used);
	}
	return n < 0 && errno == EAGAIN;
}

static bool
flush(struct tlsconn *c)
{
	while (c->out.len > 0) {
		ssize_t n = push(c, c->out.data, c->out.len);

		if (n < 0)
			return errno == EAGAIN;
		buf_consume(&c->out, (size_t)n);
	}
	return c->ending == STAYS;
}

static void
on_ready(void *arg, unsigned what)
{
	struct tlsconn *c = arg;
	bool greeting = c->ssl != NULL && !c->greeted;

	(void)what;
	if (!greet(c) || ((!greeting || c->greeted) && (!receive(c) || !flush(c))))
		drop(c);
	else
		watch_set(c->watch, WATCH_READ | (c->out.len > 0 ? WATCH_WRITE : 0));
}

static void
on_client(void *arg, unsigned what)
{
	struct tlsserver *s = arg;
	struct tlsconn *c;
	int fd = accept(s->fd, NULL, NULL);

	(void)what;
	if (fd < 0)
		return;
	MUST(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	MUST(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int)) == 0);
	c = calloc(1, sizeof(*c));
	MUST(c != NULL);
	*c = (struct tlsconn){ .server = s, .fd = fd, .number = ++s->accepted };
	c->next = s->conns;
	c->link = &s->conns;
	if (c->next != NULL)
		c->next->link = &c->next;
	s->conns = c;
	buf_init(&c->in, CONTENT_MAX);
	buf_init(&c->out, CONTENT_MAX);
	if (s->ctx != NULL) {
		c->ssl = SSL_new(s->ctx);
		MUST(c->ssl != NULL && SSL_set_fd(c->ssl, fd) == 1);
	}
	c->watch = watch_fd(s->loop, fd, WATCH_READ, on_ready, c);
	MUST(c->watch != NULL);
}

struct tlsserver *
tlsserver_new(struct loop *l, const struct tlsserver_settings *settings)
{
	struct tlsserver *s = calloc(1, sizeof(*s));
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);

	MUST(s != NULL);
	s->settings = *settings;
	s->loop = l;
	if (settings->cert != NULL) {
		s->ctx = SSL_CTX_new(TLS_server_method());
		MUST(s->ctx != NULL);
		MUST(SSL_CTX_use_certificate(s->ctx, settings->cert) == 1);
		MUST(SSL_CTX_use_PrivateKey(s->ctx, settings->key) == 1);
		SSL_CTX_set_mode(s->ctx,
		    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	}
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	MUST(s->fd >= 0);
	MUST(bind(s->fd, (struct sockaddr *)&sin, sizeof(sin)) == 0);
	MUST(listen(s->fd, 16) == 0);
	MUST(getsockname(s->fd, (struct sockaddr *)&sin, &len) == 0);
	s->port = ntohs(sin.sin_port);
	s->watch = watch_fd(l, s->fd, WATCH_READ, on_client, s);
	MUST(s->watch != NULL);
	return s;
}

void
tlsserver_free(struct tlsserver *s)
{
	if (s == NULL)
		return;
	while (s->conns != NULL)
		drop(s->conns);
	watch_free(s->watch);
	close(s->fd);
	SSL_CTX_free(s->ctx);
	free(s);
}

uint16_t
tlsserver_port(const struct tlsserver *s)
{
	return s->port;
}

unsigned
tlsserver_accepted(const struct tlsserver *s)
{
	return s->accepted;
}

unsigned
tlsserver_open(const struct tlsserver *s)
{
	unsigned n = 0;

	for (const struct tlsconn *c = s->conns; c != NULL; c = c->next)
		n++;
	return n;
}

unsigned
tlsconn_number(const struct tlsconn *c)
{
	return c->number;
}

void
tlsconn_send(struct tlsconn *c, struct str octets)
{
	buf_str(&c->out, octets);
	MUST(!c->out.failed);
	watch_set(c->watch, WATCH_READ | WATCH_WRITE);
}

void
tlsconn_end(struct tlsconn *c, bool rude)
{
	c->ending = rude ? ENDS_RUDELY : ENDS;
	watch_set(c->watch, WATCH_READ | WATCH_WRITE);
}
