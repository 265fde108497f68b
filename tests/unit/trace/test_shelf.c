/*
 * shelf: files of traces: how many there may be, what may stand in their way, names that
 * mean no good, and files that somebody else wrote.
 */
#include "tests/fakes/tracing.h"
#include "tests/unit/cases.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "trace/shelf.h"
#include "trace/trace.h"

#define MINUTE_MS 60000
#define FIRST_MS  1700000000000

static char home[64];
static char directory[96];

static int
set_up(void **state)
{
	(void)state;
	snprintf(home, sizeof(home), "/tmp/cswatch-shelf.XXXXXX");
	assert_non_null(mkdtemp(home));
	snprintf(directory, sizeof(directory), "%s/traces", home);
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	return nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The nth run of a test, of about size octets. */
static struct trace *
nth_run(const char *test, unsigned n, size_t size)
{
	struct trace *t = tracing_new();
	char run[16], line[256];
	struct trace_head h = { test, "pool.x", "sip:a@x", run,
		FIRST_MS + (int64_t)n * MINUTE_MS, 5000, false, "register", "REG-X", "" };

	snprintf(run, sizeof(run), "%06x", n);
	memset(line, ' ', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	while (trace_size(t) < size)
		trace_note(t, 1, TRACE_SAW, STEP_REGISTER, 0, line);
	trace_end(t, &h);
	return t;
}

static bool
put(struct shelf *s, const char *test, unsigned n, size_t size)
{
	struct trace *t = nth_run(test, n, size);
	struct err err;
	bool ok = shelf_put(s, t, &err);

	trace_free(t);
	return ok;
}

static size_t
count(struct shelf *s, const char *test)
{
	struct shelf_item items[SHELF_RUNS_MAX];

	return shelf_list(s, test, items);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
put_and_get(void **state)
{
	struct shelf *s = shelf_new(directory, SHELF_OCTETS_MAX, 0);
	struct shelf_item items[SHELF_RUNS_MAX];
	struct trace *t;
	struct err err;
	char path[256];

	(void)state;
	assert_int_equal(count(s, "a/b"), 0);
	assert_null(shelf_get(s, "a/b", NULL, &err));
	assert_true(put(s, "a/b", 1, 0) && put(s, "a/b", 3, 0) && put(s, "a/b", 2, 0));
	assert_int_equal(shelf_list(s, "a/b", items), 3);
	assert_string_equal(items[0].run, "000003");
	assert_string_equal(items[2].run, "000001");
	assert_string_equal(items[1].diag, "REG-X");
	assert_int_equal(items[1].started_ms, FIRST_MS + 2 * MINUTE_MS);
	assert_true(!items[1].damaged && !items[1].ok);
	t = shelf_get(s, "a/b", "000002", &err);
	assert_string_equal(trace_head(t)->run, "000002");
	trace_free(t);
	t = shelf_get(s, "a/b", NULL, &err);
	assert_string_equal(trace_head(t)->run, "000003");
	trace_free(t);
	assert_null(shelf_get(s, "a/b", "zork", &err));
	assert_non_null(strstr(err.detail, "000003, 000002, 000001"));
	assert_int_equal(mode_of(directory), 0700);
	snprintf(path, sizeof(path), "%s/a%%2Fb", directory);
	assert_int_equal(mode_of(path), 0700);
	snprintf(
	    path, sizeof(path), "%s/a%%2Fb/20231114T221420000Z-000001.jsonl", directory);
	assert_int_equal(mode_of(path), 0600);
	shelf_free(s);
}

static void
rotation(void **state)
{
	struct shelf *s = shelf_new(directory, SHELF_OCTETS_MAX, 0);
	struct shelf_item items[SHELF_RUNS_MAX];

	(void)state;
	for (unsigned n = 0; n < 3 * SHELF_RUNS_MAX; n++) {
		assert_true(put(s, "one", n, 0));
		assert_true(count(s, "one") <= SHELF_RUNS_MAX);
	}
	assert_int_equal(shelf_list(s, "one", items), SHELF_RUNS_MAX);
	assert_string_equal(items[0].run, "00003b");
	assert_string_equal(items[SHELF_RUNS_MAX - 1].run, "000028");
	shelf_free(s);
}

/* Of all tests the oldest go; also what an earlier life has left counts. */
static void
bound(void **state)
{
	struct shelf *s = shelf_new(directory, 200 * 1024, 0);
	size_t kept = 0;
	char test[16];

	(void)state;
	for (unsigned n = 0; n < 40; n++) {
		if (n == 20) {
			shelf_free(s);
			s = shelf_new(directory, 200 * 1024, 0);
		}
		snprintf(test, sizeof(test), "t%u", n);
		assert_true(put(s, test, n, 10000));
	}
	for (unsigned n = 0; n < 40; n++) {
		snprintf(test, sizeof(test), "t%u", n);
		kept += count(s, test);
		if (n < 15)
			assert_int_equal(count(s, test), 0);
		if (n >= 32)
			assert_int_equal(count(s, test), 1);
	}
	assert_in_range(kept, 8, 20);
	shelf_free(s);
}

static unsigned files, directories;

static int
count_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)st;
	(void)ftw;
	files += type == FTW_F;
	directories += type == FTW_D;
	return 0;
}

/* A disk counts in blocks, however small a file is; and each has an inode. */
static void
small_files(void **state)
{
	struct shelf *s = shelf_new(directory, 200 * 1024, 0);
	char test[16];

	(void)state;
	for (unsigned n = 0; n < 300; n++) {
		snprintf(test, sizeof(test), "t%u", n);
		assert_true(put(s, test, n, 10));
	}
	files = directories = 0;
	assert_int_equal(nftw(directory, count_one, 8, FTW_PHYS), 0);
	assert_in_range(files, 40, 200 / 4);
	assert_int_equal(directories, files + 1);
	shelf_free(s);
}

static void
removal(void **state)
{
	struct shelf *s = shelf_new(directory, SHELF_OCTETS_MAX, 0);
	struct buf names;

	(void)state;
	assert_true(put(s, "x", 1, 0) && put(s, "x", 2, 0) && put(s, "../y", 3, 0));
	shelf_remove(s, "x");
	shelf_remove(s, "..");
	shelf_remove(s, "../..");
	assert_int_equal(count(s, "x"), 0);
	assert_int_equal(count(s, "../y"), 1);
	buf_init(&names, 4096);
	shelf_tests(s, &names);
	assert_string_equal(names.data, "%2E.%2Fy\n");
	buf_free(&names);
	shelf_free(s);
}

/* Nobody can write below a file, also not root. */
static void
unwritable(void **state)
{
	struct shelf *s;
	struct err err;
	struct trace *t = nth_run("x", 1, 0);
	char path[160];
	int fd = open(directory, O_WRONLY | O_CREAT, 0600);

	(void)state;
	close(fd);
	s = shelf_new(directory, SHELF_OCTETS_MAX, 0);
	assert_false(shelf_put(s, t, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(count(s, "x"), 0);
	/* And again, when it is there. */
	assert_int_equal(unlink(directory), 0);
	assert_true(shelf_put(s, t, &err));
	/* A directory where the new file would be made. */
	snprintf(path, sizeof(path), "%s/.new", directory);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(put(s, "x", 2, 0));
	assert_int_equal(rmdir(path), 0);
	assert_true(put(s, "x", 2, 0));
	assert_int_equal(count(s, "x"), 2);
	trace_free(t);
	shelf_free(s);
}

/* The last of a disk is for the state file. */
static void
little_is_left(void **state)
{
	struct shelf *s = shelf_new(directory, SHELF_OCTETS_MAX, UINT64_MAX);
	struct trace *t = nth_run("x", 1, 0);
	struct err err;

	(void)state;
	assert_false(shelf_put(s, t, &err));
	assert_int_equal(err.code, ENOSPC);
	assert_non_null(strstr(err.detail, directory));
	assert_int_equal(rmdir(directory), 0);
	trace_free(t);
	shelf_free(s);
}

#define FILE_OF_X "20231114T221420000Z-000001.jsonl"

static const struct hostile_case {
	const char *name, *content; /* NULL: a link to itself; "d": a directory */
} hostile[] = {
	{ "empty", "" },
	{ "no JSON", "zork\n" },
	{ "of another test",
	    "{\"event\":\"trace\",\"schema\":1,\"test\":\"y\","
	    "\"run\":\"000001\",\"started\":\"2023-11-14T22:14:20.000Z\"}\n" },
	{ "of another run",
	    "{\"event\":\"trace\",\"schema\":1,\"test\":\"x\","
	    "\"run\":\"000002\",\"started\":\"2023-11-14T22:14:20.000Z\"}\n" },
	{ "a link", NULL },
	{ "a directory", "d" },
	{ "a pipe", "p" },
	{ "very long", "l" },
};

static void
make_hostile(const char *path, const char *content)
{
	int fd;

	if (content == NULL) {
		assert_int_equal(symlink("/dev/zero", path), 0);
	} else if (content[0] == 'd') {
		assert_int_equal(mkdir(path, 0700), 0);
	} else if (content[0] == 'p') {
		assert_int_equal(mkfifo(path, 0600), 0);
	} else {
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		assert_true(fd >= 0);
		if (content[0] == 'l')
			assert_int_equal(ftruncate(fd, 100 * 1024 * 1024), 0);
		else
			assert_int_equal(
			    write(fd, content, strlen(content)), strlen(content));
		close(fd);
	}
}

static void
read_hostile(void **state)
{
	const struct hostile_case *c = *state;
	struct shelf *s = shelf_new(directory, SHELF_OCTETS_MAX, 0);
	struct shelf_item items[SHELF_RUNS_MAX];
	struct err err;
	char path[256];

	assert_true(put(s, "x", 1, 0) && put(s, "x", 0, 0));
	snprintf(path, sizeof(path), "%s/x/" FILE_OF_X, directory);
	assert_int_equal(unlink(path), 0);
	make_hostile(path, c->content);
	assert_null(shelf_get(s, "x", "000001", &err));
	assert_int_equal(shelf_list(s, "x", items), 2);
	assert_true(items[0].damaged && !items[1].damaged);
	assert_true(put(s, "x", 2, 0));
	assert_int_equal(shelf_list(s, "x", items), 3);
	shelf_free(s);
}

/* What does not look like ours is neither read nor removed. */
static void
others(void **state)
{
	static const char *const names[] = { "README", "x.jsonl",
		"20231114T221420000Z-00000G.jsonl",
		"20231114T221420000Z-000001.jsonl.bak" };
	struct shelf *s = shelf_new(directory, SHELF_OCTETS_MAX, 0);
	char path[256];

	(void)state;
	assert_true(put(s, "x", 1, 0));
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/x/%s", directory, names[i]);
		make_hostile(path, "mine");
	}
	assert_int_equal(count(s, "x"), 1);
	shelf_remove(s, "x");
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/x/%s", directory, names[i]);
		assert_int_equal(access(path, F_OK), 0);
	}
	shelf_free(s);
}

#define A50  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A250 A50 A50 A50 A50 A50

static const struct name_case {
	const char *name, *test, *want; /* want NULL: cut, and unique */
} names[] = {
	{ "plain", "atl-cs-001_Ken.2", "atl-cs-001_Ken.2" },
	{ "a slash", "pool/user", "pool%2Fuser" },
	{ "a dot", ".", "%2E" },
	{ "two dots", "..", "%2E." },
	{ "up and away", "../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd" },
	{ "percent", "a%2Fb", "a%252Fb" },
	{ "a tilde", "a~b", "a%7Eb" },
	{ "not ASCII", "\xc3\xa9", "%C3%A9" },
	{ "a line feed", "a\nb", "a%0Ab" },
	{ "as long as it may be", A50 A50 A50 A50 "aaaaaaaaaaaaaaaaaaaaaaa",
	    A50 A50 A50 A50 "aaaaaaaaaaaaaaaaaaaaaaa" },
	{ "one longer", A50 A50 A50 A50 "aaaaaaaaaaaaaaaaaaaaaaaa", NULL },
	{ "as long as a name may be", A250, NULL },
	{ "empty", "", NULL },
};

static void
encode(void **state)
{
	const struct name_case *c = *state;
	char name[SHELF_NAME_SIZE], other[SHELF_NAME_SIZE], back[SHELF_NAME_SIZE];
	char longer[512];

	shelf_encode(c->test, name);
	assert_true(name[0] != '.' && strchr(name, '/') == NULL);
	if (c->want != NULL) {
		assert_string_equal(name, c->want);
		assert_true(shelf_decode(name, back, sizeof(back)));
		assert_string_equal(back, c->test);
		return;
	}
	assert_false(shelf_decode(name, back, sizeof(back)));
	snprintf(longer, sizeof(longer), "%s" A250 "b", c->test);
	shelf_encode(longer, other);
	assert_string_not_equal(name, other);
}

static const struct decode_case {
	const char *name, *in;
} undecodable[] = {
	{ "nothing", "" },
	{ "dots", ".." },
	{ "percent alone", "a%" },
	{ "lower case", "a%2f" },
	{ "what needs none", "%61" },
	{ "NUL", "a%00b" },
	{ "a tilde", "a~b" },
	{ "a blank", "a b" },
};

static void
decode(void **state)
{
	const struct decode_case *c = *state;
	char back[SHELF_NAME_SIZE];

	assert_false(shelf_decode(c->in, back, sizeof(back)));
}

RUN_CASES(TEST_WITH(put_and_get, set_up, tear_down),
    TEST_WITH(rotation, set_up, tear_down), TEST_WITH(bound, set_up, tear_down),
    TEST_WITH(small_files, set_up, tear_down), TEST_WITH(removal, set_up, tear_down),
    TEST_WITH(unwritable, set_up, tear_down),
    TEST_WITH(little_is_left, set_up, tear_down),
    ROWS_WITH("hostile", hostile, read_hostile, set_up, tear_down),
    TEST_WITH(others, set_up, tear_down), ROWS("name", names, encode),
    ROWS("no name", undecodable, decode));
