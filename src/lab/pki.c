#include "lab/pki.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "vocab/err.h"
#include "lab/x509.h"

#define DAY	    86400
#define CA_DAYS	    3650
#define SERVER_DAYS 397 /* the longest that browsers and phones accept */
#define RENEW_DAYS                                                                       \
	60 /* made anew at a start when less is left; above cswatch's own warning */
#define SAN_MAX	      1800
#define POOL_NAME_MAX 256 /* bytes of a host name with its NUL */

enum key { KEY_CA, KEY_SERVER, KEY_ISSUER, KEY_TICKET, KEY_STRANGER, KEY_COUNT };

static const char *const key_files[KEY_COUNT] = { "ca.key", "server.key", "issuer.key",
	"ticket.key", "stranger.key" };
static const char *const face_files[PKI_FACE_COUNT] = { "server.pem",
	"server-expired.pem", "server-wrong-name.pem", "server-stranger.pem" };

struct lab_pki {
	char dir[FILES_PATH_MAX];
	char ca_file[FILES_PATH_MAX];
	char key_file[KEY_COUNT][FILES_PATH_MAX];
	char face_file[PKI_FACE_COUNT][FILES_PATH_MAX];
	EVP_PKEY *key[KEY_COUNT];
	X509 *ca, *issuer;
	SSL_CTX *outer[PKI_FACE_COUNT];
};

static bool
load_keys(struct lab_pki *p, struct err *err)
{
	for (int i = 0; i < KEY_COUNT; i++) {
		const char *path = p->key_file[i];

		if (!lab_files_path(p->key_file[i], p->dir, key_files[i], err))
			return false;
		if (lab_files_exists(path)) {
			p->key[i] = lab_x509_read_key(path, err);
		} else {
			p->key[i] = lab_x509_make_key(err);
			if (p->key[i] != NULL &&
			    !lab_x509_write_key(path, p->key[i], err))
				return false;
		}
		if (p->key[i] == NULL)
			return false;
	}
	return true;
}

static X509 *
load_authority(const char *path, const char *subject, EVP_PKEY *key, struct err *err)
{
	int64_t now = (int64_t)time(NULL);
	struct lab_x509_wish w = { .subject = subject,
		.ca = true,
		.not_before = now - DAY,
		.not_after = now + (int64_t)CA_DAYS * DAY };
	X509 *cert;

	if (lab_files_exists(path)) {
		cert = lab_x509_read(path, err);
		/*
		 * If the key was deleted by hand, the certificate does not fit the new
		 * one.
		 */
		if (cert == NULL || X509_check_private_key(cert, key) == 1)
			return cert;
		ERR_clear_error();
		X509_free(cert);
	}
	cert = lab_x509_make(&w, key, NULL, key, err);
	if (cert != NULL && !lab_x509_write(path, cert, err)) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

static bool
is_literal(const char *s)
{
	unsigned char addr[16];

	return inet_pton(AF_INET, s, addr) == 1 || inet_pton(AF_INET6, s, addr) == 1;
}

static void
add_name(char *san, size_t size, const char *name)
{
	size_t len = strlen(san);

	snprintf(san + len, size - len, "%s%s:%s", len == 0 ? "" : ",",
	    is_literal(name) ? "IP" : "DNS", name);
}

/* The names at which clients of the pool's domain look for autodiscover. */
#define DISCOVER_NAMES 2
static void
discover_names(const struct lab_pki_names *n, char names[DISCOVER_NAMES][POOL_NAME_MAX])
{
	static const char *const first[] = { "lyncdiscover", "lyncdiscoverinternal" };
	const char *dot = strchr(n->fqdn, '.');

	for (size_t i = 0; i < DISCOVER_NAMES; i++)
		if (dot == NULL || snprintf(names[i], POOL_NAME_MAX, "%s%s", first[i],
				       dot) >= POOL_NAME_MAX)
			names[i][0] = '\0';
}

static void
list_names(const struct lab_pki_names *n, char *san, size_t size)
{
	char discover[DISCOVER_NAMES][POOL_NAME_MAX];

	san[0] = '\0';
	add_name(san, size, n->fqdn);
	discover_names(n, discover);
	for (size_t i = 0; i < DISCOVER_NAMES; i++)
		if (discover[i][0] != '\0')
			add_name(san, size, discover[i]);
	add_name(san, size, "localhost");
	add_name(san, size, "127.0.0.1");
	add_name(san, size, "::1");
	if (n->advertise != NULL)
		add_name(san, size, n->advertise);
	if (strcmp(n->address, "0.0.0.0") != 0 && strcmp(n->address, "::") != 0)
		add_name(san, size, n->address);
}

static bool
names_fit(X509 *cert, const struct lab_pki_names *n)
{
	char discover[DISCOVER_NAMES][POOL_NAME_MAX];
	const char *const all[] = { n->fqdn, n->advertise, n->address, discover[0],
		discover[1] };

	discover_names(n, discover);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i] == NULL || all[i][0] == '\0')
			continue;
		if (is_literal(all[i]) ? X509_check_ip_asc(cert, all[i], 0) != 1
				       : X509_check_host(cert, all[i], 0, 0, NULL) != 1)
			return false;
	}
	return true;
}

/* Returns whether the server certificate on disk is still right. */
static bool
server_fits(const struct lab_pki *p, const struct lab_pki_names *names)
{
	time_t soon = time(NULL) + (time_t)RENEW_DAYS * DAY;
	const char *path = p->face_file[PKI_RIGHT];
	struct err ignored;
	X509 *cert;
	bool fits;

	if (!lab_files_exists(path) || (cert = lab_x509_read(path, &ignored)) == NULL)
		return false;
	fits = X509_check_private_key(cert, p->key[KEY_SERVER]) == 1 &&
	       X509_verify(cert, p->key[KEY_CA]) == 1 &&
	       X509_cmp_time(X509_get0_notAfter(cert), &soon) > 0 &&
	       names_fit(cert, names);
	X509_free(cert);
	ERR_clear_error();
	return fits;
}

static bool
make_face(struct lab_pki *p, enum lab_pki_face face, const struct lab_pki_names *names,
    struct err *err)
{
	int64_t now = (int64_t)time(NULL);
	char san[SAN_MAX];
	struct lab_x509_wish w = { .subject = names->fqdn,
		.san = san,
		.eku = "serverAuth,clientAuth",
		.not_before = now - DAY,
		.not_after = now + (int64_t)SERVER_DAYS * DAY };
	X509 *cert;
	bool ok;

	list_names(names, san, sizeof(san));
	if (face == PKI_EXPIRED) {
		w.not_before = now - 30 * DAY;
		w.not_after = now - DAY;
	} else if (face == PKI_WRONG_NAME) {
		w.subject = "elsewhere.invalid";
		w.san = "DNS:elsewhere.invalid";
	}
	cert = lab_x509_make(&w, p->key[KEY_SERVER], p->ca,
	    p->key[face == PKI_STRANGER ? KEY_STRANGER : KEY_CA], err);
	ok = cert != NULL && lab_x509_write(p->face_file[face], cert, err);
	X509_free(cert);
	return ok;
}

static SSL_CTX *
make_outer(const struct lab_pki *p, enum lab_pki_face face, struct err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (ctx == NULL ||
	    SSL_CTX_use_certificate_file(ctx, p->face_file[face], SSL_FILETYPE_PEM) !=
		1 ||
	    SSL_CTX_use_PrivateKey(ctx, p->key[KEY_SERVER]) != 1) {
		lab_x509_failed(p->face_file[face], err);
		SSL_CTX_free(ctx);
		return NULL;
	}
	/* Peers close without close_notify: the real client at sign-out, and probes. */
	SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	return ctx;
}

static bool
load_faces(struct lab_pki *p, const struct lab_pki_names *names, struct err *err)
{
	bool keep;

	for (int i = 0; i < PKI_FACE_COUNT; i++)
		if (!lab_files_path(p->face_file[i], p->dir, face_files[i], err))
			return false;
	keep = server_fits(p, names);
	for (int i = 0; i < PKI_FACE_COUNT; i++) {
		if (!(i == PKI_RIGHT && keep) &&
		    !make_face(p, (enum lab_pki_face)i, names, err))
			return false;
		p->outer[i] = make_outer(p, (enum lab_pki_face)i, err);
		if (p->outer[i] == NULL)
			return false;
	}
	return true;
}

static bool
load_all(struct lab_pki *p, const char *dir, const struct lab_pki_names *names,
    struct err *err)
{
	char issuer[FILES_PATH_MAX];

	if (!lab_files_path(p->dir, dir, "pki", err) ||
	    !lab_files_mkdir(p->dir, 0700, err) ||
	    !lab_files_path(p->ca_file, dir, "ca.pem", err) ||
	    !lab_files_path(issuer, p->dir, "issuer.pem", err) || !load_keys(p, err))
		return false;
	p->ca = load_authority(p->ca_file, "cswatch lab CA", p->key[KEY_CA], err);
	if (p->ca == NULL)
		return false;
	p->issuer =
	    load_authority(issuer, "Communications Server", p->key[KEY_ISSUER], err);
	return p->issuer != NULL && load_faces(p, names, err);
}

struct lab_pki *
lab_pki_open(const char *dir, const struct lab_pki_names *names, struct err *err)
{
	struct lab_pki *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	if (!load_all(p, dir, names, err)) {
		lab_pki_free(p);
		return NULL;
	}
	return p;
}

void
lab_pki_free(struct lab_pki *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < PKI_FACE_COUNT; i++)
		SSL_CTX_free(p->outer[i]);
	X509_free(p->issuer);
	X509_free(p->ca);
	for (int i = 0; i < KEY_COUNT; i++)
		EVP_PKEY_free(p->key[i]);
	free(p);
}

SSL_CTX *
lab_pki_outer(const struct lab_pki *p, enum lab_pki_face face)
{
	return p->outer[face];
}

const char *
lab_pki_cert_file(const struct lab_pki *p, enum lab_pki_face face)
{
	return p->face_file[face];
}

const char *
lab_pki_key_file(const struct lab_pki *p)
{
	return p->key_file[KEY_SERVER];
}

const char *
lab_pki_ca_file(const struct lab_pki *p)
{
	return p->ca_file;
}

const char *
lab_pki_ticket_key_file(const struct lab_pki *p)
{
	return p->key_file[KEY_TICKET];
}

X509 *
lab_pki_issue(const struct lab_pki *p, const struct lab_pki_issue *what, struct err *err)
{
	struct lab_x509_wish w = { .subject = what->subject,
		.eku = "clientAuth",
		.not_before = what->not_before,
		.not_after = what->not_after };

	return lab_x509_make(&w, what->key, p->issuer,
	    p->key[what->stranger ? KEY_STRANGER : KEY_ISSUER], err);
}

bool
lab_pki_issued(const struct lab_pki *p, X509 *cert)
{
	bool ok = X509_verify(cert, p->key[KEY_ISSUER]) == 1;

	ERR_clear_error();
	return ok;
}
