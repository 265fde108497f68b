/*
 * credential_file - reads what --user-credential names: an account and its password.
 */
#ifndef CSWATCH_CMD_CREDENTIAL_FILE_H
#define CSWATCH_CMD_CREDENTIAL_FILE_H
#include <stdbool.h>

struct err;
struct secret;

#define USERNAME_SIZE 256

/*
 * Two lines: DOMAIN\user or UPN, then the password. "-": asks on the terminal, without
 * echo. A file that group or others can read is refused. False: *err; outputs
 * untouched. Caller frees *ret_password.
 */
bool credential_file_read(const char *path, char username[USERNAME_SIZE],
    struct secret **ret_password, struct err *err);

#endif
