/* cswatch - the command line: finds the command and runs it. */
#include "build_config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "cmd/cmdlet.h"
#include "cmd/command.h"

/* In the order of the help: the most frequent commands come first. */
static const struct command *const commands[] = {
	&command_status,
	&command_test,
	&command_show,
	&command_trace,
	&command_explain,
	&command_schedule,
	&command_certificates,
	&command_roles,
	&command_pause,
	&command_resume,
	&command_acknowledge,
	&command_reload,
	&command_check_config,
	&command_names,
};
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
		fprintf(out, "  %-13s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\nCmdlets, with their parameters:\n", out);
	for (size_t i = 0; cmdlet_nth(i) != NULL; i++)
		fprintf(out, "  %s\n", cmdlet_nth(i));
	fputs("\n'cswatch COMMAND --help' explains a command. Exit status: 0 all tests "
	      "that\n"
	      "were asked for succeeded, 1 a test failed, 2 wrong usage, 3 the command "
	      "could\n"
	      "not be carried out.\n",
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

static const struct command *
find(const char *word)
{
	for (size_t i = 0; i < NCOMMANDS; i++)
		if (strcmp(word, commands[i]->name) == 0)
			return commands[i];
	return NULL;
}

static int
unknown(const char *word)
{
	struct suggest g = suggest_of(word);

	for (size_t i = 0; i < NCOMMANDS; i++)
		suggest_offer(&g, commands[i]->name);
	for (size_t i = 0; cmdlet_nth(i) != NULL; i++)
		suggest_offer(&g, cmdlet_nth(i));
	fprintf(stderr, "cswatch: there is no command '%s'", word);
	if (g.best != NULL)
		fprintf(stderr, "; did you mean '%s'?", g.best);
	fputs("\nTry 'cswatch --help'.\n", stderr);
	return EXIT_USAGE;
}

static int
run_cmdlet(int argc, char **argv)
{
	struct cmdlet_line line;
	int status;

	if (cmdlet_translate(argc, argv, &line)) {
		status = find(line.argv[0])->run(line.argc, line.argv);
	} else {
		fprintf(
		    stderr, "cswatch: %s\nTry 'cswatch %s --help'.\n", line.why, argv[0]);
		status = EXIT_USAGE;
	}
	cmdlet_free(&line);
	return status;
}

static int
run(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		help(stdout);
		return EXIT_OK;
	}
	if (strcmp(word, "help") == 0) {
		char *help_of[] = { argv[1], (char[]){ "--help" }, NULL };

		if (argc > 2 && find(argv[2]) != NULL)
			return find(argv[2])->run(2, help_of);
		help(stdout);
		return EXIT_OK;
	}
	if (strcmp(word, "--version") == 0) {
		puts(PACKAGE_STRING);
		return EXIT_OK;
	}
	if (find(word) != NULL)
		return find(word)->run(argc - 1, argv + 1);
	if (cmdlet_is(word))
		return run_cmdlet(argc - 1, argv + 1);
	if (word[0] != '\0')
		return unknown(word);
	help(stderr);
	return EXIT_USAGE;
}

/* Reports output that could not be written: a full disk must not look like success. */
int
main(int argc, char **argv)
{
	int status = run(argc, argv);

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fputs("cswatch: standard output cannot be written\n", stderr);
	return status == EXIT_OK ? EXIT_CANNOT : status;
}
