/*
 * nagios - records as a monitoring plugin says them: one line, performance data for each
 * step, and 0, 1, 2 or 3.
 */
#ifndef CSWATCH_CMD_NAGIOS_H
#define CSWATCH_CMD_NAGIOS_H
#include <jansson.h>

#include "base/buf.h"

#define NAGIOS_MAX (64 * 1024) /* octets of the line */

enum nagios_status { NAGIOS_OK, NAGIOS_WARNING, NAGIOS_CRITICAL, NAGIOS_UNKNOWN };

struct nagios {
	unsigned tests, failed, warned;
	struct buf text, perf;
};

void nagios_init(struct nagios *n);
/* record: as --format json prints it. name: how a list calls it; NULL when alone. */
void nagios_add(struct nagios *n, const char *name, const json_t *record);
/* Appends the line, with its line feed, and frees n. The exit status. */
enum nagios_status nagios_finish(struct nagios *n, struct buf *out);
/* The line when nothing could be found out. Prints it. */
enum nagios_status nagios_unknown(const char *why);

#endif
