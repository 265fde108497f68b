#include "cmd/options.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "cmd/command.h"

static const struct option_row *
find(const struct option_row *rows, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(name, rows[i].name))
			return &rows[i];
	return NULL;
}

static int
unknown(const char *command, const struct option_row *rows, size_t n, struct str name)
{
	char word[SUGGEST_WORD_MAX + 1] = "";
	struct suggest g = suggest_of(word);

	(void)str_copy(word, sizeof(word), name);
	for (size_t i = 0; i < n; i++)
		suggest_offer(&g, rows[i].name);
	if (g.best != NULL)
		return command_usage_error(
		    command, "there is no option --%s; did you mean --%s?", word, g.best);
	return command_usage_error(
	    command, "there is no option --%.*s", (int)name.len, name.p);
}

static int
store_value(const char *command, const struct option_row *row, const char *value)
{
	const struct option_check *check = row->to;
	const char *wanted = NULL;

	switch (row->kind) {
	case OPTION_FLAG:
		break;
	case OPTION_TEXT:
		*(const char **)row->to = value;
		break;
	case OPTION_DURATION:
		if (!text_parse_duration(str_of(value), row->to))
			wanted = "a duration such as 30m or 2h";
		break;
	case OPTION_CHECKED:
		wanted = check->set(check->arg, value);
		break;
	}
	if (wanted == NULL)
		return EXIT_OK;
	return command_usage_error(
	    command, "--%s is '%s'; it must be %s", row->name, value, wanted);
}

/* Reads the option at argv[*at], and moves *at to its value if that is the next one. */
static int
read_option(const char *command, const struct option_row *rows, size_t nrows, int argc,
    char **argv, int *at)
{
	struct str name, value = str_split(str_of(argv[*at] + 2), '=', &name);
	const struct option_row *row = find(rows, nrows, name);

	if (row == NULL)
		return unknown(command, rows, nrows, name);
	if (row->kind == OPTION_FLAG) {
		if (value.p != NULL)
			return command_usage_error(
			    command, "--%s takes no value", row->name);
		*(bool *)row->to = true;
		return EXIT_OK;
	}
	if (value.p == NULL && ++*at == argc)
		return command_usage_error(command, "--%s requires a value", row->name);
	return store_value(command, row, value.p != NULL ? value.p : argv[*at]);
}

static int
add_word(const char *command, struct words *words, const char *word)
{
	if (words == NULL)
		return command_usage_error(
		    command, "the argument '%s' is not expected", word);
	if (words->n == OPTIONS_WORDS_MAX)
		return command_usage_error(
		    command, "there are more than %d names", OPTIONS_WORDS_MAX);
	words->v[words->n++] = word;
	return EXIT_OK;
}

int
options_read(const char *command, const char *usage, const struct option_row *rows,
    size_t nrows, int argc, char **argv, struct words *words)
{
	bool only_words = false;
	int status = EXIT_OK;

	for (int i = 1; i < argc && status == EXIT_OK; i++) {
		const char *arg = argv[i];

		if (only_words || arg[0] != '-' || arg[1] == '\0') {
			status = add_word(command, words, arg);
		} else if (strcmp(arg, "--") == 0) {
			only_words = true;
		} else if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
			fputs(usage, stdout);
			return OPTIONS_HELP;
		} else if (arg[1] != '-') {
			status =
			    command_usage_error(command, "there is no option %s", arg);
		} else {
			status = read_option(command, rows, nrows, argc, argv, &i);
		}
	}
	return status;
}
