/*
 * commands - what can be asked of a running daemon over its control socket: the table of
 * commands, who may use them, and the log of who did.
 */
#ifndef CSWATCH_DAEMON_COMMANDS_H
#define CSWATCH_DAEMON_COMMANDS_H
#include <stdbool.h>

struct commands;
struct daemon;
struct probe;
struct result;
struct txn_note;

/*
 * Opens the socket of the configuration. Trouble is logged and is no reason not to watch:
 * then, and when there is to be none, d->commands is NULL. All functions take that.
 */
void commands_start(struct daemon *d);
void commands_stop(struct daemon *d);

/* For probes: somebody wants to hear how it goes; a step; its end; it is removed. */
bool commands_listen(const struct daemon *d, const struct probe *p);
void commands_note(struct probe *p, const struct txn_note *note);
void commands_over(struct daemon *d, const struct probe *p, const struct result *r);
void commands_forget(struct daemon *d, const struct probe *p);

#endif
