/*
 * suggest - "did you mean ...?": the known word that a wrong one is most likely a slip
 * of.
 */
#ifndef CSWATCH_BASE_SUGGEST_H
#define CSWATCH_BASE_SUGGEST_H

#define SUGGEST_WORD_MAX 80 /* longer words are not compared */

struct suggest {
	const char *word; /* as it was written */
	const char *best; /* the nearest so far; NULL: none is near */
	unsigned edits;
};

static inline struct suggest
suggest_of(const char *word)
{
	return (struct suggest){ word, (void *)0, 0 };
}

/* candidate is borrowed as long as g->best is of interest. */
void suggest_offer(struct suggest *g, const char *candidate);

/* Edits (insert, drop, change a character) from a to b; limit + 1 when there are more. */
unsigned edit_distance(const char *a, const char *b, unsigned limit);

#endif
