/*
 * listen - the control socket as a file: how both ends open it, and the line that either
 * may have to make of an error.
 */
#ifndef CSWATCH_CONTROL_LISTEN_H
#define CSWATCH_CONTROL_LISTEN_H
#include <stdbool.h>
#include <sys/types.h>

struct buf;
struct err;

/* By what the file of a listening socket is recognized. */
struct socket_file {
	dev_t device;
	ino_t inode;
};

/*
 * Returns a listening UNIX socket at path that every account may connect to: roles
 * decide, not the mode of the file. Makes the directory if only that one is missing, and
 * replaces a socket that nobody listens at any more. Returns -1 and sets *err on failure.
 */
int listen_at(const char *path, struct socket_file *ret, struct err *err);
/* Returns whether the file at path is still the one that listen_at() made. */
bool socket_file_is_at(const struct socket_file *f, const char *path);
/*
 * Returns a connection to the socket at path. While the listener has too many that it has
 * not accepted yet, waits up to wait_ms. Returns -1 and sets *err, whose code is the
 * errno, on failure.
 */
int connect_to(const char *path, unsigned wait_ms, struct err *err);

/* Writes {"ok":false,"error":"why"} */
void error_line(struct buf *out, const char *why);

#endif
