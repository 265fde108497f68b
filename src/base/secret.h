/*
 * secret - text that must not be seen: passwords, PINs.
 *
 * It has no printer; it lives in memory that is neither swapped (where the limits allow
 * it) nor written to a core, and is overwritten before it is freed.
 */
#ifndef CSWATCH_BASE_SECRET_H
#define CSWATCH_BASE_SECRET_H
#include <stddef.h>

#include "base/str.h"

#define SECRET_MAX 4096 /* bytes */

struct secret;

/*
 * Copies s. Returns NULL if s is longer than SECRET_MAX or memory ran out. Release with
 * secret_free().
 */
struct secret *secret_new(struct str s);
void secret_free(struct secret *s); /* NULL is allowed */

/*
 * Returns the text for the call that needs it: NUL-terminated, valid as long as the
 * secret. Never print it.
 */
const char *secret_reveal(const struct secret *s);

/* Overwrites in a way that the compiler may not leave out. */
void secret_wipe(void *p, size_t n);

#endif
