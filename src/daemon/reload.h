/*
 * reload - builds the new configuration aside, checks it, swaps it in; a bad one changes
 * nothing.
 */
#ifndef CSWATCH_DAEMON_RELOAD_H
#define CSWATCH_DAEMON_RELOAD_H
#include <stdbool.h>

struct buf;
struct daemon;

/*
 * Reads the configuration and makes it the live one; on failure logs every problem and
 * leaves everything as it was.
 */
bool daemon_load(struct daemon *d);
/*
 * Does the same for a daemon that runs. Appends the problems to problems unless it is
 * NULL. Returns false if the old configuration stays.
 */
bool daemon_reload(struct daemon *d, struct buf *problems);

#endif
