/*
 * run_remote - `cswatch test NAME...`: the daemon runs configured tests now.
 */
#ifndef CSWATCH_CMD_RUN_REMOTE_H
#define CSWATCH_CMD_RUN_REMOTE_H

/* argv[0] is the command's name. The exit status. */
int run_remote(int argc, char **argv, const char *usage);

#endif
