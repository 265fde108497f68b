/*
 * run_log - prints the steps of a transaction as they happen, in the words of the
 * cmdlet's -Verbose.
 */
#ifndef CSWATCH_CMD_RUN_LOG_H
#define CSWATCH_CMD_RUN_LOG_H
#include <stdio.h>

struct txn_note;

struct run_log {
	FILE *out;
	unsigned steps; /* number of steps that have ended */
};

void run_log_init(struct run_log *l, FILE *out);
void run_log_note(struct run_log *l, const struct txn_note *n);

#endif
