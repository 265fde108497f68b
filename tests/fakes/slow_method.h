/*
 * slow_method - a way to authenticate that a test scripts: it can wait for a worker, as
 * one does that asks a server of its own.
 */
#ifndef CSWATCH_TESTS_SLOW_METHOD_H
#define CSWATCH_TESTS_SLOW_METHOD_H
#include "auth/method.h"
#include "base/buf.h"

struct worker;

/* The HTTP scheme that carries it. */
#define SLOW_SCHEME "Slow"

struct slow_method {
	struct worker *worker;	      /* AUTH_WAIT: what it waits for */
	const enum auth_next *script; /* what next() returns, in turn */
	bool confirms;
	/* What happened: "begin", "next(CHALLENGE)", "confirm(TOKEN)", "free", a space
	 * each */
	struct buf log;
	unsigned late; /* results of the worker after free() */
};

/* One at a time. */
extern struct slow_method slow_method;
extern const struct auth_method auth_slow;

/* Sets the script and empties the log. */
void slow_method_open(struct worker *w, const enum auth_next *script, bool confirms);
/* After worker_free(). */
void slow_method_close(void);

#endif
