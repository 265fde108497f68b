/*
 * pki - the lab's keys and certificates: a CA, the servers' certificates, the issuer of
 * the certificate provisioning service.
 *
 * Made under DIR/pki on first start and kept between starts (keys mode 0600); a server
 * certificate that does not fit the wanted names or ends soon is replaced. Beside the
 * right certificate there are wrong ones with the same key, for faults: expired, for
 * another name, signed by a stranger.
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
	const char *address;   /* literal, where the pool listens */
};

/* NULL: *err. */
struct lab_pki *lab_pki_open(
    const char *dir, const struct lab_pki_names *names, struct err *err);
void lab_pki_free(struct lab_pki *p); /* NULL is fine */

/* Server settings of the outer TLS connections with that certificate. Borrowed. */
struct ssl_ctx_st *lab_pki_outer(const struct lab_pki *p, enum lab_pki_face face);
/* Files of the same certificate and its key. */
const char *lab_pki_cert_file(const struct lab_pki *p, enum lab_pki_face face);
const char *lab_pki_key_file(const struct lab_pki *p);
/* The CA's certificate, DIR/ca.pem. */
const char *lab_pki_ca_file(const struct lab_pki *p);
/* PEM file of the key that signs tickets. */
const char *lab_pki_ticket_key_file(const struct lab_pki *p);

struct lab_pki_issue {
	const char *subject;	       /* CN: user@domain */
	struct evp_pkey_st *key;       /* whose public half is certified */
	int64_t not_before, not_after; /* seconds since the epoch */
	bool stranger;		       /* sign with a key that is not the issuer's */
};

/* A client certificate (EKU clientAuth). NULL: *err. Caller: X509_free(). */
struct x509_st *lab_pki_issue(
    const struct lab_pki *p, const struct lab_pki_issue *what, struct err *err);
/* Was it signed by the issuer's key? */
bool lab_pki_issued(const struct lab_pki *p, struct x509_st *cert);

#endif
