/*
 * client - the asking end of the control socket: blocks, with a time limit for each line.
 */
#ifndef CSWATCH_CONTROL_CLIENT_H
#define CSWATCH_CONTROL_CLIENT_H
#include <stdbool.h>

#include "base/str.h"

struct control_client;
struct control_request;
struct err;

#define CONTROL_BUSY_MS 5000 /* how long a daemon may be too busy to be reached */

/*
 * Connects to the socket at path; waits up to CONTROL_BUSY_MS while too many others wait
 * to be served. Returns NULL and sets *err, whose code is the errno: ENOENT and
 * ECONNREFUSED mean that no daemon serves there. Release with control_client_close().
 */
struct control_client *control_client_open(const char *path, struct err *err);
void control_client_close(struct control_client *c); /* NULL is allowed */
/* Sends the request. Returns false and sets *err on failure. */
bool control_client_ask(struct control_client *c, const struct control_request *r,
    unsigned timeout_ms, struct err *err);
/*
 * Reads the next line, which is valid until the next call. Returns false and sets *err
 * on failure, also when the daemon ends.
 */
bool control_client_line(
    struct control_client *c, unsigned timeout_ms, struct str *ret, struct err *err);

#endif
