/*
 * reload - the live configuration: read, checked, and exchanged for the next one, which
 * is built aside. A bad one changes nothing.
 */
#ifndef CSWATCH_DAEMON_RELOAD_H
#define CSWATCH_DAEMON_RELOAD_H
#include <stdbool.h>

struct buf;
struct config;
struct log;
struct notifier;

/* The caller fills in the members before config, and keeps what they point to. */
struct live_config {
	const char *file;
	struct log *log;
	struct notifier *notifier; /* NULL: there is no service manager */
	/* Exchanges the tests. False: out of memory, and nothing was changed. */
	bool (*adopt)(void *arg, struct config *next);
	void *arg;
	struct config *config; /* NULL until live_config_load() */
};

/*
 * Reads the first configuration, which is not adopted yet. Returns false on failure,
 * and logs every problem.
 */
bool live_config_load(struct live_config *c);
/*
 * Reads the file again and has the result adopted. Appends the problems to problems
 * unless it is NULL. Returns false if the old configuration stays.
 */
bool live_config_reload(struct live_config *c, struct buf *problems);
void live_config_free(struct live_config *c); /* contents */

#endif
