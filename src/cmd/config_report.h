/*
 * config_report - looks at a configuration as the daemon would, and says what it found:
 * for "cswatchd --check" and "cswatch check-config".
 */
#ifndef CSWATCH_CMD_CONFIG_REPORT_H
#define CSWATCH_CMD_CONFIG_REPORT_H

#define CONFIG_REPORT_DEFAULT_FILE CSWATCH_SYSCONFDIR "/cswatch.conf"

enum config_report_form {
	CONFIG_REPORT_LINE,    /* one line, if all is well */
	CONFIG_REPORT_SUMMARY, /* for people, and what to do next */
	CONFIG_REPORT_JSON     /* one object, whatever comes out */
};

/* Problems go to standard error but for JSON. EXIT_OK or EXIT_TEST_FAILED. */
int config_report(const char *file, enum config_report_form form);

#endif
