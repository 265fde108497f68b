/* tracetext - prints a trace as text, for a terminal or a mail. */
#ifndef CSWATCH_CMD_TRACETEXT_H
#define CSWATCH_CMD_TRACETEXT_H
#include <stdbool.h>
#include <stdio.h>

struct trace;

/*
 * Prints a trace, without characters that could move the cursor. color adds the escape
 * sequences of a terminal.
 */
void tracetext_print(FILE *out, const struct trace *t, bool color);

#endif
