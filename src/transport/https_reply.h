/*
 * https_reply - collects one answer as libcurl hands it over, within limits.
 *
 * An answer may take several legs (authentication, redirects): only the last one's head
 * and body stay, but all of them count against the limits. For https.c only.
 */
#ifndef CSWATCH_TRANSPORT_HTTPS_REPLY_H
#define CSWATCH_TRANSPORT_HTTPS_REPLY_H
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

struct https_reply {
	struct buf head; /* header lines of the last leg */
	struct buf body;
	size_t head_bytes; /* of all legs */
	unsigned legs;	   /* without interim answers (1xx) */
	char schemes[64];  /* of WWW-Authenticate, space-separated, when the head is whole
			    */
	bool heard;	   /* something came */
	bool head_whole;   /* the last head has its end */
	bool too_many_legs;
};

void https_reply_init(struct https_reply *r);
void https_reply_free(struct https_reply *r);
void https_reply_clear(struct https_reply *r); /* before a request */

/* One header line, status line or the empty line. False: beyond a limit. */
bool https_reply_line(struct https_reply *r, struct str line);
bool https_reply_body(struct https_reply *r, struct str bytes);
bool https_reply_head_full(const struct https_reply *r);

/* Value of a header of the last leg; p == NULL: absent. */
struct str https_reply_header(const struct https_reply *r, const char *name);
bool https_reply_offers(const struct https_reply *r, const char *scheme);
/* What the last leg offers that scheme with: "NTLM TlRM..."; empty: nothing. */
struct str https_reply_token(const struct https_reply *r, const char *scheme);

#endif
