/*
 * certs - certificates made on the spot, right and wrong in one way at a time.
 *
 * Anything that fails here aborts the test program.
 */
#ifndef CSWATCH_TESTS_CERTS_H
#define CSWATCH_TESTS_CERTS_H
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#define DAY 86400L

struct cert_spec {
	const char *cn;
	const char *san;	/* as in openssl.cnf: "DNS:a,IP:127.0.0.1"; NULL: none */
	const char *eku;	/* "serverAuth"; NULL: none */
	long from, to;		/* seconds from now; both 0: a day either way */
	int64_t from_at, to_at; /* seconds since the epoch, when not 0 */
	int ca;
	int sha1; /* signed with SHA-1 */
};

/*
 * bits 0: an EC key on P-256, else RSA. Keys live until exit; the same call gives the
 * same key.
 */
EVP_PKEY *certs_key(unsigned slot, int bits);
/* Signed by issuer with issuer_key; issuer NULL: self-signed. The caller frees it. */
X509 *certs_make(
    const struct cert_spec *spec, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key);

/* A directory of this process; it and what is in it are gone at exit. */
const char *certs_dir(void);
/* dir/name, in a buffer that the next call with that slot (0 to 3) reuses. */
const char *certs_path(unsigned slot, const char *name);
void certs_write_text(const char *path, const char *text);
void certs_write_cert(const char *path, X509 *cert);
void certs_write_key(const char *path, EVP_PKEY *key);

#endif
