#include "certs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "../../fakes/must.h"

#define KEYS_MAX 8

static EVP_PKEY *keys[KEYS_MAX];
static char dir[64];

static void
free_keys(void)
{
	for (unsigned i = 0; i < KEYS_MAX; i++)
		EVP_PKEY_free(keys[i]);
}

EVP_PKEY *
certs_key(unsigned slot, int bits)
{
	static int registered;

	MUST(slot < KEYS_MAX);
	if (!registered)
		atexit(free_keys);
	registered = 1;
	if (keys[slot] == NULL)
		keys[slot] =
		    bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen((unsigned)bits);
	MUST(keys[slot] != NULL);
	return keys[slot];
}

static void
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	MUST(ext != NULL);
	MUST(X509_add_ext(cert, ext, -1) == 1);
	X509_EXTENSION_free(ext);
}

static void
set_life(X509 *cert, const struct cert_spec *s)
{
	long from = s->from == 0 && s->to == 0 ? -DAY : s->from;
	long to = s->from == 0 && s->to == 0 ? DAY : s->to;

	if (s->from_at != 0)
		MUST(ASN1_TIME_set(X509_getm_notBefore(cert), s->from_at) != NULL);
	else
		MUST(X509_gmtime_adj(X509_getm_notBefore(cert), from) != NULL);
	if (s->to_at != 0)
		MUST(ASN1_TIME_set(X509_getm_notAfter(cert), s->to_at) != NULL);
	else
		MUST(X509_gmtime_adj(X509_getm_notAfter(cert), to) != NULL);
}

static void
set_names(X509 *cert, const struct cert_spec *s, X509 *issuer)
{
	X509_NAME *name = X509_NAME_new();

	MUST(name != NULL);
	if (s->cn != NULL)
		MUST(X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
			 (const unsigned char *)s->cn, -1, -1, 0) == 1);
	MUST(X509_set_subject_name(cert, name) == 1);
	MUST(X509_set_issuer_name(
		 cert, issuer == NULL ? name : X509_get_subject_name(issuer)) == 1);
	X509_NAME_free(name);
}

X509 *
certs_make(const struct cert_spec *s, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	static long serial = 0x1A2B0000;
	X509 *cert = X509_new();

	MUST(cert != NULL);
	MUST(X509_set_version(cert, X509_VERSION_3) == 1);
	MUST(ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial) == 1);
	set_names(cert, s, issuer);
	set_life(cert, s);
	MUST(X509_set_pubkey(cert, key) == 1);
	if (s->ca)
		add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
	if (s->san != NULL)
		add_extension(cert, cert, NID_subject_alt_name, s->san);
	if (s->eku != NULL)
		add_extension(cert, cert, NID_ext_key_usage, s->eku);
	MUST(X509_sign(cert, issuer == NULL ? key : issuer_key,
		 s->sha1 ? EVP_sha1() : EVP_sha256()) > 0);
	return cert;
}

static void
remove_dir(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[sizeof(dir) + sizeof(e->d_name) + 1];

	while (d != NULL && (e = readdir(d)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (unlink(path) < 0)
			rmdir(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

const char *
certs_dir(void)
{
	if (dir[0] == '\0') {
		snprintf(dir, sizeof(dir), "/tmp/cswatch-test.XXXXXX");
		MUST(mkdtemp(dir) != NULL);
		atexit(remove_dir);
	}
	return dir;
}

const char *
certs_path(unsigned slot, const char *name)
{
	static char paths[4][sizeof(dir) + 64];

	MUST(slot < 4);
	snprintf(paths[slot], sizeof(paths[slot]), "%s/%.60s", certs_dir(), name);
	return paths[slot];
}

void
certs_write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	MUST(f != NULL);
	MUST(fputs(text, f) >= 0);
	MUST(fclose(f) == 0);
}

void
certs_write_cert(const char *path, X509 *cert)
{
	FILE *f = fopen(path, "w");

	MUST(f != NULL);
	MUST(PEM_write_X509(f, cert) == 1);
	MUST(fclose(f) == 0);
}

void
certs_write_key(const char *path, EVP_PKEY *key)
{
	FILE *f = fopen(path, "w");

	MUST(f != NULL);
	MUST(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1);
	MUST(fclose(f) == 0);
}
