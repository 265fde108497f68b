/*
 * server - the daemon's end of the control socket: clients, lines in, lines out.
 *
 * Knows nothing of commands or roles: it reads requests, names who asks, and carries
 * answers. No client can slow the loop or grow without bound (control/protocol.h): who
 * does not read, does not ask or says too much is let go.
 */
#ifndef CSWATCH_CONTROL_SERVER_H
#define CSWATCH_CONTROL_SERVER_H
#include <stdbool.h>
#include <stddef.h>

#include "control/peer.h"

struct buf;
struct control;
struct control_request;
struct err;
struct loop;

/* A request that is being answered. Valid until control_end(), or until gone(). */
struct control_call;

struct control_handler {
	/* Answers now or later, in the end by control_end(). r is borrowed for the call.
	 */
	void (*ask)(
	    void *arg, struct control_call *call, const struct control_request *r);
	void *arg;
};

/* Makes the socket; one that a dead daemon left is replaced. NULL: *err. */
struct control *control_new(struct loop *l, const char *path,
    const struct control_handler *handler, struct err *err);
/* Lets all clients go and removes the socket. NULL is fine. */
void control_free(struct control *c);

const struct control_peer *control_call_peer(const struct control_call *call);
/* Queues one line; line has none of its own line feed. A client that does not read is
 * let go soon, and gone() is called then. */
void control_say(struct control_call *call, const struct buf *line);
/* The last line; call is not valid any more. */
void control_end(struct control_call *call, const struct buf *line);
void control_end_ok(struct control_call *call);
void control_end_error(struct control_call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * For calls that last. gone(state): the client went away first; the call is not valid any
 * more. Also called for a call that is open in control_free(). Not after control_end().
 */
void control_keep(struct control_call *call, void (*gone)(void *state), void *state);
/*
 * And for answers of any length: whenever the client has read most of what there is,
 * more(state, call) says a little more. It ends with control_end().
 */
void control_feed(
    struct control_call *call, void (*more)(void *state, struct control_call *call));

#endif
