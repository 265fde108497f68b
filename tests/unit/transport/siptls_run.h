/*
 * siptls_run - a siptls under test: the loop around it, what it is told to do, what came
 * of it.
 */
#ifndef CSWATCH_TESTS_SIPTLS_RUN_H
#define CSWATCH_TESTS_SIPTLS_RUN_H
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "tls_server.h"
#include "transport/siptls.h"

#define RUN_HOST       TLS_SERVER_HOST
#define RUN_STREAM_MAX (4 * 1024 * 1024)

/* One connection and what came of it. */
struct run {
	struct loop *loop;
	struct timer *deadline;
	struct tls_outer *tls;
	struct siptls *c;
	const char *say; /* sent when connected */
	/* messages after which to stop; 0: the end of the connection */
	unsigned stop_at;
	bool one_by_one; /* takes one message per event */
	bool free_in_event;
	bool stop_connected; /* leaves the loop as soon as there is a connection */
	bool idle;	     /* does nothing about events */
	bool same_cseq;	     /* all messages are alike */
	bool inside;	     /* a call of the API is under way */
	bool connected, failed;
	unsigned events, n;
	size_t body; /* octets of the last message's */
	struct err err;
};

void run_begin(struct run *r);
void run_dial(struct run *r, const struct addrs *addrs, const char *host);
/* Takes what there is, or one message of it; they must come in the order of their CSeq.
 */
void run_take(struct run *r);
void run_finish(struct run *r);
/* From connect to the end of it all; what the script noted. */
long run_play(struct run *r, tls_script script, bool tls, const char *host);

/* For scripts. */
void add_message(struct buf *b, unsigned cseq, size_t body);
void write_all(SSL *ssl, struct str s);
void write_messages(SSL *ssl, unsigned n, size_t body);
/* Until the client goes; 1 if it said goodbye (close_notify). */
int see_off(SSL *ssl);
/* One message, then the client is seen off; notes see_off(). */
void one_message(struct tls_server *s, SSL *ssl, int fd);
/* Three messages, then the connection is closed without close_notify. */
void message_and_cut(struct tls_server *s, SSL *ssl, int fd);

#endif
