/*
 * problems - what is wrong with a configuration: collected, then listed in the order of
 * the files.
 *
 * No caller may pass a secret, such as the value of `password`.
 */
#ifndef CSWATCH_CONFIG_PROBLEMS_H
#define CSWATCH_CONFIG_PROBLEMS_H
#include <stdbool.h>
#include <stddef.h>

struct problem {
	unsigned line; /* of the joined text; 0: of no line */
	unsigned order;
	char *text;
};

struct problems {
	struct problem *list;
	size_t n;     /* listed */
	size_t total; /* found */
};

void problems_init(struct problems *p);
void problems_free(struct problems *p);
/*
 * Adds what is wrong and what it must be, without a full stop. Beyond CONFIG_PROBLEMS_MAX
 * problems are only counted.
 */
void problem_add(struct problems *p, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/*
 * Sorts the problems by line; those of the same line, or of none, stay in the order in
 * which they were added.
 */
void problems_sort(struct problems *p);

#endif
