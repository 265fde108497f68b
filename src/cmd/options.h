/*
 * options - reads a command's options and words by a table; a slip gets the nearest name.
 */
#ifndef CSWATCH_CMD_OPTIONS_H
#define CSWATCH_CMD_OPTIONS_H
#include <stddef.h>

#define OPTIONS_WORDS_MAX 256 /* as many as a request takes */

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
 * --NAME, --NAME VALUE, --NAME=VALUE and words in any order; after "--" only words.
 * EXIT_OK; OPTIONS_HELP; or EXIT_USAGE, and what was wrong has been said. words NULL:
 * there are to be none.
 */
int options_read(const char *command, const char *usage, const struct option_row *rows,
    size_t nrows, int argc, char **argv, struct words *words);

#endif
