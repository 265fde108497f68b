/*
 * users - the lab's accounts, with their passwords, and whether they are enabled for SIP.
 *
 * The users file has one account on each line:
 * SIP-ADDRESS,DOMAIN\USER,PASSWORD[,PHONE,PIN][,disabled].
 */
#ifndef CSWATCH_LAB_USERS_H
#define CSWATCH_LAB_USERS_H
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "sip/endpoint.h"

struct buf;
struct err;

#define USERS_MAX 5000
#define USERS_FIELD_MAX                                                                  \
	128 /* bytes of an account name, password, phone number or PIN                   \
	     */

struct lab_user {
	char address[SIP_ADDRESS_MAX]; /* user@domain */
	char account[USERS_FIELD_MAX]; /* DOMAIN\user */
	char password[USERS_FIELD_MAX];
	char phone[USERS_FIELD_MAX]; /* phone number for the PIN; empty: none */
	char pin[USERS_FIELD_MAX];
	char file[SIP_ADDRESS_MAX]; /* name of its credential and secret files */
	bool enabled;
};

struct lab_users {
	struct lab_user *v;
	size_t n;
};

/*
 * Reads the text of a users file. Returns false, sets *err to FILE:LINE and what is
 * wrong, and leaves *ret unchanged on failure.
 */
bool lab_users_parse(
    struct str text, const char *file, struct lab_users *ret, struct err *err);
void lab_users_free(
    struct lab_users *u); /* passwords are wiped; a zeroed one is allowed */

/*
 * Appends alice, bob and carol of lab.example with new random passwords, as the text of a
 * users file.
 */
void lab_users_default(struct buf *out);

/* Returns the user of an address, with or without sip: and in any case, or NULL. */
struct lab_user *lab_users_by_address(const struct lab_users *u, struct str address);
/*
 * Returns the user of an account by its GSSAPI name, DOMAIN\user, or user@REALM, which is
 * then the address; or NULL.
 */
struct lab_user *lab_users_by_account(const struct lab_users *u, struct str account);

/*
 * Writes the files of mode 0600 in dir: credentials/NAME (two lines, for
 * --user-credential), secrets/NAME (only the password), ntlm-users (DOMAIN:USER:PASSWORD,
 * for gss-ntlmssp).
 */
bool lab_users_write(const struct lab_users *u, const char *dir, struct err *err);

#endif
