/*
 * htmlfile: a page is there whole or not at all, and stands in the place of nothing but
 * a file.
 */
#include "tests/unit/cases.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vocab/err.h"
#include "cmd/htmlfile.h"
#include "trace/trace.h"

static char home[64], page[96], other[96];

static int
set_up(void **state)
{
	(void)state;
	snprintf(home, sizeof(home), "/tmp/cswatch-html.XXXXXX");
	assert_non_null(mkdtemp(home));
	snprintf(page, sizeof(page), "%s/page", home);
	snprintf(other, sizeof(other), "%s/other", home);
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

static unsigned entries;

static int
count_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)st;
	(void)type;
	entries += ftw->level == 1;
	return 0;
}

static unsigned
in_home(void)
{
	entries = 0;
	assert_int_equal(nftw(home, count_one, 8, FTW_PHYS), 0);
	return entries;
}

static bool
write_page(struct err *err)
{
	struct trace *t = trace_new();
	bool ok = htmlfile_write(page, t, err);

	trace_free(t);
	return ok;
}

static void
new_and_again(void **state)
{
	struct stat st;
	struct err err;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		assert_true(write_page(&err));
		assert_int_equal(stat(page, &st), 0);
		assert_true(S_ISREG(st.st_mode) && (st.st_mode & 07777) == 0600);
		assert_true(st.st_size > 100);
		assert_int_equal(in_home(), 1);
	}
}

static const struct obstacle {
	const char *name;
	char what;
} obstacles[] = {
	{ "a directory", 'd' },
	{ "a link to a file", 'l' },
	{ "a link to nothing", 'n' },
	{ "a pipe", 'p' },
};

static void
obstructed(void **state)
{
	const struct obstacle *c = *state;
	struct stat before, after;
	unsigned there;
	struct err err;

	if (c->what == 'd')
		assert_int_equal(mkdir(page, 0700), 0);
	else if (c->what == 'p')
		assert_int_equal(mkfifo(page, 0600), 0);
	else
		assert_int_equal(symlink(other, page), 0);
	if (c->what == 'l')
		assert_int_equal(close(creat(other, 0600)), 0);
	there = in_home();
	assert_int_equal(lstat(page, &before), 0);
	assert_false(write_page(&err));
	assert_non_null(strstr(err.detail, page));
	assert_int_equal(lstat(page, &after), 0);
	assert_true(before.st_ino == after.st_ino && before.st_mode == after.st_mode);
	assert_int_equal(in_home(), there);
	if (c->what == 'l') {
		assert_int_equal(stat(other, &after), 0);
		assert_int_equal(after.st_size, 0);
	}
}

static void
no_directory(void **state)
{
	struct err err;

	(void)state;
	snprintf(page, sizeof(page), "%s/none/page", home);
	assert_false(write_page(&err));
	assert_int_equal(in_home(), 0);
}

static void
dropped(void **state)
{
	struct htmlfile f;
	struct err err;

	(void)state;
	assert_true(htmlfile_open(&f, page, "<title>", &err));
	htmlfile_drop(&f);
	htmlfile_drop(&f);
	assert_int_equal(in_home(), 0);
}

RUN_CASES(TEST_WITH(new_and_again, set_up, tear_down),
    ROWS_WITH("in the way", obstacles, obstructed, set_up, tear_down),
    TEST_WITH(no_directory, set_up, tear_down), TEST_WITH(dropped, set_up, tear_down));
