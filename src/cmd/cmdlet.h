/*
 * cmdlet - the spellings of Microsoft's cmdlets, turned into our commands and options.
 */
#ifndef CSWATCH_CMD_CMDLET_H
#define CSWATCH_CMD_CMDLET_H
#include <stdbool.h>
#include <stddef.h>

#define CMDLET_WORDS_MAX 64 /* of a command line */

struct cmdlet_line {
	char *argv[2 * CMDLET_WORDS_MAX + 2]; /* NULL-ended; [0] is our command */
	int argc;
	char *room[CMDLET_WORDS_MAX]; /* what cmdlet_free() frees */
	size_t nroom;
	char why[256];
};

/* Upper and lower case are the same. */
bool cmdlet_is(const char *word);
/* For "did you mean": the nth, NULL past the end. */
const char *cmdlet_nth(size_t n);
/*
 * argv[0] is the cmdlet; -Name VALUE, -Name:VALUE, names in any case and as short as they
 * are unique. False: ret->why. Words of argv are borrowed. cmdlet_free() in either case.
 */
bool cmdlet_translate(int argc, char **argv, struct cmdlet_line *ret);
void cmdlet_free(struct cmdlet_line *l);

#endif
