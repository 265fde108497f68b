/*
 * checking - looks at a configuration as the daemon would, and says what it found: for
 * "cswatchd --check" and "cswatch check-config".
 */
#ifndef CSWATCH_CMD_CHECKING_H
#define CSWATCH_CMD_CHECKING_H

#define CHECKING_DEFAULT_FILE CSWATCH_SYSCONFDIR "/cswatch.conf"

enum checking_form {
	CHECKING_LINE,	  /* one line, if all is well */
	CHECKING_SUMMARY, /* for people, and what to do next */
	CHECKING_JSON	  /* one object, whatever comes out */
};

/* Problems go to standard error but for JSON. EXIT_OK or EXIT_TEST_FAILED. */
int checking(const char *file, enum checking_form form);

#endif
