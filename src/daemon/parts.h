/*
 * parts - what the files of daemon/ share: the one struct that holds the parts together.
 */
#ifndef CSWATCH_DAEMON_PARTS_H
#define CSWATCH_DAEMON_PARTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/probe.h"
#include "txn/world.h"

struct config;
struct log;
struct sched;
struct writer;

struct daemon {
	const char *config_file;
	struct log *log;
	struct config *config;		/* the live one */
	struct world world;
	struct sched *sched;
	struct writer *writer;
	/* of the live configuration, in its order (by name) */
	struct probe **probes;
	size_t nprobes;
	/* transactions in flight, those of removed tests included */
	struct run_list runs;
	size_t running;			/* their number */
	size_t counts[ALERT_COUNT];	/* of probes, by state */
	bool stopping;
	/* a state file that could not be set aside: do not write over it */
	bool state_unusable;
	struct watch *signals[3];
	struct timer *stop_timer;	/* end of the time that a stop may take */
	struct timer *pulse;		/* watchdog and status line */
};

/* reload.c */

/*
 * Reads the configuration and makes it the live one; on failure logs every problem and
 * leaves everything as it was.
 */
bool daemon_load(struct daemon *d);
void daemon_reload(struct daemon *d);

/* probes.c */

/*
 * Exchanges the tests underneath: unchanged ones keep state and timers, removed ones end.
 * False: out of memory.
 */
bool probes_adopt(struct daemon *d, struct config *next);
/*
 * The first configuration: reads the state file, makes schedule and writer. False: out of
 * memory.
 */
bool probes_start(struct daemon *d);
void probes_free(struct daemon *d);

#endif
