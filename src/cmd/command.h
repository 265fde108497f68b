/*
 * command - the commands of `cswatch`: each is a const entry that its file exports;
 * cswatch.c has the list.
 */
#ifndef CSWATCH_CMD_COMMAND_H
#define CSWATCH_CMD_COMMAND_H

enum exit_status {
	EXIT_OK, /* everything that was asked for succeeded */
	EXIT_TEST_FAILED,
	EXIT_USAGE,
	EXIT_CANNOT /* not carried out: no daemon, no permission, bad input file */
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

/* Prints "cswatch COMMAND: text" and how to get help to stderr. Returns EXIT_USAGE. */
int command_usage_error(const char *command, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
