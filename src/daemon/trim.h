/*
 * trim - gives back the memory that only starting up needed.
 */
#ifndef CSWATCH_DAEMON_TRIM_H
#define CSWATCH_DAEMON_TRIM_H

/*
 * Once, when the daemon is up. libcurl and libxml2 bring two dozen libraries whose start-
 * up code never runs again; the kernel may drop those pages now. Best effort: no errors.
 */
void trim_after_start(void);

#endif
