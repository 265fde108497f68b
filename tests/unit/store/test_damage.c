/*
 * store: damaged files are set aside, newer ones left alone, moved ones found again; what
 * was there is kept as far as it can be.
 */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../fakes/must.h"
#include "../cases.h"
#include "store_world.h"

static size_t
count_files(const struct world *w, const char *pattern)
{
	char path[300];
	glob_t found;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", w->directory, pattern);
	if (glob(path, 0, NULL, &found) != 0)
		return 0;
	n = found.gl_pathc;
	globfree(&found);
	return n;
}

/* ---- moved ---- */

static void
a_directory_may_be_moved_away_and_back(void **state)
{
	struct world *w = *state;

	world_fill(w);
	world_open(w);
	world_settle(w);
	world_move(w, true);
	world_pass(w, 10000); /* nothing happens: it is looked for all the same */
	assert_int_equal(world_count(w, "trouble moved"), 1);
	world_run(w, 0, false);
	world_settle(w);
	assert_int_equal(world_count(w, "committed 1"), 0);
	world_move(w, false);
	world_pass(w, 4000);
	assert_int_equal(world_count(w, "trouble fine"), 1);
	assert_int_equal(world_count(w, "committed 1"), 1);
	assert_int_equal(world_count(w, "recalled"), 0);
	assert_int_equal(world_count(w, "rewrite"), 0);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].runs, 2);
	assert_filled(&(struct state){ .tests = w->tests, .ntests = w->ntests });
}

static void
another_directory_may_take_its_place(void **state)
{
	struct world *w = *state;
	uint64_t ticket;

	world_fill(w);
	world_open(w);
	world_run(w, 0, false); /* its line is never out */
	world_settle(w);
	world_move(w, true);
	assert_int_equal(mkdir(w->directory, 0700), 0);
	world_pass(w, 10000);
	assert_int_equal(world_count(w, "rewrite"), 1);
	assert_int_equal(store_trouble(w->store)->kind, STORE_FINE);
	ticket = store_note_change(w->store,
	    &(struct store_change){ .test = &w->tests[0], .event = "e", .pairs = "p" });
	assert_int_not_equal(ticket, 0);
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->ntests, 2);
	assert_int_equal(w->tests[0].runs, 2);
	assert_int_equal(w->tests[1].alert.state, ALERT_ALERT);
	assert_int_equal(w->recall.nlines, 2); /* both of them */
	assert_string_equal(w->recall.lines[0].pairs, "t0");
	assert_string_equal(w->recall.lines[1].pairs, "p");
	world_close(w);
}

static void
a_deleted_file_is_begun_again(void **state)
{
	struct world *w = *state;
	char wal[200];

	world_fill(w);
	world_open(w);
	world_run_quietly(w, 0, true);
	world_settle(w);
	snprintf(wal, sizeof(wal), "%s-wal", w->path);
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(unlink(wal), 0);
	world_run(w, 0, false);
	world_settle(w);
	assert_int_equal(world_count(w, "rewrite"), 1);
	assert_int_equal(world_count(w, "committed 1"), 1);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].alert.state, ALERT_FAILING);
	assert_int_equal(w->tests[0].runs, 3);
	assert_filled(&(struct state){ .tests = w->tests, .ntests = w->ntests });
}

/* ---- damaged ---- */

static void
write_at(const char *path, off_t at, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	MUST(fd >= 0);
	MUST(pwrite(fd, bytes, n, at) == (ssize_t)n);
	close(fd);
}

static void
garble_all(struct world *w)
{
	char garbage[4096];

	memset(garbage, 'g', sizeof(garbage));
	for (off_t at = 0; at < 10 * 4096; at += 4096)
		write_at(w->path, at, garbage, sizeof(garbage));
}

static void
garble_header(struct world *w)
{
	write_at(w->path, 0, "SQLite format 9", 16);
}

/* The root page of the table state, as SQLite tells. */
static void
garble_state(struct world *w)
{
	int64_t page =
	    world_number(w, "SELECT rootpage FROM sqlite_schema WHERE name='state'");
	char garbage[4096];

	memset(garbage, 'g', sizeof(garbage));
	write_at(w->path, (page - 1) * 4096, garbage, sizeof(garbage));
}

static void
garble_change(struct world *w)
{
	int64_t page =
	    world_number(w, "SELECT rootpage FROM sqlite_schema WHERE name='change'");
	char garbage[4096];

	memset(garbage, 'g', sizeof(garbage));
	write_at(w->path, (page - 1) * 4096, garbage, sizeof(garbage));
}

static void
cut_file(struct world *w)
{
	struct stat st;

	MUST(stat(w->path, &st) == 0 && st.st_size > 10 * 4096);
	MUST(truncate(w->path, 5 * 4096) == 0);
}

static void
cut_inside_a_page(struct world *w)
{
	struct stat st;

	MUST(stat(w->path, &st) == 0);
	MUST(truncate(w->path, st.st_size - 1000) == 0);
}

static void
make_other_program(struct world *w)
{
	MUST(unlink(w->path) == 0);
	world_sql(
	    w, "PRAGMA application_id=7; CREATE TABLE t(x); INSERT INTO t VALUES(1)");
}

static const struct damage_case {
	const char *name;
	void (*damage)(struct world *w);
	bool salvaged; /* names and states can be read all the same */
} damage_cases[] = {
	{ "garbage", garble_all, false },
	{ "another header", garble_header, false },
	{ "states", garble_state, false },
	{ "changes", garble_change, true },
	{ "cut", cut_file, false },
	{ "cut inside a page", cut_inside_a_page, false },
	{ "of another program", make_other_program, false },
};

static void
check_damage(void **state)
{
	const struct damage_case *c = *state;
	void *fixture = NULL;
	struct world *w;

	world_setup(&fixture);
	w = fixture;
	world_fill(w);
	c->damage(w);
	world_open(w);
	assert_int_equal(w->start, STORE_STARTED);
	assert_int_equal(store_trouble(w->store)->kind, STORE_FINE);
	assert_int_equal(strncmp(w->recall.aside, w->path, strlen(w->path)), 0);
	assert_non_null(strstr(w->recall.aside, "cswatch.db.damaged-20261122T130412Z"));
	assert_int_equal(access(w->recall.aside, F_OK), 0);
	assert_non_null(strstr(w->recall.why, w->path));
	if (c->salvaged)
		assert_filled(&(struct state){ .tests = w->tests, .ntests = w->ntests });
	world_add(w, 2);
	world_run(w, 0, true);
	world_settle(w);
	world_close(w);
	assert_int_equal(world_number(w, "PRAGMA integrity_check") == 0, 1);
	world_open(w);
	assert_int_equal(w->recall.aside[0], '\0');
	assert_int_equal(w->ntests, 2);
	world_teardown(&fixture);
}

static void
damaged_ones_do_not_take_each_others_place(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 3; i++) {
		world_fill(w);
		garble_all(w);
		world_open(w);
		world_close(w);
	}
	assert_int_equal(count_files(w, "cswatch.db.damaged-*Z*"), 3);
}

static void
a_wal_may_be_cut_while_it_is_open(void **state)
{
	struct world *w = *state;
	char wal[200];

	world_fill(w);
	world_open(w);
	world_run(w, 0, false);
	world_settle(w);
	snprintf(wal, sizeof(wal), "%s-wal", w->path);
	assert_int_equal(truncate(wal, 0), 0);
	world_run(w, 0, false);
	world_settle(w);
	assert_int_equal(world_count(w, "trouble damaged"), 1);
	assert_int_equal(world_count(w, "trouble fine"), 0); /* it was none to wait for */
	assert_int_equal(access(w->aside, F_OK), 0);
	assert_int_equal(world_count(w, "rewrite"), 1);
	assert_int_equal(world_count(w, "committed 2"), 1);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].alert.state, ALERT_ALERT);
	assert_int_equal(w->tests[0].runs, 3);
	assert_int_equal(w->recall.nlines, 2);
	assert_int_equal(w->tests[1].alert.state, ALERT_ALERT);
}

static void
copy_file(const char *from, const char *to)
{
	char bytes[65536];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT, 0600);
	ssize_t n;

	MUST(in >= 0 && out >= 0);
	while ((n = read(in, bytes, sizeof(bytes))) > 0)
		MUST(write(out, bytes, (size_t)n) == n);
	close(in);
	close(out);
}

static void
a_wal_may_be_of_another_file(void **state)
{
	struct world *w = *state;
	char wal[200], other[200];

	world_fill(w);
	world_open(w);
	for (int i = 0; i < 50; i++)
		world_run(w, 0, i % 2 != 0);
	world_settle(w);
	snprintf(wal, sizeof(wal), "%s-wal", w->path);
	snprintf(other, sizeof(other), "%s/other", w->directory);
	copy_file(wal, other);
	world_close(w);
	assert_int_equal(unlink(w->path), 0);
	world_sql(w, "PRAGMA journal_mode=WAL; PRAGMA application_id=1129535316;"
		     "CREATE TABLE a(x); CREATE TABLE b(x)");
	copy_file(other, wal);
	world_open(w);
	assert_int_equal(w->start, STORE_STARTED);
	assert_int_equal(store_trouble(w->store)->kind, STORE_FINE);
	assert_int_not_equal(w->recall.aside[0], '\0');
	world_add(w, 2);
	world_run(w, 0, true);
	world_settle(w);
	assert_int_equal(w->tests[0].alert.state, ALERT_OK);
}

/* ---- newer ---- */

static void
a_newer_one_is_left_alone(void **state)
{
	struct world *w = *state;
	struct stat before, after;

	world_fill(w);
	world_sql(w, "PRAGMA user_version=2; CREATE TABLE news(x)");
	assert_int_equal(stat(w->path, &before), 0);
	world_open(w);
	assert_false(w->recall.read);
	assert_int_equal(store_trouble(w->store)->kind, STORE_NEWER);
	assert_non_null(strstr(w->why, "was written by a newer version of cswatch"
				       " (schema 2; this one knows 1)"));
	assert_false(store_is_available(w->store));
	world_add(w, 2);
	world_run(w, 0, true);
	world_pass(w, 1000);
	world_pass(w, 2000);
	world_close(w);
	assert_int_equal(stat(w->path, &after), 0);
	assert_true(before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
		    before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
	assert_true(before.st_size == after.st_size);
	assert_int_equal(count_files(w, "*damaged*"), 0);
	assert_int_equal(world_number(w, "SELECT count(*) FROM news"), 0);
}

#define CASE(function) TEST_WITH(function, world_setup, world_teardown)

RUN_CASES(CASE(a_directory_may_be_moved_away_and_back),
    CASE(another_directory_may_take_its_place), CASE(a_deleted_file_is_begun_again),
    ROWS("damaged", damage_cases, check_damage),
    CASE(damaged_ones_do_not_take_each_others_place),
    CASE(a_wal_may_be_cut_while_it_is_open), CASE(a_wal_may_be_of_another_file),
    CASE(a_newer_one_is_left_alone));
