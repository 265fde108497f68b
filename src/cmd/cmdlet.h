/*
 * cmdlet - translates the spellings of Microsoft's cmdlets to our commands and options.
 */
#ifndef CSWATCH_CMD_CMDLET_H
#define CSWATCH_CMD_CMDLET_H
#include <stdbool.h>
#include <stddef.h>

#define CMDLET_WORDS_MAX 64 /* words of a command line */

struct cmdlet_line {
	char *argv[2 * CMDLET_WORDS_MAX + 2]; /* NULL-terminated; [0] is our command */
	int argc;
	char *room[CMDLET_WORDS_MAX]; /* what cmdlet_free() frees */
	size_t nroom;
	char why[256];
};

/* Returns whether word is a cmdlet; upper and lower case are the same. */
bool cmdlet_is(const char *word);
/* Returns the nth cmdlet, for suggestions, or NULL past the last. */
const char *cmdlet_nth(size_t n);
/*
 * Translates a command line whose argv[0] is a cmdlet, with parameters -Name VALUE or
 * -Name:VALUE, whose names may be in any case and shortened as long as they are
 * unambiguous. Words of argv are borrowed. Returns false and sets ret->why on failure.
 * Call cmdlet_free() in both cases.
 */
bool cmdlet_translate(int argc, char **argv, struct cmdlet_line *ret);
void cmdlet_free(struct cmdlet_line *l);

#endif
