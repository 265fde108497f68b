/*
 * tracetext - a trace as text for a terminal or a mail.
 */
#ifndef CSWATCH_CMD_TRACETEXT_H
#define CSWATCH_CMD_TRACETEXT_H
#include <stdbool.h>
#include <stdio.h>

struct trace;

/* Nothing in it can move a cursor. color: with the escapes of a terminal. */
void tracetext_print(FILE *out, const struct trace *t, bool color);

#endif
