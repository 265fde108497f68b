/*
 * options - reads the options and words of a command by a table, and suggests the nearest
 * option for a misspelt one.
 */
#ifndef CSWATCH_CMD_OPTIONS_H
#define CSWATCH_CMD_OPTIONS_H
#include <stddef.h>

#define OPTIONS_WORDS_MAX 256 /* as many as a request may have */

enum option_kind {
	OPTION_FLAG,	 /* to: bool */
	OPTION_TEXT,	 /* to: const char * */
	OPTION_DURATION, /* to: uint64_t, milliseconds */
	OPTION_CHECKED	 /* to: struct option_check */
};

/* A value that is read by a function of the command. */
struct option_check {
	/* Returns NULL, or what was expected instead: "a port, 1 to 65535". */
	const char *(*set)(void *arg, const char *value);
	void *arg;
};

struct option_row {
	const char *name; /* without the dashes */
	enum option_kind kind;
	void *to;
};

struct words {
	const char *v[OPTIONS_WORDS_MAX];
	size_t n;
};

#define OPTIONS_HELP (-1) /* help was printed */

/*
 * Reads --NAME, --NAME VALUE, --NAME=VALUE and words in any order; after "--" there are
 * only words. words is NULL if there may be none. Returns EXIT_OK, OPTIONS_HELP, or
 * EXIT_USAGE after printing the error.
 */
int options_read(const char *command, const char *usage, const struct option_row *rows,
    size_t nrows, int argc, char **argv, struct words *words);

#endif
