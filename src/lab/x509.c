#include "lab/x509.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "lab/files.h"

#define SERIAL_BITS 127 /* positive, at most 20 bytes (RFC 5280 4.1.2.2) */

bool
lab_x509_failed(const char *what, struct err *err)
{
	unsigned long e = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(e);

	err_local(
	    err, 0, "%s: %s", what, reason == NULL ? "OpenSSL gives no reason" : reason);
	ERR_clear_error();
	return false;
}

EVP_PKEY *
lab_x509_make_key(struct err *err)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);

	if (key == NULL)
		lab_x509_failed("cannot make an RSA key", err);
	return key;
}

static bool
add_extension(X509 *cert, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *ext;
	bool ok;

	if (value == NULL)
		return true;
	ext = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
	ok = ext != NULL && X509_add_ext(cert, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return ok;
}

static bool
add_extensions(X509 *cert, X509 *issuer, const struct lab_x509_wish *w)
{
	X509V3_CTX ctx;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer == NULL ? cert : issuer, cert, NULL, NULL, 0);
	return add_extension(cert, &ctx, NID_basic_constraints,
		   w->ca ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
	       add_extension(cert, &ctx, NID_key_usage,
		   w->ca ? "critical,keyCertSign,cRLSign"
			 : "critical,digitalSignature,keyEncipherment") &&
	       add_extension(cert, &ctx, NID_ext_key_usage, w->eku) &&
	       add_extension(cert, &ctx, NID_subject_alt_name, w->san) &&
	       add_extension(cert, &ctx, NID_subject_key_identifier, "hash") &&
	       add_extension(cert, &ctx, NID_authority_key_identifier, "keyid:always");
}

static bool
fill_certificate(
    X509 *cert, const struct lab_x509_wish *w, EVP_PKEY *subject_key, X509 *issuer)
{
	X509_NAME *name = X509_get_subject_name(cert);
	BIGNUM *serial = BN_new();
	bool ok;

	ok = serial != NULL &&
	     BN_rand(serial, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
	     BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(cert)) != NULL &&
	     X509_set_version(cert, X509_VERSION_3) == 1 &&
	     ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)w->not_before) != NULL &&
	     ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)w->not_after) != NULL &&
	     /*
	      * Not MBSTRING_UTF8, which would refuse an address of more than 64
	      * characters.
	      */
	     X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
		 (const unsigned char *)w->subject, -1, -1, 0) == 1 &&
	     X509_set_issuer_name(
		 cert, issuer == NULL ? name : X509_get_subject_name(issuer)) == 1 &&
	     X509_set_pubkey(cert, subject_key) == 1 && add_extensions(cert, issuer, w);
	BN_free(serial);
	return ok;
}

X509 *
lab_x509_make(const struct lab_x509_wish *w, EVP_PKEY *subject_key, X509 *issuer,
    EVP_PKEY *issuer_key, struct err *err)
{
	X509 *cert = X509_new();

	if (cert != NULL && fill_certificate(cert, w, subject_key, issuer) &&
	    X509_sign(cert, issuer_key, EVP_sha256()) > 0)
		return cert;
	lab_x509_failed("cannot make a certificate", err);
	X509_free(cert);
	return NULL;
}

static bool
write_bio(const char *path, unsigned mode, BIO *bio, struct err *err)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	return lab_files_write(path, mode, (struct str){ p, (size_t)n }, err);
}

bool
lab_x509_write_key(const char *path, EVP_PKEY *key, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	bool ok = bio != NULL &&
		  PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;

	ok = ok ? write_bio(path, 0600, bio, err) : lab_x509_failed(path, err);
	BIO_free(bio);
	return ok;
}

bool
lab_x509_write(const char *path, X509 *cert, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = bio != NULL && PEM_write_bio_X509(bio, cert) == 1;

	ok = ok ? write_bio(path, 0644, bio, err) : lab_x509_failed(path, err);
	BIO_free(bio);
	return ok;
}

static BIO *
open_file(const char *path, struct buf *content, struct err *err)
{
	buf_init(content, FILES_SIZE_MAX);
	if (!lab_files_read(path, content, err))
		return NULL;
	return BIO_new_mem_buf(
	    content->data == NULL ? "" : content->data, (int)content->len);
}

EVP_PKEY *
lab_x509_read_key(const char *path, struct err *err)
{
	struct buf content;
	BIO *bio = open_file(path, &content, err);
	EVP_PKEY *key = NULL;

	if (bio != NULL) {
		key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
		if (key == NULL)
			lab_x509_failed(path, err);
	}
	BIO_free(bio);
	buf_wipe_free(&content);
	return key;
}

X509 *
lab_x509_read(const char *path, struct err *err)
{
	struct buf content;
	BIO *bio = open_file(path, &content, err);
	X509 *cert = NULL;

	if (bio != NULL) {
		cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		if (cert == NULL)
			lab_x509_failed(path, err);
	}
	BIO_free(bio);
	buf_free(&content);
	return cert;
}
