/* x509 - makes, reads and writes keys and certificates, for pki.c. */
#ifndef CSWATCH_LAB_X509_H
#define CSWATCH_LAB_X509_H
#include <stdbool.h>
#include <stdint.h>

struct err;
struct evp_pkey_st;
struct x509_st;

struct lab_x509_wish {
	const char *subject; /* CN */
	const char *san;     /* "DNS:a,IP:127.0.0.1", or NULL */
	const char *eku;     /* "serverAuth", or NULL */
	bool ca;
	int64_t not_before, not_after; /* seconds since the epoch */
};

/* Makes an RSA key of 2048 bits. */
struct evp_pkey_st *lab_x509_make_key(struct err *err);
/*
 * Makes a certificate, which the caller frees with X509_free(). issuer NULL: it is
 * self-signed with issuer_key.
 */
struct x509_st *lab_x509_make(const struct lab_x509_wish *w,
    struct evp_pkey_st *subject_key, struct x509_st *issuer,
    struct evp_pkey_st *issuer_key, struct err *err);

bool lab_x509_write_key(
    const char *path, struct evp_pkey_st *key, struct err *err);	      /* 0600 */
bool lab_x509_write(const char *path, struct x509_st *cert, struct err *err); /* 0644 */
struct evp_pkey_st *lab_x509_read_key(const char *path, struct err *err);
struct x509_st *lab_x509_read(const char *path, struct err *err);

/* Sets *err from OpenSSL's error queue, which is then empty. Returns false. */
bool lab_x509_failed(const char *what, struct err *err);

#endif
