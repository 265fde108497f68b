/* cswatchd - the daemon: options, then daemon_run(). */
#include "build_config.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/config_report.h"
#include "daemon/daemon.h"

static const char usage[] =
    "Usage: cswatchd [-c FILE] [--check] [--log journal|syslog|stderr]\n"
    "Tests on schedule whether users can log on to Lync / Skype for Business Server "
    "with\n"
    "a client certificate. Runs in the foreground; systemd starts it (Type=notify).\n\n"
    "  -c, --config FILE  configuration (default " CONFIG_REPORT_DEFAULT_FILE ")\n"
    "  --check            print every problem of the configuration with file and line,\n"
    "                     and do nothing else\n"
    "  --log WHERE        journal (default), syslog (RFC 5424 to /dev/log) or stderr\n"
    "  --version          print the version\n"
    "  --help             print this text\n\n"
    "Signals: SIGHUP reloads the configuration; SIGTERM logs off every user that is\n"
    "logged on and ends the daemon.\n";

enum { OPT_CHECK = 1000, OPT_LOG, OPT_VERSION, OPT_HELP };

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

int
main(int argc, char **argv)
{
	struct daemon_options o = { CONFIG_REPORT_DEFAULT_FILE, LOG_TO_JOURNAL };
	bool check_only = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "c:", long_options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			o.config_file = optarg;
			break;
		case OPT_CHECK:
			check_only = true;
			break;
		case OPT_LOG:
			if (log_kind_by_name(optarg, &o.log))
				break;
			fprintf(stderr,
			    "cswatchd: --log is '%s'; it must be journal, syslog or "
			    "stderr\n",
			    optarg);
			return 2;
		case OPT_VERSION:
			puts("cswatchd " PACKAGE_VERSION);
			return EXIT_SUCCESS;
		case OPT_HELP:
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		default:
			fputs("Try 'cswatchd --help'.\n", stderr);
			return 2;
		}
	}
	if (optind < argc) {
		fprintf(stderr,
		    "cswatchd: the argument '%s' is not expected\nTry 'cswatchd "
		    "--help'.\n",
		    argv[optind]);
		return 2;
	}
	return check_only ? config_report(o.config_file, CONFIG_REPORT_LINE)
			  : daemon_run(&o);
}
