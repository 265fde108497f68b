/*
 * config_report - checks a configuration as the daemon does, and prints the result: for
 * "cswatchd --check" and "cswatch check-config".
 */
#ifndef CSWATCH_CMD_CONFIG_REPORT_H
#define CSWATCH_CMD_CONFIG_REPORT_H

#define CONFIG_REPORT_DEFAULT_FILE CSWATCH_SYSCONFDIR "/cswatch.conf"

enum config_report_form {
	CONFIG_REPORT_LINE,    /* one line for a good configuration */
	CONFIG_REPORT_SUMMARY, /* a summary for people, and what to do next */
	CONFIG_REPORT_JSON     /* one object, whatever the result is */
};

/*
 * Checks a configuration and prints the result; problems go to standard error, except in
 * JSON. Returns EXIT_OK or EXIT_TEST_FAILED.
 */
int config_report(const char *file, enum config_report_form form);

#endif
