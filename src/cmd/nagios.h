/*
 * nagios - prints records like a monitoring plugin: one line with performance data for
 * each step, and the exit status 0, 1, 2 or 3.
 */
#ifndef CSWATCH_CMD_NAGIOS_H
#define CSWATCH_CMD_NAGIOS_H
#include <jansson.h>

#include "base/buf.h"

#define NAGIOS_MAX (64 * 1024) /* bytes of the line */

enum nagios_status { NAGIOS_OK, NAGIOS_WARNING, NAGIOS_CRITICAL, NAGIOS_UNKNOWN };

struct nagios {
	unsigned tests, failed, warned;
	struct buf text, perf;
};

void nagios_init(struct nagios *n);
/*
 * Adds a record as --format json prints it. name is the test's name if there are several;
 * else NULL.
 */
void nagios_add(struct nagios *n, const char *name, const json_t *record);
/* Appends the line and a line feed, and frees n. Returns the exit status. */
enum nagios_status nagios_finish(struct nagios *n, struct buf *out);
/* Prints the line for a result that is not known. Returns the exit status. */
enum nagios_status nagios_unknown(const char *why);

#endif
