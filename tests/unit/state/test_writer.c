/*
 * daemon/writer: state.json is written at most once a second, in slices, off the loop,
 * and what goes wrong is said once.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../fakes/gate.h"
#include "../cases.h"
#include "../tls/certs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "vocab/err.h"
#include "report/log.h"
#include "state/writer.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "state/statefile.h"

#define SECOND_US   1000000
#define PATIENCE_US (60 * 1000000) /* an upper limit; nothing waits for it */
#define MANY	    1000	   /* tests: more than one slice */

static struct loop *loop;
static struct worker *worker;
static struct writer *writer;
static uint64_t now_us;
static struct clock fake_clock;
static char directory[128], path[160];
static struct test_state *tests;
static size_t ntests, asked; /* asked: calls of nth() */
static struct buf said;	     /* "priority event error\n" */

static uint64_t
mono_us(void *arg)
{
	(void)arg;
	return now_us;
}

static int64_t
wall_ms(void *arg)
{
	(void)arg;
	return (int64_t)(now_us / 1000) + 1700000000000;
}

static void
emit(struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	const char *error = "";

	(void)log;
	for (size_t i = 0; i < n; i++)
		if (strcmp(kv[i].key, "error") == 0)
			error = kv[i].str;
	buf_printf(&said, "%d %s%s\n", priority, event_name(event),
	    error[0] != '\0' ? " error" : "");
}

static struct log fake_log = { .emit = emit };

static const struct test_state *
nth(void *arg, size_t n)
{
	(void)arg;
	asked++;
	return n < ntests ? &tests[n] : NULL;
}

static void
rest(void *arg, struct json *j)
{
	const struct isolation none = { .state = ISOLATION_NONE };

	(void)arg;
	statefile_rest(j, &none);
}

static void
make_tests(size_t n)
{
	char name[32];

	tests = calloc(MANY, sizeof(*tests));
	assert_non_null(tests);
	for (size_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "t%04zu", i);
		assert_true(test_state_init(&tests[i], name, "pool", "sip:a@b"));
	}
	ntests = n;
	asked = 0;
}

static int
open_writer(void **state)
{
	static unsigned number;
	struct writer_source source = { nth, rest, NULL };
	struct err err;

	(void)state;
	now_us = 0; /* a clock as good as any */
	fake_clock = (struct clock){ mono_us, wall_ms, NULL };
	buf_init(&said, 65536);
	snprintf(directory, sizeof(directory), "%s/state%u", certs_dir(), ++number);
	snprintf(path, sizeof(path), "%s/state.json", directory);
	assert_int_equal(mkdir(directory, 0700), 0);
	make_tests(3);
	loop = loop_new(&err);
	assert_non_null(loop);
	worker = worker_new(loop, &err);
	assert_non_null(worker);
	writer = writer_new(loop, worker, &fake_clock, &fake_log, path, &source);
	assert_non_null(writer);
	return 0;
}

static void
end_worker(void)
{
	gate_open();
	worker_free(worker);
	worker = NULL;
	gate_free();
}

static int
close_writer(void **state)
{
	(void)state;
	end_worker();
	writer_free(writer);
	loop_free(loop);
	for (size_t i = 0; i < MANY; i++)
		test_state_free(&tests[i]);
	free(tests);
	buf_free(&said);
	unlink(path);
	rmdir(directory);
	return 0;
}

static void
stop_loop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

static void
do_nothing(void *arg)
{
	(void)arg;
}

static void
lose_patience(void *arg)
{
	(void)arg;
	fputs("nothing happens any more\n", stderr);
	abort();
}

/* Everything that is due at this time happens, and the worker comes to rest. */
static void
settle(void)
{
	struct timer *patience = timer_new(loop, lose_patience, NULL);
	struct timer *later = timer_new(loop, stop_loop, NULL);

	assert_non_null(patience);
	assert_non_null(later);
	timer_set(patience, PATIENCE_US);
	/* Slices run in turns of their own, so this takes as many, and then some. */
	for (size_t i = 0; i < 2 * MANY / 200 + 4; i++) {
		timer_set(later, 0);
		await_loop(loop, "the state to be written");
	}
	if (!gate_blocks()) {
		assert_true(worker_submit(worker, do_nothing, stop_loop, NULL));
		await_loop(loop, "the state to be written");
	}
	timer_free(later);
	timer_free(patience);
}

/* Number of the file that is there: another one each time it is written. 0: none. */
static ino_t
file_number(void)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static size_t
tests_in_file(void)
{
	struct state s;
	struct err err;
	size_t n;

	if (!statefile_peek(path, &s, &err))
		fail_msg("%s", err.detail);
	n = s.ntests;
	state_free(&s);
	return n;
}

static void
assert_said(const char *want)
{
	assert_string_equal(said.data == NULL ? "" : said.data, want);
}

/* Removed and made anew under our feet. */
static void
break_directory(void)
{
	unlink(path);
	assert_int_equal(rmdir(directory), 0);
}

static void
mend_directory(void)
{
	assert_int_equal(mkdir(directory, 0700), 0);
}

static void
writes_what_changed(void **state)
{
	(void)state;
	settle();
	assert_int_equal(file_number(), 0); /* nothing did yet */
	writer_touch(writer);
	assert_int_equal(file_number(), 0); /* never inside */
	settle();
	assert_int_equal(tests_in_file(), 3);
	assert_said("");
}

static void
at_most_once_a_second(void **state)
{
	ino_t first;

	(void)state;
	writer_touch(writer);
	settle();
	first = file_number();
	assert_int_not_equal(first, 0);
	ntests = 2;
	writer_touch(writer);
	settle();
	now_us = SECOND_US - 1;
	writer_touch(writer);
	settle();
	assert_int_equal(tests_in_file(), 3);
	now_us = SECOND_US;
	writer_touch(writer);
	settle();
	assert_int_equal(tests_in_file(), 2);
	/* And nothing more without a change. */
	now_us = 10 * SECOND_US;
	first = file_number();
	asked = 0;
	settle();
	assert_int_equal(file_number(), first);
	assert_int_equal(asked, 0);
}

/* The change comes while the text is with the worker: it is in the next one. */
static void
a_change_meanwhile_is_not_lost(void **state)
{
	(void)state;
	gate_block(worker);
	writer_touch(writer);
	settle();
	ntests = 2;
	now_us = SECOND_US;
	writer_touch(writer);
	settle();
	assert_int_equal(file_number(), 0);
	gate_open();
	settle();
	settle();
	assert_int_equal(tests_in_file(), 2);
}

static void
in_slices(void **state)
{
	struct timer *later;

	(void)state;
	ntests = MANY;
	later = timer_new(loop, stop_loop, NULL);
	assert_non_null(later);
	writer_touch(writer);
	timer_set(later, 0);
	await_loop(loop, "the state to be written");
	timer_free(later);
	assert_in_range(asked, 1, MANY / 2);
	settle();
	assert_int_equal(tests_in_file(), MANY);
}

/* A reload exchanges the tests in the middle: no half of either may be written. */
static void
begun_again_when_the_tests_change(void **state)
{
	struct timer *later;

	(void)state;
	ntests = MANY;
	later = timer_new(loop, stop_loop, NULL);
	assert_non_null(later);
	writer_touch(writer);
	timer_set(later, 0);
	await_loop(loop, "the state to be written");
	timer_free(later);
	ntests = 5;
	asked = 0;
	now_us = SECOND_US;
	writer_restart(writer);
	settle();
	assert_int_equal(asked, 6);
	assert_int_equal(tests_in_file(), 5);
}

static void
trouble_is_said_once(void **state)
{
	(void)state;
	break_directory();
	for (int i = 0; i < 3; i++) {
		writer_touch(writer);
		settle();
		now_us += SECOND_US;
	}
	assert_said("3 state.unwritable error\n");
	/* It tries again without another change. */
	mend_directory();
	asked = 0;
	writer_restart(writer);
	settle();
	assert_int_equal(tests_in_file(), 3);
	assert_said("3 state.unwritable error\n5 state.unwritable\n");
	now_us += SECOND_US;
	writer_touch(writer);
	settle();
	assert_said("3 state.unwritable error\n5 state.unwritable\n");
	/* And anew when it comes back. */
	now_us += SECOND_US;
	break_directory();
	writer_touch(writer);
	settle();
	assert_said("3 state.unwritable error\n5 state.unwritable\n"
		    "3 state.unwritable error\n");
	mend_directory();
}

static void
flushed(void **state)
{
	struct err err;

	(void)state;
	end_worker();
	assert_true(writer_flush(writer, &err));
	assert_int_equal(tests_in_file(), 3);
	/* Whatever the time, and also what is half made. */
	ntests = 2;
	writer_touch(writer);
	assert_true(writer_flush(writer, &err));
	assert_int_equal(tests_in_file(), 2);
	break_directory();
	assert_false(writer_flush(writer, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	mend_directory();
}

/* The program ends before the worker comes to it: that is no trouble with the file. */
static void
not_written_and_nothing_said(void **state)
{
	struct err err;

	(void)state;
	gate_block(worker);
	writer_touch(writer);
	settle();
	end_worker();
	assert_said("");
	assert_true(writer_flush(writer, &err));
	assert_int_equal(tests_in_file(), 3);
}

static void
no_writer_at_all(void **state)
{
	(void)state;

	writer_touch(NULL);
	writer_restart(NULL);
	assert_true(writer_flush(NULL, NULL));
	writer_free(NULL);
}

#define WRITER(function) TEST_WITH(function, open_writer, close_writer)

RUN_CASES(WRITER(writes_what_changed), WRITER(at_most_once_a_second),
    WRITER(a_change_meanwhile_is_not_lost), WRITER(in_slices),
    WRITER(begun_again_when_the_tests_change), WRITER(trouble_is_said_once),
    WRITER(flushed), WRITER(not_written_and_nothing_said), TEST(no_writer_at_all));
