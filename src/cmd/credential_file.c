#include "cmd/credential_file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "auth/account.h"
#include "auth/method.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "base/credential.h"
#include "base/file.h"
#include "base/secret.h"

#define FILE_MAX (USERNAME_SIZE + SECRET_MAX + 4)

/* Reads the whole file, which may be a pipe. Returns false and sets *err on failure. */
static bool
read_all(const char *path, struct buf *out, struct err *err)
{
	switch (file_read(path, FILE_ANY_KIND | FILE_PRIVATE, out, NULL)) {
	case FILE_READ:
		return true;
	case FILE_TOO_LARGE:
		err_local(
		    err, 0, "the credential file is longer than %d bytes", FILE_MAX);
		return false;
	case FILE_NOT_PRIVATE:
		err_local(err, 0, "%s can be read by group or others; do: chmod 600 %s",
		    path, path);
		return false;
	case FILE_FAILED:
	case FILE_NOT_REGULAR:
		break;
	}
	err_local(err, errno, "%s", path);
	return false;
}

static bool
make_account(struct str name, struct str password, struct account *ret, struct err *err)
{
	struct account a = { .method = auth_methods[0],
		.username = str_dup(name),
		.secret = secret_new(password) };

	if (a.username != NULL && a.secret != NULL) {
		*ret = a;
		return true;
	}
	if (password.len > SECRET_MAX)
		err_local(err, 0, "the password is longer than %d bytes", SECRET_MAX);
	else
		err_local(err, 0, "out of memory");
	account_clear(&a);
	return false;
}

static bool
parse_account(struct str text, struct account *ret, struct err *err)
{
	struct str name, password, rest = str_split(text, '\n', &name);
	const char *flaw;

	str_split(rest, '\n', &password);
	if (password.len > 0 && password.p[password.len - 1] == '\r')
		password.len--;
	name = str_trim(name);
	flaw = credential_text_flaw(text);
	if (flaw != NULL) {
		err_local(err, 0, "the credential %s", flaw);
		return false;
	}
	if (password.len == 0 || name.len >= USERNAME_SIZE ||
	    !credential_is_username(name)) {
		err_local(err, 0,
		    "the credential must be two lines: DOMAIN\\user or user@domain, then "
		    "the password");
		return false;
	}
	flaw = credential_password_flaw(password);
	if (flaw == NULL)
		return make_account(name, password, ret, err);
	err_local(err, 0, "the second line cannot be a password: it %s", flaw);
	return false;
}

static bool
get_line(FILE *tty, struct buf *out, struct err *err)
{
	char line[SECRET_MAX + 2];
	bool got = fgets(line, sizeof(line), tty) != NULL;
	bool whole = got && strchr(line, '\n') != NULL;

	if (whole)
		buf_puts(out, line);
	else
		err_local(err, 0, got ? "the line is too long" : "nothing was entered");
	secret_wipe(line, sizeof(line));
	return whole;
}

/*
 * Reads a line from the terminal, with echo or without. Signals are blocked until the
 * answer, so that a user who interrupts the program is not left with a terminal without
 * echo.
 */
static bool
ask_line(FILE *tty, const char *prompt, bool echo, struct buf *out, struct err *err)
{
	struct termios before, quiet;
	sigset_t all, old;
	bool got = false;

	if (tcgetattr(fileno(tty), &before) != 0) {
		err_local(err, errno, "the terminal");
		return false;
	}
	quiet = before;
	if (!echo)
		quiet.c_lflag &= ~(tcflag_t)ECHO;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	if (tcsetattr(fileno(tty), TCSAFLUSH, &quiet) != 0) {
		err_local(err, errno, "the terminal");
	} else {
		fputs(prompt, tty);
		got = get_line(tty, out, err);
		if (!echo)
			fputc('\n', tty);
		tcsetattr(fileno(tty), TCSAFLUSH, &before);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return got;
}

static bool
from_terminal(struct buf *out, struct err *err)
{
	FILE *tty = fopen("/dev/tty", "r+e");
	bool ok;

	if (tty == NULL) {
		err_local(err, errno, "there is no terminal to ask for the credential");
		return false;
	}
	setvbuf(tty, NULL, _IONBF, 0); /* no copy of the password in a buffer */
	ok = ask_line(tty, "User name (DOMAIN\\user or user@domain): ", true, out, err) &&
	     ask_line(tty, "Password: ", false, out, err);
	fclose(tty);
	return ok;
}

bool
credential_file_read(const char *path, struct account *ret, struct err *err)
{
	struct buf text;
	bool ok;

	buf_init(&text, FILE_MAX);
	if (strcmp(path, "-") == 0) {
		ok = from_terminal(&text, err);
	} else {
		ok = read_all(path, &text, err);
	}
	ok = ok && parse_account(buf_view(&text), ret, err);
	buf_wipe_free(&text);
	return ok;
}
