/*
 * https_challenge - the challenges of a WWW-Authenticate header: RFC 9110 section 11.6.1.
 * For https_reply.c only.
 *
 * A comma separates challenges, and the parameters of one, and may be part of a quoted
 * string; a parameter without a scheme is no scheme.
 */
#ifndef CSWATCH_TRANSPORT_HTTPS_CHALLENGE_H
#define CSWATCH_TRANSPORT_HTTPS_CHALLENGE_H
#include <stdbool.h>

#include "base/str.h"

struct https_challenge {
	struct str scheme;
	struct str token; /* "TlRM...", in place of parameters; empty: none */
};

/*
 * Cuts the next challenge off *rest; what is none is left out. Returns false if there is
 * no other one, *ret is unchanged then.
 */
bool https_challenge_next(struct str *rest, struct https_challenge *ret);

#endif
