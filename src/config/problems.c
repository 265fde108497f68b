#include "config/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "config/config.h"
#include "config/source.h"

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
	/* Strings of the file may hold newlines: a problem stays one line. */
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
problems_tell(struct problems *p, const struct source *src,
    void (*tell)(void *arg, const struct config_problem *problem), void *arg)
{
	char more[64];

	if (p->n > 0)
		qsort(p->list, p->n, sizeof(*p->list), by_line);
	for (size_t i = 0; i < p->n; i++) {
		struct source_place at = source_place(src, p->list[i].line);
		struct config_problem problem = { at.file, at.line, p->list[i].text };

		tell(arg, &problem);
	}
	if (p->total > p->n) {
		struct config_problem rest = { source_place(src, 0).file, 0, more };

		snprintf(more, sizeof(more), "%zu more problems", p->total - p->n);
		tell(arg, &rest);
	}
}
