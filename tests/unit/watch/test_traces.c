/*
 * watch/traces: what is kept in memory, and what goes first; failed runs reach files,
 * trouble with them is said once, and removed tests leave nothing.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../fakes/tracing.h"
#include "../cases.h"
#include "vocab/err.h"
#include "vocab/result.h"
#include "watch/traces.h"
#include "watch/watcher.h"
#include "watch_world.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "trace/shelf.h"
#include "trace/trace.h"

#define TRACES "state/traces"
#define A50    "//////////////////////////////////////////////////"
#define TEST_OF(name, pool)                                                              \
	"{ name = \"" name "\"; pool = \"" pool ".x.org\"; "                             \
	"user = \"sip:bob@x.org\"; }"
#define REFUSED TEST_OF("r", "refusing")
#define SILENT	TEST_OF("s", "silent")
#define LONG	A50 A50

static struct watch_world world;

static void
begin(const char *tests)
{
	watch_world_open(&world, tests);
	watch_world_start(&world);
}

static int
end(void **state)
{
	(void)state;
	watch_world_close(&world);
	return 0;
}

static struct trace *
trace_of(const char *test)
{
	return watch_world_test(&world, test).trace;
}

static void
run_to_end(const char *name)
{
	const struct test_state *t = watch_world_state(&world, name);
	uint64_t runs = t->runs;

	watch_world_run(&world, name);
	while (t->runs == runs)
		watch_world_turn(&world);
}

static void
on_idle(void *arg)
{
	loop_stop(arg);
}

static void
nothing(void *arg)
{
	(void)arg;
}

/* Until the worker has come to all that was asked of it. */
static void
settle(void)
{
	for (unsigned i = 0; i < 3; i++) {
		assert_true(
		    worker_submit(world.files, nothing, on_idle, world.runtime.env.loop));
		await_loop(world.runtime.env.loop, "the worker");
	}
}

static size_t
kept(const char *test, struct shelf_item items[SHELF_RUNS_MAX])
{
	struct shelf *s = shelf_new(TRACES, SHELF_OCTETS_MAX, 0);
	size_t n;

	settle();
	n = shelf_list(s, test, items);
	shelf_free(s);
	return n;
}

static void
a_failure_is_kept(void **state)
{
	struct shelf_item items[SHELF_RUNS_MAX];
	const struct trace_head *h;

	(void)state;
	begin(REFUSED);
	assert_null(trace_of("r"));
	run_to_end("r");
	h = trace_head(trace_of("r"));
	assert_string_equal(h->run, watch_world_state(&world, "r")->last.run);
	assert_string_equal(h->test, "r");
	assert_string_equal(h->user, "sip:bob@x.org");
	assert_string_equal(h->diag, "REG-REFUSED");
	assert_non_null(strstr(h->record, "Result     : Failure"));
	assert_int_equal(kept("r", items), 1);
	assert_string_equal(items[0].run, h->run);
	run_to_end("r");
	assert_int_equal(kept("r", items), 2);
	assert_string_equal(
	    trace_head(trace_of("r"))->run, watch_world_state(&world, "r")->last.run);
}

/* It says nothing about the pool. */
static void
a_cancelled_run_is_in_memory_alone(void **state)
{
	struct shelf_item items[SHELF_RUNS_MAX];

	(void)state;
	begin(SILENT);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	watcher_stop(world.watcher);
	watch_world_wait(&world, 0);
	assert_non_null(trace_of("s"));
	assert_int_equal(kept("s", items), 0);
}

static void
trouble_is_said_once(void **state)
{
	struct shelf_item items[SHELF_RUNS_MAX];
	int fd;

	(void)state;
	begin(REFUSED);
	settle();
	fd = open(TRACES, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	for (unsigned i = 0; i < 3; i++)
		run_to_end("r");
	settle();
	assert_non_null(strstr(watch_world_logged(&world), "trace.unwritable"));
	assert_null(strstr(strstr(watch_world_logged(&world), "trace.unwritable") + 1,
	    "trace.unwritable"));
	assert_non_null(trace_of("r"));
	assert_int_equal(unlink(TRACES), 0);
	buf_clear(&world.logged);
	run_to_end("r");
	run_to_end("r");
	assert_int_equal(kept("r", items), 2);
	assert_non_null(strstr(watch_world_logged(&world), "trace.unwritable"));
	assert_null(strstr(strstr(watch_world_logged(&world), "trace.unwritable") + 1,
	    "trace.unwritable"));
}

static void
reload(const char *tests)
{
	watch_world_config(&world, tests);
	(void)live_config_reload(&world.live, NULL);
	settle();
}

/* Also those whose names are too long for a directory's. */
static void
removed_tests_leave_nothing(void **state)
{
	struct shelf_item items[SHELF_RUNS_MAX];

	(void)state;
	begin(REFUSED ", " TEST_OF(LONG, "refusing") ", " SILENT);
	run_to_end("r");
	run_to_end(LONG);
	assert_int_equal(kept(LONG, items), 1);
	reload(REFUSED ", " TEST_OF(LONG, "refusing"));
	assert_int_equal(kept("r", items), 1);
	assert_int_equal(kept(LONG, items), 1);
	reload(SILENT);
	assert_int_equal(kept("r", items), 0);
	assert_int_equal(kept(LONG, items), 0);
	assert_int_equal(rmdir(TRACES), 0);
}

static void
on_read(void *arg, struct trace *t, const struct err *err)
{
	char *run = arg;

	snprintf(run, 512, "%s", t != NULL ? trace_head(t)->run : err->detail);
	loop_stop(world.runtime.env.loop);
}

static void
read_back(void **state)
{
	char first[512], got[512];

	(void)state;
	begin(REFUSED);
	run_to_end("r");
	(void)str_copy(first, sizeof(first), str_of(trace_head(trace_of("r"))->run));
	run_to_end("r");
	assert_true(traces_read(watcher_traces(world.watcher), "r", first, on_read, got));
	await_loop(world.runtime.env.loop, "the worker");
	assert_string_equal(got, first);
	assert_true(
	    traces_read(watcher_traces(world.watcher), "r", "zork", on_read, got));
	await_loop(world.runtime.env.loop, "the worker");
	assert_non_null(strstr(got, first));
	/* The answer comes, too, when the worker ends before it has come to it. */
	got[0] = '\0';
	assert_true(traces_read(watcher_traces(world.watcher), "r", NULL, on_read, got));
	worker_free(world.files);
	world.files = NULL;
	assert_true(got[0] != '\0');
}

/* ---- memory ---- */

#define PROBES_MAX 200

static struct kept *kept_of[PROBES_MAX]; /* of each test */

static void
over(struct traces *ts, unsigned i, bool ok, enum cause cause)
{
	struct result r = { .run = "0a1b2c", .ok = ok };
	struct trace_entry m = {
		.kind = TRACE_SENT, .step = STEP_REGISTER, .peer = STR_LIT("x")
	};
	char text[TRACE_BODY_MAX];
	static char name[] = "name";
	const struct test_state test = { .name = name, .pool = name, .user = name };
	struct trace *t = tracing_new();

	memset(text, ' ', sizeof(text));
	err_set(&r.err, ok ? CAUSE_NONE : cause, 0, "x");
	r.err.step = STEP_REGISTER;
	m.text = STR_LIT("x");
	m.body = (struct str){ text, sizeof(text) };
	for (unsigned n = 0; n < 4; n++)
		trace_message(t, &m);
	traces_keep(ts, &kept_of[i], t, &test, &r);
}

static void
memory_is_bounded(void **state)
{
	struct traces *ts = traces_new(NULL, NULL, TRACES);
	size_t size = 0, successes = 0, failures = 0;

	(void)state;
	for (unsigned i = 0; i < PROBES_MAX; i++)
		over(ts, i, i % 10 != 0, CAUSE_CANCELLED);
	/* Again: what was there before is replaced, and counts no more. */
	for (unsigned i = 1; i < 10; i++)
		over(ts, 1, true, CAUSE_CANCELLED);
	for (unsigned i = 0; i < PROBES_MAX; i++) {
		if (traces_last(kept_of[i]) == NULL)
			continue;
		size += trace_size(traces_last(kept_of[i]));
		successes += i % 10 != 0;
		failures += i % 10 == 0;
	}
	assert_true(size <= TRACES_MEMORY_MAX && size > TRACES_MEMORY_MAX / 4 * 3);
	assert_int_equal(failures, PROBES_MAX / 10);
	assert_true(successes > 0);
	assert_non_null(traces_last(kept_of[1]));
	assert_non_null(traces_last(kept_of[PROBES_MAX - 1]));
	assert_null(traces_last(kept_of[2]));
	for (unsigned i = 0; i < PROBES_MAX; i++)
		traces_drop(kept_of[i]);
	traces_free(ts);
}

/* ---- many at once ---- */

static int gate[2];

static void
wait_for_gate(void *arg)
{
	char c;

	(void)arg;
	assert_int_equal(read(gate[0], &c, 1), 1);
}

static void
fail_at_once(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		over(watcher_traces(world.watcher), i, false, CAUSE_AUTH);
}

static unsigned
times_said(const char *what)
{
	unsigned n = 0;

	for (const char *p = watch_world_logged(&world); (p = strstr(p, what)) != NULL;
	    p++)
		n++;
	return n;
}

/* When more fail than can be written that is one trouble, and over when all have been. */
static void
a_flood_is_said_once(void **state)
{
	const unsigned half = TRACES_PENDING_MAX / 2;

	(void)state;
	begin(SILENT);
	settle();
	assert_int_equal(pipe(gate), 0);
	fail_at_once(half);
	assert_true(worker_submit(world.files, nothing, on_idle, world.runtime.env.loop));
	assert_true(worker_submit(world.files, wait_for_gate, nothing, NULL));
	fail_at_once(half + 1);
	assert_int_equal(times_said("trace.unwritable"), 1);
	await_loop(world.runtime.env.loop, "the worker"); /* the first half is written */
	fail_at_once(half + 1);
	assert_int_equal(times_said("trace.unwritable"), 1);
	assert_int_equal(write(gate[1], "", 1), 1);
	settle();
	assert_int_equal(times_said("trace.unwritable"), 2);
	for (unsigned i = 0; i <= half; i++)
		traces_drop(kept_of[i]);
	close(gate[0]);
	close(gate[1]);
}

#define WORLD(test) TEST_WITH(test, NULL, end)

RUN_CASES(WORLD(a_failure_is_kept), WORLD(a_cancelled_run_is_in_memory_alone),
    WORLD(trouble_is_said_once), WORLD(removed_tests_leave_nothing), WORLD(read_back),
    WORLD(a_flood_is_said_once), TEST(memory_is_bounded));
