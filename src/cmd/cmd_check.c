/* cswatch check-config - what is wrong with a configuration; needs no daemon. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/config_report.h"
#include "cmd/command.h"
#include "cmd/options.h"

static const char usage[] =
    "Usage: cswatch check-config [FILE] [--json]\n"
    "Checks a configuration, with the *.conf files of conf.d in its directory, and "
    "prints\n"
    "every problem with file and line. Needs no daemon and changes nothing.\n\n"
    "  FILE    main file of the configuration (default " CONFIG_REPORT_DEFAULT_FILE ")\n"
    "  --json  print a JSON object instead of text\n"
    "  --help  print this text\n\n"
    "Exit status: 0 the configuration is good, 1 it has a problem, 2 wrong usage, 3 "
    "FILE\n"
    "cannot be read.\n";

/* Returns why a file cannot be checked, or NULL. */
static const char *
unreadable(const char *file)
{
	struct stat st;

	if (stat(file, &st) != 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	return access(file, R_OK) == 0 ? NULL : strerror(errno);
}

static int
run_check(int argc, char **argv)
{
	const char *file = CONFIG_REPORT_DEFAULT_FILE, *why;
	bool json = false;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json } };
	int status = options_read("check-config", usage, rows, 1, argc, argv, &words);

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	if (words.n > 1)
		return command_usage_error(
		    "check-config", "the argument '%s' is not expected", words.v[1]);
	if (words.n == 1)
		file = words.v[0];
	why = unreadable(file);
	if (why == NULL)
		return config_report(
		    file, json ? CONFIG_REPORT_JSON : CONFIG_REPORT_SUMMARY);
	fprintf(stderr, "cswatch check-config: %s cannot be read: %s\n", file, why);
	return EXIT_CANNOT;
}

const struct command command_check_config = { "check-config",
	"what is wrong with a configuration (needs no daemon)", run_check };
