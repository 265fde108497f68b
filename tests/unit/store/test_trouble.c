/*
 * store: what stands in the way is said in words, tests go on, and it is written again as
 * soon as it can be, without losing what was there.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../fakes/must.h"
#include "../cases.h"
#include "store/lock.h"
#include "store_world.h"

#define NOBODY 65534

/* Root may do everything: what is about rights is done as somebody else. */
static void
become_nobody(struct world *w)
{
	if (geteuid() != 0)
		return;
	MUST(chown(w->directory, NOBODY, NOBODY) == 0);
	MUST(setegid(NOBODY) == 0 && seteuid(NOBODY) == 0);
}

static int
teardown(void **state)
{
	struct world *w = *state;

	if (getuid() == 0)
		MUST(seteuid(0) == 0 && setegid(0) == 0);
	(void)umount2(w->directory, MNT_DETACH);
	(void)chmod(w->directory, 0700);
	return world_teardown(state);
}

static void
assert_begun_with(struct world *w, enum store_kind kind, const char *why)
{
	assert_int_equal(w->start, STORE_STARTED);
	assert_false(w->recall.read);
	assert_string_equal(
	    store_kind_name(store_trouble(w->store)->kind), store_kind_name(kind));
	assert_non_null(strstr(store_trouble(w->store)->why, why));
	assert_false(store_is_available(w->store));
}

/* It goes on without, and later with what was there. */
static void
assert_over_after(struct world *w, uint64_t ms)
{
	world_add(w, 2);
	world_run(w, 0, true);
	world_settle(w);
	assert_int_equal(world_count(w, "committed 1"), 0);
	world_pass(w, ms);
	assert_int_equal(world_count(w, "trouble fine"), 1);
	assert_int_equal(world_count(w, "committed 1"), 1);
	assert_true(store_is_available(w->store));
}

/* ---- another has it ---- */

/* A process that does something with the directory, and keeps it so until it is ended. */
static pid_t
begin_other(struct world *w, void (*hold)(struct world *w))
{
	int fds[2];
	pid_t pid;
	char c;

	MUST(pipe(fds) == 0);
	pid = fork();
	MUST(pid >= 0);
	if (pid == 0) {
		hold(w);
		MUST(write(fds[1], "x", 1) == 1);
		for (;;)
			pause();
	}
	close(fds[1]);
	MUST(read(fds[0], &c, 1) == 1);
	close(fds[0]);
	return pid;
}

static void
end_other(pid_t pid)
{
	MUST(kill(pid, SIGKILL) == 0);
	MUST(waitpid(pid, NULL, 0) == pid);
}

static void
hold_directory(struct world *w)
{
	MUST(lock_directory(w->directory) >= 0);
}

static void
a_second_daemon_is_told_who_has_it(void **state)
{
	struct world *w = *state;
	char holder[64];
	pid_t pid;

	world_fill(w);
	pid = begin_other(w, hold_directory);
	world_open(w);
	end_other(pid);
	assert_int_equal(w->start, STORE_IN_USE);
	assert_null(w->store);
	snprintf(holder, sizeof(holder), "process %d (", (int)pid);
	assert_non_null(strstr(w->why, holder));
	world_open(w); /* kill -9 frees it */
	assert_int_equal(w->start, STORE_STARTED);
	assert_int_equal(w->tests[1].alert.state, ALERT_ALERT);
}

static void
hold_file(struct world *w)
{
	sqlite3 *db = NULL;

	MUST(sqlite3_open(w->path, &db) == SQLITE_OK);
	MUST(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) == SQLITE_OK);
}

static void
another_program_may_lock_it(void **state)
{
	struct world *w = *state;
	char holder[64];
	pid_t pid;

	world_fill(w);
	pid = begin_other(w, hold_file);
	world_open(w);
	snprintf(holder, sizeof(holder), "is locked by process %d (", (int)pid);
	assert_begun_with(w, STORE_LOCKED, holder);
	world_add(w, 2);
	world_pass(w, 1000);
	assert_begun_with(w, STORE_LOCKED, holder);
	assert_int_equal(world_count(w, "trouble locked"), 0); /* said at the start */
	end_other(pid);
	assert_over_after(w, 2000);
	assert_int_equal(world_count(w, "recalled"), 1);
	assert_filled(&w->late.state);
}

/* ---- rights ---- */

static void
a_directory_may_be_read_only(void **state)
{
	struct world *w = *state;

	become_nobody(w);
	world_fill(w);
	assert_int_equal(chmod(w->directory, 0500), 0);
	world_open(w);
	assert_begun_with(w, STORE_READ_ONLY, "cannot be written");
	assert_int_equal(chmod(w->directory, 0700), 0);
	assert_over_after(w, 1000);
	assert_filled(&w->late.state);
}

static void
a_new_file_needs_a_directory(void **state)
{
	struct world *w = *state;

	become_nobody(w);
	assert_int_equal(chmod(w->directory, 0500), 0);
	world_open(w);
	assert_begun_with(w, STORE_READ_ONLY, "cannot be made: Permission denied");
	assert_int_equal(chmod(w->directory, 0700), 0);
	assert_over_after(w, 1000);
}

static const struct right_case {
	const char *name, *end; /* of the file's name */
	mode_t mode;
	bool foreign;
	enum store_kind kind;
} right_cases[] = {
	{ "unreadable", "", 0200, false, STORE_UNREADABLE },
	{ "not writable", "", 0400, false, STORE_READ_ONLY },
	{ "a WAL that is not writable", "-wal", 0400, false, STORE_READ_ONLY },
	{ "of another", "", 0600, true, STORE_UNREADABLE },
	{ "a WAL of another", "-wal", 0600, true, STORE_UNREADABLE },
};

static void
change_rights(const char *path, uid_t owner, mode_t mode)
{
	if (getuid() == 0)
		MUST(seteuid(0) == 0 && chown(path, owner, (gid_t)owner) == 0);
	MUST(chmod(path, mode) == 0);
	if (getuid() == 0)
		MUST(seteuid(NOBODY) == 0);
}

static void
check_right(void **state)
{
	const struct right_case *c = *state;
	void *fixture = NULL;
	struct world *w;
	char path[200];
	int fd;

	if (c->foreign && getuid() != 0)
		skip();
	world_setup(&fixture);
	w = fixture;
	become_nobody(w);
	world_fill(w);
	snprintf(path, sizeof(path), "%s%s", w->path, c->end);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	MUST(fd >= 0);
	close(fd);
	change_rights(path, c->foreign ? 0 : NOBODY, c->mode);
	world_open(w);
	assert_begun_with(w, c->kind, c->foreign ? "it belongs to root" : "belongs to ");
	assert_non_null(strstr(w->why, path));
	change_rights(path, NOBODY, 0600);
	assert_over_after(w, 1000);
	assert_filled(&w->late.state);
	teardown(&fixture);
}

static void
make_directory(const char *path)
{
	MUST(mkdir(path, 0700) == 0);
}

static void
make_fifo(const char *path)
{
	MUST(mkfifo(path, 0600) == 0);
}

static void
make_link(const char *path)
{
	MUST(symlink("/dev/null", path) == 0);
}

static const struct thing_case {
	const char *name;
	void (*make)(const char *path);
} thing_cases[] = {
	{ "a directory", make_directory },
	{ "a FIFO", make_fifo },
	{ "a link", make_link },
};

static void
check_thing(void **state)
{
	const struct thing_case *c = *state;
	void *fixture = NULL;
	struct world *w;

	world_setup(&fixture);
	w = fixture;
	c->make(w->path);
	world_open(w);
	assert_begun_with(w, STORE_UNREADABLE, "is not a regular file");
	assert_int_equal(remove(w->path), 0);
	assert_over_after(w, 1000);
	world_teardown(&fixture);
}

static void
there_may_be_no_directory(void **state)
{
	struct world *w = *state;

	assert_int_equal(rmdir(w->directory), 0);
	world_open(w);
	assert_begun_with(w, STORE_UNREADABLE, "No such file or directory");
	assert_int_equal(mkdir(w->directory, 0700), 0);
	assert_over_after(w, 1000);
}

/* ---- no room ---- */

/* A disk of its own; false: not here. */
static bool
mount_small(const struct world *w, const char *size)
{
	char options[64];

	snprintf(options, sizeof(options), "size=%s,mode=0700", size);
	return mount("tmpfs", w->directory, "tmpfs", 0, options) == 0;
}

/* So many KiB of it, or as far as it goes. */
static void
use_disk(const struct world *w, int kib)
{
	static const char zeros[1024];
	char path[200];
	int fd;

	snprintf(path, sizeof(path), "%s/ballast", w->directory);
	fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	MUST(fd >= 0);
	while (kib > 0 && write(fd, zeros, sizeof(zeros)) > 0)
		kib--;
	close(fd);
}

static void
the_last_of_a_disk_is_for_changes(void **state)
{
	struct world *w = *state;

	if (!mount_small(w, "24m"))
		skip();
	world_fill(w);
	use_disk(w, 10 << 10);
	world_open(w);
	world_run_quietly(w, 0, true);
	world_settle(w);
	assert_int_equal(world_count(w, "trouble full"), 1);
	assert_non_null(strstr(w->why, "less than 16 MiB are free"));
	assert_true(store_is_available(w->store));
	world_run(w, 0, false);
	world_settle(w);
	assert_int_equal(world_count(w, "committed 1"), 1);
	use_disk(w, 0);
	world_pass(w, 1000);
	assert_int_equal(world_count(w, "trouble fine"), 1);
	world_close(w);
	assert_int_equal(world_number(w, "SELECT count(*) FROM recent"), 5);
}

static void
a_full_disk_keeps_all_until_there_is_room(void **state)
{
	struct world *w = *state;

	if (!mount_small(w, "24m"))
		skip();
	world_fill(w);
	world_open(w);
	use_disk(w, 64 << 10); /* as far as it goes */
	for (int i = 0; i < 200; i++)
		world_run(w, 0, i % 2 != 0);
	world_settle(w);
	assert_int_equal(world_count(w, "trouble full"), 1);
	assert_false(store_is_available(w->store));
	world_pass(w, 1000);
	world_pass(w, 2000);
	assert_int_equal(world_count(w, "trouble full"), 1); /* once */
	use_disk(w, 0);
	world_pass(w, 4000);
	assert_int_equal(world_count(w, "trouble fine"), 1);
	assert_true(STAILQ_EMPTY(&w->store->queue));
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].runs, 201);
}

/* A limit on the size of files is an I/O error to SQLite. */
static void
a_file_may_not_grow(void **state)
{
	struct world *w = *state;
	struct rlimit old, small = { 0, 0 };
	struct stat st;

	signal(SIGXFSZ, SIG_IGN);
	world_fill(w);
	world_open(w);
	world_settle(w);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(stat(w->path, &st), 0);
	small.rlim_cur = 4096;
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	world_run(w, 0, false);
	world_settle(w);
	assert_int_equal(world_count(w, "trouble failing"), 1);
	assert_int_equal(world_count(w, "committed 1"), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	world_pass(w, 1000);
	assert_int_equal(world_count(w, "trouble fine"), 1);
	assert_int_equal(world_count(w, "committed 1"), 1);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].alert.state, ALERT_FAILING);
	assert_int_equal(w->tests[0].runs, 2);
}

/* ---- what waits is bounded ---- */

static void
the_newest_state_survives_a_long_outage(void **state)
{
	struct world *w = *state;
	char pairs[2000];

	world_fill(w);
	world_open(w);
	world_settle(w);
	world_move(w, true);
	world_pass(w, 10000);
	memset(pairs, 'x', sizeof(pairs) - 1);
	pairs[sizeof(pairs) - 1] = '\0';
	for (int i = 0; i < 5000; i++)
		store_note_change(w->store,
		    &(struct store_change){
			.test = &w->tests[i % 2], .event = "e", .pairs = pairs });
	assert_in_range(w->store->queue_bytes, 1, CHANGES_MAX + 10000);
	for (int i = 0; i < 100000; i++)
		world_run_quietly(w, 0, true);
	assert_in_range(w->store->batch.len + w->store->flight.len, 1, 2 * RUNS_MAX);
	assert_true(w->store->lost > 0);
	world_run(w, 0, false);
	world_run(w, 0, false);
	world_move(w, false);
	world_pass(w, 60000);
	world_pass(w, 60000);
	assert_int_equal(world_count(w, "trouble fine"), 1);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].alert.state, ALERT_ALERT);
	assert_int_equal(w->tests[0].runs, 100003);
	assert_int_equal(w->tests[1].alert.state, ALERT_ALERT);
}

static void
an_end_in_trouble_is_an_end(void **state)
{
	struct world *w = *state;

	world_fill(w);
	world_open(w);
	world_settle(w);
	world_move(w, true);
	world_run(w, 0, false);
	world_close(w);
	world_move(w, false);
	world_open(w);
	assert_filled(&(struct state){ .tests = w->tests, .ntests = w->ntests });
}

#define CASE(function) TEST_WITH(function, world_setup, teardown)

RUN_CASES(CASE(a_second_daemon_is_told_who_has_it), CASE(another_program_may_lock_it),
    CASE(a_directory_may_be_read_only), CASE(a_new_file_needs_a_directory),
    ROWS("rights", right_cases, check_right),
    ROWS("in its place", thing_cases, check_thing), CASE(there_may_be_no_directory),
    CASE(the_last_of_a_disk_is_for_changes),
    CASE(a_full_disk_keeps_all_until_there_is_room), CASE(a_file_may_not_grow),
    CASE(the_newest_state_survives_a_long_outage), CASE(an_end_in_trouble_is_an_end));
