/*
 * daemon/traces: what is kept in memory, and what goes first; failed runs reach files,
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
#include "daemon/reload.h"
#include "watch/operator.h"
#include "watch/traces.h"
#include "daemon_world.h"
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

static struct daemon_world world;
static struct daemon *const d = &world.d;

static void
begin(const char *tests)
{
	daemon_world_open(&world, tests);
	daemon_world_start(&world);
}

static int
end(void **state)
{
	(void)state;
	daemon_world_close(&world);
	return 0;
}

static void
run_to_end(const char *name)
{
	const struct probe *p = probes_find(d, name);
	uint64_t runs = p->state.runs;

	assert_int_equal(daemon_run_now(d, name).changed, 1);
	while (p->state.runs == runs)
		daemon_world_turn(&world);
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
		assert_true(worker_submit(d->files, nothing, on_idle, d->world.env.loop));
		await_loop(d->world.env.loop, "the worker");
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
	const struct probe *p;
	const struct trace_head *h;

	(void)state;
	begin(REFUSED);
	p = probes_find(d, "r");
	assert_null(traces_last(p));
	run_to_end("r");
	h = trace_head(traces_last(p));
	assert_string_equal(h->run, p->state.last.run);
	assert_string_equal(h->test, "r");
	assert_string_equal(h->user, "sip:bob@x.org");
	assert_string_equal(h->diag, "REG-REFUSED");
	assert_non_null(strstr(h->record, "Result     : Failure"));
	assert_int_equal(kept("r", items), 1);
	assert_string_equal(items[0].run, h->run);
	run_to_end("r");
	assert_int_equal(kept("r", items), 2);
	assert_string_equal(trace_head(traces_last(p))->run, p->state.last.run);
}

/* It says nothing about the pool. */
static void
a_cancelled_run_is_in_memory_alone(void **state)
{
	struct shelf_item items[SHELF_RUNS_MAX];

	(void)state;
	begin(SILENT);
	assert_int_equal(daemon_run_now(d, "s").changed, 1);
	daemon_world_wait(&world, 1);
	probe_cancel(probes_find(d, "s"));
	daemon_world_wait(&world, 0);
	assert_non_null(traces_last(probes_find(d, "s")));
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
	assert_non_null(strstr(daemon_world_logged(&world), "trace.unwritable"));
	assert_null(strstr(strstr(daemon_world_logged(&world), "trace.unwritable") + 1,
	    "trace.unwritable"));
	assert_non_null(traces_last(probes_find(d, "r")));
	assert_int_equal(unlink(TRACES), 0);
	buf_clear(&world.logged);
	run_to_end("r");
	run_to_end("r");
	assert_int_equal(kept("r", items), 2);
	assert_non_null(strstr(daemon_world_logged(&world), "trace.unwritable"));
	assert_null(strstr(strstr(daemon_world_logged(&world), "trace.unwritable") + 1,
	    "trace.unwritable"));
}

static void
reload(const char *tests)
{
	daemon_world_config(&world, tests);
	(void)daemon_reload(d, NULL);
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
	loop_stop(d->world.env.loop);
}

static void
read_back(void **state)
{
	char first[512], got[512];

	(void)state;
	begin(REFUSED);
	run_to_end("r");
	(void)str_copy(first, sizeof(first),
	    str_of(trace_head(traces_last(probes_find(d, "r")))->run));
	run_to_end("r");
	assert_true(traces_read(d->traces, "r", first, on_read, got));
	await_loop(d->world.env.loop, "the worker");
	assert_string_equal(got, first);
	assert_true(traces_read(d->traces, "r", "zork", on_read, got));
	await_loop(d->world.env.loop, "the worker");
	assert_non_null(strstr(got, first));
	/* The answer comes, too, when the worker ends before it has come to it. */
	got[0] = '\0';
	assert_true(traces_read(d->traces, "r", NULL, on_read, got));
	worker_free(d->files);
	d->files = NULL;
	assert_true(got[0] != '\0');
}

/* ---- memory ---- */

#define PROBES_MAX 200

static struct probe probes[PROBES_MAX];

static void
over(struct traces *ts, unsigned i, bool ok, enum cause cause)
{
	struct result r = { .run = "0a1b2c", .ok = ok };
	struct trace_entry m = {
		.kind = TRACE_SENT, .step = STEP_REGISTER, .peer = STR_LIT("x")
	};
	char text[TRACE_BODY_MAX];
	static char name[] = "name";

	memset(text, ' ', sizeof(text));
	err_set(&r.err, ok ? CAUSE_NONE : cause, 0, "x");
	r.err.step = STEP_REGISTER;
	m.text = STR_LIT("x");
	m.body = (struct str){ text, sizeof(text) };
	probes[i].state.name = probes[i].state.pool = probes[i].state.user = name;
	probes[i].tracing = tracing_new();
	for (unsigned n = 0; n < 4; n++)
		trace_message(probes[i].tracing, &m);
	traces_over(ts, &probes[i], &r);
	assert_null(probes[i].tracing);
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
		if (traces_last(&probes[i]) == NULL)
			continue;
		size += trace_size(traces_last(&probes[i]));
		successes += i % 10 != 0;
		failures += i % 10 == 0;
	}
	assert_true(size <= TRACES_MEMORY_MAX && size > TRACES_MEMORY_MAX / 4 * 3);
	assert_int_equal(failures, PROBES_MAX / 10);
	assert_true(successes > 0);
	assert_non_null(traces_last(&probes[1]));
	assert_non_null(traces_last(&probes[PROBES_MAX - 1]));
	assert_null(traces_last(&probes[2]));
	for (unsigned i = 0; i < PROBES_MAX; i++)
		traces_drop(probes[i].kept);
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
		over(d->traces, i, false, CAUSE_AUTH);
}

static unsigned
times_said(const char *what)
{
	unsigned n = 0;

	for (const char *p = daemon_world_logged(&world); (p = strstr(p, what)) != NULL;
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
	assert_true(worker_submit(d->files, nothing, on_idle, d->world.env.loop));
	assert_true(worker_submit(d->files, wait_for_gate, nothing, NULL));
	fail_at_once(half + 1);
	assert_int_equal(times_said("trace.unwritable"), 1);
	await_loop(d->world.env.loop, "the worker"); /* the first half is written */
	fail_at_once(half + 1);
	assert_int_equal(times_said("trace.unwritable"), 1);
	assert_int_equal(write(gate[1], "", 1), 1);
	settle();
	assert_int_equal(times_said("trace.unwritable"), 2);
	for (unsigned i = 0; i <= half; i++)
		traces_drop(probes[i].kept);
	close(gate[0]);
	close(gate[1]);
}

#define WORLD(test) TEST_WITH(test, NULL, end)

RUN_CASES(WORLD(a_failure_is_kept), WORLD(a_cancelled_run_is_in_memory_alone),
    WORLD(trouble_is_said_once), WORLD(removed_tests_leave_nothing), WORLD(read_back),
    WORLD(a_flood_is_said_once), TEST(memory_is_bounded));
