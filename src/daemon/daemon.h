/*
 * daemon - puts the parts together and keeps them running: configuration, schedule,
 * transactions, state, log.
 */
#ifndef CSWATCH_DAEMON_DAEMON_H
#define CSWATCH_DAEMON_DAEMON_H
#include <stdbool.h>

#include "report/sinks.h"

struct daemon_options {
	const char *config_file;
	enum log_kind log;
};

/*
 * Runs until SIGTERM or SIGINT. Exit status of the process: 0, or 1 when it could not
 * start (said on stderr).
 */
int daemon_run(const struct daemon_options *o);

#endif
