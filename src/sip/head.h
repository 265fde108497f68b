/*
 * head - walks the lines of a message head; inside src/sip only.
 *
 * frame and msg both read heads through this door, so they cannot disagree about where a
 * header ends: a disagreement would let one message hide inside another.
 */
#ifndef CSWATCH_SIP_HEAD_H
#define CSWATCH_SIP_HEAD_H
#include "base/str.h"

enum sip_head_item {
	SIP_HEAD_FIELD, /* *ret is one header */
	SIP_HEAD_END,	/* the empty line was passed: the body begins */
	SIP_HEAD_BAD	/* why says what is wrong with line number `line` */
};

struct sip_head {
	struct str rest;
	unsigned line; /* of the item found last; the start line is 1 */
	const char *why;
};

struct sip_field {
	struct str name;  /* as sent, never empty */
	struct str value; /* trimmed; line breaks of folding still inside */
};

/* Takes the start line off whole, without its CRLF. SIP_HEAD_FIELD or SIP_HEAD_BAD. */
enum sip_head_item sip_head_start(struct sip_head *h, struct str whole, struct str *ret);
enum sip_head_item sip_head_next(struct sip_head *h, struct sip_field *ret);

/* Not empty, and only ASCII letters, digits and these marks. */
bool sip_is_made_of(struct str s, const char *marks);
/* A non-empty token of RFC 3261 25.1. */
bool sip_is_token(struct str s);

#endif
