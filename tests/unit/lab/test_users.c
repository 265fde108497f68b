#include "tests/unit/cases.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "lab/files.h"
#include "lab/users.h"
#include "scratch.h"

#define LONG_130                                                                         \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"              \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct line_case {
	const char *name, *in;
	const char *account, *password, *phone, *pin;
	bool enabled;
} lines[] = {
	{ "three fields", "sip:alice@lab.example,LAB\\alice,secret", "LAB\\alice",
	    "secret", "", "", true },
	{ "without scheme", "alice@lab.example,LAB\\alice,secret", "LAB\\alice", "secret",
	    "", "", true },
	{ "disabled", "sip:alice@lab.example,LAB\\alice,secret,disabled", "LAB\\alice",
	    "secret", "", "", false },
	{ "phone and PIN", "sip:alice@lab.example,LAB\\alice,secret,+1425,4711",
	    "LAB\\alice", "secret", "+1425", "4711", true },
	{ "all six", "sip:alice@lab.example,LAB\\alice,secret,+1425,4711,DISABLED",
	    "LAB\\alice", "secret", "+1425", "4711", false },
	{ "blanks around fields", "  sip:alice@lab.example , LAB\\alice , secret \r",
	    "LAB\\alice", "secret", "", "", true },
	{ "comments and empty lines are skipped",
	    "# first\n\n   \nsip:alice@lab.example,LAB\\alice,secret\n# last\n",
	    "LAB\\alice", "secret", "", "", true },
	{ "a password may hold colons", "alice@lab.example,LAB\\alice,a:b:c",
	    "LAB\\alice", "a:b:c", "", "", true },
};

static void
check_line(void **state)
{
	const struct line_case *c = *state;
	struct lab_users u = { NULL, 0 };
	struct err err;

	assert_true(lab_users_parse(str_of(c->in), "users", &u, &err));
	assert_int_equal(u.n, 1);
	assert_string_equal(u.v[0].address, "alice@lab.example");
	assert_string_equal(u.v[0].account, c->account);
	assert_string_equal(u.v[0].password, c->password);
	assert_string_equal(u.v[0].phone, c->phone);
	assert_string_equal(u.v[0].pin, c->pin);
	assert_string_equal(u.v[0].file, "alice");
	assert_int_equal(u.v[0].enabled, c->enabled);
	lab_users_free(&u);
}

static const struct bad_case {
	const char *name, *in, *where;
} bad[] = {
	{ "nobody", "# nobody\n", "users:" },
	{ "two fields", "sip:alice@lab.example,LAB\\alice", "users:1:" },
	{ "seven fields", "a@lab.example,LAB\\a,p,1,2,disabled,x", "users:1:" },
	{ "a phone without PIN", "a@lab.example,LAB\\a,p,1", "users:1:" },
	{ "an empty PIN", "a@lab.example,LAB\\a,p,1,", "users:1:" },
	{ "no SIP address", "alice,LAB\\alice,p", "users:1:" },
	{ "no domain in the account", "a@lab.example,alice,p", "users:1:" },
	{ "an empty domain", "a@lab.example,\\alice,p", "users:1:" },
	{ "an empty account name", "a@lab.example,LAB\\,p", "users:1:" },
	{ "two backslashes", "a@lab.example,LAB\\a\\b,p", "users:1:" },
	{ "a colon in the account", "a@lab.example,LAB\\a:b,p", "users:1:" },
	{ "a control character", "a@lab.example,LAB\\a\x01,p", "users:1:" },
	{ "an empty password", "a@lab.example,LAB\\a,", "users:1:" },
	{ "a password too long", "a@lab.example,LAB\\a," LONG_130, "users:1:" },
	{ "an address twice", "a@lab.example,LAB\\a,p\nA@lab.example,LAB\\b,p",
	    "users:2:" },
	{ "an account twice", "a@lab.example,LAB\\a,p\n\nb@lab.example,lab\\A,p",
	    "users:3:" },
};

static void
check_bad(void **state)
{
	const struct bad_case *c = *state;
	struct lab_users u = { NULL, 7 };
	struct err err;

	assert_false(lab_users_parse(str_of(c->in), "users", &u, &err));
	assert_int_equal(u.n, 7);
	assert_non_null(strstr(err.detail, c->where));
	assert_null(strstr(err.detail, "xxxx"));
}

static void
finds_by_address_and_account(void **state)
{
	struct lab_users u = { NULL, 0 };
	struct err err;

	(void)state;
	assert_true(lab_users_parse(
	    STR_LIT("sip:a@lab.example,LAB\\anna,p\nb@lab.example,LAB\\b,p"), "users", &u,
	    &err));
	assert_ptr_equal(lab_users_by_address(&u, STR_LIT("sip:A@LAB.example")), &u.v[0]);
	assert_ptr_equal(lab_users_by_address(&u, STR_LIT("b@lab.example")), &u.v[1]);
	assert_null(lab_users_by_address(&u, STR_LIT("lab.example")));
	assert_ptr_equal(lab_users_by_account(&u, STR_LIT("lab\\ANNA")), &u.v[0]);
	/* A Kerberos principal looks like the address. */
	assert_ptr_equal(lab_users_by_account(&u, STR_LIT("b@LAB.EXAMPLE")), &u.v[1]);
	assert_null(lab_users_by_account(&u, STR_LIT("LAB\\a")));
	lab_users_free(&u);
}

static void
names_files_apart(void **state)
{
	struct lab_users u = { NULL, 0 };
	struct err err;

	(void)state;
	assert_true(lab_users_parse(STR_LIT("a@one.example,X\\a,p\na@two.example,X\\b,p\n"
					    "..@lab.example,X\\c,p\n"),
	    "users", &u, &err));
	assert_string_equal(u.v[0].file, "a@one.example");
	assert_string_equal(u.v[1].file, "a@two.example");
	assert_string_equal(u.v[2].file, "_.");
	lab_users_free(&u);
}

static void
default_users_are_valid_and_differ(void **state)
{
	struct lab_users u = { NULL, 0 }, v = { NULL, 0 };
	struct buf a, b;
	struct err err;

	(void)state;
	buf_init(&a, 4096);
	buf_init(&b, 4096);
	lab_users_default(&a);
	lab_users_default(&b);
	assert_true(lab_users_parse(buf_view(&a), "a", &u, &err));
	assert_true(lab_users_parse(buf_view(&b), "b", &v, &err));
	assert_int_equal(u.n, 3);
	assert_string_equal(u.v[2].address, "carol@lab.example");
	assert_string_not_equal(u.v[0].password, u.v[1].password);
	assert_string_not_equal(u.v[0].password, v.v[0].password);
	lab_users_free(&u);
	lab_users_free(&v);
	buf_free(&a);
	buf_free(&b);
}

static void
assert_file(const char *name, const char *want)
{
	char path[FILES_PATH_MAX];
	struct stat st;
	struct buf b;
	struct err err;

	assert_true(lab_files_path(path, scratch_dir(), name, &err));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	buf_init(&b, 4096);
	assert_true(lab_files_read(path, &b, &err));
	assert_string_equal(b.data, want);
	buf_free(&b);
}

static void
writes_files_for_others_to_read(void **state)
{
	struct lab_users u = { NULL, 0 };
	struct err err;

	(void)state;
	assert_true(
	    lab_users_parse(STR_LIT("sip:a@lab.example,LAB\\anna,pass"), "u", &u, &err));
	umask(0);
	assert_true(lab_users_write(&u, scratch_dir(), &err));
	assert_file("credentials/a", "LAB\\anna\npass\n");
	assert_file("secrets/a", "pass\n");
	assert_file("ntlm-users", "LAB:anna:pass\n");
	lab_users_free(&u);
}

RUN_CASES(ROWS("line", lines, check_line), ROWS("bad", bad, check_bad),
    TEST(finds_by_address_and_account), TEST(names_files_apart),
    TEST(default_users_are_valid_and_differ), TEST(writes_files_for_others_to_read));
