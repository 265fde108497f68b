/* config/secret: where a secret is looked for, and whose file is good enough. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "config/loader.h"
#include "place.h"

static const struct content_case {
	const char *name;
	unsigned mode;
	const char *content;
	const char *want; /* NULL: refused */
	const char *why;
} content_cases[] = {
	{ "one line", 0600, "pass word\n", "pass word", NULL },
	{ "no newline", 0400, "pass", "pass", NULL },
	{ "from Windows", 0600, "pass\r\n", "pass", NULL },
	{ "blanks belong to it", 0600, " pass \n", " pass ", NULL },
	{ "only one newline is taken off", 0600, "pass\n\n", NULL,
	    "./secrets/it holds more than one line of text" },
	{ "two lines", 0600, "pass\nword\n", NULL,
	    "./secrets/it holds more than one line of text" },
	{ "empty", 0600, "", NULL, "./secrets/it is empty" },
	{ "only a newline", 0600, "\n", NULL, "./secrets/it is empty" },
	{ "as PowerShell writes it", 0600, "\xef\xbb\xbfPassw0rd!\r\n", NULL,
	    "./secrets/it begins with a byte order mark, as Windows programs write it" },
	{ "as Notepad once wrote it", 0600, "\xff\xfeP", NULL,
	    "./secrets/it is not UTF-8; it looks like UTF-16, as Windows programs write "
	    "it" },
	{ "Latin-1", 0600, "p\xe4ss\n", NULL, "./secrets/it is not UTF-8" },
	{ "a tab", 0600, "pa\tss\n", NULL, "./secrets/it holds a control character" },
	{ "group may read", 0640, "pass", NULL,
	    "./secrets/it has mode 0640, so that others can use it; its mode must be "
	    "0600 or 0400" },
	{ "others may read", 0604, "pass", NULL,
	    "./secrets/it has mode 0604, so that others can use it; its mode must be "
	    "0600 or 0400" },
	{ "group may write", 0620, "pass", NULL,
	    "./secrets/it has mode 0620, so that others can use it; its mode must be "
	    "0600 or 0400" },
};

static void
check_content(void **state)
{
	const struct content_case *c = *state;
	struct secret *s;
	struct err err;

	place_file("secrets/it", c->mode, c->content);
	s = secret_find(NULL, ".", "it", &err);
	if (c->want == NULL) {
		assert_null(s);
		assert_string_equal(err.detail, c->why);
		assert_null(strstr(err.detail, "pass"));
		return;
	}
	assert_non_null(s);
	assert_string_equal(secret_reveal(s), c->want);
	secret_free(s);
}

static const struct name_case {
	const char *name;
	const char *in;
} name_cases[] = {
	{ "a way up", ".." },
	{ "a hidden file", ".it" },
	{ "a path", "a/it" },
	{ "an absolute path", "/etc/shadow" },
	{ "nothing", "" },
	{ "a sentence", "hunter2 is it!" },
};

static void
check_bad_name(void **state)
{
	const struct name_case *c = *state;
	struct err err;

	assert_null(secret_find(NULL, ".", c->in, &err));
	assert_string_equal(err.detail,
	    "\"secret\" is not the name of a file; it must be the name of a "
	    "credential or of a file in ./secrets");
}

static const struct credential_case {
	const char *name;
	const char *given, *of_directory,
	    *own; /* content of the files; NULL: not there */
	const char *want;
} credential_cases[] = {
	{ "a credential comes first", "c", "d", "o", "c" },
	{ "one of a directory", NULL, "d", "o", "d" },
	{ "else our own file", NULL, NULL, "o", "o" },
	{ "a bad credential is not passed over", "", NULL, "o", NULL },
	{ "nowhere", NULL, NULL, NULL, NULL },
};

/* systemd's files have a mode that would not do elsewhere. */
static void
check_credential(void **state)
{
	const struct credential_case *c = *state;
	struct secret *s;
	struct err err;

	assert_int_equal(mkdir("cred", 0755), 0);
	if (c->given != NULL)
		place_file("cred/it", 0444, c->given);
	if (c->of_directory != NULL)
		place_file("cred/secrets_it", 0444, c->of_directory);
	if (c->own != NULL)
		place_file("secrets/it", 0600, c->own);
	s = secret_find("cred", ".", "it", &err);
	if (c->want == NULL) {
		assert_null(s);
		return;
	}
	assert_non_null(s);
	assert_string_equal(secret_reveal(s), c->want);
	secret_free(s);
}

/* n letters and a newline. */
static struct secret *
find_long(size_t n, struct err *err)
{
	char text[SECRET_MAX + 100];

	assert_true(n + 2 <= sizeof(text));
	memset(text, 'x', n);
	memcpy(text + n, "\n", 2);
	place_file("secrets/it", 0600, text);
	return secret_find(NULL, ".", "it", err);
}

static void
length_is_limited(void **state)
{
	struct secret *s;
	struct err err;

	(void)state;
	s = find_long(SECRET_MAX, &err);
	assert_non_null(s);
	assert_int_equal(strlen(secret_reveal(s)), SECRET_MAX);
	secret_free(s);
	assert_null(find_long(SECRET_MAX + 1, &err));
	assert_string_equal(err.detail, "./secrets/it is longer than 4096 characters");
	assert_null(find_long(SECRET_MAX + 90, &err));
}

static void
only_files_are_read(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(mkdir("secrets/it", 0700), 0);
	assert_null(secret_find(NULL, ".", "it", &err));
	assert_string_equal(err.detail, "./secrets/it is not a regular file");
	assert_int_equal(rmdir("secrets/it"), 0);
	/* A pipe that nobody writes to must not hold up the daemon. */
	assert_int_equal(mkfifo("secrets/it", 0600), 0);
	assert_null(secret_find(NULL, ".", "it", &err));
	assert_string_equal(err.detail, "./secrets/it is not a regular file");
}

#define PLACED(function) TEST_WITH(function, place_enter, place_leave)
#define PLACED_ROWS(group, table, check)                                                 \
	ROWS_WITH(group, table, check, place_enter, place_leave)

RUN_CASES(PLACED_ROWS("content", content_cases, check_content),
    PLACED_ROWS("bad name", name_cases, check_bad_name),
    PLACED_ROWS("credential", credential_cases, check_credential),
    PLACED(length_is_limited), PLACED(only_files_are_read));
