/*
 * account - prints the step-by-step account of a transaction, in the words of the
 * cmdlet's -Verbose.
 */
#ifndef CSWATCH_CMD_ACCOUNT_H
#define CSWATCH_CMD_ACCOUNT_H
#include <stdio.h>

struct txn_note;

struct account {
	FILE *out;
	unsigned steps; /* closed so far */
};

void account_init(struct account *a, FILE *out);
void account_note(struct account *a, const struct txn_note *n);

#endif
