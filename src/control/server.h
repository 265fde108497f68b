/*
 * server - the daemon's end of the control socket: clients, lines in, lines out.
 *
 * It reads requests, finds out who makes them, and carries answers; what a request means
 * and who may make it is up to the handler. No client can slow the loop down or grow
 * without bound (control/protocol.h): one that does not read, does not ask or sends too
 * much is dropped.
 */
#ifndef CSWATCH_CONTROL_SERVER_H
#define CSWATCH_CONTROL_SERVER_H
struct control;
struct control_handler;
struct err;
struct loop;

/*
 * Makes the socket; replaces one that nobody listens at any more. As long as the server
 * lives a file that was removed or replaced is made again within seconds. Returns NULL
 * and sets *err on failure. Release with control_free().
 */
struct control *control_new(struct loop *l, const char *path,
    const struct control_handler *handler, struct err *err);
/* Drops all clients and removes the socket. NULL is allowed. */
void control_free(struct control *c);

#endif
