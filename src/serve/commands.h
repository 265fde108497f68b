/*
 * commands - what can be asked of a running daemon over its control socket: the table of
 * commands, who may use them, and the log of who did.
 */
#ifndef CSWATCH_SERVE_COMMANDS_H
#define CSWATCH_SERVE_COMMANDS_H

struct daemon;

/*
 * Opens the socket of the configuration. Trouble is logged and is no reason not to watch:
 * then, and when there is to be none, d->commands is NULL. All functions take that.
 */
void commands_start(struct daemon *d);
void commands_stop(struct daemon *d);

#endif
