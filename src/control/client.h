/*
 * client - the asking end of the control socket: blocking, with a time limit for each
 * line.
 */
#ifndef CSWATCH_CONTROL_CLIENT_H
#define CSWATCH_CONTROL_CLIENT_H
#include <stdbool.h>

#include "base/str.h"

struct control_client;
struct control_request;
struct err;

/* NULL: *err, whose code is the errno: ENOENT and ECONNREFUSED mean that nobody serves.
 */
struct control_client *control_client_open(const char *path, struct err *err);
void control_client_close(struct control_client *c); /* NULL is fine */
/* False: *err. */
bool control_client_ask(struct control_client *c, const struct control_request *r,
    unsigned timeout_ms, struct err *err);
/* The next line, valid until the next call. False: *err (also when the daemon ends). */
bool control_client_line(
    struct control_client *c, unsigned timeout_ms, struct str *ret, struct err *err);

#endif
