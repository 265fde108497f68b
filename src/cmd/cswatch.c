/* cswatch - the command line: finds the command, hands over. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"

static const struct command *const commands[] = { &command_status, &command_test };
#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
help(FILE *out)
{
	fputs("Usage: cswatch COMMAND [OPTION]...\n"
	      "Can users log on to Lync / Skype for Business Server with a client "
	      "certificate?\n\n"
	      "Commands:\n",
	    out);
	for (size_t i = 0; i < NCOMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n'cswatch COMMAND --help' explains one. Exit status: 0 all asked-for "
	      "tests\n"
	      "succeeded, 1 a test failed, 2 wrong usage, 3 could not ask.\n",
	    out);
}

int
command_usage_error(const char *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "cswatch %s: ", command);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry 'cswatch %s --help'.\n", command);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
	    strcmp(word, "help") == 0) {
		help(stdout);
		return EXIT_OK;
	}
	if (strcmp(word, "--version") == 0) {
		puts(PACKAGE_STRING);
		return EXIT_OK;
	}
	for (size_t i = 0; i < NCOMMANDS; i++)
		if (strcmp(word, commands[i]->name) == 0)
			return commands[i]->run(argc - 1, argv + 1);
	if (word[0] != '\0')
		fprintf(stderr, "cswatch: there is no command '%s'\n", word);
	help(stderr);
	return EXIT_USAGE;
}
