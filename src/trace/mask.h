/*
 * mask - takes out of a message what must not be read later: passwords, Windows
 * credentials, tickets, signatures, keys, cookies. Text in, text out.
 *
 * It works on whole messages: half of a secret may not look like one. What it does not
 * understand it leaves out rather than in: a tag that has no end hides all that follows.
 * What was appended before out failed must not be shown.
 */
#ifndef CSWATCH_TRACE_MASK_H
#define CSWATCH_TRACE_MASK_H
#include <stddef.h>

#include "base/str.h"

struct buf;

#define MASKED "***"

enum mask {
	/* the lab's: keeps TLS-DSK flights and certificates, which tests take apart */
	MASK_TRANSCRIPT,
	/*
	 * for people: of authentication headers only what is known to be harmless, and of
	 * anything that looks like base64 its length alone, wherever it is
	 */
	MASK_TRACE
};

/* Appends a header's value, without breaks of folding. */
void mask_header(enum mask how, struct str name, struct str value, struct buf *out);

/*
 * Appends a start line and header lines, each ended by one line feed; folded ones are one
 * line then.
 */
void mask_head(enum mask how, struct str head, struct buf *out);

/*
 * Appends XML (or anything else) with the content of Assertion, BinarySecret, Password,
 * ... replaced; also where its tags are written &lt;...&gt;. Stops when limit bytes were
 * appended. Returns how many bytes of the body were looked at; less than all: the limit.
 */
size_t mask_body(enum mask how, struct str body, size_t limit, struct buf *out);

/* Appends any other text: as MASK_TRACE, without tags. */
void mask_text(struct str text, struct buf *out);

#endif
