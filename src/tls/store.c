#include "tls/store.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "vocab/err.h"
#include "tls/tlserr.h"

struct stamp {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
};

struct ca_store {
	struct ca_store *next;
	unsigned refs;
	char *path;		/* NULL for the system's */
	struct stamp file, dir; /* dir: only of the system's */
	X509_STORE *x509;
};

/* Every store in use, so that pools of one CA file share it. Owns none. */
static struct ca_store *stores;

/* Returns zeroes if there is no such file: the system has a file, a directory, or both.
 */
static struct stamp
stamp_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return (struct stamp){ 0 };
	return (struct stamp){ st.st_dev, st.st_ino, st.st_size, st.st_mtim };
}

static bool
same_stamp(const struct stamp *a, const struct stamp *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->mtime.tv_sec == b->mtime.tv_sec && a->mtime.tv_nsec == b->mtime.tv_nsec;
}

static void
take_stamps(struct ca_store *s)
{
	const char *dir = X509_get_default_cert_dir();

	s->file = stamp_of(s->path != NULL ? s->path : X509_get_default_cert_file());
	if (s->path == NULL)
		s->dir = stamp_of(dir);
}

static struct ca_store *
find(const struct ca_store *like)
{
	struct ca_store *s;

	for (s = stores; s != NULL; s = s->next)
		if ((s->path == NULL) == (like->path == NULL) &&
		    (s->path == NULL || strcmp(s->path, like->path) == 0) &&
		    same_stamp(&s->file, &like->file) && same_stamp(&s->dir, &like->dir))
			return s;
	return NULL;
}

/*
 * Returns whether the store can vouch for a server: a bundle may hold revocation lists
 * alone.
 */
static bool
has_certificate(X509_STORE *x509)
{
	STACK_OF(X509_OBJECT) *all = X509_STORE_get0_objects(x509);

	for (int i = 0; i < sk_X509_OBJECT_num(all); i++)
		if (X509_OBJECT_get_type(sk_X509_OBJECT_value(all, i)) == X509_LU_X509)
			return true;
	return false;
}

static bool
load_file(X509_STORE *x509, const char *path, struct err *err)
{
	struct tlserr te;
	struct stat st;

	if (stat(path, &st) < 0) {
		err_local(err, errno, "CA file %s", path);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		err_local(err, 0, "CA file %s: not a file", path);
		return false;
	}
	ERR_clear_error();
	errno = 0;
	if (X509_STORE_load_file(x509, path) != 1) {
		int saved = errno;

		tlserr_take(&te);
		if (saved == EACCES)
			err_local(err, saved, "CA file %s", path);
		else
			err_local(err, 0, "CA file %s: no readable PEM certificate in it",
			    path);
		return false;
	}
	if (!has_certificate(x509)) {
		err_local(err, 0, "CA file %s: no PEM certificate in it", path);
		return false;
	}
	return true;
}

static bool
load(struct ca_store *s, struct err *err)
{
	s->x509 = X509_STORE_new();
	if (s->x509 == NULL) {
		err_local(err, ENOMEM, "out of memory");
		return false;
	}
	if (s->path != NULL) {
		/*
		 * The administrator trusts what the file holds, also a single issuer or
		 * server.
		 */
		X509_STORE_set_flags(s->x509, X509_V_FLAG_PARTIAL_CHAIN);
		return load_file(s->x509, s->path, err);
	}
	if (X509_STORE_set_default_paths(s->x509) != 1) {
		ERR_clear_error();
		err_local(err, 0, "the system's CA certificates cannot be loaded");
		return false;
	}
	return true;
}

static void
release(struct ca_store *s)
{
	X509_STORE_free(s->x509);
	free(s->path);
	free(s);
}

struct ca_store *
ca_store_get(const char *ca_file, struct err *err)
{
	struct ca_store *s = calloc(1, sizeof(*s)), *known;

	if (s == NULL || (ca_file != NULL && (s->path = strdup(ca_file)) == NULL)) {
		err_local(err, ENOMEM, "out of memory");
		free(s);
		return NULL;
	}
	take_stamps(s);
	known = find(s);
	if (known != NULL) {
		release(s);
		known->refs++;
		return known;
	}
	if (!load(s, err)) {
		release(s);
		return NULL;
	}
	s->refs = 1;
	s->next = stores;
	stores = s;
	return s;
}

void
ca_store_put(struct ca_store *s)
{
	struct ca_store **at;

	if (s == NULL || --s->refs > 0)
		return;
	for (at = &stores; *at != s;)
		at = &(*at)->next;
	*at = s->next;
	release(s);
}

X509_STORE *
ca_store_x509(const struct ca_store *s)
{
	return s->x509;
}
