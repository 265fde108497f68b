/*
 * command - one file per command of `cswatch`, each exporting one const entry; cswatch.c
 * holds the list.
 */
#ifndef CSWATCH_CMD_COMMAND_H
#define CSWATCH_CMD_COMMAND_H

enum exit_status {
	EXIT_OK, /* everything asked for succeeded */
	EXIT_TEST_FAILED,
	EXIT_USAGE,
	EXIT_CANNOT /* could not ask: no daemon, no permission, bad input file */
};

struct command {
	const char *name;
	const char *summary;		   /* one line for the list of commands */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

extern const struct command command_acknowledge, command_certificates,
    command_check_config, command_explain, command_names, command_pause, command_reload,
    command_resume, command_roles, command_schedule, command_show, command_status,
    command_test, command_trace;

/* "cswatch COMMAND: text" on stderr, and how to get help; returns EXIT_USAGE. */
int command_usage_error(const char *command, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
