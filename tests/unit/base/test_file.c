/* base/file: all that is to be written, and directories that there are. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "../cases.h"

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

static void
syncs_a_directory(void **state)
{
	char path[PATH_MAX + 10];

	(void)state;
	assert_true(file_sync_directory_of("/tmp/none"));
	assert_true(file_sync_directory_of("none"));
	assert_false(file_sync_directory_of("/tmp/none/none"));
	assert_int_equal(errno, ENOENT);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_false(file_sync_directory_of(path));
	assert_int_equal(errno, ENAMETOOLONG);
}

RUN_CASES(TEST(writes_all), TEST(says_why_it_cannot), TEST(syncs_a_directory));
