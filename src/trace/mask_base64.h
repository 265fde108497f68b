/*
 * mask_base64 - finds what looks like base64 in any text: tokens, tickets and keys have
 * that form wherever a server may have put them.
 */
#ifndef CSWATCH_TRACE_MASK_BASE64_H
#define CSWATCH_TRACE_MASK_BASE64_H
#include <stddef.h>

#include "base/str.h"

struct buf;

#define MASK_BASE64_MIN 64 /* characters; an NTLM token may be of any length */

/*
 * Appends s, until out holds limit bytes, with the length of each blob in its place.
 * Returns how many bytes of s were looked at.
 */
size_t mask_base64_shorten(struct str s, size_t limit, struct buf *out);

#endif
