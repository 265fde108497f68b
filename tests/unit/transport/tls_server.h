/*
 * tls_server - one TLS connection on 127.0.0.1, served by a thread that follows a script.
 */
#ifndef CSWATCH_TESTS_TLS_SERVER_H
#define CSWATCH_TESTS_TLS_SERVER_H
#include <stdbool.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "loop/resolve.h"

#define TLS_SERVER_HOST "pool.lab.example"

struct tls_server;

/* Blocking; the thread's own. After it the connection is closed as it is. */
typedef void (*tls_script)(struct tls_server *s, SSL *ssl, int fd);

/* tls false: ssl is NULL, the script has the bare connection. */
struct tls_server *tls_server_start(tls_script script, bool tls);
/* Waits for the thread. What the script left with tls_server_note(). */
long tls_server_stop(struct tls_server *s);
void tls_server_note(struct tls_server *s, long number);
/* The other end of tls_server_go(): the script waits there until the test says go. */
void tls_server_wait(struct tls_server *s);
void tls_server_go(struct tls_server *s);

void tls_server_addr(const struct tls_server *s, struct addr *ret);
/* The CA file that vouches for the server; its certificate is for TLS_SERVER_HOST. */
const char *tls_server_ca(void);
/* A server's settings, for tests that drive it themselves. The caller frees it. */
SSL_CTX *tls_server_ctx(void);
/* A socket that listens on a port of the kernel's choice, or is bound only and refuses.
 */
int tls_server_socket(int family, bool listening, struct addr *ret);

#endif
