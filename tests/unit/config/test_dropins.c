/* config: conf.d, merged in the order of names; each problem is said of its file. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "base/calendar.h"
#include "base/secret.h"
#include "config/dropins.h"
#include "config/source.h"
#include "place.h"

#define D "./conf.d/"
#define ALICE                                                                            \
	"users: ( { sip = \"sip:alice@x.org\"; username = \"X\\\\alice\"; "              \
	"secret = \"alice\"; } );\n"
#define BOB                                                                              \
	"users: ( { sip = \"sip:bob@x.org\"; username = \"X\\\\bob\"; "                  \
	"secret = \"bob\"; } );\n"
#define ONE   "pools: ( { fqdn = \"one.x.org\"; } );\n"
#define TWO   "pools: ( { fqdn = \"two.x.org\"; } );\n"
#define TEST1 "tests: ( { pool = \"one.x.org\"; user = \"sip:alice@x.org\"; } );\n"
#define TEST2 "tests: ( { pool = \"two.x.org\"; user = \"sip:bob@x.org\"; } );\n"
#define WHOLE USERS POOLS TESTS
#define FILES 3

struct dropin {
	const char *name; /* in conf.d, or of anywhere with ../ */
	const char *text;
};

static int
enter(void **state)
{
	int status = place_enter(state);

	return status != 0 ? status : mkdir("conf.d", 0755);
}

static void
put(const struct dropin *files)
{
	char name[300];

	for (size_t i = 0; i < FILES && files[i].name != NULL; i++) {
		snprintf(name, sizeof(name), "conf.d/%s", files[i].name);
		place_file(name, 0640, files[i].text);
	}
}

/* ---- what is merged ---- */

/* Names of the tests, with the places where they stand. */
static void
list_tests(const struct config *c, char *dst, size_t size)
{
	size_t at = 0;

	dst[0] = '\0';
	for (size_t i = 0; i < c->ntests; i++)
		at +=
		    (size_t)snprintf(dst + at, size - at, "%s%s=%s:%u", i == 0 ? "" : " ",
			c->tests[i].name, c->tests[i].at.file, c->tests[i].at.line);
}

static const struct merge_case {
	const char *name;
	const char *main;
	struct dropin files[FILES];
	const char *tests;
	const char *read; /* the files, in their order */
} merge_cases[] = {
	{ "an empty directory", WHOLE, { { NULL, NULL } }, "one/alice=c.conf:3",
	    "c.conf" },
	{ "an empty file", WHOLE, { { "a.conf", "" } }, "one/alice=c.conf:3",
	    "c.conf " D "a.conf" },
	{ "an empty main file", "", { { "a.conf", WHOLE } }, "one/alice=" D "a.conf:3",
	    "c.conf " D "a.conf" },
	{ "one list from three files", "",
	    { { "a.conf", ALICE TWO }, { "b.conf", BOB ONE }, { "c.conf", "\n" TEST1 } },
	    "one/alice=" D "c.conf:2", "c.conf " D "a.conf " D "b.conf " D "c.conf" },
	{ "tests of two files", USERS POOLS TEST1, { { "a.conf", "# x\n" TEST2 } },
	    "one/alice=c.conf:3 two/bob=" D "a.conf:2", "c.conf " D "a.conf" },
	{ "names go by octets", USERS POOLS TEST1,
	    { { "b.conf", "" }, { "B.conf", "" }, { "10.conf", "" } },
	    "one/alice=c.conf:3", "c.conf " D "10.conf " D "B.conf " D "b.conf" },
	{ "9 comes after 10", WHOLE,
	    { { "9.conf", "" }, { "10.conf", "" }, { "\xc3\xa9.conf", "" } },
	    "one/alice=c.conf:3", "c.conf " D "10.conf " D "9.conf " D "\xc3\xa9.conf" },
	{ "other names are none", WHOLE,
	    { { ".a.conf", "x" }, { "a.conf~", "x" }, { "a.conf.dpkg-dist", "x" } },
	    "one/alice=c.conf:3", "c.conf" },
	{ "nor are these", WHOLE,
	    { { ".conf", "x" }, { "conf", "x" }, { "README", "x" } },
	    "one/alice=c.conf:3", "c.conf" },
	{ "an included one", USERS POOLS,
	    { { "a.conf", "\n@include \"tests.inc\"\n" }, { "../tests.inc", TEST1 } },
	    "one/alice=./tests.inc:1", "c.conf " D "a.conf ./tests.inc" },
	{ "included from conf.d", USERS POOLS,
	    { { "a.conf", "@include \"conf.d/tests.inc\"\n" }, { "tests.inc", TEST1 } },
	    "one/alice=" D "tests.inc:1", "c.conf " D "a.conf " D "tests.inc" },
	{ "a comment that is left open is no matter of the next", USERS POOLS TEST1 "/*",
	    { { "a.conf", "/* x" }, { "b.conf", TEST2 } },
	    "one/alice=c.conf:3 two/bob=" D "b.conf:1",
	    "c.conf " D "a.conf " D "b.conf" },
};

static void
check_merge(void **state)
{
	const struct merge_case *c = *state;
	char text[1000];
	struct config *config;
	size_t at = 0;

	put(c->files);
	config = place_config(c->main);
	list_tests(config, text, sizeof(text));
	assert_string_equal(text, c->tests);
	for (size_t i = 0; i < config->nfiles; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s",
		    i == 0 ? "" : " ", config->files[i]);
	assert_string_equal(text, c->read);
	config_unref(config);
}

static void
everything_merged(void **state)
{
	static const struct dropin files[FILES] = {
		{ "20.conf",
		    "defaults: { confirm = 5; };\n" BOB TEST2
		    "maintenance: ( { at = \"Sun 02:00\"; for = \"1h\"; } );\n"
		    "roles: ( { name = \"b\"; groups = [ \"2\" ]; "
		    "commands = [ \"show\" ]; } );\ndns_servers = [ \"10.0.0.2\" ];\n" },
		{ "10.conf", "defaults: { schedule = { every = \"1h\"; }; };\n"
			     "pools: ( { fqdn = \"two.x.org\"; } );\nmax_parallel = 7;\n"
			     "maintenance: ( { at = \"03:00\"; for = \"2h\"; } );\n" },
	};
	struct config *c;

	(void)state;
	put(files);
	c = place_config(
	    "defaults: { timeout = \"9s\"; };\n" ALICE ONE TEST1
	    "dns_servers = [ \"10.0.0.1\" ];\n"
	    "roles: ( { name = \"a\"; groups = [ \"1\" ]; commands = [ \"*\" ]; } );\n");
	assert_int_equal(c->max_parallel, 7);
	assert_string_equal(c->dns_servers, "10.0.0.1,10.0.0.2");
	assert_int_equal(c->nusers, 2);
	assert_string_equal(c->users[1].address, "bob@x.org");
	assert_string_equal(c->users[1].at.file, D "20.conf");
	assert_int_equal(c->users[1].at.line, 2);
	assert_int_equal(c->npools, 2);
	assert_string_equal(c->pools[1].at.file, D "10.conf");
	assert_int_equal(c->nroles, 2);
	assert_string_equal(c->roles[1].name, "b");
	assert_string_equal(c->roles[1].at.file, D "20.conf");
	assert_int_equal(c->nmaintenance, 2);
	assert_int_equal(c->maintenance[0].for_ms, 7200000);
	assert_string_equal(c->maintenance[1].place.file, D "20.conf");
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(c->tests[i].timeout_ms, 9000);
		assert_int_equal(c->tests[i].confirm, 5);
		assert_int_equal(c->tests[i].timing.every_ms, 3600000);
	}
	config_unref(c);
}

/* ---- what is refused ---- */

static const struct refused_case {
	const char *name;
	const char *main;
	struct dropin files[FILES];
	const char *want;
} refused_cases[] = {
	{ "a key of the top twice", "max_parallel = 3;\n" WHOLE,
	    { { "a.conf", "\nmax_parallel = 3;\n" } },
	    D "a.conf:2: \"max_parallel\" is given again; it is already at c.conf:1\n" },
	{ "one of the defaults twice", "defaults: {\n confirm = 3;\n};\n" WHOLE,
	    { { "a.conf", "defaults: { recover = 3;\nconfirm = 4; };" } },
	    D "a.conf:2: \"confirm\" is given again; it is already at c.conf:2\n" },
	{ "a schedule is one key", WHOLE,
	    { { "a.conf", "defaults: { schedule = { every = \"1m\"; }; };" },
		{ "b.conf", "defaults: { schedule = { jitter = \"1s\"; }; };" } },
	    D "b.conf:1: \"schedule\" is given again; it is already at " D "a.conf:1\n" },
	{ "every here, a schedule there", WHOLE "defaults: { every = \"1m\"; };",
	    { { "a.conf", "\ndefaults: { schedule = { every = \"1m\"; }; };" } },
	    D "a.conf:2: the schedule has \"every\" although \"every\" is given, too; "
	      "only one is allowed\n" },
	{ "a user twice", WHOLE, { { "a.conf", ALICE } },
	    D
	    "a.conf:1: user alice@x.org is defined again; it is already at c.conf:1\n" },
	{ "a pool twice, neither in the main file", USERS TESTS,
	    { { "a.conf", "\n" ONE }, { "b.conf", "\n\n" ONE } },
	    D "b.conf:3: pool one.x.org is defined again; it is already at " D
	      "a.conf:2\n" },
	{ "a test twice", WHOLE, { { "a.conf", TEST1 } },
	    D "a.conf:1: test one/alice is defined again; it is already at c.conf:3\n" },
	{ "a role twice",
	    WHOLE "roles: ( { name = \"r\"; groups = [ ]; commands = [ ]; "
		  "} );\n",
	    { { "a.conf", "roles: (\n{ name = \"R\"; groups = [ ]; "
			  "commands = [ ]; } );" } },
	    D "a.conf:2: role R is defined again; it is already at c.conf:4\n" },
	{ "a slip at every level", "defalts: { };\n" WHOLE,
	    { { "a.conf", "defaults: { evry = \"1m\"; };\n"
			  "users: ( { sip = \"sip:c@x.org\"; user_name = \"X\\\\c\"; "
			  "secret = \"bob\"; } );\n"
			  "pools: ( { fqdn = \"c.x.org\"; adress = \"10.1.1.1\"; } );\n"
			  "tests: ( { pool = \"two.x.org\"; user = \"bob@x.org\"; "
			  "timout = \"1s\"; schedule = { jiter = \"1s\"; }; } );\n" },
		{ "b.conf", "maintenance: ( { at = \"02:00\"; forr = \"1h\"; } );\n"
			    "roles: ( { name = \"r\"; group = [ ]; "
			    "commands = [ \"statsu\" ]; } );\n" } },
	    "c.conf:1: \"defalts\" is not a key of the top level; did you mean "
	    "\"defaults\"?\n" D
	    "a.conf:1: \"evry\" is not a key of defaults; did you mean \"every\"?\n" D
	    "a.conf:2: \"user_name\" is not a key of a user; did you mean "
	    "\"username\"?\n" D "a.conf:2: \"username\" is missing from a user; it must "
	    "be \"DOMAIN\\\\user\" or "
	    "\"user@domain\"\n" D
	    "a.conf:3: \"adress\" is not a key of a pool; did you mean \"address\"?\n" D
	    "a.conf:4: \"timout\" is not a key of a test; did you mean \"timeout\"?\n" D
	    "a.conf:4: \"jiter\" is not a key of a schedule; did you mean \"jitter\"?\n" D
	    "b.conf:1: \"forr\" is not a key of a maintenance; did you mean \"for\"?\n" D
	    "b.conf:1: \"for\" is missing from a maintenance; it must be a duration in "
	    "double quotes, such as \"30s\" or \"5m\"\n" D
	    "b.conf:2: \"group\" is not a key of a role; did you mean \"groups\"?\n" D
	    "b.conf:2: \"groups\" is missing from a role; it must be a list of groups of "
	    "this machine\n" D
	    "b.conf:2: there is no command \"statsu\"; did you mean \"status\"?\n" },
	{ "syntax, and what is wrong elsewhere", "confirm = 1;\n" WHOLE,
	    { { "a.conf", "users: (\n" }, { "b.conf", "max_parallel = 0;\n" } },
	    "c.conf:1: \"confirm\" is not a key of the top level; it belongs in "
	    "defaults or a test\n" D
	    "a.conf:2: there is a syntax error; settings are written KEY = VALUE;\n" D
	    "b.conf:1: \"max_parallel\" is 0; it must be 1 to 10000\n" },
	{ "syntax of the main file", "users: (\n;",
	    { { "a.conf", TEST1 "max_parallel = 0;\n"
				"maintenance: ( { at = \"02:00\"; for = \"1h\"; "
				"tests = \"x\"; } );\n" } },
	    "c.conf:2: there is a syntax error; settings are written KEY = VALUE;\n" D
	    "a.conf:2: \"max_parallel\" is 0; it must be 1 to 10000\n" },
	{ "what leads nowhere", WHOLE,
	    { { "a.conf", "\ntests: ( { pool = \"on.x.org\"; "
			  "user = \"alice@x.org\"; } );" } },
	    D "a.conf:2: no pool \"on.x.org\" is configured; did you mean "
	      "\"one.x.org\"?\n" },
	{ "no tests in any", USERS POOLS, { { "a.conf", "tests: ( );" } },
	    D "a.conf:1: no tests are configured; at least one is needed, as in tests: ( "
	      "{ pool = \"...\"; user = \"...\"; } );\n" },
	{ "an @include that leads nowhere", WHOLE,
	    { { "a.conf", "\n@include \"x.inc\"\n" }, { "b.conf", "x = 1;\n" },
		{ "x.inc", "" } },
	    D "a.conf:2: ./x.inc cannot be read: No such file or directory\n" D
	      "b.conf:1: \"x\" is not a key of the top level; cswatch.conf(5) lists its "
	      "keys\n" },
	{ "itself", WHOLE, { { "a.conf", "@include \"conf.d/a.conf\"" } },
	    D "a.conf:1: " D "a.conf cannot be read: files include each other too "
	      "deeply\n" },
	{ "a large number", WHOLE, { { "a.conf", "\nmax_parallel = 4294967301;\n" } },
	    D "a.conf:2: 4294967301 is too large; no setting takes more than "
	      "999999999\n" },
	{ "a name that would be a line of its own", WHOLE,
	    { { "a\nb\x1b.conf", "x = 1;\n" } },
	    D "a.b..conf:1: \"x\" is not a key of the top level; cswatch.conf(5) lists "
	      "its keys\n" },
};

static void
check_refused(void **state)
{
	const struct refused_case *c = *state;
	char *problems;

	put(c->files);
	assert_null(place_load(c->main, &problems));
	assert_string_equal(problems, c->want);
	free(problems);
}

/* ---- files that are no files ---- */

static void
make_loop(const char *name)
{
	assert_int_equal(symlink("loop.conf", name), 0);
}

static void
make_pipe(const char *name)
{
	assert_int_equal(mkfifo(name, 0644), 0);
}

static void
make_directory(const char *name)
{
	assert_int_equal(mkdir(name, 0755), 0);
}

static void
make_dangling(const char *name)
{
	assert_int_equal(symlink("nowhere", name), 0);
}

static void
make_null(const char *name)
{
	assert_int_equal(symlink("/dev/null", name), 0);
}

static void
make_nul(const char *name)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_int_equal(fwrite("x\0y", 1, 3, f), 3);
	assert_int_equal(fclose(f), 0);
}

static const struct odd_case {
	const char *name;
	void (*make)(const char *name);
	const char *want;
} odd_cases[] = {
	{ "a link to itself", make_loop, "Too many levels of symbolic links" },
	{ "a pipe", make_pipe, "not a regular file" },
	{ "a directory", make_directory, "not a regular file" },
	{ "a link to nothing", make_dangling, "No such file or directory" },
	{ "a device", make_null, "not a regular file" },
	{ "no text", make_nul, "it holds a NUL character; a text file was expected" },
};

static void
check_odd(void **state)
{
	static const struct dropin files[FILES] = { { "z.conf", "x = 1;" } };
	const struct odd_case *c = *state;
	char *problems, want[300];

	c->make("conf.d/loop.conf");
	put(files);
	assert_null(place_load(WHOLE "y = 1;", &problems));
	snprintf(want, sizeof(want),
	    "c.conf:4: \"y\" is not a key of the top level; cswatch.conf(5) lists its "
	    "keys\n" D "loop.conf: cannot be read: %s\n" D
	    "z.conf:1: \"x\" is not a key of the top level; cswatch.conf(5) lists its "
	    "keys\n",
	    c->want);
	assert_string_equal(problems, want);
	free(problems);
}

static void
a_link_to_a_file_is_one(void **state)
{
	struct config *c;

	(void)state;
	place_file("elsewhere", 0644, TEST2);
	assert_int_equal(symlink("../elsewhere", "conf.d/a.conf"), 0);
	c = place_config(WHOLE);
	assert_int_equal(c->ntests, 2);
	assert_string_equal(c->tests[1].at.file, D "a.conf");
	config_unref(c);
}

static void
check_directory(const char *want)
{
	char *problems;

	assert_null(place_load(WHOLE, &problems));
	assert_string_equal(problems, want);
	free(problems);
}

static void
the_directory_is_a_file(void **state)
{
	(void)state;
	assert_int_equal(rmdir("conf.d"), 0);
	place_file("conf.d", 0644, "");
	check_directory("./conf.d: cannot be read: Not a directory\n");
}

static void
the_directory_is_a_loop(void **state)
{
	(void)state;
	assert_int_equal(rmdir("conf.d"), 0);
	assert_int_equal(symlink("conf.d", "conf.d"), 0);
	check_directory("./conf.d: cannot be read: Too many levels of symbolic links\n");
}

static void
without_the_directory(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(rmdir("conf.d"), 0);
	c = place_config(WHOLE);
	assert_int_equal(c->nfiles, 1);
	config_unref(c);
}

/* Root may read everything, so somebody else looks. */
static void
look_as_nobody(const char *want)
{
	bool root = geteuid() == 0;
	struct buf problems;

	buf_init(&problems, 1000);
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(root ? seteuid(65534) : 0, 0);
	assert_null(config_load("c.conf", NULL, &problems));
	assert_int_equal(root ? seteuid(0) : 0, 0);
	assert_string_equal(buf_view(&problems).p, want);
	buf_free(&problems);
}

static void
what_must_not_be_read(void **state)
{
	(void)state;
	place_file("c.conf", 0644, "");
	place_file("conf.d/a.conf", 0000, "");
	look_as_nobody(D "a.conf: cannot be read: Permission denied\n");
	assert_int_equal(chmod("conf.d", 0000), 0);
	look_as_nobody("./conf.d: cannot be read: Permission denied\n");
	assert_int_equal(chmod("conf.d", 0755), 0);
}

static void
beside_a_file_elsewhere(void **state)
{
	static const struct dropin files[FILES] = { { "a.conf", TEST2 } };
	char path[PATH_MAX + 16], here[PATH_MAX];
	struct buf problems;
	struct config *c;

	(void)state;
	put(files);
	place_file("c.conf", 0640, WHOLE);
	assert_non_null(getcwd(here, sizeof(here)));
	snprintf(path, sizeof(path), "%s/c.conf", here);
	assert_int_equal(chdir("/"), 0);
	buf_init(&problems, 1000);
	c = config_load(path, NULL, &problems);
	assert_string_equal(buf_view(&problems).p, "");
	snprintf(path, sizeof(path), "%s/conf.d/a.conf", here);
	assert_string_equal(c->tests[1].at.file, path);
	config_unref(c);
	buf_free(&problems);
}

/* ---- passwords ---- */

#define PASSWORD                                                                         \
	"users: (\n{ sip = \"sip:alice@x.org\"; username = \"X\\\\alice\";\n"            \
	"password = \"hush\"; } );\n"
#define OPEN                                                                             \
	":3: \"password\" is in a file that others can read or change; "                 \
	"give the file mode 0640 or stricter, or use \"secret\" instead\n"

static const struct mode_case {
	const char *name;
	unsigned main, dropin; /* modes */
	bool in_main;	       /* the password */
	const char *want;
} mode_cases[] = {
	{ "in a closed file", 0644, 0640, false, "" },
	{ "in an open file", 0600, 0644, false, D "a.conf" OPEN },
	{ "in one that all may write to", 0600, 0602, false, D "a.conf" OPEN },
	{ "in the main file, beside an open one", 0640, 0644, true, "" },
	{ "in the main file, that being open", 0644, 0600, true, "c.conf" OPEN },
};

static void
check_mode(void **state)
{
	const struct mode_case *c = *state;
	struct buf problems;
	struct config *config;

	place_file("c.conf", c->main, c->in_main ? PASSWORD : POOLS TESTS);
	place_file("conf.d/a.conf", c->dropin, c->in_main ? POOLS TESTS : PASSWORD);
	buf_init(&problems, 10000);
	config = config_load("c.conf", NULL, &problems);
	assert_string_equal(buf_view(&problems).p, c->want);
	assert_int_equal(config != NULL, c->want[0] == '\0');
	config_unref(config);
	buf_free(&problems);
}

/* ---- limits ---- */

static void
fill(unsigned n)
{
	char name[64];

	for (unsigned i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "conf.d/%04u.conf", i);
		place_file(name, 0644, "");
	}
}

static void
as_many_as_allowed(void **state)
{
	struct config *c;

	(void)state;
	fill(SOURCE_FILES_MAX - 1);
	place_file("conf.d/README", 0644, "");
	c = place_config(WHOLE);
	assert_int_equal(c->nfiles, SOURCE_FILES_MAX);
	config_unref(c);
}

static void
one_too_many(void **state)
{
	(void)state;
	fill(SOURCE_FILES_MAX);
	check_directory("c.conf: " D "0999.conf cannot be read: too many files\n");
}

static void
far_too_many(void **state)
{
	(void)state;
	fill(DROPINS_MAX + 1);
	check_directory("./conf.d: cannot be read: it holds more than 1000 files "
			"*.conf\n");
}

static void
too_large_together(void **state)
{
	char *text = malloc(CONFIG_FILE_MAX + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', CONFIG_FILE_MAX);
	text[CONFIG_FILE_MAX] = '\0';
	place_file("conf.d/a.conf", 0644, text);
	place_file("conf.d/b.conf", 0644, "x = 1;\n");
	free(text);
	check_directory(
	    D "a.conf: cannot be read: the configuration is larger than 16 MiB\n");
}

#define PLACED(function) TEST_WITH(function, enter, place_leave)
#define PLACED_ROWS(group, table, check)                                                 \
	ROWS_WITH(group, table, check, enter, place_leave)

RUN_CASES(PLACED_ROWS("merge", merge_cases, check_merge), PLACED(everything_merged),
    PLACED_ROWS("refused", refused_cases, check_refused),
    PLACED_ROWS("odd", odd_cases, check_odd), PLACED(a_link_to_a_file_is_one),
    PLACED(the_directory_is_a_file), PLACED(the_directory_is_a_loop),
    PLACED(without_the_directory), PLACED(what_must_not_be_read),
    PLACED(beside_a_file_elsewhere), PLACED_ROWS("password", mode_cases, check_mode),
    PLACED(as_many_as_allowed), PLACED(one_too_many), PLACED(far_too_many),
    PLACED(too_large_together));
