/* base/file: reading whatever a path may lead to, and replacing what stands there. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "tests/fakes/alloc.h"
#include "tests/support/scratch.h"

#define LIMIT	100
#define CHUNKS	50000 /* of more than one turn */
#define NOBODY	65534
#define HANGS_S 60

/* ---- reading ---- */

static const struct size_case {
	const char *name;
	size_t there, before, max;
	unsigned flags;
	enum file_status want;
	size_t got;
} size_cases[] = {
	{ "nothing", 0, 0, LIMIT, 0, FILE_READ, 0 },
	{ "nothing, no room", 0, 0, 0, 0, FILE_READ, 0 },
	{ "one byte", 1, 0, LIMIT, 0, FILE_READ, 1 },
	{ "one byte, no room", 1, 0, 0, 0, FILE_TOO_LARGE, 0 },
	{ "below the limit", LIMIT - 1, 0, LIMIT, 0, FILE_READ, LIMIT - 1 },
	{ "at the limit", LIMIT, 0, LIMIT, 0, FILE_READ, LIMIT },
	{ "above the limit", LIMIT + 1, 0, LIMIT, 0, FILE_TOO_LARGE, 0 },
	{ "added, at the limit", LIMIT - 7, 7, LIMIT, 0, FILE_READ, LIMIT - 7 },
	{ "added, above it", LIMIT - 6, 7, LIMIT, 0, FILE_TOO_LARGE, 0 },
	{ "many turns", CHUNKS, 0, CHUNKS, 0, FILE_READ, CHUNKS },
	{ "many turns, room left", CHUNKS, 0, SIZE_MAX, 0, FILE_READ, CHUNKS },
	{ "head of less", LIMIT - 1, 0, LIMIT, FILE_HEAD, FILE_READ, LIMIT - 1 },
	{ "head of as much", LIMIT, 0, LIMIT, FILE_HEAD, FILE_READ, LIMIT },
	{ "head of more", LIMIT + 1, 0, LIMIT, FILE_HEAD, FILE_READ, LIMIT },
	{ "head of much more", CHUNKS, 1, LIMIT, FILE_HEAD, FILE_READ, LIMIT - 1 },
};

static char
nth(size_t n)
{
	return (char)(n * 7 % 251);
}

static void
make_sized(const char *path, size_t size)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (size_t i = 0; i < size; i++)
		putc(nth(i), f);
	assert_int_equal(fclose(f), 0);
}

static void
check_size(void **state)
{
	const struct size_case *c = *state;
	const char *path = scratch_path("file");
	struct buf b;

	make_sized(path, c->there);
	buf_init(&b, c->max);
	for (size_t i = 0; i < c->before; i++)
		buf_putc(&b, '<');
	assert_int_equal(file_read(path, c->flags, &b, NULL), c->want);
	assert_int_equal(b.len, c->before + c->got);
	for (size_t i = 0; i < c->got; i++)
		if (b.data[c->before + i] != nth(i))
			fail_msg("byte %zu", i);
	buf_free(&b);
	assert_int_equal(unlink(path), 0);
}

enum kind { PLAIN, ABSENT, FOLDER, FIFO, LINK, DANGLING, NUL_DEVICE, NOT_A_FOLDER };

static const struct kind_case {
	const char *name;
	enum kind kind;
	unsigned flags;
	enum file_status want;
	int errnum;
} kind_cases[] = {
	{ "a file", PLAIN, 0, FILE_READ, 0 },
	{ "a file, whatever it is", PLAIN, FILE_ANY_KIND, FILE_READ, 0 },
	{ "nothing", ABSENT, 0, FILE_FAILED, ENOENT },
	{ "a directory", FOLDER, 0, FILE_NOT_REGULAR, 0 },
	{ "a directory, whatever it is", FOLDER, FILE_ANY_KIND, FILE_FAILED, EISDIR },
	{ "a FIFO without a writer", FIFO, 0, FILE_NOT_REGULAR, 0 },
	{ "a link", LINK, 0, FILE_READ, 0 },
	{ "a link where none may be", LINK, FILE_NO_LINK, FILE_FAILED, ELOOP },
	{ "a link to nowhere", DANGLING, 0, FILE_FAILED, ENOENT },
	{ "a device", NUL_DEVICE, 0, FILE_NOT_REGULAR, 0 },
	{ "a device, whatever it is", NUL_DEVICE, FILE_ANY_KIND, FILE_READ, 0 },
	{ "a file in the place of its directory", NOT_A_FOLDER, 0, FILE_FAILED, ENOTDIR },
};

static const char *
make_kind(enum kind kind)
{
	const char *path = scratch_path("path"), *target = scratch_path("target");

	scratch_write(target, 0600, "text");
	switch (kind) {
	case PLAIN:
		scratch_write(path, 0600, "text");
		break;
	case FOLDER:
		assert_int_equal(mkdir(path, 0700), 0);
		break;
	case FIFO:
		assert_int_equal(mkfifo(path, 0600), 0);
		break;
	case LINK:
		assert_int_equal(symlink(target, path), 0);
		break;
	case DANGLING:
		assert_int_equal(symlink("none", path), 0);
		break;
	case NUL_DEVICE:
		return "/dev/null";
	case NOT_A_FOLDER:
		return scratch_path("target/path");
	case ABSENT:
		break;
	}
	return path;
}

static void
check_kind(void **state)
{
	const struct kind_case *c = *state;
	struct buf b;

	void *none = NULL;
	const char *path;

	assert_int_equal(scratch_enter(&none), 0);
	path = make_kind(c->kind);
	alarm(HANGS_S); /* a read that waits ends the test program */
	buf_init(&b, LIMIT);
	errno = 0;
	assert_int_equal(file_read(path, c->flags, &b, NULL), c->want);
	alarm(0);
	if (c->want == FILE_FAILED)
		assert_int_equal(errno, c->errnum);
	assert_int_equal(b.len, c->want == FILE_READ && c->kind != NUL_DEVICE ? 4 : 0);
	buf_free(&b);
	scratch_remove();
}

static const struct mode_case {
	const char *name;
	mode_t mode;
	bool is_private;
} mode_cases[] = {
	{ "0600", 0600, true },
	{ "0400", 0400, true },
	{ "0700", 0700, true },
	{ "0640", 0640, false },
	{ "0620", 0620, false },
	{ "0610", 0610, false },
	{ "0604", 0604, false },
	{ "0602", 0602, false },
	{ "0601", 0601, false },
};

static void
check_mode(void **state)
{
	const struct mode_case *c = *state;
	const char *path = scratch_path("moded");
	mode_t mode = 0;
	struct buf b;

	scratch_write(path, c->mode, "text");
	buf_init(&b, LIMIT);
	assert_int_equal(file_read(path, FILE_PRIVATE, &b, &mode),
	    c->is_private ? FILE_READ : FILE_NOT_PRIVATE);
	assert_int_equal(mode, c->mode);
	assert_int_equal(b.len, c->is_private ? 4 : 0);
	buf_clear(&b);
	mode = 0;
	assert_int_equal(file_read(path, 0, &b, &mode), FILE_READ);
	assert_int_equal(mode, c->mode);
	buf_free(&b);
}

/* Files below /proc are as long as one reads, and say that they have no length. */
static void
the_length_may_be_untrue(void **state)
{
	struct buf b;
	struct stat st;

	(void)state;
	assert_int_equal(stat("/proc/self/maps", &st), 0);
	assert_int_equal(st.st_size, 0);
	buf_init(&b, 1024 * 1024);
	assert_int_equal(file_read("/proc/self/maps", 0, &b, NULL), FILE_READ);
	assert_true(b.len > 100);
	buf_free(&b);
	buf_init(&b, 100);
	assert_int_equal(file_read("/proc/self/maps", 0, &b, NULL), FILE_TOO_LARGE);
	assert_int_equal(b.len, 100);
	buf_free(&b);
	buf_init(&b, 100);
	assert_int_equal(file_read("/proc/self/maps", FILE_HEAD, &b, NULL), FILE_READ);
	assert_int_equal(b.len, 100);
	buf_free(&b);
}

static void
a_pipe_is_read_to_its_end(void **state)
{
	char path[32];
	struct buf b;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_true(file_write_all(fd[1], STR_LIT("two\n")));
	assert_true(file_write_all(fd[1], STR_LIT("lines\n")));
	close(fd[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd[0]);
	buf_init(&b, LIMIT);
	assert_int_equal(file_read(path, 0, &b, NULL), FILE_NOT_REGULAR);
	assert_int_equal(
	    file_read(path, FILE_ANY_KIND | FILE_PRIVATE, &b, NULL), FILE_READ);
	assert_string_equal(b.data, "two\nlines\n");
	buf_free(&b);
	close(fd[0]);
}

/* Runs body in a child of this process and returns its exit status. */
static int
in_child(int (*body)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(body());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
read_forbidden(void)
{
	const char *path = scratch_path("forbidden");
	struct buf b;

	if (chmod(scratch_dir(), 0755) != 0)
		return 1;
	scratch_write(path, 0, "text");
	if (geteuid() == 0 && seteuid(NOBODY) != 0)
		return 2;
	buf_init(&b, LIMIT);
	if (file_read(path, 0, &b, NULL) != FILE_FAILED)
		return 3;
	return errno == EACCES ? 0 : 4;
}

static void
no_permission_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(in_child(read_forbidden), 0);
}

static void
read_with_little_memory(void *arg)
{
	struct buf b;
	enum file_status status;

	buf_init(&b, CHUNKS);
	status = file_read(arg, 0, &b, NULL);
	assert_true(status == FILE_READ || (status == FILE_FAILED && errno == ENOMEM));
	assert_int_equal(status == FILE_READ, alloc_failed() == 0);
	buf_free(&b);
}

/* A file that is as long as it says takes memory once. */
static void
memory_may_be_short(void **state)
{
	char path[512];

	(void)state;
	snprintf(path, sizeof(path), "%s", scratch_path("large"));
	make_sized(path, CHUNKS);
	assert_int_equal(alloc_fail_each(read_with_little_memory, path), 1);
}

/* ---- replacing ---- */

static void
writes_all(void **state)
{
	char text[] = "0123456789", got[32] = "";
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_true(file_write_all(fd[1], STR_NULL));
	assert_true(file_write_all(fd[1], str_of(text)));
	assert_int_equal(read(fd[0], got, sizeof(got)), 10);
	assert_string_equal(got, text);
	close(fd[0]);
	close(fd[1]);
}

static void
says_why_it_cannot(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	errno = 0;
	assert_false(file_write_all(fd, STR_LIT("x")));
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static const struct replace_case {
	const char *name;
	bool temporary; /* its name is given */
	bool sync;
	mode_t mode, umask;
} replace_cases[] = {
	{ "given name", true, false, 0600, 022 },
	{ "given name, synced", true, true, 0600, 022 },
	{ "random name", false, false, 0600, 022 },
	{ "random name, synced", false, true, 0600, 022 },
	{ "for all, with a umask", true, false, 0644, 077 },
	{ "for all, random name", false, false, 0644, 077 },
	{ "for nobody else, without one", true, false, 0600, 0 },
	{ "to be read only", false, true, 0400, 0 },
};

static void
check_replace(void **state)
{
	const struct replace_case *c = *state;
	static const char *const texts[] = { "the first one", "next", "", "the last" };
	const char *path, *temporary;
	mode_t before;
	struct stat st;
	void *none = NULL;

	assert_int_equal(scratch_enter(&none), 0);
	path = scratch_path("file");
	temporary = c->temporary ? scratch_path("temporary") : NULL;
	before = umask(c->umask);
	for (size_t i = 0; i < NROWS(texts); i++) {
		assert_true(
		    file_replace(path, temporary, c->mode, c->sync, str_of(texts[i])));
		assert_true(scratch_holds(path, texts[i]));
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, c->mode);
		assert_int_equal(scratch_count(), 1);
	}
	umask(before);
	scratch_remove();
}

static const struct way_case {
	const char *name;
	enum kind path, temporary; /* what is there before */
	int errnum;		   /* 0: it is replaced */
} way_cases[] = {
	{ "a file", PLAIN, ABSENT, 0 },
	{ "remains", PLAIN, PLAIN, 0 },
	{ "a FIFO", ABSENT, FIFO, 0 },
	{ "a link to a file", ABSENT, LINK, 0 },
	{ "a link to nowhere", ABSENT, DANGLING, 0 },
	{ "a directory", PLAIN, FOLDER, EISDIR },
	{ "a FIFO at the path", FIFO, ABSENT, 0 },
	{ "a link at the path", LINK, ABSENT, 0 },
	{ "a link to nowhere at the path", DANGLING, ABSENT, 0 },
	{ "a directory at the path", FOLDER, ABSENT, EISDIR },
};

static void
check_way(void **state)
{
	const struct way_case *c = *state;
	const char *path, *temporary, *target;
	unsigned before;
	struct stat st;
	void *none = NULL;

	assert_int_equal(scratch_enter(&none), 0);
	target = scratch_path("target");
	temporary = scratch_path("temporary");
	if (c->temporary != ABSENT)
		assert_int_equal(rename(make_kind(c->temporary), temporary), 0);
	path = make_kind(c->path);
	before = scratch_count();
	alarm(HANGS_S);
	errno = 0;
	assert_int_equal(
	    file_replace(path, temporary, 0600, false, STR_LIT("new")), c->errnum == 0);
	alarm(0);
	assert_true(scratch_holds(target, "text")); /* no link was followed */
	if (c->errnum == 0) {
		assert_true(scratch_holds(path, "new"));
		assert_int_equal(lstat(path, &st), 0);
		assert_true(S_ISREG(st.st_mode));
		assert_int_not_equal(lstat(temporary, &st), 0);
	} else {
		assert_int_equal(errno, c->errnum);
		assert_int_equal(scratch_count(), before);
	}
	scratch_remove();
}

static void
names_have_a_limit(void **state)
{
	char longest[PATH_MAX];
	struct file_draft d;

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(file_draft_open(&d, longest, NULL, 0600));
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(d.fd, -1);
	assert_false(file_replace(scratch_path("a"), longest, 0600, false, STR_LIT("x")));
	assert_int_equal(errno, ENAMETOOLONG);
	assert_false(file_replace(
	    scratch_path("none/a"), scratch_path("none/b"), 0600, true, STR_LIT("x")));
	assert_int_equal(errno, ENOENT);
	assert_false(
	    file_replace(scratch_path("none/a"), NULL, 0600, true, STR_LIT("x")));
	assert_int_equal(errno, ENOENT);
}

/* The limit acts like a disk that gets full in the middle of the file. */
static int
write_beyond_the_limit(void)
{
	const struct rlimit limit = { 1000, 1000 };
	static char big[3000];
	const char *const temporaries[] = { scratch_path("temporary"), NULL };

	signal(SIGXFSZ, SIG_IGN);
	memset(big, 'x', sizeof(big));
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	for (size_t i = 0; i < NROWS(temporaries); i++) {
		if (file_replace(scratch_path("file"), temporaries[i], 0600, true,
			(struct str){ big, sizeof(big) }))
			return 2;
		if (errno != EFBIG)
			return 3;
	}
	return 0;
}

static void
a_full_disk_leaves_the_old(void **state)
{
	(void)state;
	scratch_write(scratch_path("file"), 0600, "old");
	assert_int_equal(in_child(write_beyond_the_limit), 0);
	assert_true(scratch_holds(scratch_path("file"), "old"));
	assert_int_equal(scratch_count(), 1);
}

static void
drafts_do_not_meet(void **state)
{
	const char *path = scratch_path("file");
	struct file_draft one, two;

	(void)state;
	assert_true(file_draft_open(&one, path, NULL, 0600));
	assert_true(file_draft_open(&two, path, NULL, 0600));
	assert_int_equal(fcntl(one.fd, F_GETFD), FD_CLOEXEC);
	assert_string_not_equal(one.temporary, two.temporary);
	assert_true(file_write_all(one.fd, STR_LIT("one")));
	assert_true(file_write_all(two.fd, STR_LIT("two")));
	assert_int_not_equal(access(path, F_OK), 0);
	assert_true(file_draft_commit(&two, false));
	assert_true(scratch_holds(path, "two"));
	errno = EIO;
	file_draft_drop(&one);
	assert_int_equal(errno, EIO);
	assert_int_equal(one.fd, -1);
	file_draft_drop(&one);
	file_draft_drop(&two);
	assert_true(scratch_holds(path, "two"));
	assert_int_equal(scratch_count(), 1);
}

static void
a_draft_may_lose_its_file(void **state)
{
	struct file_draft d;

	(void)state;
	assert_true(
	    file_draft_open(&d, scratch_path("file"), scratch_path("draft"), 0600));
	assert_int_equal(unlink(scratch_path("draft")), 0);
	assert_false(file_draft_commit(&d, true));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(d.fd, -1);
}

#define SCRATCH_TEST(f) TEST_WITH(f, scratch_enter, scratch_leave)

RUN_CASES(ROWS("size", size_cases, check_size), ROWS("kind", kind_cases, check_kind),
    ROWS("mode", mode_cases, check_mode), TEST(the_length_may_be_untrue),
    TEST(a_pipe_is_read_to_its_end), SCRATCH_TEST(no_permission_is_an_error),
    SCRATCH_TEST(memory_may_be_short), TEST(writes_all), TEST(says_why_it_cannot),
    ROWS("replace", replace_cases, check_replace),
    ROWS("in the way", way_cases, check_way), SCRATCH_TEST(names_have_a_limit),
    SCRATCH_TEST(a_full_disk_leaves_the_old), SCRATCH_TEST(drafts_do_not_meet),
    SCRATCH_TEST(a_draft_may_lose_its_file));
