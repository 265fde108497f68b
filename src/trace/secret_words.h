/*
 * secret_words - words that may stand nowhere, however a server spells them: as they are,
 * escaped as in XML, URLs or JSON, in base64 or in hexadecimal.
 */
#ifndef CSWATCH_TRACE_SECRET_WORDS_H
#define CSWATCH_TRACE_SECRET_WORDS_H
#include <stddef.h>

#include "base/str.h"

struct secret_words;

#define SECRET_WORD_MIN	 6 /* shorter words stand in too many others */
#define SECRET_WORDS_MAX 3

/* NULL: out of memory. */
struct secret_words *secret_words_new(void);
void secret_words_free(struct secret_words *h); /* wipes; NULL is fine */
/* Copies it. More words than fit, and those that are too short, are not hidden. */
void secret_words_add(struct secret_words *h, struct str word);
/*
 * Puts the mask wherever one stands, also where a line ends in the middle of one; what
 * follows moves up. How many octets there are then. h NULL: all of them.
 */
size_t secret_words_mask(const struct secret_words *h, char *text, size_t len);

#endif
