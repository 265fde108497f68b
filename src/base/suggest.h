/*
 * suggest - "did you mean ...?": the known word that a wrong one is most likely a slip
 * of.
 */
#ifndef CSWATCH_BASE_SUGGEST_H
#define CSWATCH_BASE_SUGGEST_H

#define SUGGEST_WORD_MAX 80 /* longer words are not compared */

struct suggest {
	const char *word; /* as it was written */
	const char *best; /* nearest one so far, or NULL if none is near */
	unsigned edits;
};

static inline struct suggest
suggest_of(const char *word)
{
	return (struct suggest){ word, (void *)0, 0 };
}

/* Compares one more known word, which has to last as long as g->best is used. */
void suggest_offer(struct suggest *g, const char *candidate);

/*
 * Returns how many edits (inserting, dropping or changing a character) lead from a to b,
 * or limit + 1 if there are more.
 */
unsigned edit_distance(const char *a, const char *b, unsigned limit);

#endif
