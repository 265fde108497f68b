/*
 * check - looks over a whole store for an administrator, without a daemon.
 */
#ifndef CSWATCH_STORE_CHECK_H
#define CSWATCH_STORE_CHECK_H
#include <stdio.h>

enum check_result {
	CHECK_GOOD,
	CHECK_DAMAGED,
	CHECK_IMPOSSIBLE = 3 /* no file, no right, or another program has it open */
};

/*
 * Prints what is in the store of that state directory, and everything that is wrong with
 * it. Changes nothing. The result is an exit status.
 */
enum check_result store_check(const char *directory, FILE *out);

#endif
