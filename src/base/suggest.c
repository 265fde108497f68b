#include "base/suggest.h"

#include <string.h>

#define GUESS_EDITS 2 /* more slips than that make another word */

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

unsigned
edit_distance(const char *a, const char *b, unsigned limit)
{
	unsigned row[SUGGEST_WORD_MAX + 1];
	size_t m = strlen(a), n = strlen(b);

	if (m > SUGGEST_WORD_MAX || n > SUGGEST_WORD_MAX || m > n + limit ||
	    n > m + limit)
		return limit + 1;
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; i <= m; i++) {
		unsigned corner = row[0]; /* of the row above, one to the left */

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n; j++) {
			unsigned above = row[j];

			row[j] = least(
			    above + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return row[n] > limit ? limit + 1 : row[n];
}

void
suggest_offer(struct suggest *g, const char *candidate)
{
	unsigned d = edit_distance(g->word, candidate, GUESS_EDITS);

	/* So much of a short word has to remain that it is still the same word. */
	if (d > GUESS_EDITS || d * 2 >= strlen(candidate) ||
	    (g->best != NULL && d >= g->edits))
		return;
	g->best = candidate;
	g->edits = d;
}
