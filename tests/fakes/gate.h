/*
 * gate - keeps the thread of a worker busy until the test lets it go. One at a time.
 */
#ifndef CSWATCH_TESTS_GATE_H
#define CSWATCH_TESTS_GATE_H
#include <stdbool.h>

struct worker;

/* Jobs submitted after it wait. */
void gate_block(struct worker *w);
bool gate_blocks(void);
void gate_open(void); /* fine when nothing is blocked */
/* After worker_free(), before which it must be open. */
void gate_free(void);

#endif
