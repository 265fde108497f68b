/*
 * listen - the sockets of both ends: made, found, and the error line that both know.
 */
#ifndef CSWATCH_CONTROL_LISTEN_H
#define CSWATCH_CONTROL_LISTEN_H

struct buf;
struct err;

/*
 * A listening UNIX socket at path that everybody may connect to: roles decide, not the
 * file's mode. One that nobody listens at any more is replaced. -1: *err.
 */
int listen_at(const char *path, struct err *err);
/* A connection to it. -1: *err, whose code is the errno. */
int connect_to(const char *path, struct err *err);

/* {"ok":false,"error":"why"} */
void error_line(struct buf *out, const char *why);

#endif
