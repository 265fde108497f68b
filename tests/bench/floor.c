#include "bench/floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#define INNER_SUITES "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:AES256-SHA:AES128-SHA"

enum kind { OUTER = 'o', INNER = 'i' };

struct floor_run {
	pid_t pid; /* the peer */
	int fd;
	SSL_CTX *outer, *inner;
	EVP_PKEY *key;	    /* of inner */
	unsigned char *der; /* of the certificate of inner */
	int der_len;
};

static double
cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int
accept_all(X509_STORE_CTX *store, void *arg)
{
	(void)store;
	(void)arg;
	return 1;
}

/* Settings of one end; NULL: a file is not what it should be. */
static SSL_CTX *
end_ctx(const struct floor *f, bool server, enum kind kind)
{
	SSL_CTX *ctx = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
	bool own = server || kind == INNER;

	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	if (own && (SSL_CTX_use_certificate_chain_file(ctx, f->cert) != 1 ||
		       SSL_CTX_use_PrivateKey_file(ctx, f->key, SSL_FILETYPE_PEM) != 1)) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	if (kind == INNER) {
		SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
		SSL_CTX_set_cipher_list(ctx, INNER_SUITES);
		SSL_CTX_set_cert_verify_callback(ctx, accept_all, NULL);
		if (server)
			SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	} else if (!server) {
		SSL_CTX_load_verify_locations(ctx, f->ca, NULL);
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	}
	return ctx;
}

/* The other process: for each octet asked, one handshake and one octet each way. */
static void
serve(const struct floor *f, int fd)
{
	SSL_CTX *outer = end_ctx(f, true, OUTER), *inner = end_ctx(f, true, INNER);
	char kind, byte = 'x';

	while (read(fd, &kind, 1) == 1) {
		SSL *s = SSL_new(kind == OUTER ? outer : inner);

		SSL_set_fd(s, fd);
		if (SSL_accept(s) == 1 && SSL_read(s, &byte, 1) == 1)
			SSL_write(s, &byte, 1);
		SSL_free(s);
	}
	SSL_CTX_free(outer);
	SSL_CTX_free(inner);
}

/* What the client has to say goes out; with wait, something comes in. Not counted. */
static bool
move(SSL *c, int fd, bool wait)
{
	char block[16384];
	ssize_t n;

	while ((n = BIO_read(SSL_get_wbio(c), block, sizeof(block))) > 0)
		if (write(fd, block, (size_t)n) != n)
			return false;
	if (!wait)
		return true;
	n = read(fd, block, sizeof(block));
	return n > 0 && BIO_write(SSL_get_rbio(c), block, (int)n) == n;
}

/*
 * CPU of the client's calls for one handshake and one octet each way; below 0: it failed.
 */
static double
handshake(SSL_CTX *ctx, enum kind kind, int fd)
{
	char ask = (char)kind, byte = 'x';
	double spent, t;
	int r = 0;
	SSL *c;

	if (write(fd, &ask, 1) != 1)
		return -1;
	t = cpu_us();
	c = SSL_new(ctx);
	SSL_set_bio(c, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_connect_state(c);
	spent = cpu_us() - t;
	for (unsigned turn = 0; turn < 8 && r != 1; turn++) {
		t = cpu_us();
		r = SSL_do_handshake(c);
		spent += cpu_us() - t;
		if (!move(c, fd, r != 1))
			break;
	}
	t = cpu_us();
	r = r == 1 ? SSL_write(c, &byte, 1) : 0;
	spent += cpu_us() - t;
	for (unsigned turn = 0; turn < 4 && r == 1 && move(c, fd, true); turn++) {
		int got;

		t = cpu_us();
		got = SSL_read(c, &byte, 1);
		spent += cpu_us() - t;
		if (got == 1)
			break;
	}
	t = cpu_us();
	SSL_free(c);
	spent += cpu_us() - t;
	return r == 1 ? spent : -1;
}

/* What must be done with the certificate that was issued: read it, compare its key. */
static double
check_certificate(const unsigned char *der, int len, EVP_PKEY *key)
{
	double t = cpu_us();
	X509 *cert = d2i_X509(NULL, &der, len);
	bool ours = cert != NULL && EVP_PKEY_eq(X509_get0_pubkey(cert), key) == 1;

	X509_free(cert);
	return ours ? cpu_us() - t : -1;
}

static double
transaction(const struct floor_run *r, unsigned outer)
{
	double sum = check_certificate(r->der, r->der_len, r->key), one = sum;

	for (unsigned n = 0; one >= 0 && n < outer; n++) {
		one = handshake(r->outer, OUTER, r->fd);
		sum += one;
	}
	if (one >= 0) {
		one = handshake(r->inner, INNER, r->fd);
		sum += one;
	}
	return one >= 0 ? sum : -1;
}

struct floor_run *
floor_open(const struct floor *f)
{
	struct floor_run *r = calloc(1, sizeof(*r));
	int fds[2];

	if (r == NULL || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
	    (r->pid = fork()) < 0) {
		perror("bench");
		free(r);
		return NULL;
	}
	if (r->pid == 0) {
		close(fds[0]);
		serve(f, fds[1]);
		_exit(0);
	}
	close(fds[1]);
	r->fd = fds[0];
	r->outer = end_ctx(f, false, OUTER);
	r->inner = end_ctx(f, false, INNER);
	if (r->outer == NULL || r->inner == NULL) {
		fputs("bench: the lab's certificates cannot be read\n", stderr);
		floor_close(r);
		return NULL;
	}
	r->key = SSL_CTX_get0_privatekey(r->inner);
	r->der_len = i2d_X509(SSL_CTX_get0_certificate(r->inner), &r->der);
	return r;
}

void
floor_close(struct floor_run *r)
{
	if (r == NULL)
		return;
	close(r->fd);
	waitpid(r->pid, NULL, 0);
	OPENSSL_free(r->der);
	SSL_CTX_free(r->outer);
	SSL_CTX_free(r->inner);
	free(r);
}

bool
floor_measure(struct floor_run *r, unsigned outer, unsigned rounds, double *ret_us)
{
	double sum = 0, one = 0;

	for (unsigned i = 0; one >= 0 && i < rounds; i++) {
		one = transaction(r, outer);
		sum += one;
	}
	if (one < 0)
		fputs("bench: the bare handshakes failed\n", stderr);
	*ret_us = sum / rounds;
	return one >= 0;
}
