#include "config/loader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vocab/err.h"
#include "base/credential.h"
#include "base/secret.h"

#define PATH_SIZE 4096

static bool
good_name(const char *name)
{
	const char *const chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789._@-";

	return name[0] != '.' && name[0] != '\0' && name[strspn(name, chars)] == '\0';
}

/* The file's octets without one newline at the end. */
static struct secret *
read_secret(int fd, const char *path, struct err *err)
{
	char text[SECRET_MAX + 2];
	struct secret *secret = NULL;
	const char *flaw;
	size_t len = 0;
	ssize_t n;

	while (
	    len < sizeof(text) && (n = read(fd, text + len, sizeof(text) - len)) != 0) {
		if (n < 0) {
			err_local(err, errno, "%s cannot be read", path);
			goto out;
		}
		len += (size_t)n;
	}
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	flaw = credential_password_flaw((struct str){ text, len });
	if (len > SECRET_MAX)
		err_local(err, 0, "%s is longer than %d characters", path, SECRET_MAX);
	else if (memchr(text, '\n', len) != NULL && memchr(text, '\0', len) == NULL)
		err_local(err, 0, "%s holds more than one line of text", path);
	else if (flaw != NULL)
		err_local(err, 0, "%s %s", path, flaw);
	else if ((secret = secret_new((struct str){ text, len })) == NULL)
		err_local(err, ENOMEM, "%s", path);
out:
	secret_wipe(text, sizeof(text));
	return secret;
}

/* guarded: systemd keeps others out of its directory, whatever the modes of its files. */
static struct secret *
open_secret(int fd, const char *path, bool guarded, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		err_local(err, errno, "%s", path);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		err_local(err, 0, "%s is not a regular file", path);
		return NULL;
	}
	if (!guarded && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		err_local(err, 0,
		    "%s has mode %04o, so that others can use it; its mode must be 0600 "
		    "or 0400",
		    path, (unsigned)(st.st_mode & 07777));
		return NULL;
	}
	return read_secret(fd, path, err);
}

static struct secret *
try_path(const char *path, bool guarded, bool *ret_missing, struct err *err)
{
	struct secret *secret = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	*ret_missing = fd < 0 && errno == ENOENT;
	if (fd < 0) {
		err_local(err, errno, "%s cannot be opened", path);
		return NULL;
	}
	secret = open_secret(fd, path, guarded, err);
	close(fd);
	return secret;
}

/*
 * As systemd hands them over: by name (LoadCredential=NAME:FILE), or as a file of a
 * directory loaded whole, then with the directory's id before it
 * (LoadCredential=secrets:DIRECTORY). systemd.exec(5).
 */
static struct secret *
try_credentials(
    const char *credentials, const char *name, bool *ret_missing, struct err *err)
{
	static const char *const prefixes[] = { "", "secrets_", NULL };
	struct secret *secret = NULL;
	char path[PATH_SIZE];

	*ret_missing = true;
	for (size_t i = 0; prefixes[i] != NULL && *ret_missing; i++) {
		snprintf(path, sizeof(path), "%s/%s%s", credentials, prefixes[i], name);
		secret = try_path(path, true, ret_missing, err);
	}
	return secret;
}

struct secret *
secret_find(
    const char *credentials, const char *directory, const char *name, struct err *err)
{
	char path[PATH_SIZE];
	struct secret *secret;
	bool missing;

	if (!good_name(name)) {
		/* Perhaps the password itself, put here by mistake: not repeated. */
		err_local(err, 0,
		    "\"secret\" is not the name of a file; it must be the name of a "
		    "credential or of a file in %s/secrets",
		    directory);
		return NULL;
	}
	if (credentials != NULL) {
		secret = try_credentials(credentials, name, &missing, err);
		if (secret != NULL || !missing)
			return secret;
	}
	if (snprintf(path, sizeof(path), "%s/secrets/%s", directory, name) >=
	    (int)sizeof(path)) {
		err_local(err, ENAMETOOLONG, "%s", directory);
		return NULL;
	}
	return try_path(path, false, &missing, err);
}
