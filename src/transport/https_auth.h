/*
 * https_auth - the legs of a request that must say who is asking: RFC 9110 section 11,
 * RFC 4559, [MS-NTHT]. Carries the tokens of an account's method in headers, and knows
 * when there are no more. For https.c only.
 *
 * A leg may have to wait for its token. Then it is taken up again by https_auth_resume().
 */
#ifndef CSWATCH_TRANSPORT_HTTPS_AUTH_H
#define CSWATCH_TRANSPORT_HTTPS_AUTH_H
#include <stdbool.h>

#include "auth/method.h"
#include "base/buf.h"

struct err;
struct https_reply;

#define HTTPS_AUTH_HEADER_MAX 65536 /* bytes of an Authorization header */

struct https_auth {
	struct auth_logon logon; /* NULL account: the request names none */
	const char *scheme;	 /* of our legs; NULL: none yet */
	void *state;		 /* the method's; NULL: no logon has begun */
	struct buf challenge;	 /* the server's, that the leg under way answers */
	bool proven;		 /* the last token is out */
	bool lost;		 /* the connection, once */
};

enum https_auth_next {
	HTTPS_AUTH_LEG,	  /* *out is the next leg's Authorization header */
	HTTPS_AUTH_WAIT,  /* it will be: https_auth_resume(), when the method is ready */
	HTTPS_AUTH_OVER,  /* the answer at hand is the answer */
	HTTPS_AUTH_FAILED /* *err: CLOSED, PROTOCOL or LOCAL, or the method's */
};

/* Before a request; logon is copied, what it points to is borrowed. */
void https_auth_init(struct https_auth *a, const struct auth_logon *logon);
/* Drops what is under way. Call before each https_auth_init() but the first. */
void https_auth_clear(struct https_auth *a);

/* After an answer with status 401; fresh: over a connection made for that leg. */
enum https_auth_next https_auth_next(struct https_auth *a, const struct https_reply *r,
    bool fresh, struct buf *out, struct err *err);
/* After HTTPS_AUTH_WAIT, when the method has said that it is ready. */
enum https_auth_next https_auth_resume(
    struct https_auth *a, struct buf *out, struct err *err);
/* Whether the server has proven itself as well, as far as the method has it do so. */
bool https_auth_confirmed(struct https_auth *a, const struct https_reply *r);

#endif
