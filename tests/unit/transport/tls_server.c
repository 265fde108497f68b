#include "tls_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../fakes/must.h"
#include "../tls/certs.h"

struct tls_server {
	pthread_t thread;
	int listener;
	int go[2];
	struct addr addr;
	SSL_CTX *ctx; /* NULL: no TLS */
	tls_script script;
	long note;
};

static struct {
	X509 *ca, *cert;
	char ca_file[128];
} pki;

static void
free_pki(void)
{
	X509_free(pki.ca);
	X509_free(pki.cert);
}

static void
make_pki(void)
{
	struct cert_spec ca = { .cn = "Lab Root", .ca = 1 };
	struct cert_spec server = { .cn = TLS_SERVER_HOST,
		.san = "DNS:" TLS_SERVER_HOST };

	if (pki.ca != NULL)
		return;
	pki.ca = certs_make(&ca, certs_key(0, 0), NULL, NULL);
	pki.cert = certs_make(&server, certs_key(1, 0), pki.ca, certs_key(0, 0));
	snprintf(pki.ca_file, sizeof(pki.ca_file), "%s", certs_path(0, "ca.pem"));
	certs_write_cert(pki.ca_file, pki.ca);
	atexit(free_pki);
}

const char *
tls_server_ca(void)
{
	make_pki();
	return pki.ca_file;
}

SSL_CTX *
tls_server_ctx(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	make_pki();
	MUST(ctx != NULL);
	MUST(SSL_CTX_use_certificate(ctx, pki.cert) == 1);
	MUST(SSL_CTX_use_PrivateKey(ctx, certs_key(1, 0)) == 1);
	return ctx;
}

int
tls_server_socket(int family, bool listening, struct addr *ret)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in four = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	if (fd < 0)
		return -1;
	*ret = (struct addr){ .len = family == AF_INET6 ? sizeof(six) : sizeof(four) };
	if (family == AF_INET6)
		memcpy(&ret->ss, &six, sizeof(six));
	else
		memcpy(&ret->ss, &four, sizeof(four));
	if (bind(fd, (struct sockaddr *)&ret->ss, ret->len) < 0 ||
	    (listening && listen(fd, 8) < 0)) {
		close(fd);
		return -1;
	}
	MUST(getsockname(fd, (struct sockaddr *)&ret->ss, &ret->len) == 0);
	return fd;
}

static void
serve(struct tls_server *s, int fd)
{
	SSL *ssl = NULL;

	if (s->ctx != NULL) {
		ssl = SSL_new(s->ctx);
		MUST(ssl != NULL && SSL_set_fd(ssl, fd) == 1);
		if (SSL_accept(ssl) != 1)
			s->note = -1;
	}
	if (s->note != -1)
		s->script(s, ssl, fd);
	SSL_free(ssl);
}

static void *
run(void *arg)
{
	struct tls_server *s = arg;
	int fd = accept(s->listener, NULL, NULL), one = 1;

	if (fd < 0)
		return NULL;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	serve(s, fd);
	close(fd);
	return NULL;
}

struct tls_server *
tls_server_start(tls_script script, bool tls)
{
	struct tls_server *s = calloc(1, sizeof(*s));

	MUST(s != NULL);
	s->ctx = tls ? tls_server_ctx() : NULL;
	s->script = script;
	s->listener = tls_server_socket(AF_INET, true, &s->addr);
	MUST(s->listener >= 0);
	MUST(pipe(s->go) == 0);
	MUST(pthread_create(&s->thread, NULL, run, s) == 0);
	return s;
}

long
tls_server_stop(struct tls_server *s)
{
	long note;

	/* Nobody may have come: that ends accept(). */
	shutdown(s->listener, SHUT_RDWR);
	MUST(pthread_join(s->thread, NULL) == 0);
	note = s->note;
	close(s->listener);
	close(s->go[0]);
	close(s->go[1]);
	SSL_CTX_free(s->ctx);
	free(s);
	return note;
}

void
tls_server_note(struct tls_server *s, long number)
{
	s->note = number;
}

void
tls_server_wait(struct tls_server *s)
{
	char c;

	MUST(read(s->go[0], &c, 1) == 1);
}

void
tls_server_go(struct tls_server *s)
{
	MUST(write(s->go[1], "!", 1) == 1);
}

void
tls_server_addr(const struct tls_server *s, struct addr *ret)
{
	*ret = s->addr;
}
