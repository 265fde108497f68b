#include "config/loader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vocab/err.h"
#include "base/buf.h"
#include "base/credential.h"
#include "base/file.h"
#include "base/secret.h"

#define PATH_SIZE 4096

static bool
good_name(const char *name)
{
	const char *const chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789._@-";

	return name[0] != '.' && name[0] != '\0' && name[strspn(name, chars)] == '\0';
}

/* The text of the file without one newline at the end. */
static struct secret *
parse_secret(struct str text, const char *path, struct err *err)
{
	struct secret *secret = NULL;
	const char *flaw;

	if (text.len > 0 && text.p[text.len - 1] == '\n')
		text.len--;
	if (text.len > 0 && text.p[text.len - 1] == '\r')
		text.len--;
	flaw = credential_password_flaw(text);
	if (text.len > SECRET_MAX)
		err_local(err, 0, "%s is longer than %d characters", path, SECRET_MAX);
	else if (text.len > 0 && memchr(text.p, '\n', text.len) != NULL &&
		 memchr(text.p, '\0', text.len) == NULL)
		err_local(err, 0, "%s holds more than one line of text", path);
	else if (flaw != NULL)
		err_local(err, 0, "%s %s", path, flaw);
	else if ((secret = secret_new(text)) == NULL)
		err_local(err, ENOMEM, "%s", path);
	return secret;
}

/*
 * guarded: systemd restricts access to the directory, whatever the modes of its files
 * are.
 */
static struct secret *
try_path(const char *path, bool guarded, bool *ret_missing, struct err *err)
{
	struct secret *secret = NULL;
	enum file_status status;
	struct buf text;
	mode_t mode = 0;

	buf_init(&text, SECRET_MAX + 2);
	status = file_read(path, guarded ? 0 : FILE_PRIVATE, &text, &mode);
	*ret_missing = status == FILE_FAILED && errno == ENOENT;
	switch (status) {
	case FILE_READ:
		secret = parse_secret(buf_view(&text), path, err);
		break;
	case FILE_FAILED:
		err_local(err, errno, "%s cannot be opened", path);
		break;
	case FILE_NOT_REGULAR:
		err_local(err, 0, "%s is not a regular file", path);
		break;
	case FILE_NOT_PRIVATE:
		err_local(err, 0,
		    "%s has mode %04o, so that others can use it; its mode must be 0600 "
		    "or 0400",
		    path, (unsigned)mode);
		break;
	case FILE_TOO_LARGE:
		err_local(err, 0, "%s is longer than %d characters", path, SECRET_MAX);
		break;
	}
	buf_wipe_free(&text);
	return secret;
}

/*
 * Tries the names under which systemd passes a credential: NAME
 * (LoadCredential=NAME:FILE), or ID_NAME for a file of a directory
 * (LoadCredential=ID:DIRECTORY), here with the id "secrets". systemd.exec(5).
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
		/*
		 * The text is not repeated: it may be a password that was written here by
		 * mistake.
		 */
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
