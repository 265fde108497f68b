/*
 * https_auth - the legs of a request that must say who is asking: [MS-NTHT], RFC 4559.
 * Chooses the scheme, makes what each leg carries, says when it is over. For https.c
 * only.
 *
 * NTLM in its own scheme first; else NTLM in Negotiate, without SPNEGO around it, as
 * Windows sends it where Kerberos is out of question. A ticket of Kerberos would be one
 * more kind of token here.
 *
 * The server judges a connection, not a request: all legs must go over one. When it is
 * lost in between they begin anew, once.
 */
#ifndef CSWATCH_TRANSPORT_HTTPS_AUTH_H
#define CSWATCH_TRANSPORT_HTTPS_AUTH_H
#include <stdbool.h>

struct buf;
struct err;
struct https_reply;
struct secret;

#define HTTPS_AUTH_HEADER_MAX 65536 /* octets of an Authorization header */

struct https_auth {
	const char *scheme; /* of our legs; NULL: none yet */
	enum { AUTH_IDLE, AUTH_BEGUN, AUTH_PROVEN } state;
	bool lost; /* the connection, once */
};

enum https_auth_next {
	HTTPS_AUTH_LEG,	  /* *out is the next leg's Authorization header */
	HTTPS_AUTH_OVER,  /* the 401 is the answer */
	HTTPS_AUTH_FAILED /* *err: CLOSED, PROTOCOL or LOCAL */
};

/* After an answer with status 401; anew: over a connection made for that leg. */
enum https_auth_next https_auth_next(struct https_auth *a, const struct https_reply *r,
    bool anew, const char *username, const struct secret *password, struct buf *out,
    struct err *err);
/* The server has challenged us and heard our proof. */
bool https_auth_proven(const struct https_auth *a);

#endif
