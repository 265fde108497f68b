/*
 * users - the lab's accounts: who there is, with which password, and whether enabled for
 * SIP.
 *
 * The users file has one account a line:
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

#define USERS_MAX	5000
#define USERS_FIELD_MAX 128 /* octets of an account name, password, phone number, PIN */

struct lab_user {
	char address[SIP_ADDRESS_MAX]; /* user@domain */
	char account[USERS_FIELD_MAX]; /* DOMAIN\user */
	char password[USERS_FIELD_MAX];
	char phone[USERS_FIELD_MAX]; /* with pin; empty: none */
	char pin[USERS_FIELD_MAX];
	char file[SIP_ADDRESS_MAX]; /* name of its credential and secret files */
	bool enabled;
};

struct lab_users {
	struct lab_user *v;
	size_t n;
};

/* *ret is untouched on failure; then *err says FILE:LINE and what is wrong. */
bool lab_users_parse(
    struct str text, const char *file, struct lab_users *ret, struct err *err);
void lab_users_free(struct lab_users *u); /* passwords are wiped; fine on zeroes */

/* alice, bob and carol of lab.example with passwords made up now, as the text of a users
 * file. */
void lab_users_default(struct buf *out);

/* By address (with or without sip:), in any case. NULL: nobody. */
struct lab_user *lab_users_by_address(const struct lab_users *u, struct str address);
/* By what GSSAPI calls the initiator: DOMAIN\user, or user@REALM (then the same as the
 * address). */
struct lab_user *lab_users_by_account(const struct lab_users *u, struct str account);

/*
 * Writes under dir: credentials/NAME (two lines, for --user-credential), secrets/NAME
 * (the password alone), ntlm-users (DOMAIN:USER:PASSWORD, read by gss-ntlmssp). All mode
 * 0600.
 */
bool lab_users_write(const struct lab_users *u, const char *dir, struct err *err);

#endif
