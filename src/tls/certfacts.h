/*
 * certfacts - what a certificate says, as plain printable text and numbers.
 *
 * For tls/ only. Reads certificates that a peer sent: nothing in them is trusted to be
 * well-formed.
 */
#ifndef CSWATCH_TLS_CERTFACTS_H
#define CSWATCH_TLS_CERTFACTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

struct cert_facts;

/* Fills all of *ret. */
void certfacts_read(const X509 *cert, struct cert_facts *ret);
/* "CN=..., O=...", most specific part first, as Windows shows it. */
void certfacts_name(const X509_NAME *name, char *dst, size_t size);
/*
 * What a server certificate is for: the DNS names and addresses of its SAN, else its CN.
 */
void certfacts_hosts(const X509 *cert, char *dst, size_t size);
/* Seconds since the epoch; false when the time is malformed. */
bool certfacts_time(const ASN1_TIME *t, int64_t *ret);
/* CN or a SAN (rfc822Name, sip: URI, UPN) is that SIP address; case does not matter. */
bool certfacts_is_user(const X509 *cert, const char *address);

#endif
