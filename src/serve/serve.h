/*
 * serve - what may be asked of a running daemon: the control socket, on top of the read
 * model (watch/view.h) and of what operators may do (watch/operator.h).
 */
#ifndef CSWATCH_SERVE_SERVE_H
#define CSWATCH_SERVE_SERVE_H

struct err;
struct log;
struct loop;
struct serve;
struct service;
struct watcher;

/*
 * Opens the control socket at path. Copies the service, whose requests and waiters need
 * not be set; borrows loop and log. Returns NULL and fills *err if that fails.
 */
struct serve *serve_new(const struct service *with, struct loop *l, struct log *log,
    const char *path, struct err *err);
/* Closes the socket and lets all clients go. NULL is allowed. */
void serve_free(struct serve *s);

/* Hears from now on what happens there. */
void serve_attach(struct serve *s, struct watcher *w);

#endif
