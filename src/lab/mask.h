/*
 * mask - takes out of a message what a transcript must not show: passwords, Windows
 * credentials, tickets, signatures, keys. Text in, text out.
 */
#ifndef CSWATCH_LAB_MASK_H
#define CSWATCH_LAB_MASK_H
#include "base/str.h"

struct buf;

#define MASKED "***"

/*
 * Appends a header's value. Authorization, WWW-Authenticate, Authentication-Info and
 * their Proxy- forms lose token68 blobs (NTLM, Negotiate, Basic) and the values of
 * response, rspauth and, unless it is a TLS-DSK handshake, gssapi-data; X-MS-WebTicket
 * and Cookie lose everything.
 */
void mask_header(struct str name, struct str value, struct buf *out);

/* Appends XML (or anything else) with the content of Assertion, BinarySecret, Password,
 * ... replaced. */
void mask_body(struct str body, struct buf *out);

#endif
