#include <stdatomic.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "vocab/code.h"
#include "vocab/err.h"
#include "base/text.h"
#include "tls/certfacts.h"
#include "tls/credential.h"
#include "tls/identity.h"

#define DER_MAX	   (256 * 1024)	    /* bytes of an answer worth parsing */
#define GRACE_S	   (5 * 60)	    /* spec 03 3.2: clocks may differ that much */
#define LIFE_MIN_S (60 * 60)	    /* the real client fetches another below it */
#define LIFE_MAX_S (8760 * 60 * 60) /* the most that a server can be set to issue */

struct credential {
	atomic_uint refs;
	struct identity *id;
	X509 *cert;
	struct cert_facts facts;
};

struct credential *
credential_ref(struct credential *c)
{
	atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
	return c;
}

void
credential_free(struct credential *c)
{
	if (c == NULL || atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) > 1)
		return;
	X509_free(c->cert);
	identity_free(c->id);
	free(c);
}

const struct cert_facts *
credential_facts(const struct credential *c)
{
	return &c->facts;
}

struct evp_pkey_st *
credential_key(const struct credential *c)
{
	return identity_key(c->id);
}

struct x509_st *
credential_cert(const struct credential *c)
{
	return c->cert;
}

static bool
has_our_key(const X509 *cert, EVP_PKEY *key)
{
	EVP_PKEY *theirs = X509_get0_pubkey(cert);

	return theirs != NULL && EVP_PKEY_eq(theirs, key) == 1;
}

static X509 *
parse_x509(struct str der)
{
	const unsigned char *p = (const unsigned char *)der.p;
	X509 *cert = d2i_X509(NULL, &p, (long)der.len);

	if (cert != NULL && p != (const unsigned char *)der.p + der.len) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

/*
 * Finds in a certs-only package the certificate with our key, else the first, which then
 * fails the check.
 */
static X509 *
parse_pkcs7(struct str der, EVP_PKEY *key)
{
	const unsigned char *p = (const unsigned char *)der.p;
	PKCS7 *package = d2i_PKCS7(NULL, &p, (long)der.len);
	STACK_OF(X509) *all = NULL;
	X509 *found = NULL;

	if (package != NULL && PKCS7_type_is_signed(package) && package->d.sign != NULL)
		all = package->d.sign->cert;
	for (int i = 0; i < sk_X509_num(all); i++) {
		X509 *cert = sk_X509_value(all, i);

		if (found == NULL || has_our_key(cert, key))
			found = cert;
		if (has_our_key(found, key))
			break;
	}
	if (found != NULL)
		X509_up_ref(found);
	PKCS7_free(package);
	return found;
}

static bool
check_life(const struct cert_facts *f, int64_t now, struct err *err)
{
	char when[TEXT_TIME_SIZE];

	if (f->not_before > now + GRACE_S) {
		text_time_s(when, f->not_before);
		err_set(err, CAUSE_CERTIFICATE, CERT_NOT_YET,
		    "the issued certificate begins only at %s: compare the clocks", when);
		return false;
	}
	if (f->not_after <= now) {
		text_time_s(when, f->not_after);
		err_set(err, CAUSE_CERTIFICATE, CERT_EXPIRED,
		    "the issued certificate ended at %s", when);
		return false;
	}
	return true;
}

static bool
check_use(X509 *cert, struct err *err)
{
	/* UINT32_MAX, which is every bit, if there is no such extension. */
	uint32_t eku = X509_get_extended_key_usage(cert);

	if ((X509_get_extension_flags(cert) & EXFLAG_INVALID) != 0) {
		err_set(err, CAUSE_CERTIFICATE, CERT_BAD_EXTENSION,
		    "the issued certificate has a malformed extension");
		return false;
	}
	if ((eku & (XKU_SSL_CLIENT | XKU_ANYEKU)) == 0) {
		err_set(err, CAUSE_CERTIFICATE, CERT_PURPOSE,
		    "the issued certificate is not for client authentication");
		return false;
	}
	return true;
}

static bool
check(const struct credential *c, const char *address, int64_t now, struct err *err)
{
	if (!has_our_key(c->cert, identity_key(c->id))) {
		err_set(err, CAUSE_CERTIFICATE, CERT_OTHER_KEY,
		    "the issued certificate (%.100s) is not for the key that was sent",
		    c->facts.subject);
		return false;
	}
	if (!check_life(&c->facts, now, err))
		return false;
	if (!certfacts_is_user(c->cert, address)) {
		err_set(err, CAUSE_CERTIFICATE, CERT_OTHER_USER,
		    "the issued certificate is for %.100s, not for %.100s",
		    c->facts.subject, address);
		return false;
	}
	return check_use(c->cert, err);
}

static bool
read_times(struct credential *c, struct err *err)
{
	if (certfacts_time(X509_get0_notBefore(c->cert), &c->facts.not_before) &&
	    certfacts_time(X509_get0_notAfter(c->cert), &c->facts.not_after))
		return true;
	err_set(err, CAUSE_CERTIFICATE, CERT_BAD_DATE,
	    "the issued certificate has a malformed date");
	return false;
}

static struct credential *
build(struct identity *id, struct str der, struct err *err)
{
	struct credential *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	atomic_init(&c->refs, 1);
	c->id = identity_ref(id);
	if (der.len > 0 && der.len <= DER_MAX) {
		c->cert = parse_x509(der);
		if (c->cert == NULL)
			c->cert = parse_pkcs7(der, identity_key(id));
	}
	if (c->cert == NULL) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "the answer is neither an X.509 certificate nor a PKCS#7 package "
		    "with one");
		credential_free(c);
		return NULL;
	}
	certfacts_read(c->cert, &c->facts);
	return c;
}

struct credential *
credential_new(struct identity *id, struct str der, const char *address, int64_t now,
    bool *ret_odd, struct err *err)
{
	struct credential *c;
	int64_t left;

	ERR_clear_error();
	c = build(id, der, err);
	if (c != NULL && (!read_times(c, err) || !check(c, address, now, err))) {
		credential_free(c);
		c = NULL;
	}
	ERR_clear_error();
	if (c == NULL)
		return NULL;
	left = c->facts.not_after - now;
	*ret_odd = left < LIFE_MIN_S || left > LIFE_MAX_S + GRACE_S;
	return c;
}
