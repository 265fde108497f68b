#include "config/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "config/config.h"

#define PROBLEM_SIZE 1024

void
problems_init(struct problems *p)
{
	*p = (struct problems){ .list = NULL };
}

void
problems_free(struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->list[i].text);
	free(p->list);
	problems_init(p);
}

void
problem_add(struct problems *p, unsigned line, const char *fmt, ...)
{
	char raw[PROBLEM_SIZE], shown[PROBLEM_SIZE];
	va_list ap;

	p->total++;
	if (p->list == NULL)
		p->list = calloc(CONFIG_PROBLEMS_MAX, sizeof(*p->list));
	if (p->list == NULL || p->n == CONFIG_PROBLEMS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	/* Strings of the file may contain newlines, but a problem is one line. */
	text_printable(shown, sizeof(shown), str_of(raw));
	p->list[p->n] = (struct problem){ line, (unsigned)p->n, str_dup(str_of(shown)) };
	if (p->list[p->n].text != NULL)
		p->n++;
}

static int
by_line(const void *va, const void *vb)
{
	const struct problem *a = va, *b = vb;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

void
problems_sort(struct problems *p)
{
	if (p->n > 0)
		qsort(p->list, p->n, sizeof(*p->list), by_line);
}
