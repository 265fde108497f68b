/*
 * call - a request over the control socket as its handler sees it: who makes it, and the
 * lines of the answer.
 */
#ifndef CSWATCH_CONTROL_CALL_H
#define CSWATCH_CONTROL_CALL_H
#include <stdbool.h>

#include "control/peer.h"

struct buf;
struct control_request;
struct err;

/* A request that is being answered. Valid until control_end(), or until gone(). */
struct control_call;

struct control_handler {
	/*
	 * Answers the request, now or later, in the end with control_end(). r is valid
	 * during the call only.
	 */
	void (*ask)(
	    void *arg, struct control_call *call, const struct control_request *r);
	/*
	 * Returns whether the account may ask for anything at all; without a role it
	 * holds a connection for CONTROL_STRANGER_S only. NULL: every account may.
	 */
	bool (*has_role)(void *arg, const struct control_peer *peer);
	/*
	 * Announces that the socket's file, path, was removed or replaced: err is NULL if
	 * it has been made again, else says why that is not possible; another call
	 * follows when it is. NULL is allowed.
	 */
	void (*file_lost)(void *arg, const char *path, const struct err *err);
	void *arg;
};

/* Returns who asks; valid as long as the call. */
const struct control_peer *control_call_peer(const struct control_call *call);
/*
 * Queues one line, which has no line feed of its own. A client that does not read is
 * dropped soon after, and gone() is called then.
 */
void control_say(struct control_call *call, const struct buf *line);
/* Queues the last line; call is not valid any more. */
void control_end(struct control_call *call, const struct buf *line);
void control_end_ok(struct control_call *call);
void control_end_error(struct control_call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Keeps a call that is answered later. gone(state) is called if the client leaves first
 * or control_free() closes the call; the call is not valid any more then. It is not
 * called after control_end().
 */
void control_keep(struct control_call *call, void (*gone)(void *state), void *state);
/*
 * Makes an answer of any length: whenever the client has read most of what is there,
 * more(state, call) queues a little more, until it calls control_end().
 */
void control_feed(
    struct control_call *call, void (*more)(void *state, struct control_call *call));

#endif
