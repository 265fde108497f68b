/*
 * ntlm - the method NTLM: the messages of its version 2 as a client that proves who it is
 * and then neither signs nor seals: [MS-NLMP]. Bytes only.
 *
 * Over HTTP in its own scheme first; else in Negotiate, without SPNEGO around it, as
 * Windows sends it where Kerberos is out of question.
 *
 * Written by hand, because what could be borrowed does not fit a daemon: libcurl leaves
 * out the version field, which gss-ntlmssp's servers do not take, carries no NTLM in
 * Negotiate, knows no UTF-8, and may come without NTLM at all; gss-ntlmssp 1.2 loses 7 KB
 * with each password that it is given.
 */
#ifndef CSWATCH_AUTH_NTLM_H
#define CSWATCH_AUTH_NTLM_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct buf;
struct err;

#define NTLM_MESSAGE_MAX 32768 /* bytes */
#define NTLM_NONCE_SIZE	 8

struct ntlm_login {
	const char *username;		/* DOMAIN\user, user@domain or user; UTF-8 */
	const char *password;		/* UTF-8 */
	const char *workstation;	/* our name, for the server's log; may be "" */
	uint8_t nonce[NTLM_NONCE_SIZE]; /* random */
	int64_t now_ms;			/* wall clock, where the server says none */
};

/* Appends the NEGOTIATE_MESSAGE, which is the same for every account. */
void ntlm_negotiate(struct buf *out);

/*
 * Appends the AUTHENTICATE_MESSAGE, the answer to the server's CHALLENGE_MESSAGE. Returns
 * false if there is none: *err is PROTOCOL when the challenge is not one we support,
 * LOCAL when a name or the password is not UTF-8 or too long.
 */
bool ntlm_authenticate(
    const struct ntlm_login *l, struct str challenge, struct buf *out, struct err *err);

#endif
