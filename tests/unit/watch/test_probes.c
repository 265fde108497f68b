/*
 * daemon/probes and probe: tests keep their state over a reload, removed ones end
 * safely, and only what a pool did counts as a result.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "../config/place.h"
#include "vocab/err.h"
#include "config/config.h"
#include "daemon/reload.h"
#include "watch/operator.h"
#include "state/writer.h"
#include "daemon_world.h"
#include "loop/loop.h"
#include "state/statefile.h"
#include "sched/sched.h"

#define SILENT	 "{ name = \"s\"; pool = \"silent.x.org\"; user = \"sip:alice@x.org\"; }"
#define SILENT_B "{ name = \"s\"; pool = \"silent.x.org\"; user = \"sip:bob@x.org\"; }"
#define REFUSED	 "{ name = \"r\"; pool = \"refusing.x.org\"; user = \"sip:bob@x.org\"; }"
#define REFUSED_SLOWLY                                                                   \
	"{ name = \"r\"; pool = \"refusing.x.org\"; user = \"sip:bob@x.org\"; "          \
	"every = \"1h\"; confirm = 1; }"
#define NEXT_MS (WORLD_WALL_MS + 60000)

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
a_refused_connection_is_a_result(void **state)
{
	const struct test_state *t;

	(void)state;
	begin(REFUSED);
	daemon_world_run_to_end(&world, "r");
	t = &daemon_world_probe(&world, "r")->state;
	assert_null(daemon_world_probe(&world, "r")->run);
	assert_int_equal(t->runs, 1);
	assert_int_equal(t->failed_runs, 1);
	assert_int_equal(t->alert.state, ALERT_FAILING);
	assert_int_equal(t->last.failure->cause, CAUSE_CONNECT);
	assert_int_equal(d->counts[ALERT_FAILING], 1);
	assert_int_equal(d->counts[ALERT_UNKNOWN], 0);
	/* A first failure is tried again, sooner than the interval. */
	assert_int_equal(t->next_ms, WORLD_WALL_MS + 30000);
	assert_string_equal(daemon_world_logged(&world),
	    "test.finished test=r result=Failure step=sip-connect cause=connect "
	    "code=111 diag=REG-REFUSED\n"
	    "test.state test=r from=unknown to=failing failures=1 diag=REG-REFUSED\n");
}

static void
a_cancelled_run_is_none(void **state)
{
	(void)state;
	begin(SILENT);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	probe_cancel(daemon_world_probe(&world, "s"));
	daemon_world_wait(&world, 0);
	assert_null(daemon_world_probe(&world, "s")->run);
	assert_int_equal(daemon_world_probe(&world, "s")->state.runs, 0);
	assert_int_equal(
	    daemon_world_probe(&world, "s")->state.alert.state, ALERT_UNKNOWN);
	assert_string_equal(daemon_world_logged(&world), "");
	probe_cancel(daemon_world_probe(&world, "s")); /* fine when nothing runs */
}

static void
the_last_run_stops_the_loop(void **state)
{
	(void)state;
	begin(SILENT ", " REFUSED);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	d->stopping = true;
	runs_cancel(&d->runs);
	assert_int_equal(d->running, 1); /* ends later */
	await_loop(d->world.env.loop, "the end of the run");
	assert_int_equal(d->running, 0);
	assert_int_equal(daemon_world_probe(&world, "s")->state.runs, 0);
}

static void
runs_are_abandoned(void **state)
{
	(void)state;
	begin(SILENT);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	/* the probe of the run has left the list */
	daemon_world_adopt(&world, REFUSED);
	runs_abandon(&d->runs);
	assert_true(LIST_EMPTY(&d->runs));
	assert_string_equal(daemon_world_logged(&world), "");
}

/* The same configuration again, as systemctl reload may bring it. */
static void
adopting_changes_nothing(void **state)
{
	struct probe *s, *r;
	int64_t next;

	(void)state;
	begin(SILENT ", " REFUSED);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	s = daemon_world_probe(&world, "s");
	r = daemon_world_probe(&world, "r");
	next = r->state.next_ms;
	assert_int_not_equal(next, 0);
	daemon_world_adopt(&world, SILENT ", " REFUSED);
	assert_ptr_equal(daemon_world_probe(&world, "s"), s);
	assert_ptr_equal(daemon_world_probe(&world, "r"), r);
	assert_int_equal(r->state.next_ms, next);
	assert_int_equal(d->running, 1);
	assert_non_null(s->run);
	/* Its result counts as if nothing had happened. */
	assert_ptr_equal(s->test, &d->config->tests[1]);
}

/* Another interval, another limit: the state stays, and the next run follows them. */
static void
adopting_another_timing(void **state)
{
	struct probe *r;

	(void)state;
	begin(REFUSED);
	daemon_world_run_to_end(&world, "r");
	daemon_world_adopt(&world, REFUSED_SLOWLY);
	r = daemon_world_probe(&world, "r");
	assert_int_equal(r->state.runs, 1);
	buf_clear(&world.logged);
	daemon_world_run_to_end(&world, "r");
	/* The new rules hold: confirm = 1. */
	assert_int_equal(r->state.alert.state, ALERT_ALERT);
}

static void
a_new_test_is_due(void **state)
{
	(void)state;
	begin(REFUSED);
	daemon_world_adopt(&world, REFUSED ", " SILENT);
	assert_int_equal(d->nprobes, 2);
	assert_int_equal(d->counts[ALERT_UNKNOWN], 2);
	assert_in_range(daemon_world_probe(&world, "s")->state.next_ms, WORLD_WALL_MS,
	    WORLD_WALL_MS + SCHED_FIRST_S * 1000);
}

static void
a_removed_test_is_gone(void **state)
{
	(void)state;
	begin(SILENT ", " REFUSED);
	daemon_world_adopt(&world, SILENT);
	assert_int_equal(d->nprobes, 1);
	assert_null(probes_find(d, "r"));
	assert_int_equal(d->counts[ALERT_UNKNOWN], 1);
}

static void
a_removed_test_that_runs_ends(void **state)
{
	(void)state;
	begin(SILENT ", " REFUSED);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	daemon_world_adopt(&world, REFUSED);
	assert_null(probes_find(d, "s"));
	assert_int_equal(d->running, 1);
	daemon_world_wait(&world, 0);
	assert_true(LIST_EMPTY(&d->runs));
	assert_string_equal(daemon_world_logged(&world), "");
}

/* It comes back while its old run is ending: two of one endpoint never overlap. */
static void
a_removed_test_that_comes_back(void **state)
{
	(void)state;
	begin(SILENT ", " REFUSED);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	daemon_world_adopt(&world, REFUSED);
	daemon_world_adopt(&world, SILENT ", " REFUSED);
	assert_null(daemon_world_probe(&world, "s")->run);
	assert_int_equal(d->running, 1);
	daemon_world_wait(&world, 0);
	assert_int_equal(daemon_world_probe(&world, "s")->state.runs, 0);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	assert_non_null(daemon_world_probe(&world, "s")->run);
}

/* The name stays, but it is another user: what is known of the old one means nothing. */
static void
another_test_of_the_same_name(void **state)
{
	struct probe *old;

	(void)state;
	begin(SILENT ", " REFUSED);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	old = daemon_world_probe(&world, "s");
	old->state.runs = 7;
	daemon_world_adopt(&world, SILENT_B ", " REFUSED);
	assert_ptr_not_equal(daemon_world_probe(&world, "s"), old);
	assert_int_equal(daemon_world_probe(&world, "s")->state.runs, 0);
	assert_string_equal(daemon_world_probe(&world, "s")->state.user, "sip:bob@x.org");
	assert_null(daemon_world_probe(&world, "s")->run);
	daemon_world_wait(&world, 0);
	assert_int_equal(daemon_world_probe(&world, "s")->state.runs, 0);
	/* The schedule knows that the old run is over. */
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	assert_non_null(daemon_world_probe(&world, "s")->run);
}

static void
a_bad_configuration_changes_nothing(void **state)
{
	struct config *before;

	(void)state;
	begin(SILENT);
	daemon_world_run(&world, "s");
	daemon_world_wait(&world, 1);
	before = d->config;
	buf_clear(&world.logged);
	daemon_world_config(&world, "{ name = \"s\"; pool = \"none\"; usr = \"x\"; }");
	(void)daemon_reload(d, NULL);
	assert_ptr_equal(d->config, before);
	assert_int_equal(d->nprobes, 1);
	assert_non_null(daemon_world_probe(&world, "s")->run);
	assert_int_equal(d->running, 1);
	assert_ptr_equal(strstr(daemon_world_logged(&world), "config.refused problem="),
	    daemon_world_logged(&world));
	assert_null(strstr(daemon_world_logged(&world), "config.loaded"));
	/* And the next good one is taken. */
	buf_clear(&world.logged);
	daemon_world_config(&world, SILENT ", " REFUSED);
	(void)daemon_reload(d, NULL);
	assert_string_equal(daemon_world_logged(&world), "config.loaded tests=2\n");
}

/* What a running daemon cannot take over is named, not passed over. */
static void
a_reload_says_what_waits_for_a_restart(void **state)
{
	(void)state;
	begin(SILENT);
	buf_clear(&world.logged);
	place_file("c.conf", 0640,
	    "state_directory = \"elsewhere\"; dns_servers = [\"127.0.0.1:2\"];\n"
	    "key_lifetime = \"1d\"; control_socket = \"other.sock\";\n"
	    "users: ( { sip = \"a@x.org\"; username = \"X\\\\a\"; "
	    "secret = \"alice\"; } );\n"
	    "pools: ( { fqdn = \"p.x.org\"; ca_file = \"ca.pem\"; } );\n"
	    "tests: ( { pool = \"p.x.org\"; user = \"a@x.org\"; } );\n");
	(void)daemon_reload(d, NULL);
	assert_string_equal(daemon_world_logged(&world),
	    "config.loaded tests=1 needs_restart=state_directory,dns_servers,"
	    "key_lifetime,control_socket\n");
}

/* A world with a state file that knows one test. */
static void
open_with(const char *tests, const char *name, const char *user, enum alert_state alert)
{
	struct test_state t;
	struct state s = { .written_ms = WORLD_WALL_MS - 1000, .tests = &t, .ntests = 1 };
	char host[] = "h", version[] = "0";
	struct buf text;
	struct err err;

	daemon_world_open(&world, tests);
	assert_true(test_state_init(&t, name, "silent.x.org", user));
	t.alert = (struct alert){
		.state = alert, .failures = 3, .since_ms = WORLD_WALL_MS - 5000
	};
	t.runs = 118;
	t.failed_runs = 3;
	t.next_ms = NEXT_MS;
	s.host = host;
	s.version = version;
	buf_init(&text, 65536);
	statefile_format(&text, &s);
	assert_true(statefile_write("state/state.json", buf_view(&text), &err));
	buf_free(&text);
	test_state_free(&t);
}

static void
goes_on_where_it_was(void **state)
{
	(void)state;
	open_with(SILENT ", " REFUSED, "s", "sip:alice@x.org", ALERT_ALERT);
	daemon_world_start(&world);
	assert_string_equal(daemon_world_logged(&world), ""); /* no repeats */
	assert_int_equal(daemon_world_probe(&world, "s")->state.alert.state, ALERT_ALERT);
	assert_int_equal(daemon_world_probe(&world, "s")->state.runs, 118);
	assert_int_equal(daemon_world_probe(&world, "s")->state.next_ms, NEXT_MS);
	assert_int_equal(daemon_world_probe(&world, "r")->state.runs, 0);
	assert_int_equal(d->counts[ALERT_ALERT], 1);
	assert_int_equal(d->counts[ALERT_UNKNOWN], 1);
}

/* Not at once: after a long stop that would be all of them. */
static void
an_overdue_test_runs_within_a_minute(void **state)
{
	(void)state;
	open_with(SILENT, "s", "sip:alice@x.org", ALERT_OK);
	world.wall_ms = NEXT_MS + 1000;
	daemon_world_start(&world);
	assert_in_range(daemon_world_probe(&world, "s")->state.next_ms, world.wall_ms,
	    world.wall_ms + 60000);
}

/* Removed while the daemon was away, or another user by now. */
static void
forgets_what_is_no_more(void **state)
{
	(void)state;
	open_with(SILENT, "old", "sip:alice@x.org", ALERT_ALERT);
	daemon_world_start(&world);
	assert_int_equal(d->nprobes, 1);
	assert_int_equal(d->counts[ALERT_ALERT], 0);
	end(NULL);
	open_with(SILENT, "s", "sip:bob@x.org", ALERT_ALERT);
	daemon_world_start(&world);
	assert_int_equal(daemon_world_probe(&world, "s")->state.runs, 0);
	assert_int_equal(
	    daemon_world_probe(&world, "s")->state.alert.state, ALERT_UNKNOWN);
}

static void
a_damaged_file_is_set_aside(void **state)
{
	struct err err;

	(void)state;
	daemon_world_open(&world, SILENT);
	place_file("state/state.json", 0600, "{ \"schema\": 1, ");
	daemon_world_start(&world);
	assert_string_equal(daemon_world_logged(&world), "state.damaged\n");
	assert_int_equal(access("state/state.json", F_OK), -1);
	assert_int_equal(access("state/state.json.damaged-20231114T221320Z", F_OK), 0);
	assert_true(writer_flush(d->writer, &err));
	assert_int_equal(access("state/state.json", F_OK), 0);
}

/* Nor is it written over: it may be all that is left of the alerts. */
static void
a_file_that_cannot_be_set_aside(void **state)
{
	struct stat st;

	(void)state;
	daemon_world_open(&world, REFUSED);
	assert_int_equal(mkfifo("state/state.json", 0600), 0);
	daemon_world_start(&world);
	assert_string_equal(daemon_world_logged(&world), "state.damaged\n");
	daemon_world_run_to_end(&world, "r");
	daemon_world_adopt(&world, REFUSED ", " SILENT);
	assert_true(writer_flush(d->writer, NULL));
	assert_int_equal(stat("state/state.json", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

#define PROBES(function) TEST_WITH(function, NULL, end)

RUN_CASES(PROBES(a_refused_connection_is_a_result), PROBES(a_cancelled_run_is_none),
    PROBES(the_last_run_stops_the_loop), PROBES(runs_are_abandoned),
    PROBES(adopting_changes_nothing), PROBES(adopting_another_timing),
    PROBES(a_new_test_is_due), PROBES(a_removed_test_is_gone),
    PROBES(a_removed_test_that_runs_ends), PROBES(a_removed_test_that_comes_back),
    PROBES(another_test_of_the_same_name), PROBES(a_bad_configuration_changes_nothing),
    PROBES(a_reload_says_what_waits_for_a_restart), PROBES(goes_on_where_it_was),
    PROBES(an_overdue_test_runs_within_a_minute), PROBES(forgets_what_is_no_more),
    PROBES(a_damaged_file_is_set_aside), PROBES(a_file_that_cannot_be_set_aside));
