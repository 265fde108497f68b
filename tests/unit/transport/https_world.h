/*
 * https_world - what every test of transport/https needs: a loop, a resolver that asks
 * nobody, a trusted web server on loopback, and an https object that talks to it.
 */
#ifndef CSWATCH_TESTS_HTTPS_WORLD_H
#define CSWATCH_TESTS_HTTPS_WORLD_H
#include <stdbool.h>
#include <stdint.h>

#include "../../fakes/webserver.h"
#include "vocab/err.h"
#include "transport/https.h"

#define WEB_HOST "web.lab.example"

struct https_world {
	struct loop *loop;
	struct resolver *resolver;
	struct tls_outer *tls;
	struct webserver *server;
	struct https *https; /* pinned: WEB_HOST is at 127.0.0.1 */
	unsigned done;	     /* calls of its done() */
	char url[128];	     /* https://WEB_HOST:port/ */
};

/* Answers requests; world is the first argument of serve. */
void https_world_open(struct https_world *w,
    void (*serve)(void *arg, struct tlsconn *c, const struct web_request *rq));
void https_world_close(struct https_world *w);

/* done() of the world's https object. */
void https_world_done(void *arg);

/* Runs the loop until done() was called so often; aborts when that never happens. */
void https_world_wait(struct https_world *w, unsigned done);
/* One request from start to end. False: *err. */
bool https_world_ask(struct https_world *w, const struct https_request *rq,
    struct https_answer *ret, struct err *err);

/* A server certificate, good for WEB_HOST or only for another name. */
X509 *https_world_cert(bool good);
EVP_PKEY *https_world_key(void);

#endif
