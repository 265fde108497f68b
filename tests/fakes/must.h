/*
 * must - for what is behind the scenes of a test: when it fails there is nothing to test,
 * and the program ends, whatever called.
 */
#ifndef CSWATCH_TESTS_MUST_H
#define CSWATCH_TESTS_MUST_H
#include <stdio.h>
#include <stdlib.h>

#define MUST(condition)                                                                  \
	do {                                                                             \
		if (!(condition)) {                                                      \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);  \
			abort();                                                         \
		}                                                                        \
	} while (0)

#endif
