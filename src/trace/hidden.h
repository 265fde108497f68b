/*
 * hidden - words that may stand nowhere, however a server spells them: as they are,
 * escaped as in XML, URLs or JSON, in base64 or in hexadecimal.
 */
#ifndef CSWATCH_TRACE_HIDDEN_H
#define CSWATCH_TRACE_HIDDEN_H
#include <stddef.h>

#include "base/str.h"

struct hidden;

#define HIDDEN_MIN   6 /* shorter words stand in too many others */
#define HIDDEN_WORDS 3

/* NULL: out of memory. */
struct hidden *hidden_new(void);
void hidden_free(struct hidden *h); /* wipes; NULL is fine */
/* Copies it. More words than fit, and those that are too short, are not hidden. */
void hidden_add(struct hidden *h, struct str word);
/*
 * Puts the mask wherever one stands, also where a line ends in the middle of one; what
 * follows moves up. How many octets there are then. h NULL: all of them.
 */
size_t hidden_mask(const struct hidden *h, char *text, size_t len);

#endif
