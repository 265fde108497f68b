/*
 * ntlm - authenticates HTTP connections with NTLM and Negotiate, by GSSAPI acceptors.
 *
 * The mechanisms are SPNEGO of MIT Kerberos and gss-ntlmssp, which finds the accounts in
 * the file that NTLM_USER_FILE names (lab_users_write() writes it). The state of a
 * negotiation belongs to one HTTP connection, as on Windows.
 */
#ifndef CSWATCH_LAB_NTLM_H
#define CSWATCH_LAB_NTLM_H
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct lab_acceptor; /* the acceptor credentials; one for each pool */
struct buf;
struct err;
struct lab_negotiation; /* the state between two legs; one for each HTTP connection */

enum lab_ntlm_state {
	NTLM_CONTINUE, /* send *out to the client */
	NTLM_ACCEPTED, /* *name is the account; *out may have a last token */
	NTLM_REFUSED   /* wrong password, unknown account, or not a token; *err is set */
};

#define NTLM_NAME_MAX  256
#define NTLM_TOKEN_MAX (64 * 1024) /* bytes */

/*
 * Makes an acceptor. Sets NTLM_USER_FILE in the environment, so call it before there are
 * threads. Returns NULL and sets *err on failure.
 */
struct lab_acceptor *lab_acceptor_new(const char *user_file, struct err *err);
void lab_acceptor_free(struct lab_acceptor *a); /* NULL is allowed */
/* Returns whether Negotiate can be offered, because SPNEGO could be set up. */
bool lab_acceptor_has_negotiate(const struct lab_acceptor *a);

/*
 * Processes a token, which is decoded, raw NTLMSSP or SPNEGO. *n must be NULL on the
 * first leg, and is NULL again unless the result is NTLM_CONTINUE.
 */
enum lab_ntlm_state lab_acceptor_step(struct lab_acceptor *a, struct lab_negotiation **n,
    struct str token, struct buf *out, char name[NTLM_NAME_MAX], struct err *err);
void lab_negotiation_free(struct lab_negotiation *n); /* NULL is allowed */

#endif
