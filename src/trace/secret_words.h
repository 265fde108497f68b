/*
 * secret_words - the words of one run that must not be read later: the password and what
 * keys are made of. Made once, when the run begins; shared by all that shows something of
 * the run.
 *
 * A word is found as it is, escaped once as in XML, percent-encoded, in base64 at any
 * offset and in hexadecimal; the latter two also of its UTF-16LE form, which is how
 * Windows has its texts. Escapes of JSON are seen through as well.
 *
 * Without memory for a word no text is shown at all.
 */
#ifndef CSWATCH_TRACE_SECRET_WORDS_H
#define CSWATCH_TRACE_SECRET_WORDS_H
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct secret_words;

#define SECRET_WORD_MIN 6  /* bytes; shorter words stand in too many others */
#define SECRET_KEYS_MAX 13 /* keys that there is room for after one word */

/* Returns an empty list with one reference, or NULL: out of memory. */
struct secret_words *secret_words_new(void);
struct secret_words *secret_words_ref(struct secret_words *w);
/* Drops one reference; the last wipes the words. NULL is allowed. */
void secret_words_free(struct secret_words *w);

/*
 * Adds a copy of a text, of which a server may show any form. One shorter than
 * SECRET_WORD_MIN is passed over. Returns false if there is no room for it (memory, or
 * too many words): from then on secret_words_mask() leaves nothing of any text.
 */
bool secret_words_add(struct secret_words *w, struct str word);
/* Like secret_words_add(), for the bytes of a key, which no text shows as they are. */
bool secret_words_add_key(struct secret_words *w, struct str bytes);

/*
 * Puts MASKED wherever a word is, also where a line ends in the middle of one; what
 * follows moves up. Returns the new length: 0 if w is NULL or lacks a word.
 */
size_t secret_words_mask(const struct secret_words *w, char *text, size_t len);

#endif
