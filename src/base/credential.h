/*
 * credential - what cannot be a user name or a password, wherever it is written down. One
 * rule for the configuration, secrets, systemd credentials and --user-credential: what is
 * let through is sent, refused by the server, and counted towards a lockout.
 */
#ifndef CSWATCH_BASE_CREDENTIAL_H
#define CSWATCH_BASE_CREDENTIAL_H
#include <stdbool.h>

#include "base/str.h"

/*
 * Returns whether it is DOMAIN\user or user@domain: visible characters of UTF-8, no part
 * of it empty.
 */
bool credential_is_username(struct str name);

/*
 * Returns what is wrong with the encoding of a text that holds a credential, the end of a
 * sentence ("is not UTF-8"), or NULL.
 */
const char *credential_text_flaw(struct str text);

/*
 * Returns what is wrong with a password, the end of a sentence that it is the subject of
 * ("holds a control character"), or NULL. Says nothing of what is in it.
 */
const char *credential_password_flaw(struct str password);

#endif
