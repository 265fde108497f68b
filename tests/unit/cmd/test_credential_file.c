/* cmd/credential_file: an account and its password, from a file or from a terminal. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cases.h"
#include "../tls/certs.h"
#include "vocab/err.h"
#include "auth/account.h"
#include "auth/method.h"
#include "base/secret.h"
#include "cmd/credential_file.h"

#define X16   "xxxxxxxxxxxxxxxx"
#define X64   X16 X16 X16 X16
#define X253  X64 X64 X64 X16 X16 X16 "xxxxxxxxxxxxx"
#define X255  X253 "xx"
#define X1024 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64
#define X4096 X1024 X1024 X1024 X1024

static const struct file_case {
	const char *name;
	struct str text;
	const char *says; /* NULL: accepted */
	const char *username, *password;
} file_cases[] = {
	{ "two lines", STR_LIT("LAB\\alice\nPassw0rd\n"), NULL, "LAB\\alice",
	    "Passw0rd" },
	{ "no end of the last line", STR_LIT("a@b\nPassw0rd"), NULL, "a@b", "Passw0rd" },
	{ "lines of Windows", STR_LIT("LAB\\alice\r\nPassw0rd\r\n"), NULL, "LAB\\alice",
	    "Passw0rd" },
	{ "blanks around the name", STR_LIT(" \ta@b \nx\n"), NULL, "a@b", "x" },
	{ "blanks belong to the password", STR_LIT("a@b\n x y \n"), NULL, "a@b",
	    " x y " },
	{ "more lines", STR_LIT("a@b\nx\n\nnotes\n"), NULL, "a@b", "x" },
	{ "beyond ASCII", STR_LIT("a@b\n\xc3\xa4\n"), NULL, "a@b", "\xc3\xa4" },
	{ "as long as may be", STR_LIT("a@" X253 "\r\n" X4096 "\r\n"), NULL, "a@" X253,
	    X4096 },

	{ "empty", STR_LIT(""), "two lines", NULL, NULL },
	{ "one line", STR_LIT("a@b\n"), "two lines", NULL, NULL },
	{ "one line without an end", STR_LIT("a@b"), "two lines", NULL, NULL },
	{ "no name", STR_LIT(" \nx\n"), "two lines", NULL, NULL },
	{ "a name in two parts", STR_LIT("a\rb\nx\n"), "two lines", NULL, NULL },
	{ "a name that drives the terminal", STR_LIT("a\x1b[2J\nx\n"), "two lines", NULL,
	    NULL },
	{ "no password", STR_LIT("a@b\n\nx\n"), "two lines", NULL, NULL },
	{ "no password but an end", STR_LIT("a@b\n\r\n"), "two lines", NULL, NULL },
	{ "a slash in the name", STR_LIT("LAB/alice\nx\n"), "DOMAIN\\user", NULL, NULL },
	{ "only a user", STR_LIT("alice\nx\n"), "user@domain", NULL, NULL },
	{ "two backslashes", STR_LIT("LAB\\\\alice\nx\n"), "two lines", NULL, NULL },
	{ "a byte order mark", STR_LIT("\xef\xbb\xbfLAB\\alice\r\nPassw0rd!\r\n"),
	    "byte order mark", NULL, NULL },
	{ "UTF-16", STR_LIT("\xff\xfeL\0A\0B\0\\\0a\0\n\0x\0\n\0"), "UTF-16", NULL,
	    NULL },
	{ "a password in Latin-1", STR_LIT("a@b\n\xe4\n"), "not UTF-8", NULL, NULL },
	{ "a control character in the password", STR_LIT("a@b\nx\ty\n"),
	    "control character", NULL, NULL },
	{ "a name that is too long", STR_LIT("a@" X253 "x\nx\n"), "two lines", NULL,
	    NULL },
	{ "a password that is too long", STR_LIT("a@b\n" X4096 "x\n"), "4096", NULL,
	    NULL },
	{ "a file that is too long", STR_LIT("a\nx\n" X4096 X255 "x\n"), "longer than",
	    NULL, NULL },
	{ "a NUL", STR_LIT("a@b\nx\0y\n"), "UTF-16", NULL, NULL },
};

static void
put_file(const char *path, struct str text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.p, text.len), text.len);
	close(fd);
	assert_int_equal(chmod(path, mode), 0);
}

static void
check_file(void **state)
{
	const struct file_case *tc = *state;
	const char *path = certs_path(0, "credential");
	char before[] = "before";
	struct account account = { .username = before };
	struct err err = { .cause = CAUSE_NONE };

	put_file(path, tc->text, 0600);
	if (tc->says == NULL) {
		assert_true(credential_file_read(path, &account, &err));
		assert_string_equal(account.username, tc->username);
		assert_string_equal(secret_reveal(account.secret), tc->password);
		assert_ptr_equal(account.method, &auth_ntlm);
		account_clear(&account);
	} else {
		assert_false(credential_file_read(path, &account, &err));
		assert_int_equal(err.cause, CAUSE_LOCAL);
		assert_non_null(strstr(err.detail, tc->says));
		assert_ptr_equal(account.username, before);
		assert_null(account.secret);
	}
}

static const struct mode_case {
	const char *name;
	mode_t mode;
	bool ok;
} mode_cases[] = {
	{ "owner", 0600, true },
	{ "owner, to read", 0400, true },
	{ "group may read", 0640, false },
	{ "others may read", 0604, false },
	{ "others may write", 0602, false },
};

static void
check_mode(void **state)
{
	const struct mode_case *tc = *state;
	const char *path = certs_path(0, "credential");
	struct account account = { .method = NULL };
	struct err err;

	unlink(path);
	put_file(path, STR_LIT("a@b\nsesame\n"), tc->mode);
	assert_int_equal(credential_file_read(path, &account, &err), tc->ok);
	if (!tc->ok) {
		assert_non_null(strstr(err.detail, "chmod 600"));
		assert_null(strstr(err.detail, "sesame"));
	}
	account_clear(&account);
	unlink(path);
}

static void
refuse(const char *path, long errnum)
{
	struct account account = { .method = NULL };
	struct err err;

	assert_false(credential_file_read(path, &account, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(err.code, errnum);
}

static void
a_file_that_is_not_there(void **state)
{
	(void)state;
	refuse(certs_path(0, "nothing"), ENOENT);
}

static void
a_directory(void **state)
{
	(void)state;
	refuse(certs_dir(), EISDIR);
}

/* Octets without an end must not keep us reading. */
static void
a_device(void **state)
{
	(void)state;
	refuse("/dev/zero", 0);
}

/* Process substitution: --user-credential <(pass show lab/alice). */
static void
a_pipe(void **state)
{
	char path[32];
	struct account account = { .method = NULL };
	struct err err;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "a@b\nx\n", 6), 6);
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_true(credential_file_read(path, &account, &err));
	assert_string_equal(account.username, "a@b");
	account_clear(&account);
	close(ends[0]);
}

/* The terminal */

static void
ask_on(const char *terminal, int report)
{
	struct account account = { .method = NULL };
	struct err err;
	int fd;

	setsid();
	fd = open(terminal, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) != 0)
		_exit(3);
	if (credential_file_read("-", &account, &err))
		dprintf(report, "%s/%s", account.username, secret_reveal(account.secret));
	else
		dprintf(report, "refused: %s", err.detail);
	account_clear(&account);
	_exit(0);
}

/* Reads what is shown until it ends with `until`; all of it stays in `shown`. */
static void
watch(int master, char *shown, size_t size, const char *until)
{
	size_t len = strlen(shown), end = strlen(until);

	while (len < end || strcmp(shown + len - end, until) != 0) {
		ssize_t n = read(master, shown + len, size - len - 1);

		if (n <= 0)
			fail_msg("shown so far: %s", shown);
		len += (size_t)n;
		shown[len] = '\0';
	}
}

static void
asked_on_the_terminal(void **state)
{
	char shown[512] = "", report[128] = "", terminal[64];
	int master = posix_openpt(O_RDWR | O_NOCTTY), ends[2], status;
	pid_t child;

	(void)state;
	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	assert_int_equal(ptsname_r(master, terminal, sizeof(terminal)), 0);
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		ask_on(terminal, ends[1]);
	close(ends[1]);
	watch(master, shown, sizeof(shown), "user@domain): ");
	assert_int_equal(write(master, "LAB\\alice\n", 10), 10);
	watch(master, shown, sizeof(shown), "Password: ");
	assert_int_equal(write(master, "s3same\n", 7), 7);
	assert_true(read(ends[0], report, sizeof(report) - 1) > 0);
	assert_string_equal(report, "LAB\\alice/s3same");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	while (strchr(strstr(shown, "Password"), '\n') == NULL &&
	       read(master, shown + strlen(shown), 1) == 1)
		;
	assert_non_null(strstr(shown, "LAB\\alice"));
	assert_null(strstr(shown, "s3same"));
	close(ends[0]);
	close(master);
}

RUN_CASES(ROWS("file", file_cases, check_file), ROWS("mode", mode_cases, check_mode),
    TEST(a_file_that_is_not_there), TEST(a_directory), TEST(a_device), TEST(a_pipe),
    TEST(asked_on_the_terminal));
