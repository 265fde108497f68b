#include "bench/floor.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#define INNER_SUITES "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:AES256-SHA:AES128-SHA"

/* Handshakes over memory, both ends in this process; the clock runs for the client only. */

static double
cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static void
move(SSL *from, SSL *to)
{
	char block[16384];
	int n;

	while ((n = BIO_read(SSL_get_wbio(from), block, sizeof(block))) > 0)
		BIO_write(SSL_get_rbio(to), block, n);
}

static SSL *
new_end(SSL_CTX *ctx, bool client)
{
	SSL *s = SSL_new(ctx);

	SSL_set_bio(s, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	if (client)
		SSL_set_connect_state(s);
	else
		SSL_set_accept_state(s);
	return s;
}

/* One handshake and one message each way; the client's CPU. *session is resumed if set, and renewed. */
static double
handshake(SSL_CTX *client_ctx, SSL_CTX *server_ctx, SSL_SESSION **session)
{
	SSL *c, *s = new_end(server_ctx, false);
	char byte = 'x';
	double spent = 0, t = cpu_us();

	c = new_end(client_ctx, true);
	if (session != NULL && *session != NULL)
		SSL_set_session(c, *session);
	spent += cpu_us() - t;
	for (int turn = 0; turn < 6 && !(SSL_is_init_finished(c) && SSL_is_init_finished(s)); turn++) {
		t = cpu_us();
		SSL_do_handshake(c);
		spent += cpu_us() - t;
		move(c, s);
		SSL_do_handshake(s);
		move(s, c);
	}
	t = cpu_us();
	SSL_write(c, &byte, 1);
	spent += cpu_us() - t;
	move(c, s);
	SSL_read(s, &byte, 1);
	SSL_write(s, &byte, 1);
	move(s, c);
	t = cpu_us();
	SSL_read(c, &byte, 1);
	if (session != NULL) {
		SSL_SESSION_free(*session);
		*session = SSL_get1_session(c);
	}
	spent += cpu_us() - t;
	SSL_free(s);
	t = cpu_us();
	SSL_free(c);
	return spent + cpu_us() - t;
}

static SSL_CTX *
server(const char *cert, const char *key, bool inner)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
		return NULL;
	if (inner) {
		SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
		SSL_CTX_set_cipher_list(ctx, INNER_SUITES);
		SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	}
	return ctx;
}

static int
accept_all(X509_STORE_CTX *store, void *arg)
{
	(void)store;
	(void)arg;
	return 1;
}

static SSL_CTX *
client(const char *ca, const char *cert, const char *key, bool inner)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (!inner) {
		SSL_CTX_load_verify_locations(ctx, ca, NULL);
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
		return ctx;
	}
	/* Mutual: an RSA-2048 certificate on this side too. */
	SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_cipher_list(ctx, INNER_SUITES);
	if (SSL_CTX_use_certificate_file(ctx, cert, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
		return NULL;
	return ctx;
}

bool
floor_measure(const struct floor *f, const char *ca, const char *cert, const char *key, unsigned rounds,
    double *ret_us)
{
	SSL_CTX *outer_c = client(ca, NULL, NULL, false), *outer_s = server(cert, key, false);
	SSL_CTX *inner_c = client(ca, cert, key, true), *inner_s = server(cert, key, true);
	SSL_SESSION *session = NULL;
	double spent = 0;

	if (outer_c == NULL || outer_s == NULL || inner_c == NULL || inner_s == NULL)
		return false;
	SSL_CTX_set_cert_verify_callback(inner_s, accept_all, NULL);
	for (unsigned i = 0; i < rounds; i++) {
		for (unsigned n = 0; n < f->outer_full; n++) {
			SSL_SESSION_free(session);
			session = NULL;
			spent += handshake(outer_c, outer_s, &session);
		}
		for (unsigned n = 0; n < f->outer_resumed; n++)
			spent += handshake(outer_c, outer_s, &session);
		spent += handshake(inner_c, inner_s, NULL);
	}
	SSL_SESSION_free(session);
	SSL_CTX_free(outer_c);
	SSL_CTX_free(outer_s);
	SSL_CTX_free(inner_c);
	SSL_CTX_free(inner_s);
	*ret_us = spent / rounds;
	return true;
}
