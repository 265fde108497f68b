/*
 * service - what the commands work with.
 */
#ifndef CSWATCH_SERVE_SERVICE_H
#define CSWATCH_SERVE_SERVICE_H
#include <stdbool.h>
#include <sys/queue.h>

struct buf;
struct operator;
struct request_log;
struct traces;
struct view;
struct waiter;
LIST_HEAD(waiter_list, waiter);

/* All are borrowed, but for the last two, which are of serve.c. */
struct service {
	const struct view *view;
	const struct operator* operator;
	struct traces *traces;
	/* Reloads the configuration. False: the old one stays, and *problems says why. */
	bool (*reload)(void *arg, struct buf *problems);
	void *reload_arg;
	struct request_log *requests; /* logs who asks for what */
	struct waiter_list waiters;   /* those who wait for a run: commands_run.c */
};

#endif
