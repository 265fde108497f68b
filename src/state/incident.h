/*
 * incident - the name of an incident: the same for an alert, its reminders and its
 * recovery, and the same again when the daemon has to make it a second time.
 */
#ifndef CSWATCH_STATE_INCIDENT_H
#define CSWATCH_STATE_INCIDENT_H
#include <stdint.h>

#include "state/state.h"

/*
 * Eight hexadecimal digits made of the watcher's host, what is affected ("test", "pool",
 * "watcher"), its name, and when the first failure came. Nothing random goes in, so that
 * a daemon that lost its store names the same incident in the same way.
 */
void incident_name(char ret[INCIDENT_SIZE], const char *host, const char *kind,
    const char *subject, int64_t began_ms);

#endif
