#include "state/statefile.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "base/json.h"
#include "state.h"

/* A directory with room for a state file. */
struct place {
	char dir[64], path[96], temporary[104];
};

static int
setup_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->dir, sizeof(p->dir), "/tmp/cswatch-state-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/state.json", p->dir);
	snprintf(p->temporary, sizeof(p->temporary), "%s.tmp", p->path);
	*state = p;
	return 0;
}

static int
teardown_place(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	if (unlink(p->temporary) != 0)
		rmdir(p->temporary);
	assert_int_equal(rmdir(p->dir), 0); /* nothing else was left there */
	free(p);
	return 0;
}

static void
expect_content(const struct place *p, const char *want)
{
	char got[256] = "";
	FILE *f = fopen(p->path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(got, 1, sizeof(got) - 1, f);
	fclose(f);
	got[n] = '\0';
	assert_string_equal(got, want);
}

static void
write_ok(const struct place *p, const char *text)
{
	struct err err;

	assert_true(statefile_write(p->path, str_of(text), &err));
}

static void
the_old_content_is_replaced(void **state)
{
	const struct place *p = *state;
	struct stat st;

	write_ok(p, "a longer first content");
	expect_content(p, "a longer first content");
	write_ok(p, "second");
	expect_content(p, "second");
	assert_int_not_equal(access(p->temporary, F_OK), 0);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0137, 0);
}

static void
the_remains_of_a_killed_run_do_no_harm(void **state)
{
	const struct place *p = *state;
	FILE *f = fopen(p->temporary, "w");

	assert_non_null(f);
	fputs("half of something that was much longer", f);
	fclose(f);
	write_ok(p, "new");
	expect_content(p, "new");
}

/* Nobody gets us to write elsewhere, here to a device that is full, or to wait. */
static void
what_stands_in_the_way_is_removed(void **state)
{
	const struct place *p = *state;
	struct stat st;

	assert_int_equal(symlink("/dev/full", p->temporary), 0);
	write_ok(p, "first");
	expect_content(p, "first");
	assert_int_equal(mkfifo(p->temporary, 0600), 0);
	write_ok(p, "second");
	expect_content(p, "second");
	assert_int_equal(lstat(p->path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

static void
expect_refused(const struct place *p, const char *path, long code)
{
	struct err err = { .cause = CAUSE_NONE };

	assert_false(statefile_write(path, STR_LIT("new"), &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(err.code, code);
	expect_content(p, "old");
}

static void
what_cannot_be_written_leaves_the_old(void **state)
{
	const struct place *p = *state;
	char missing[160], long_path[5000];

	write_ok(p, "old");
	assert_int_equal(mkdir(p->temporary, 0700), 0);
	expect_refused(p, p->path, EISDIR);
	assert_int_equal(rmdir(p->temporary), 0);

	snprintf(missing, sizeof(missing), "%s/missing/state.json", p->dir);
	expect_refused(p, missing, ENOENT);
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	expect_refused(p, long_path, ENAMETOOLONG);
}

/* The limit acts like a disk that gets full in the middle of the file. */
static int
write_beyond_the_limit(const struct place *p)
{
	const struct rlimit limit = { 1000, 1000 };
	static char big[3000];
	struct err err;

	signal(SIGXFSZ, SIG_IGN);
	memset(big, 'x', sizeof(big));
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	if (statefile_write(p->path, (struct str){ big, sizeof(big) }, &err))
		return 2;
	if (err.cause != CAUSE_LOCAL || err.code != EFBIG)
		return 3;
	return access(p->temporary, F_OK) == 0 ? 4 : 0;
}

static void
a_full_disk_leaves_the_old(void **state)
{
	const struct place *p = *state;
	int status = -1;
	pid_t pid;

	write_ok(p, "old");
	pid = fork();
	if (pid == 0)
		_exit(write_beyond_the_limit(p));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	expect_content(p, "old");
}

#define KILL_SIZE   (256 * 1024)
#define KILL_ROUNDS 20

/* Writes one whole content after the other, each of one letter, for ever. */
static void
write_for_ever(const struct place *p, int ready)
{
	static char text[KILL_SIZE];
	struct err err;

	for (unsigned i = 0;; i++) {
		memset(text, 'a' + (int)(i % 26), sizeof(text));
		if (!statefile_write(p->path, (struct str){ text, sizeof(text) }, &err))
			_exit(1);
		if (write(ready, "", 1) != 1)
			_exit(2);
	}
}

static void
expect_whole(const struct place *p)
{
	static char text[KILL_SIZE + 1];
	FILE *f = fopen(p->path, "r");

	assert_non_null(f);
	assert_int_equal(fread(text, 1, sizeof(text), f), KILL_SIZE);
	fclose(f);
	assert_memory_equal(text, text + 1, KILL_SIZE - 1);
}

static void
killed_at_any_moment_there_is_a_whole_file(void **state)
{
	const struct place *p = *state;

	for (int round = 0; round < KILL_ROUNDS; round++) {
		int fd[2], status;
		char c;
		pid_t pid;

		assert_int_equal(pipe(fd), 0);
		pid = fork();
		if (pid == 0)
			write_for_ever(p, fd[1]);
		close(fd[1]);
		for (int i = 0; i < 1 + round % 3; i++)
			assert_int_equal(read(fd[0], &c, 1), 1);
		/* It is somewhere in the next one now; the more we look, the further. */
		for (int i = 0; i < 50 * round; i++)
			access(p->path, F_OK);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		close(fd[0]);
		expect_whole(p);
	}
}

static void
expect_text(const struct state *s, const char *want)
{
	struct buf b;

	buf_init(&b, STATEFILE_MAX);
	statefile_format(&b, s);
	assert_false(b.failed);
	assert_string_equal(buf_view(&b).p, want);
	buf_free(&b);
}

static void
a_failed_test(void **state)
{
	struct result ok = result_ok(), failed = result_failed();
	struct test_state t;
	const struct state s = { .written_ms = STATE_NOW_MS,
		.host = (char[]){ "watch1" },
		.version = (char[]){ "0.1.0" },
		.tests = &t,
		.ntests = 1 };

	(void)state;
	assert_true(test_state_init(&t, "atl-cs-001/kenmyer", "atl-cs-001.litwareinc.com",
	    "sip:kenmyer@litwareinc.com"));
	assert_true(test_state_note_run(&t, &ok, STATE_NOW_MS - 300000));
	assert_true(test_state_note_run(&t, &failed, STATE_NOW_MS));
	t.alert.state = ALERT_ALERT;
	t.alert.since_ms = STATE_NOW_MS - 1;
	t.alert.failures = 2;
	t.runs = 118;
	t.failed_runs = 3;
	t.next_ms = STATE_NOW_MS + 30000;
	expect_text(&s,
	    "{\"schema\":1,\"written\":\"2026-11-22T13:04:12.103Z\","
	    "\"host\":\"watch1\",\"version\":\"0.1.0\",\"tests\":{\n"
	    "\"atl-cs-001/kenmyer\":{\"pool\":\"atl-cs-001.litwareinc.com\","
	    "\"user\":\"sip:kenmyer@litwareinc.com\",\"transaction\":\"client-auth\","
	    "\"state\":\"alert\",\"since\":\"2026-11-22T13:04:12.102Z\",\"failures\":2,"
	    "\"runs\":118,\"failed_runs\":3,\"next\":\"2026-11-22T13:04:42.103Z\","
	    "\"last_success\":\"2026-11-22T12:59:12.103Z\","
	    "\"last_failure\":\"2026-11-22T13:04:12.103Z\","
	    "\"last\":{\"run\":\"4f2a91\",\"started\":\"2026-11-22T13:04:08.103Z\","
	    "\"result\":\"Failure\",\"latency\":3.365,\"step\":\"web-ticket\","
	    "\"cause\":\"auth\",\"code\":401,\"diag\":\"WT-CRED\",\"error\":\"Could "
	    "not download a CS Certificate for the given user. Check if provided uri "
	    "and credentials are correct.\",\"diagnosis\":\"WT-CRED: the web ticket "
	    "service rejected the test account (HTTP 401, NTLM). Check user name and "
	    "password of the test account, whether the password has expired and "
	    "whether the account is locked. If they are right, the server may demand "
	    "Extended Protection, a policy may forbid NTLM, or a load balancer may part "
	    "the "
	    "legs of one logon.\",\"warnings\":[\"clock-skew\"],"
	    "\"steps\":[{\"step\":\"resolve\",\"ms\":0.9}]},"
	    "\"certificate\":{\"subject\":\"CN=kenmyer\",\"serial\":\"1A2B\","
	    "\"sha1\":\"0123456789ABCDEF0123456789ABCDEF01234567\","
	    "\"not_before\":\"2026-11-22T12:44:11Z\","
	    "\"not_after\":\"2027-05-21T12:44:11Z\"},"
	    "\"server_certificates\":"
	    "{\"registrar\":{\"not_after\":\"2027-05-21T12:44:12Z\"},"
	    "\"web\":{\"not_after\":\"2027-05-21T12:44:13Z\"}}}},\"pools\":{}}\n");
	test_state_free(&t);
}

static void
a_test_that_never_ran(void **state)
{
	struct test_state t;
	const struct state s = { .tests = &t, .ntests = 1 };

	(void)state;
	assert_true(test_state_init(&t, "a\"\n\xff", "b", "c"));
	expect_text(&s,
	    "{\"schema\":1,\"written\":null,\"host\":\"\",\"version\":\"\",\"tests\":{\n"
	    "\"a\\\"\\n\xef\xbf\xbd\":{\"pool\":\"b\",\"user\":\"c\","
	    "\"transaction\":\"client-auth\",\"state\":\"unknown\",\"since\":null,"
	    "\"failures\":0,\"runs\":0,\"failed_runs\":0,\"next\":null,"
	    "\"last_success\":null,"
	    "\"last_failure\":null,\"last\":null,\"certificate\":null,"
	    "\"server_certificates\":{\"registrar\":null,\"web\":null}}},"
	    "\"pools\":{}}\n");
	test_state_free(&t);
}

static void
slices_make_the_same_text(void **state)
{
	struct test_state t[2];
	struct pool_state p = { .fqdn = (char[]){ "p" }, .rollup.diag = "REG-SLOW" };
	const struct state s = { .written_ms = STATE_NOW_MS,
		.host = (char[]){ "h" },
		.version = (char[]){ "v" },
		.tests = t,
		.ntests = 2,
		.pools = &p,
		.npools = 1 };
	struct buf whole, sliced;
	struct json j;

	(void)state;
	assert_true(test_state_init(&t[0], "a", "p", "u"));
	assert_true(test_state_init(&t[1], "b", "p", "u"));
	buf_init(&whole, STATEFILE_MAX);
	buf_init(&sliced, STATEFILE_MAX);
	statefile_format(&whole, &s);
	statefile_begin(&j, &sliced, s.written_ms, s.host, s.version);
	statefile_test(&j, &t[0]);
	statefile_test(&j, &t[1]);
	statefile_rest(&j, &s.watcher);
	statefile_pool(&j, &p);
	statefile_end(&j);
	assert_string_equal(buf_view(&sliced).p, buf_view(&whole).p);
	buf_free(&sliced);
	buf_free(&whole);
	test_state_free(&t[1]);
	test_state_free(&t[0]);
}

#define IN_PLACE(test) TEST_WITH(test, setup_place, teardown_place)

RUN_CASES(IN_PLACE(the_old_content_is_replaced),
    IN_PLACE(the_remains_of_a_killed_run_do_no_harm),
    IN_PLACE(what_stands_in_the_way_is_removed),
    IN_PLACE(what_cannot_be_written_leaves_the_old), IN_PLACE(a_full_disk_leaves_the_old),
    IN_PLACE(killed_at_any_moment_there_is_a_whole_file), TEST(a_failed_test),
    TEST(a_test_that_never_ran), TEST(slices_make_the_same_text));
