/*
 * ntlm - who is at the other end of an HTTP connection: NTLM and Negotiate, by GSSAPI
 * acceptors.
 *
 * The mechanisms are MIT Kerberos's SPNEGO and gss-ntlmssp, which finds the accounts in
 * the file that NTLM_USER_FILE names (lab_users_write() makes it). The state of a
 * negotiation belongs to one HTTP connection, as Windows has it.
 */
#ifndef CSWATCH_LAB_NTLM_H
#define CSWATCH_LAB_NTLM_H
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct lab_acceptor; /* one per pool: the acceptor credentials */
struct buf;
struct err;
struct lab_negotiation; /* one per HTTP connection, between its legs */

enum lab_ntlm_state {
	NTLM_CONTINUE, /* send *out to the client */
	NTLM_ACCEPTED, /* *name says who it is; *out may hold a last token */
	NTLM_REFUSED   /* wrong password, unknown account, or no such token: *err */
};

#define NTLM_NAME_MAX  256
#define NTLM_TOKEN_MAX (64 * 1024) /* octets */

/* Sets NTLM_USER_FILE in the environment: call before there are threads. NULL: *err. */
struct lab_acceptor *lab_acceptor_new(const char *user_file, struct err *err);
void lab_acceptor_free(struct lab_acceptor *a); /* NULL is fine */
/* Negotiate is on offer only where SPNEGO could be set up as well. */
bool lab_acceptor_has_negotiate(const struct lab_acceptor *a);

/* token: decoded, raw NTLMSSP or SPNEGO. *n is NULL on the first leg; it is NULL again
 * unless CONTINUE. */
enum lab_ntlm_state lab_acceptor_step(struct lab_acceptor *a, struct lab_negotiation **n,
    struct str token, struct buf *out, char name[NTLM_NAME_MAX], struct err *err);
void lab_negotiation_free(struct lab_negotiation *n); /* NULL is fine */

#endif
