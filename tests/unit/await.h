/*
 * await - names what a test waits for, so that one which waits for ever says what did not
 * come: cases.h ends it when its time is over.
 *
 *	AWAIT(turn(), server->nclients == 0);
 *	await_loop(loop, "the answer");
 */
#ifndef CSWATCH_TESTS_AWAIT_H
#define CSWATCH_TESTS_AWAIT_H
#include <stddef.h>

#include "loop/loop.h"

#define AWAIT_S 120 /* for a whole case; many times what any takes under load */

/* Weak: the same one in every file of a test program. */
__attribute__((weak)) const char *volatile await_what;

/* Repeats turn, which takes a moment, until condition is true. */
#define AWAIT(turn, condition)                                                           \
	do {                                                                             \
		await_what = #condition;                                                 \
		while (!(condition))                                                     \
			turn;                                                            \
		await_what = NULL;                                                       \
	} while (0)

/* Runs the loop until loop_stop(), or until it has nothing left to wait for. */
static inline void
await_loop(struct loop *l, const char *what)
{
	await_what = what;
	loop_run(l);
	await_what = NULL;
}

#endif
