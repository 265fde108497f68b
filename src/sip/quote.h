/*
 * quote - finding separators outside quoted strings (RFC 3261 25.1); inside src/sip only.
 */
#ifndef CSWATCH_SIP_QUOTE_H
#define CSWATCH_SIP_QUOTE_H
#include "base/str.h"

/* s begins with '"': octets up to and with the closing one; 0: it is never closed. */
size_t sip_quoted_len(struct str s);
/* Where the first of these characters stands outside quotes; s.len when nowhere. */
size_t sip_find_unquoted(struct str s, const char *any);
/* Trimmed, and without the quotes when it is one quoted string. Escapes stay. */
struct str sip_unquote(struct str s);

#endif
