/*
 * certfacts - the content of a certificate, as plain printable text and numbers.
 *
 * For tls/ only. It reads certificates that a peer sent: nothing in them is trusted to be
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
/* Writes "CN=..., O=...", most specific part first, as Windows shows it. */
void certfacts_name(const X509_NAME *name, char *dst, size_t size);
/* Writes the DNS names and addresses of the SAN of a server certificate, else its CN. */
void certfacts_hosts(const X509 *cert, char *dst, size_t size);
/* Reads a time, in seconds since the epoch. Returns false if it is malformed. */
bool certfacts_time(const ASN1_TIME *t, int64_t *ret);
/*
 * Returns whether CN or a SAN (rfc822Name, sip: URI, UPN) is that SIP address, ignoring
 * case.
 */
bool certfacts_is_user(const X509 *cert, const char *address);

#endif
