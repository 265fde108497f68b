/*
 * client_list - what the server knows of itself and of each client. Private to control/.
 */
#ifndef CSWATCH_CONTROL_CLIENT_LIST_H
#define CSWATCH_CONTROL_CLIENT_LIST_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "control/protocol.h"
#include "control/server.h"

struct client;
LIST_HEAD(client_list, client);

struct control_call {
	struct client *client;
	bool busy; /* a request is being answered */
	void (*gone)(void *state);
	void (*more)(void *state, struct control_call *call);
	void *state;
};

struct client {
	LIST_ENTRY(client) link;
	struct control *server;
	int fd;
	struct watch *watch;
	struct timer *timer; /* its deadline */
	unsigned deadline_s; /* what the timer was set to; 0: not at all */
	bool progress;	     /* since then: a request, or something was read */
	struct control_peer peer;
	struct naming *naming;
	bool named; /* requests are not looked at before */
	struct buf in, out;
	size_t sent; /* of out */
	struct control_call call;
	bool eof;     /* says nothing any more */
	bool closing; /* goes when it has read its answer */
	bool doomed;  /* goes now, as soon as nobody is on the stack */
};

struct control {
	struct loop *loop;
	struct control_handler handler;
	char *path;
	int fd;
	struct watch *watch;
	struct timer *again;   /* accepts again then */
	struct worker *worker; /* looks names up; NULL until there is one to look up */
	struct client_list clients;
	size_t nclients;
};

#endif
