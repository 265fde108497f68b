/*
 * metadata - the WSDL documents of the two web services, with the policy that names the
 * ticket's issuer.
 *
 * In the form of spec 07 4.1 and 4.2, which the real client's parser accepts.
 */
#ifndef CSWATCH_LAB_METADATA_H
#define CSWATCH_LAB_METADATA_H
#include <stdbool.h>

struct buf;

/* issuer, service: "https://HOST:PORT" of either. proof false: no port that takes web
 * tickets. */
void lab_metadata_certprov(
    const char *issuer, const char *service, bool proof, struct buf *out);
/* windows false: no port for Windows authentication. */
void lab_metadata_webticket(const char *base, bool windows, struct buf *out);

#endif
