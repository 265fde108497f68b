#include "lab/registrar.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "vocab/err.h"
#include "crypto/crypto.h"
#include "lab/assoc.h"
#include "lab/net.h"
#include "lab/pki.h"
#include "lab/requests.h"
#include "lab/sipconn.h"
#include "sip/frame.h"
#include "sip/msg.h"
#include "tls/inner.h"

#define BACKLOG 128
/*
 * The real client is silent for 60 s, and then for the timeout that is granted to it
 * (spec 07 5.7).
 */
#define IDLE_S	420
#define STALL_S 120

struct lab_registrar {
	struct lab_pool *pool;
	struct evconnlistener *listener;
	int idle_fd; /* socket that is bound but does not listen, or -1 */
	uint16_t port;
	struct tls_inner_ctx *inner[PKI_FACE_COUNT];
	struct lab_sip_conn *conns;
	unsigned count; /* number of connections so far */
};

static void
conn_free(struct lab_sip_conn *c)
{
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	for (unsigned i = 0; i < SIPCONN_ASSOCS; i++)
		lab_assoc_free(c->assoc[i]);
	bufferevent_free(c->bev);
	free(c);
}

static void
on_sent(struct bufferevent *bev, void *arg)
{
	struct lab_sip_conn *c = arg;

	if (c->doomed && evbuffer_get_length(bufferevent_get_output(bev)) == 0)
		conn_free(c);
}

/*
 * Sets the name by which the client reached the pool: that of the SNI extension, or else
 * the address that it connected to.
 */
static void
set_host(struct lab_sip_conn *c)
{
	SSL *ssl = bufferevent_openssl_get_ssl(c->bev);
	const char *name =
	    ssl == NULL ? NULL : SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

	if (c->pool->advertise != NULL)
		name = c->pool->advertise;
	if (name == NULL)
		name = c->pool->address;
	if (!lab_net_host_ok(name) || !str_copy(c->host, sizeof(c->host), str_of(name)))
		str_copy(c->host, sizeof(c->host), str_of(c->pool->fqdn));
}

/*
 * Processes one message of the input. Returns false if there is none, or if nothing more
 * is read from the client.
 */
static bool
serve_message(struct lab_sip_conn *c, struct evbuffer *in)
{
	struct str all = { (const char *)evbuffer_pullup(in, -1),
		evbuffer_get_length(in) };
	size_t skip = 0, len = 0;
	struct sip_msg *m;
	struct err err;
	enum sip_frame found;

	if (all.len == 0 || c->doomed || c->silent)
		return false;
	found = sip_frame(all, &skip, &len, &err);
	if (found == SIP_FRAME_MORE) {
		evbuffer_drain(in, skip);
		return false;
	}
	if (found == SIP_FRAME_NEVER) {
		lab_sip_conn_doom(c, true);
		return false;
	}
	all = (struct str){ all.p + skip, len };
	lab_sip_conn_record(c, false, all);
	m = sip_msg_parse(all, &err);
	evbuffer_drain(in, skip + len);
	if (m == NULL)
		lab_sip_conn_doom(c, true);
	else
		lab_requests_serve(c, m);
	sip_msg_free(m);
	return m != NULL;
}

/*
 * Resets the connection, which is in the middle of the client's handshake whatever the
 * timing is.
 */
static void
reset_connection(struct lab_sip_conn *c)
{
	struct linger hard = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	conn_free(c);
}

static void
serve_messages(struct lab_sip_conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	if (c->reset) {
		reset_connection(c);
		return;
	}
	if (c->host[0] == '\0')
		set_host(c);
	while (serve_message(c, in))
		;
	if (c->doomed || c->silent)
		evbuffer_drain(in, evbuffer_get_length(in));
	if (c->doomed && evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
		conn_free(c);
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	serve_messages(arg);
}

/*
 * Reads what is left before a connection is given up. If a client closes without reading
 * (like the real one at sign-out), our write fails while its last REGISTER is still
 * unread in the TLS connection.
 */
static void
read_rest(struct lab_sip_conn *c)
{
	SSL *ssl = bufferevent_openssl_get_ssl(c->bev);
	char part[4096];
	int n;

	if (ssl == NULL || !SSL_is_init_finished(ssl))
		return;
	ERR_clear_error();
	while ((n = SSL_read(ssl, part, sizeof(part))) > 0)
		evbuffer_add(bufferevent_get_input(c->bev), part, (size_t)n);
	ERR_clear_error();
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct lab_sip_conn *c = arg;

	if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) == 0)
		return;
	ERR_clear_error();
	read_rest(c); /* libevent reports a failed write as an end of file, too */
	while (serve_message(c, bufferevent_get_input(bev)))
		;
	conn_free(c);
}

/*
 * Makes the bufferevent of a connection. Faults below TLS use the bare socket (tls
 * false).
 */
static struct bufferevent *
make_bev(struct lab_registrar *r, int fd, bool tls)
{
	struct bufferevent *bev;
	SSL *ssl;

	if (!tls)
		return bufferevent_socket_new(r->pool->base, fd, BEV_OPT_CLOSE_ON_FREE);
	ssl = SSL_new(
	    lab_pki_outer(r->pool->pki, lab_pool_face(r->pool, STEP_SIP_CONNECT)));
	if (ssl == NULL)
		return NULL;
	bev = bufferevent_openssl_socket_new(
	    r->pool->base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		SSL_free(ssl);
	else
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return bev;
}

static struct lab_sip_conn *
conn_new(struct lab_registrar *r, int fd, bool tls)
{
	struct lab_sip_conn *c = calloc(1, sizeof(*c));
	uint8_t random[16];

	if (c == NULL || (c->bev = make_bev(r, fd, tls)) == NULL) {
		free(c);
		return NULL;
	}
	c->pool = r->pool;
	c->inner = r->inner;
	c->id = ++r->count;
	crypto_random(random, sizeof(random));
	crypto_hex(c->tag, random, sizeof(random));
	c->next = r->conns;
	c->link = &r->conns;
	if (c->next != NULL)
		c->next->link = &c->next;
	r->conns = c;
	return c;
}

static void
wait_for(struct lab_sip_conn *c, unsigned seconds)
{
	struct timeval idle = { .tv_sec = (time_t)seconds, .tv_usec = 0 };

	bufferevent_set_timeouts(c->bev, &idle, NULL);
	bufferevent_setcb(c->bev, on_read, on_sent, on_event, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

static void
on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from, int len,
    void *arg)
{
	struct lab_registrar *r = arg;
	enum lab_fault_kind kind = r->pool->faults.at[STEP_SIP_CONNECT].kind;
	struct lab_sip_conn *c;

	(void)l, (void)len;
	c = conn_new(r, fd,
	    kind != LAB_FAULT_STALL && kind != LAB_FAULT_GARBAGE &&
		kind != LAB_FAULT_DROP);
	if (c == NULL) {
		close(fd);
		return;
	}
	c->peer_port = ntohs(from->sa_family == AF_INET6
				 ? ((struct sockaddr_in6 *)(void *)from)->sin6_port
				 : ((struct sockaddr_in *)(void *)from)->sin_port);
	c->silent = kind == LAB_FAULT_STALL;
	c->reset = kind == LAB_FAULT_DROP;
	wait_for(c, kind == LAB_FAULT_STALL ? STALL_S : IDLE_S);
	if (kind == LAB_FAULT_GARBAGE) {
		lab_sip_conn_send(c, STR_LIT("220 this is no TLS server\r\n\r\n"));
		lab_sip_conn_doom(c, true);
	}
}

static bool
open_port(struct lab_registrar *r, struct err *err)
{
	bool refuse = faults_is(&r->pool->faults, STEP_SIP_CONNECT, LAB_FAULT_REFUSE);
	int fd = lab_net_bind(r->pool->address, r->port, "SIP", err);

	if (fd < 0)
		return false;
	r->port = lab_net_port(fd);
	if (refuse) {
		r->idle_fd = fd;
		return true;
	}
	r->listener = evconnlistener_new(r->pool->base, on_accept, r,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, fd);
	if (r->listener != NULL)
		return true;
	err_local(err, errno, "cannot listen on %s port %u for SIP", r->pool->address,
	    (unsigned)r->port);
	close(fd);
	return false;
}

static void
close_port(struct lab_registrar *r)
{
	if (r->listener != NULL)
		evconnlistener_free(r->listener);
	r->listener = NULL;
	if (r->idle_fd >= 0)
		close(r->idle_fd);
	r->idle_fd = -1;
}

static bool
open_inner(struct lab_registrar *r, struct err *err)
{
	static const enum lab_pki_face faces[] = { PKI_RIGHT, PKI_EXPIRED,
		PKI_WRONG_NAME };

	for (size_t i = 0; i < sizeof(faces) / sizeof(faces[0]); i++) {
		r->inner[faces[i]] =
		    tls_inner_server_ctx(lab_pki_cert_file(r->pool->pki, faces[i]),
			lab_pki_key_file(r->pool->pki), err);
		if (r->inner[faces[i]] == NULL)
			return false;
	}
	return true;
}

struct lab_registrar *
lab_registrar_new(struct lab_pool *pool, uint16_t port, struct err *err)
{
	struct lab_registrar *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	r->pool = pool;
	r->port = port;
	r->idle_fd = -1;
	if (open_inner(r, err) && open_port(r, err))
		return r;
	lab_registrar_free(r);
	return NULL;
}

void
lab_registrar_free(struct lab_registrar *r)
{
	if (r == NULL)
		return;
	close_port(r);
	while (r->conns != NULL)
		conn_free(r->conns);
	for (int i = 0; i < PKI_FACE_COUNT; i++)
		tls_inner_ctx_free(r->inner[i]);
	free(r);
}

uint16_t
lab_registrar_port(const struct lab_registrar *r)
{
	return r->port;
}

void
lab_registrar_faults_changed(struct lab_registrar *r)
{
	bool refuse = faults_is(&r->pool->faults, STEP_SIP_CONNECT, LAB_FAULT_REFUSE);
	struct err err;

	if (refuse == (r->listener == NULL))
		return;
	close_port(r);
	if (!open_port(r, &err))
		fprintf(stderr, "cswatch-lab: %s\n", err.detail);
}
