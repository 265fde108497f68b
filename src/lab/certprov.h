/*
 * certprov - the certificate provisioning service: GetAndPublishCert (spec 03, spec 07
 * 4.4, 4.5).
 *
 * Reads and checks the request, and writes the answer. A problem with the ticket is a
 * SOAP fault; a problem with the operation is an ErrorInfo in a 200.
 */
#ifndef CSWATCH_LAB_CERTPROV_H
#define CSWATCH_LAB_CERTPROV_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "crypto/crypto.h"
#include "lab/soapfault.h"
#include "sip/endpoint.h"

struct buf;
struct evp_pkey_st;
struct lab_pki;
struct lab_published;
struct lab_tickets;
struct lab_users;
struct lab_xmlsig;

#define CERTPROV_SOAP_ACTION                                                             \
	"http://schemas.microsoft.com/OCS/AuthWebServices/GetAndPublishCert"
#define CERTPROV_LIFE_S (180 * 86400) /* the product's default, 4320 hours */

/*
 * ErrorCode of an ErrorInfo. Those of real servers are not public; these are the lab's
 * own.
 */
enum lab_certprov_error {
	CERTPROV_OK,
	CERTPROV_ENTITY,   /* not the user of the ticket, or unknown */
	CERTPROV_DEVICE,   /* DeviceId is not a UUID in braces */
	CERTPROV_REQUEST,  /* not a PKCS#10, or its signature is wrong */
	CERTPROV_KEY,	   /* not RSA, or of a size outside 1024..16384 */
	CERTPROV_SUBJECT,  /* CN is not the entity */
	CERTPROV_DISABLED, /* the user is not enabled */
	CERTPROV_STORE	   /* the certificate could not be issued or published */
};
const char *lab_certprov_error_text(enum lab_certprov_error e);

struct lab_certprov_call {
	char message_id[128];
	char entity[SIP_ADDRESS_MAX];	   /* as sent */
	char device[CRYPTO_UUID_SIZE + 2]; /* as sent, with braces */
	struct buf *pkcs10;		   /* receives the DER */
};

/*
 * Reads the SOAP message except its Security header. Returns false and sets *fault on
 * failure.
 */
bool lab_certprov_read(const char *action, struct str body, struct lab_certprov_call *ret,
    struct lab_soapfault *fault);
/*
 * Reads the Security header. Returns the address of the user to whom the ticket was
 * issued, or NULL after setting *fault. now is the time of the lab's clock.
 */
const char *lab_certprov_authenticate(struct str body, const struct lab_tickets *t,
    struct lab_xmlsig *x, int64_t now, struct lab_soapfault *fault);
/*
 * Checks the request. Sets *ret_key to the public key of the request if the result is
 * CERTPROV_OK; the caller frees it with EVP_PKEY_free().
 */
enum lab_certprov_error lab_certprov_check(const struct lab_certprov_call *c,
    const char *address, const struct lab_users *users, struct evp_pkey_st **ret_key);

/*
 * Appends the answer: der is the certificate that was issued; der.p NULL: an ErrorInfo
 * with that code.
 */
void lab_certprov_answer(const struct lab_certprov_call *c, struct str der,
    unsigned error, const char *reason, struct buf *out);

#endif
