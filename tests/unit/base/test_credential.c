/* base/credential: what can be a user name and a password, and why not. */
#include <string.h>

#include "../cases.h"
#include "base/credential.h"

#define IN(s) { (s), sizeof(s) - 1 }

static const struct name_case {
	const char *name;
	struct str in;
	bool good;
} name_cases[] = {
	{ "with a domain", IN("LAB\\alice"), true },
	{ "user@domain", IN("alice@lab.example"), true },
	{ "beyond ASCII", IN("B\xc3\x9cRO\\j\xc3\xb6rg"), true },
	{ "an at sign in the user of a domain", IN("LAB\\alice@x"), true },
	{ "a slash in place of the backslash", IN("LAB/alice"), false },
	{ "only a user", IN("alice"), false },
	{ "empty", IN(""), false },
	{ "no domain", IN("\\alice"), false },
	{ "no user", IN("LAB\\"), false },
	{ "no user before the at sign", IN("@lab.example"), false },
	{ "nothing after the at sign", IN("alice@"), false },
	{ "two backslashes, as in a configuration", IN("LAB\\\\alice"), false },
	{ "two at signs", IN("a@b@c"), false },
	{ "a blank", IN("LAB\\al ice"), false },
	{ "a blank that does not look like one", IN("LAB\\al\xc2\xa0ice"), false },
	{ "a line feed, as \\n in a configuration", IN("LAB\nancy"), false },
	{ "a tab", IN("LAB\\\talice"), false },
	{ "a control character of eight bits", IN("LAB\\a\xc2\x85"), false },
	{ "NUL", IN("LAB\\a\0b"), false },
	{ "a byte order mark", IN("\xef\xbb\xbfLAB\\alice"), false },
	{ "a byte order mark inside",
	    IN("LAB\\\xef\xbb\xbf"
	       "alice"),
	    false },
	{ "what turns the line around",
	    IN("LAB\\a\xe2\x80\xae"
	       "b"),
	    false },
	{ "not UTF-8", IN("LAB\\j\xf6rg"), false },
};

static void
check_name(void **state)
{
	const struct name_case *tc = *state;

	assert_int_equal(credential_is_username(tc->in), tc->good);
}

static const struct password_case {
	const char *name;
	struct str in;
	const char *flaw; /* NULL: none */
} password_cases[] = {
	{ "letters, digits and signs", IN("Pa$$w0rd!\\\"'/ x"), NULL },
	{ "blanks at both ends", IN(" x "), NULL },
	{ "beyond ASCII", IN("p\xc3\xa4ssw\xc3\xb6rd\xe2\x82\xac\xf0\x9f\x94\x91"),
	    NULL },
	{ "a byte order mark inside", IN("a\xef\xbb\xbf"), NULL },
	{ "empty", IN(""), "empty" },
	{ "a byte order mark before it", IN("\xef\xbb\xbfPassw0rd!"), "byte order mark" },
	{ "only a byte order mark", IN("\xef\xbb\xbf"), "byte order mark" },
	{ "UTF-16 of Notepad", IN("\xff\xfeP\0a\0"), "UTF-16" },
	{ "the other UTF-16", IN("\xfe\xff\0P\0a"), "UTF-16" },
	{ "UTF-16 without a mark", IN("P\0a\0"), "UTF-16" },
	{ "\\n and \\t of a configuration", IN("pa\new\tab"), "control character" },
	{ "a carriage return", IN("x\ry"), "control character" },
	{ "an escape", IN("x\x1b"), "control character" },
	{ "a delete", IN("x\x7f"), "control character" },
	{ "a control character of eight bits", IN("x\xc2\x85"), "control character" },
	{ "Latin-1", IN("p\xe4ss"), "not UTF-8" },
	{ "cut UTF-8", IN("p\xc3"), "not UTF-8" },
};

static void
check_password(void **state)
{
	const struct password_case *tc = *state;
	const char *flaw = credential_password_flaw(tc->in);

	if (tc->flaw == NULL) {
		assert_null(flaw);
		return;
	}
	assert_non_null(flaw);
	assert_non_null(strstr(flaw, tc->flaw));
}

RUN_CASES(ROWS("user name", name_cases, check_name),
    ROWS("password", password_cases, check_password));
