#include "transport/siptls.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "sip/frame.h"
#include "sip/msg.h"
#include "transport/wire.h"

#define PEER_NAME "registrar"
/* octets of a whole TLS record: one read leaves none behind */
#define CHUNK_SIZE 16384
/* so that one busy peer does not hold up the loop */
#define READS_PER_TURN 16
#define IN_MAX	       (SIP_HEAD_MAX + SIP_BODY_MAX + 2 * CHUNK_SIZE)
/* octets kept behind a message that nobody has taken */
#define UNREAD_MAX    (64 * 1024)
#define OUT_MAX	      (256 * 1024) /* octets waiting to be sent */
#define ENDPOINT_SIZE (ADDR_TEXT_SIZE + 16)

enum state {
	IDLE,
	CONNECTING,  /* TCP, to addrs.a[at] */
	HANDSHAKING, /* TLS */
	OPEN,
	ENDED /* err says why; what came before may still be taken */
};

struct siptls {
	struct loop *loop;
	void (*event)(void *arg);
	void *arg;
	struct timer *news;	    /* the only place that calls event */
	const struct wire_tap *tap; /* NULL: nobody listens */
	enum state state;
	struct addrs addrs;
	unsigned at;
	struct tls_outer *tls;
	char host[256];
	int fd;
	struct watch *watch;
	SSL *ssl;
	struct tls_peer peer;
	/* a read has to write first: the server began another handshake */
	bool write_first;
	struct buf in, out;
	/* octets of the message that `in` begins with; 0: unknown */
	size_t awaited;
	/* the oldest message; those behind it are octets in `in` */
	struct sip_msg *ready;
	struct err err;
	char local[ENDPOINT_SIZE], remote[ENDPOINT_SIZE];
};

static void
on_news(void *arg)
{
	struct siptls *c = arg;

	c->event(c->arg); /* may free c */
}

/* Never from inside the caller's call. */
static void
tell(struct siptls *c)
{
	timer_soon(c->news);
}

struct siptls *
siptls_new(struct loop *l, void (*event)(void *arg), void *arg)
{
	struct siptls *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->loop = l;
	c->event = event;
	c->arg = arg;
	c->state = IDLE;
	c->fd = -1;
	buf_init(&c->in, IN_MAX);
	buf_init(&c->out, OUT_MAX);
	c->news = timer_new(l, on_news, c);
	if (c->news == NULL) {
		free(c);
		return NULL;
	}
	return c;
}

void
siptls_listen(struct siptls *c, const struct wire_tap *tap)
{
	c->tap = tap;
}

/* broken: the message has no end, or is none. */
static void
show(const struct siptls *c, bool sent, struct str octets, bool broken)
{
	struct wire_message m = { .sent = sent,
		.broken = broken,
		.peer = c->remote,
		.head = octets,
		.body = STR_LIT("") };
	const char *end;

	if (c->tap == NULL || octets.len == 0)
		return;
	end = memmem(octets.p, octets.len, "\r\n\r\n", 4);
	if (end != NULL) {
		m.head.len = (size_t)(end - octets.p) + 2;
		m.body = (struct str){ end + 4, octets.len - m.head.len - 2 };
	}
	c->tap->message(c->tap->arg, &m);
}

static void
drop_socket(struct siptls *c)
{
	watch_free(c->watch);
	c->watch = NULL;
	SSL_free(c->ssl);
	c->ssl = NULL;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

void
siptls_free(struct siptls *c)
{
	if (c == NULL)
		return;
	if (c->state == OPEN) {
		ERR_clear_error();
		/* best effort; the answer is not waited for */
		(void)SSL_shutdown(c->ssl);
		ERR_clear_error();
	}
	if (c->ready == NULL)
		show(c, false, buf_view(&c->in), true);
	drop_socket(c);
	sip_msg_free(c->ready);
	buf_free(&c->in);
	buf_free(&c->out);
	timer_free(c->news);
	free(c);
}

/* *err may be c->err itself. */
static void
end(struct siptls *c, const struct err *err)
{
	drop_socket(c);
	if (err != &c->err)
		c->err = *err;
	c->state = ENDED;
	tell(c);
}

static void
write_endpoint(const struct addr *a, char dst[ENDPOINT_SIZE])
{
	char text[ADDR_TEXT_SIZE];

	addr_text(a, text);
	snprintf(dst, ENDPOINT_SIZE, a->ss.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u",
	    text, addr_port(a));
}

/*
 * Cuts the next message out of what has come, if it is all here and the last one has been
 * taken.
 */
static void
frame_next(struct siptls *c)
{
	size_t skip = 0, len = 0;
	struct err err;

	if (c->ready != NULL || c->in.len == 0 || c->in.len < c->awaited)
		return;
	c->awaited = 0;
	switch (sip_frame(buf_view(&c->in), &skip, &len, &err)) {
	case SIP_FRAME_MORE:
		buf_consume(&c->in, skip);
		c->awaited = len;
		return;
	case SIP_FRAME_WHOLE:
		c->ready = sip_msg_parse((struct str){ c->in.data + skip, len }, &err);
		show(c, false, (struct str){ c->in.data + skip, len }, c->ready == NULL);
		buf_consume(&c->in, skip + len);
		break;
	case SIP_FRAME_NEVER:
		show(c, false, buf_view(&c->in), true);
		break;
	}
	if (c->ready != NULL) {
		tell(c);
		return;
	}
	/*
	 * Where the next message would begin is unknown now: nothing behind it can be
	 * read.
	 */
	buf_clear(&c->in);
	end(c, &err);
}

static bool
is_full(const struct siptls *c)
{
	return c->ready != NULL && c->in.len >= UNREAD_MAX;
}

static void
update_watch(struct siptls *c)
{
	unsigned what = 0;

	if (c->state != OPEN)
		return;
	if (!is_full(c))
		what |= WATCH_READ;
	if (c->out.len > 0 || c->write_first)
		what |= WATCH_WRITE;
	watch_set(c->watch, what);
}

/* An SSL call on the open connection failed for good. */
static void
end_io(struct siptls *c, int why, int errnum)
{
	const char *where = c->in.len > 0 ? " in the middle of a message" : "";
	struct err err;

	if (why == SSL_ERROR_SSL)
		tls_outer_error(&c->peer, c->host, PEER_NAME, &err);
	else if (why == SSL_ERROR_SYSCALL && errnum != 0)
		err_set(&err, CAUSE_CLOSED, errnum,
		    "the connection to the " PEER_NAME " broke%s: %s", where,
		    strerror(errnum));
	else
		err_set(&err, CAUSE_CLOSED, 0,
		    "the " PEER_NAME " closed the connection%s", where);
	ERR_clear_error();
	end(c, &err);
}

/* One read; false: nothing more for now. */
static bool
receive_some(struct siptls *c)
{
	char chunk[CHUNK_SIZE];
	int n, why, errnum;

	ERR_clear_error();
	errno = 0;
	n = SSL_read(c->ssl, chunk, sizeof(chunk));
	if (n <= 0) {
		errnum = errno;
		why = SSL_get_error(c->ssl, n);
		c->write_first = why == SSL_ERROR_WANT_WRITE;
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			end_io(c, why, errnum);
		return false;
	}
	c->write_first = false;
	buf_add(&c->in, chunk, (size_t)n);
	if (c->in.failed) {
		struct err err;

		err_local(&err, ENOMEM, "no room for what the " PEER_NAME " sent");
		end(c, &err);
		return false;
	}
	frame_next(c);
	return c->state == OPEN;
}

static void
receive(struct siptls *c)
{
	for (unsigned i = 0; i < READS_PER_TURN && !is_full(c); i++)
		if (!receive_some(c))
			break;
}

/* A peer that answered and left has its answer read first: it tells more than EPIPE. */
static void
end_write(struct siptls *c, int why, int errnum)
{
	receive(c);
	if (c->state == OPEN)
		end_io(c, why, errnum);
}

static void
flush(struct siptls *c)
{
	while (c->state == OPEN && c->out.len > 0) {
		int n, why, errnum;

		ERR_clear_error();
		errno = 0;
		n = SSL_write(c->ssl, c->out.data, (int)c->out.len);
		if (n > 0) {
			buf_consume(&c->out, (size_t)n);
			continue;
		}
		errnum = errno;
		why = SSL_get_error(c->ssl, n);
		if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
			return;
		end_write(c, why, errnum);
	}
}

static void on_ready(void *arg, unsigned what);

/* 0, or errno. */
static int
open_socket(struct siptls *c, const struct addr *a)
{
	int one = 1;

	c->fd = socket(a->ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return errno;
	/* A REGISTER is one small write that waits for its answer. */
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(c->fd, (const struct sockaddr *)&a->ss, a->len) < 0 &&
	    errno != EINPROGRESS)
		return errno;
	c->watch = watch_fd(c->loop, c->fd, WATCH_WRITE, on_ready, c);
	return c->watch == NULL ? ENOMEM : 0;
}

/* The error of the last address is the one that counts. */
static void
refuse_address(struct siptls *c, int errnum)
{
	drop_socket(c);
	if (err_is_own(errnum))
		err_local(&c->err, errnum, "no socket to call %s", c->remote);
	else
		err_set(&c->err, CAUSE_CONNECT, errnum, "no TCP connection to %s%s: %s",
		    c->remote, c->addrs.n > 1 ? ", the last address tried" : "",
		    strerror(errnum));
	c->at++;
}

static void
try_addresses(struct siptls *c)
{
	while (c->at < c->addrs.n) {
		const struct addr *a = &c->addrs.a[c->at];
		int errnum;

		write_endpoint(a, c->remote);
		errnum = open_socket(c, a);
		if (errnum == 0) {
			c->state = CONNECTING;
			return;
		}
		refuse_address(c, errnum);
	}
	end(c, &c->err);
}

static void
begin_handshake(struct siptls *c)
{
	struct addr self = { .len = sizeof(self.ss) };
	struct err err;

	if (getsockname(c->fd, (struct sockaddr *)&self.ss, &self.len) == 0)
		write_endpoint(&self, c->local);
	c->ssl = tls_outer_ssl(c->tls, c->host, &c->peer, &err);
	if (c->ssl == NULL || SSL_set_fd(c->ssl, c->fd) != 1) {
		if (c->ssl != NULL)
			err_local(&err, 0, "out of memory");
		end(c, &err);
		return;
	}
	c->state = HANDSHAKING;
}

static void
finish_handshake(struct siptls *c)
{
	int rc, why, errnum;

	ERR_clear_error();
	errno = 0;
	rc = SSL_do_handshake(c->ssl);
	errnum = errno;
	why = SSL_get_error(c->ssl, rc);
	if (rc == 1) {
		c->state = OPEN;
		tell(c);
	} else if (why == SSL_ERROR_WANT_READ) {
		watch_set(c->watch, WATCH_READ);
	} else if (why == SSL_ERROR_WANT_WRITE) {
		watch_set(c->watch, WATCH_WRITE);
	} else {
		tls_outer_error(&c->peer, c->host, PEER_NAME, &c->err);
		if (c->err.cause == CAUSE_CLOSED && why == SSL_ERROR_SYSCALL)
			c->err.code = errnum;
		end(c, &c->err);
	}
}

static void
finish_connect(struct siptls *c)
{
	int errnum = 0;
	socklen_t len = sizeof(errnum);

	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &errnum, &len) < 0)
		errnum = errno;
	if (errnum == 0) {
		begin_handshake(c);
	} else {
		refuse_address(c, errnum);
		try_addresses(c);
	}
}

/* The whole life of a connection, in the order of the wire. */
static void
on_ready(void *arg, unsigned what)
{
	struct siptls *c = arg;

	(void)what;
	if (c->state == CONNECTING)
		finish_connect(c);
	switch (c->state) {
	case HANDSHAKING:
		finish_handshake(c);
		break;
	case OPEN:
		receive(c);
		flush(c);
		break;
	case IDLE:
	case CONNECTING: /* the next address */
	case ENDED:
		break;
	}
	update_watch(c);
}

bool
siptls_connect(struct siptls *c, const struct addrs *addrs, const char *host,
    struct tls_outer *tls, struct err *err)
{
	if (c->state != IDLE || addrs->n == 0 || addrs->n > ADDRS_MAX) {
		err_local(err, 0,
		    addrs->n == 0 ? "no address to connect to"
				  : "this connection was used already");
		return false;
	}
	if (!str_copy(c->host, sizeof(c->host), str_of(host))) {
		err_local(err, 0, "\"%.64s...\" is no host name", host);
		return false;
	}
	c->addrs = *addrs;
	c->at = 0;
	c->tls = tls;
	err_clear(&c->err);
	try_addresses(c);
	return true;
}

bool
siptls_connected(const struct siptls *c)
{
	return c->state == OPEN || (c->state == ENDED && c->ready != NULL);
}

bool
siptls_failed(const struct siptls *c, struct err *err)
{
	if (c->state != ENDED || c->ready != NULL)
		return false;
	*err = c->err;
	return true;
}

bool
siptls_send(struct siptls *c, struct str message, struct err *err)
{
	if (c->state == ENDED) {
		*err = c->err;
		return false;
	}
	if (c->state != OPEN) {
		err_local(err, 0, "not connected to the " PEER_NAME " yet");
		return false;
	}
	if (message.len > OUT_MAX - c->out.len) {
		err_local(err, ENOBUFS, "more than %d octets wait to be sent", OUT_MAX);
		return false;
	}
	buf_str(&c->out, message);
	if (c->out.failed) {
		err_local(err, ENOMEM, "out of memory");
		return false;
	}
	show(c, true, message, false);
	flush(c);
	update_watch(c);
	return true;
}

struct sip_msg *
siptls_take(struct siptls *c)
{
	struct sip_msg *m = c->ready;

	if (m == NULL)
		return NULL;
	c->ready = NULL;
	frame_next(c);
	if (c->state == ENDED && c->ready == NULL)
		/* whoever takes one message at a time must learn of the end */
		tell(c);
	update_watch(c);
	return m;
}

const char *
siptls_local(const struct siptls *c)
{
	return c->local;
}

const char *
siptls_remote(const struct siptls *c)
{
	return c->remote;
}

const struct tls_peer *
siptls_peer(const struct siptls *c)
{
	return &c->peer;
}
