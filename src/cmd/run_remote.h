/*
 * run_remote - `cswatch test NAME...`: the daemon runs configured tests now.
 */
#ifndef CSWATCH_CMD_RUN_REMOTE_H
#define CSWATCH_CMD_RUN_REMOTE_H

/* Runs the command; argv[0] is its name. Returns the exit status. */
int run_remote(int argc, char **argv, const char *usage);

#endif
