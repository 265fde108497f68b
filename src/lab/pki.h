/*
 * pki - the lab's keys and certificates: a CA, the certificates of the servers, the
 * issuer of the certificate provisioning service.
 *
 * They are made in DIR/pki at the first start and kept between starts (keys with mode
 * 0600). A server certificate that does not fit the names or ends soon is replaced. In
 * addition to the right certificate there are wrong ones with the same key, for faults:
 * expired, for another name, signed by another CA.
 */
#ifndef CSWATCH_LAB_PKI_H
#define CSWATCH_LAB_PKI_H
#include <stdbool.h>
#include <stdint.h>

#include "lab/files.h"

struct err;
struct lab_pki;
struct evp_pkey_st;
struct ssl_ctx_st;
struct x509_req_st;
struct x509_st;

enum lab_pki_face {
	PKI_RIGHT,
	PKI_EXPIRED,
	PKI_WRONG_NAME,
	PKI_STRANGER,
	PKI_FACE_COUNT
};

struct lab_pki_names {
	const char *fqdn;
	const char *advertise; /* NULL: none */
	const char *address;   /* literal address where the pool listens */
};

/*
 * Opens the files in dir, and makes those that are missing. Returns NULL and sets *err on
 * failure.
 */
struct lab_pki *lab_pki_open(
    const char *dir, const struct lab_pki_names *names, struct err *err);
void lab_pki_free(struct lab_pki *p); /* NULL is allowed */

/* Returns the server settings of outer TLS connections with a certificate; borrowed. */
struct ssl_ctx_st *lab_pki_outer(const struct lab_pki *p, enum lab_pki_face face);
/* Return the files of a certificate and its key. */
const char *lab_pki_cert_file(const struct lab_pki *p, enum lab_pki_face face);
const char *lab_pki_key_file(const struct lab_pki *p);
/* Returns the file of the CA's certificate, DIR/ca.pem. */
const char *lab_pki_ca_file(const struct lab_pki *p);
/* Returns the PEM file of the key that signs tickets. */
const char *lab_pki_ticket_key_file(const struct lab_pki *p);

struct lab_pki_issue {
	const char *subject;	       /* CN: user@domain */
	struct evp_pkey_st *key;       /* the key whose public part is certified */
	int64_t not_before, not_after; /* seconds since the epoch */
	bool stranger;		       /* sign with a key other than the issuer's */
};

/*
 * Issues a client certificate (EKU clientAuth), which the caller frees with X509_free().
 * Returns NULL and sets *err on failure.
 */
struct x509_st *lab_pki_issue(
    const struct lab_pki *p, const struct lab_pki_issue *what, struct err *err);
/* Returns whether a certificate was signed with the issuer's key. */
bool lab_pki_issued(const struct lab_pki *p, struct x509_st *cert);

#endif
