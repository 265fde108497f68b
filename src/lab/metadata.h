/*
 * metadata - the WSDL documents of the two web services, with the policy that names the
 * issuer of tickets.
 *
 * They have the form of spec 07 4.1 and 4.2, which the parser of the real client accepts.
 */
#ifndef CSWATCH_LAB_METADATA_H
#define CSWATCH_LAB_METADATA_H
#include <stdbool.h>

struct buf;

/*
 * Appends the document of the certificate provisioning service. issuer and service are
 * "https://HOST:PORT" of the two services. If proof is false there is no port that
 * accepts web tickets.
 */
void lab_metadata_certprov(
    const char *issuer, const char *service, bool proof, struct buf *out);
/*
 * Appends the document of the web ticket service. If windows is false there is no port
 * for Windows authentication.
 */
void lab_metadata_webticket(const char *base, bool windows, struct buf *out);

#endif
