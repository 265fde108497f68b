/*
 * server_client - one connection to the control socket: reads requests one after the
 * other, hands each to the handler, and sends the answer as fast as the client reads it.
 * Private to control/.
 */
#ifndef CSWATCH_CONTROL_SERVER_CLIENT_H
#define CSWATCH_CONTROL_SERVER_CLIENT_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "control/call.h"
#include "control/listen.h"
#include "control/protocol.h"

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
	unsigned deadline_s; /* what the timer was set to, or 0 if it is not set */
	bool progress;	     /* since then: a request, or something was read */
	bool stranger;	     /* has no role: its deadline is that of the connection */
	struct control_peer peer;
	struct naming *naming;
	bool named; /* requests are not looked at before */
	struct buf in, out;
	size_t sent; /* bytes of out */
	struct control_call call;
	bool eof;     /* sends nothing more */
	bool closing; /* is freed when it has read its answer */
	bool doomed;  /* is freed as soon as no handler is running */
};

struct control {
	struct loop *loop;
	struct control_handler handler;
	char *path;
	struct socket_file file; /* at path, unless it was removed or replaced */
	bool file_lost;		 /* and could not be made again; announced */
	int fd;
	struct watch *watch;
	struct timer *again;   /* accepts again then */
	struct timer *look;    /* for the file */
	struct worker *worker; /* looks names up; NULL until there is one to look up */
	struct client_list clients;
	size_t nclients;
};

/*
 * Serves the connection fd of peer from now on; owns both. Returns false if memory ran
 * out, and then leaves both to the caller.
 */
bool client_open(struct control *s, int fd, const struct control_peer *peer);
/* Closes the connection; calls gone() of a call that is not over. */
void client_free(struct client *c);

#endif
