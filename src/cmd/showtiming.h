/*
 * showtiming - the lines of "cswatch show" about when a test runs and where it is
 * defined.
 */
#ifndef CSWATCH_CMD_SHOWTIMING_H
#define CSWATCH_CMD_SHOWTIMING_H
#include <jansson.h>

/* Prints the lines of an answer, without what an older daemon does not send. */
void show_timing(const json_t *line);

#endif
