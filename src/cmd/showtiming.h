/*
 * showtiming - the lines of "cswatch show" about when a test runs, and where it stands.
 */
#ifndef CSWATCH_CMD_SHOWTIMING_H
#define CSWATCH_CMD_SHOWTIMING_H
#include <jansson.h>

/* Of a whole answer; what an older daemon does not say is left out. */
void show_timing(const json_t *line);

#endif
