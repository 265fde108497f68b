/*
 * credential_file - reads what --user-credential names: an account and its password.
 */
#ifndef CSWATCH_CMD_CREDENTIAL_FILE_H
#define CSWATCH_CMD_CREDENTIAL_FILE_H
#include <stdbool.h>

struct account;
struct err;

#define USERNAME_SIZE 256

/*
 * Reads two lines: DOMAIN\user or UPN, then the password. "-": asks on the terminal,
 * without echo. A file that group or others can read is refused. Fills in the account's
 * username and secret, which the caller frees with account_clear(), and the default
 * method. Returns false with *err, and leaves *ret unchanged, if there is no account.
 */
bool credential_file_read(const char *path, struct account *ret, struct err *err);

#endif
