/*
 * test_configured - `cswatch test NAME...`: the daemon runs configured tests now.
 */
#ifndef CSWATCH_CMD_TEST_CONFIGURED_H
#define CSWATCH_CMD_TEST_CONFIGURED_H

/* argv[0] is the command's name. The exit status. */
int test_configured(int argc, char **argv, const char *usage);

#endif
