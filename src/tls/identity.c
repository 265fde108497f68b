#include "tls/identity.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "base/file.h"
#include "vocab/err.h"

/* bytes of a key file: key and request take about 2700 */
#define FILE_MAX (16 * 1024)

struct identity {
	atomic_uint refs;
	EVP_PKEY *key;
	unsigned char *request; /* DER; OPENSSL_free() */
	size_t request_len;
};

struct evp_pkey_st *
identity_key(const struct identity *id)
{
	return id->key;
}

struct str
identity_request(const struct identity *id)
{
	return (struct str){ (const char *)id->request, id->request_len };
}

struct identity *
identity_ref(struct identity *id)
{
	atomic_fetch_add_explicit(&id->refs, 1, memory_order_relaxed);
	return id;
}

void
identity_free(struct identity *id)
{
	if (id == NULL ||
	    atomic_fetch_sub_explicit(&id->refs, 1, memory_order_acq_rel) > 1)
		return;
	EVP_PKEY_free(id->key);
	OPENSSL_free(id->request);
	free(id);
}

/* Owns key from now on, also on failure. */
static struct identity *
wrap(EVP_PKEY *key, const X509_REQ *req)
{
	struct identity *id = calloc(1, sizeof(*id));
	int n;

	if (id == NULL) {
		EVP_PKEY_free(key);
		return NULL;
	}
	atomic_init(&id->refs, 1);
	id->key = key;
	n = i2d_X509_REQ(req, &id->request);
	if (n <= 0) {
		identity_free(id);
		return NULL;
	}
	id->request_len = (size_t)n;
	return id;
}

/*
 * Sets the subject: one RDN, CN = address. The type is given, so that OpenSSL neither
 * picks another nor applies the 64 characters of X.520: an address may be longer.
 */
static bool
name_request(X509_REQ *req, const char *address)
{
	X509_NAME *name = X509_NAME_new();
	bool ok = name != NULL &&
		  X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
		      (const unsigned char *)address, -1, -1, 0) == 1 &&
		  X509_REQ_set_subject_name(req, name) == 1;

	X509_NAME_free(name);
	return ok;
}

static X509_REQ *
make_request(EVP_PKEY *key, const char *address)
{
	X509_REQ *req = X509_REQ_new();

	if (req == NULL || X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
	    !name_request(req, address) || X509_REQ_set_pubkey(req, key) != 1 ||
	    X509_REQ_sign(req, key, EVP_sha256()) <= 0) {
		X509_REQ_free(req);
		return NULL;
	}
	return req;
}

static int
on_candidate(EVP_PKEY_CTX *ctx)
{
	atomic_bool *stop = EVP_PKEY_CTX_get_app_data(ctx);

	return !atomic_load(stop);
}

/* Finding primes takes from 50 to 700 ms; the callback comes every few of them. */
static EVP_PKEY *
make_key(atomic_bool *stop)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, IDENTITY_BITS) != 1)
		goto out;
	if (stop != NULL) {
		EVP_PKEY_CTX_set_app_data(ctx, stop);
		EVP_PKEY_CTX_set_cb(ctx, on_candidate);
	}
	if (EVP_PKEY_generate(ctx, &key) != 1)
		key = NULL;
out:
	EVP_PKEY_CTX_free(ctx);
	return key;
}

struct identity *
identity_new(const char *address, atomic_bool *stop, struct err *err)
{
	struct identity *id = NULL;
	X509_REQ *req = NULL;
	EVP_PKEY *key;

	ERR_clear_error();
	key = make_key(stop);
	if (key != NULL)
		req = make_request(key, address);
	if (req != NULL)
		id = wrap(key, req);
	else
		EVP_PKEY_free(key);
	X509_REQ_free(req);
	ERR_clear_error();
	if (id == NULL)
		err_local(err, 0,
		    "no key and certificate request could be made for %.64s", address);
	return id;
}

bool
identity_save(const struct identity *id, const char *path, struct err *err)
{
	BIO *mem = BIO_new(BIO_s_secmem());
	char *p = NULL;
	long n;
	bool ok = false;

	ERR_clear_error();
	if (mem == NULL ||
	    PEM_write_bio_PKCS8PrivateKey(mem, id->key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    PEM_write_bio(
		mem, PEM_STRING_X509_REQ, "", id->request, (long)id->request_len) <= 0) {
		err_local(err, 0, "key file %s: the key cannot be written as PEM", path);
		goto out;
	}
	n = BIO_get_mem_data(mem, &p);
	ok = file_replace(path, NULL, 0600, true, (struct str){ p, (size_t)n });
	if (!ok)
		err_local(err, errno, "key file %s", path);
out:
	BIO_free(mem);
	ERR_clear_error();
	return ok;
}

/* ---- loading ---- */

static bool
read_private(const char *path, struct buf *out, struct err *err)
{
	mode_t mode = 0;

	switch (file_read(path, FILE_NO_LINK | FILE_PRIVATE, out, &mode)) {
	case FILE_READ:
		return true;
	case FILE_FAILED:
		err_local(err, errno, "key file %s", path);
		break;
	case FILE_NOT_REGULAR:
		err_local(err, 0, "key file %s: not a file", path);
		break;
	case FILE_NOT_PRIVATE:
		err_local(err, EPERM,
		    "key file %s: mode %03o lets others in, it must be 0600", path,
		    (unsigned)mode & 0777);
		break;
	case FILE_TOO_LARGE:
		err_local(
		    err, EFBIG, "key file %s: larger than %d octets", path, FILE_MAX);
		break;
	}
	return false;
}

/* Gives an encrypted key no password: a daemon cannot ask for it. */
static int
no_password(char *dst, int size, int writing, void *arg)
{
	(void)dst;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static bool
names_address(const X509_REQ *req, const char *address)
{
	X509_NAME *name = X509_REQ_get_subject_name(req);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	const ASN1_STRING *cn;

	if (at < 0)
		return false;
	cn = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
	return str_caseeq((struct str){ (const char *)ASN1_STRING_get0_data(cn),
			      (size_t)ASN1_STRING_length(cn) },
	    address);
}

/* Returns what is wrong with the pair, or NULL. */
static const char *
find_fault(EVP_PKEY *key, X509_REQ *req, const char *address)
{
	if (key == NULL || !EVP_PKEY_is_a(key, "RSA"))
		return "no RSA key in PEM in it";
	if (EVP_PKEY_get_bits(key) < IDENTITY_BITS)
		return "its key is too short";
	if (req == NULL)
		return "no certificate request in it";
	if (X509_REQ_verify(req, key) != 1)
		return "key and certificate request do not belong together";
	if (!names_address(req, address))
		return "it was made for another address";
	return NULL;
}

static struct identity *
parse(const char *path, const char *text, int len, const char *address, struct err *err)
{
	BIO *mem = BIO_new_mem_buf(text, len);
	EVP_PKEY *key =
	    mem == NULL ? NULL : PEM_read_bio_PrivateKey(mem, NULL, no_password, NULL);
	X509_REQ *req = mem == NULL ? NULL : PEM_read_bio_X509_REQ(mem, NULL, NULL, NULL);
	const char *fault = find_fault(key, req, address);
	struct identity *id = NULL;

	if (fault != NULL) {
		err_local(err, 0, "key file %s: %s", path, fault);
		EVP_PKEY_free(key);
	} else if ((id = wrap(key, req)) == NULL) {
		err_local(err, ENOMEM, "key file %s: out of memory", path);
	}
	X509_REQ_free(req);
	BIO_free(mem);
	return id;
}

struct identity *
identity_load(const char *path, const char *address, struct err *err)
{
	struct identity *id = NULL;
	struct buf text;

	ERR_clear_error();
	buf_init(&text, FILE_MAX);
	if (read_private(path, &text, err))
		id = parse(path, text.data, (int)text.len, address, err);
	buf_wipe_free(&text);
	ERR_clear_error();
	return id;
}
