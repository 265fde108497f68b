/*
 * problems - what is wrong with a configuration: collected, then listed in the order of
 * the files.
 *
 * Never given a secret: values of `password` are not passed in, by anybody.
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
/* What is wrong, and what it must be; no full stop. After CONFIG_PROBLEMS_MAX: only
 * counted. */
void problem_add(struct problems *p, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Sorts them by line; those of one line, or of none, stay in the order of being added. */
void problems_sort(struct problems *p);

#endif
