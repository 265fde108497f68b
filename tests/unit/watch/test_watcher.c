/*
 * watch/watcher, daemon/reload: tests keep their state over a reload, removed ones end
 * safely, and only what a pool did counts as a result.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "../config/place.h"
#include "vocab/discovery.h"
#include "vocab/err.h"
#include "config/config.h"
#include "serve/state_keeper.h"
#include "watch/watcher.h"
#include "watch_world.h"
#include "loop/loop.h"
#include "state/statefile.h"
#include "sched/sched.h"

#define SILENT	 "{ name = \"s\"; pool = \"silent.x.org\"; user = \"sip:alice@x.org\"; }"
#define SILENT_B "{ name = \"s\"; pool = \"silent.x.org\"; user = \"sip:bob@x.org\"; }"
#define REFUSED	 "{ name = \"r\"; pool = \"refusing.x.org\"; user = \"sip:bob@x.org\"; }"
#define REFUSED_SLOWLY                                                                   \
	"{ name = \"r\"; pool = \"refusing.x.org\"; user = \"sip:bob@x.org\"; "          \
	"every = \"1h\"; confirm = 1; }"
#define DOMAIN	"{ name = \"d\"; pool = \"x.org\"; user = \"sip:alice@x.org\"; }"
#define NEXT_MS (WORLD_WALL_MS + 60000)

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

/* A world with a state file that knows one test. */
static void
open_with(const char *tests, const char *name, const char *user, enum alert_state alert)
{
	struct test_state t;
	struct state s = { .written_ms = WORLD_WALL_MS - 1000, .tests = &t, .ntests = 1 };
	char host[] = "h", version[] = "0";
	struct buf text;
	struct err err;

	watch_world_open(&world, tests);
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

static bool
has_test(const char *name)
{
	struct test_view t;

	return view_find_test(world.view, name, &t);
}

static void
a_refused_connection_is_a_result(void **state)
{
	const struct test_state *t;

	(void)state;
	begin(REFUSED);
	watch_world_run_to_end(&world, "r");
	t = watch_world_state(&world, "r");
	assert_false(watch_world_test(&world, "r").running);
	assert_int_equal(t->runs, 1);
	assert_int_equal(t->failed_runs, 1);
	assert_int_equal(t->alert.state, ALERT_FAILING);
	assert_int_equal(t->last.failure->cause, CAUSE_CONNECT);
	assert_int_equal(view_watcher(world.view).states[ALERT_FAILING], 1);
	assert_int_equal(view_watcher(world.view).states[ALERT_UNKNOWN], 0);
	/* A first failure is tried again, sooner than the interval. */
	assert_int_equal(t->next_ms, WORLD_WALL_MS + 30000);
	assert_string_equal(watch_world_logged(&world),
	    "test.finished test=r result=Failure step=sip-connect cause=connect "
	    "code=111 diag=REG-REFUSED\n"
	    "test.state test=r from=unknown to=failing failures=1 diag=REG-REFUSED\n");
}

static void
a_cancelled_run_is_none(void **state)
{
	(void)state;
	begin(SILENT);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	watcher_stop(world.watcher);
	watch_world_wait(&world, 0);
	assert_false(watch_world_test(&world, "s").running);
	assert_int_equal(watch_world_state(&world, "s")->runs, 0);
	assert_int_equal(watch_world_state(&world, "s")->alert.state, ALERT_UNKNOWN);
	assert_string_equal(watch_world_logged(&world), "");
	assert_int_equal(world.stopped, 1);
	watcher_stop(world.watcher); /* fine when nothing runs */
	assert_int_equal(world.stopped, 2);
}

static void
the_last_run_ends_a_stop(void **state)
{
	(void)state;
	begin(SILENT ", " REFUSED);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	watcher_stop(world.watcher);
	assert_int_equal(watch_world_running(&world), 1); /* ends later */
	assert_int_equal(world.stopped, 0);
	await_loop(world.runtime.env.loop, "the end of the run");
	assert_int_equal(watch_world_running(&world), 0);
	assert_int_equal(world.stopped, 1);
	assert_int_equal(watch_world_state(&world, "s")->runs, 0);
}

static void
runs_are_abandoned(void **state)
{
	(void)state;
	begin(SILENT);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	/* the probe of the run has left the list */
	watch_world_adopt(&world, REFUSED);
	watcher_abandon(world.watcher);
	assert_int_equal(watch_world_running(&world), 0);
	assert_string_equal(watch_world_logged(&world), "");
}

/* The same configuration again, as systemctl reload may bring it. */
static void
adopting_changes_nothing(void **state)
{
	struct test_view s, r;
	int64_t next;

	(void)state;
	begin(SILENT ", " REFUSED);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	s = watch_world_test(&world, "s");
	r = watch_world_test(&world, "r");
	next = r.state->next_ms;
	assert_int_not_equal(next, 0);
	watch_world_adopt(&world, SILENT ", " REFUSED);
	assert_ptr_equal(watch_world_test(&world, "s").probe, s.probe);
	assert_ptr_equal(watch_world_test(&world, "r").probe, r.probe);
	assert_int_equal(watch_world_state(&world, "r")->next_ms, next);
	assert_int_equal(watch_world_running(&world), 1);
	s = watch_world_test(&world, "s");
	assert_true(s.running);
	/* Its result counts as if nothing had happened. */
	assert_ptr_equal(s.config, &world.live.config->tests[1]);
}

/* Another interval, another limit: the state stays, and the next run follows them. */
static void
adopting_another_timing(void **state)
{
	const struct test_state *r;

	(void)state;
	begin(REFUSED);
	watch_world_run_to_end(&world, "r");
	watch_world_adopt(&world, REFUSED_SLOWLY);
	r = watch_world_state(&world, "r");
	assert_int_equal(r->runs, 1);
	buf_clear(&world.logged);
	watch_world_run_to_end(&world, "r");
	/* The new rules hold: confirm = 1. */
	assert_int_equal(r->alert.state, ALERT_ALERT);
}

static void
a_new_test_is_due(void **state)
{
	(void)state;
	begin(REFUSED);
	watch_world_adopt(&world, REFUSED ", " SILENT);
	assert_int_equal(view_count_tests(world.view), 2);
	assert_int_equal(view_watcher(world.view).states[ALERT_UNKNOWN], 2);
	assert_in_range(watch_world_state(&world, "s")->next_ms, WORLD_WALL_MS,
	    WORLD_WALL_MS + SCHED_FIRST_S * 1000);
}

static void
a_removed_test_is_gone(void **state)
{
	(void)state;
	begin(SILENT ", " REFUSED);
	watch_world_adopt(&world, SILENT);
	assert_int_equal(view_count_tests(world.view), 1);
	assert_false(has_test("r"));
	assert_int_equal(view_watcher(world.view).states[ALERT_UNKNOWN], 1);
}

static void
a_removed_test_that_runs_ends(void **state)
{
	(void)state;
	begin(SILENT ", " REFUSED);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	watch_world_adopt(&world, REFUSED);
	assert_false(has_test("s"));
	assert_int_equal(watch_world_running(&world), 1);
	watch_world_wait(&world, 0);
	assert_string_equal(watch_world_logged(&world), "");
}

/* It comes back while its old run is ending: two of one endpoint never overlap. */
static void
a_removed_test_that_comes_back(void **state)
{
	(void)state;
	begin(SILENT ", " REFUSED);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	watch_world_adopt(&world, REFUSED);
	watch_world_adopt(&world, SILENT ", " REFUSED);
	assert_false(watch_world_test(&world, "s").running);
	assert_int_equal(watch_world_running(&world), 1);
	watch_world_wait(&world, 0);
	assert_int_equal(watch_world_state(&world, "s")->runs, 0);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	assert_true(watch_world_test(&world, "s").running);
}

/* The name stays, but it is another user: what is known of the old one means nothing. */
static void
another_test_of_the_same_name(void **state)
{
	const struct probe *old;

	(void)state;
	open_with(SILENT ", " REFUSED, "s", "sip:alice@x.org", ALERT_OK);
	watch_world_start(&world);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	old = watch_world_test(&world, "s").probe;
	assert_int_equal(watch_world_state(&world, "s")->runs, 118);
	watch_world_adopt(&world, SILENT_B ", " REFUSED);
	assert_ptr_not_equal(watch_world_test(&world, "s").probe, old);
	assert_int_equal(watch_world_state(&world, "s")->runs, 0);
	assert_string_equal(watch_world_state(&world, "s")->user, "sip:bob@x.org");
	assert_false(watch_world_test(&world, "s").running);
	watch_world_wait(&world, 0);
	assert_int_equal(watch_world_state(&world, "s")->runs, 0);
	/* The schedule knows that the old run is over. */
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	assert_true(watch_world_test(&world, "s").running);
}

static void
a_bad_configuration_changes_nothing(void **state)
{
	struct config *before;

	(void)state;
	begin(SILENT);
	watch_world_run(&world, "s");
	watch_world_wait(&world, 1);
	before = world.live.config;
	buf_clear(&world.logged);
	watch_world_config(&world, "{ name = \"s\"; pool = \"none\"; usr = \"x\"; }");
	(void)live_config_reload(&world.live, NULL);
	assert_ptr_equal(world.live.config, before);
	assert_ptr_equal(world.view->config, before);
	assert_int_equal(view_count_tests(world.view), 1);
	assert_true(watch_world_test(&world, "s").running);
	assert_int_equal(watch_world_running(&world), 1);
	assert_ptr_equal(strstr(watch_world_logged(&world), "config.refused problem="),
	    watch_world_logged(&world));
	assert_null(strstr(watch_world_logged(&world), "config.loaded"));
	/* And the next good one is taken. */
	buf_clear(&world.logged);
	watch_world_config(&world, SILENT ", " REFUSED);
	(void)live_config_reload(&world.live, NULL);
	assert_string_equal(watch_world_logged(&world), "config.loaded tests=2\n");
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
	(void)live_config_reload(&world.live, NULL);
	assert_string_equal(watch_world_logged(&world),
	    "config.loaded tests=1 needs_restart=state_directory,dns_servers,"
	    "key_lifetime,control_socket\n");
}

static void
goes_on_where_it_was(void **state)
{
	(void)state;
	open_with(SILENT ", " REFUSED, "s", "sip:alice@x.org", ALERT_ALERT);
	watch_world_start(&world);
	assert_string_equal(watch_world_logged(&world), ""); /* no repeats */
	assert_int_equal(watch_world_state(&world, "s")->alert.state, ALERT_ALERT);
	assert_int_equal(watch_world_state(&world, "s")->runs, 118);
	assert_int_equal(watch_world_state(&world, "s")->next_ms, NEXT_MS);
	assert_int_equal(watch_world_state(&world, "r")->runs, 0);
	assert_int_equal(view_watcher(world.view).states[ALERT_ALERT], 1);
	assert_int_equal(view_watcher(world.view).states[ALERT_UNKNOWN], 1);
}

/* Not at once: after a long stop that would be all of them. */
static void
an_overdue_test_runs_within_a_minute(void **state)
{
	(void)state;
	open_with(SILENT, "s", "sip:alice@x.org", ALERT_OK);
	world.wall_ms = NEXT_MS + 1000;
	watch_world_start(&world);
	assert_in_range(watch_world_state(&world, "s")->next_ms, world.wall_ms,
	    world.wall_ms + 60000);
}

/* Removed while the daemon was away, or another user by now. */
static void
forgets_what_is_no_more(void **state)
{
	(void)state;
	open_with(SILENT, "old", "sip:alice@x.org", ALERT_ALERT);
	watch_world_start(&world);
	assert_int_equal(view_count_tests(world.view), 1);
	assert_int_equal(view_watcher(world.view).states[ALERT_ALERT], 0);
	end(NULL);
	open_with(SILENT, "s", "sip:bob@x.org", ALERT_ALERT);
	watch_world_start(&world);
	assert_int_equal(watch_world_state(&world, "s")->runs, 0);
	assert_int_equal(watch_world_state(&world, "s")->alert.state, ALERT_UNKNOWN);
}

static void
a_damaged_file_is_set_aside(void **state)
{
	struct err err;

	(void)state;
	watch_world_open(&world, SILENT);
	place_file("state/state.json", 0600, "{ \"schema\": 1, ");
	watch_world_start(&world);
	assert_string_equal(watch_world_logged(&world), "state.damaged\n");
	assert_int_equal(access("state/state.json", F_OK), -1);
	assert_int_equal(access("state/state.json.damaged-20231114T221320Z", F_OK), 0);
	assert_true(state_keeper_flush(world.keeper, &err));
	assert_int_equal(access("state/state.json", F_OK), 0);
}

/* Nor is it written over: it may be all that is left of the alerts. */
static void
a_file_that_cannot_be_set_aside(void **state)
{
	struct stat st;

	(void)state;
	watch_world_open(&world, REFUSED);
	assert_int_equal(mkfifo("state/state.json", 0600), 0);
	watch_world_start(&world);
	assert_string_equal(watch_world_logged(&world), "state.damaged\n");
	watch_world_run_to_end(&world, "r");
	watch_world_adopt(&world, REFUSED ", " SILENT);
	assert_true(state_keeper_flush(world.keeper, NULL));
	assert_int_equal(stat("state/state.json", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

/* The name server of this world is not there, so it is asked once only. */
static void
a_run_looks_and_says_what_came(void **state)
{
	struct test_view t;

	(void)state;
	begin(DOMAIN);
	watch_world_run_to_end(&world, "d");
	t = watch_world_test(&world, "d");
	assert_non_null(t.discovery);
	assert_false(t.discovery->found);
	assert_int_equal(t.discovery->ntries, 1);
	assert_int_equal(t.discovery->at_ms, WORLD_WALL_MS);
	assert_int_equal(t.discovery_until_ms, 0); /* it looks again */
	assert_int_equal(t.state->last.failure->step, STEP_DISCOVER);
	assert_string_equal(t.state->pool, "x.org");
}

#define WATCHER(function) TEST_WITH(function, NULL, end)

RUN_CASES(WATCHER(a_refused_connection_is_a_result), WATCHER(a_cancelled_run_is_none),
    WATCHER(the_last_run_ends_a_stop), WATCHER(runs_are_abandoned),
    WATCHER(adopting_changes_nothing), WATCHER(adopting_another_timing),
    WATCHER(a_new_test_is_due), WATCHER(a_removed_test_is_gone),
    WATCHER(a_removed_test_that_runs_ends), WATCHER(a_removed_test_that_comes_back),
    WATCHER(another_test_of_the_same_name), WATCHER(a_bad_configuration_changes_nothing),
    WATCHER(a_reload_says_what_waits_for_a_restart), WATCHER(goes_on_where_it_was),
    WATCHER(an_overdue_test_runs_within_a_minute), WATCHER(forgets_what_is_no_more),
    WATCHER(a_damaged_file_is_set_aside), WATCHER(a_file_that_cannot_be_set_aside),
    WATCHER(a_run_looks_and_says_what_came));
