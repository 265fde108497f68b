/* store: what is noted is there after an end and after a crash, each line once. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../cases.h"
#include "base/str.h"
#include "store_world.h"

#define IN(name)                                                                         \
	struct world *w = *(name);                                                       \
                                                                                         \
	world_open(w)

static unsigned
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
begins_with_nothing(void **state)
{
	IN(state);
	assert_int_equal(w->start, STORE_STARTED);
	assert_true(w->recall.read);
	assert_false(w->recall.imported);
	assert_int_equal(w->recall.state.ntests, 0);
	assert_int_equal(w->recall.nlines, 0);
	assert_int_equal(store_trouble(w->store)->kind, STORE_FINE);
	assert_true(store_is_available(w->store));
}

static const struct mask_case {
	const char *name;
	mode_t mask;
} mask_cases[] = {
	{ "000", 0 },
	{ "022", 022 },
	{ "077", 077 },
};

static void
check_mask(void **state)
{
	const struct mask_case *c = *state;
	mode_t old = umask(c->mask);
	void *fixture = NULL;
	struct world *w;
	char wal[200];

	world_setup(&fixture);
	w = fixture;
	world_open(w);
	world_add(w, 1);
	world_run(w, 0, true);
	world_settle(w);
	snprintf(wal, sizeof(wal), "%s-wal", w->path);
	assert_int_equal(mode_of(w->path), 0600);
	assert_int_equal(mode_of(wal), 0600);
	umask(old);
	world_teardown(&fixture);
}

/* ---- surviving ---- */

static void
assert_same_last(const struct last_run *a, const struct last_run *b)
{
	assert_string_equal(a->run, b->run);
	assert_int_equal(a->ok, b->ok);
	assert_int_equal(a->warnings, b->warnings);
	assert_true(a->started_ms == b->started_ms);
	assert_true(a->latency_us == b->latency_us);
	assert_int_equal(a->nsteps, b->nsteps);
	assert_memory_equal(a->steps, b->steps, a->nsteps * sizeof(*a->steps));
	assert_int_equal(a->failure == NULL, b->failure == NULL);
	if (a->failure == NULL)
		return;
	assert_int_equal(a->failure->step, b->failure->step);
	assert_int_equal(a->failure->cause, b->failure->cause);
	assert_int_equal(a->failure->code, b->failure->code);
	assert_string_equal(a->failure->diag, b->failure->diag);
	assert_string_equal(a->failure->error, b->failure->error);
	assert_string_equal(a->failure->diagnosis, b->failure->diagnosis);
}

static void
assert_same_remark(const struct remark *a, const struct remark *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a == NULL)
		return;
	assert_true(a->at_ms == b->at_ms && a->until_ms == b->until_ms);
	assert_string_equal(a->by, b->by);
	assert_string_equal(a->reason, b->reason);
}

static void
assert_same_test(const struct test_state *a, const struct test_state *b)
{
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->pool, b->pool);
	assert_string_equal(a->user, b->user);
	assert_string_equal(a->incident, b->incident);
	assert_int_equal(a->alert.state, b->alert.state);
	assert_int_equal(a->alert.announced_by, b->alert.announced_by);
	assert_int_equal(a->alert.failures, b->alert.failures);
	assert_int_equal(a->alert.successes, b->alert.successes);
	assert_int_equal(a->alert.recent, b->alert.recent);
	assert_int_equal(a->alert.flapping, b->alert.flapping);
	assert_int_equal(a->alert.acknowledged, b->alert.acknowledged);
	assert_true(a->alert.since_ms == b->alert.since_ms);
	assert_true(a->alert.announced_ms == b->alert.announced_ms);
	assert_int_equal(a->alert.resume_state, b->alert.resume_state);
	assert_true(a->alert.resume_since_ms == b->alert.resume_since_ms);
	assert_same_remark(a->pause, b->pause);
	assert_same_remark(a->acknowledged, b->acknowledged);
	assert_true(a->runs == b->runs && a->failed_runs == b->failed_runs);
	assert_true(a->next_ms == b->next_ms);
	/* from the run's begin and length, where it is counted again */
	assert_in_range(a->last_success_ms - b->last_success_ms + 100, 0, 200);
	assert_in_range(a->last_failure_ms - b->last_failure_ms + 100, 0, 200);
	assert_same_last(&a->last, &b->last);
	assert_string_equal(a->certificate.serial, b->certificate.serial);
	assert_string_equal(a->certificate.sha1, b->certificate.sha1);
	assert_int_equal(a->certificate.subject == NULL, b->certificate.subject == NULL);
	assert_true(a->certificate.not_after == b->certificate.not_after);
}

/* One of every state: ok, failing, an acknowledged alert, paused, never run. */
static void
live(struct world *w)
{
	struct alert_change change;
	struct remark r = { WORLD_NOW, WORLD_NOW + 7200000, "kenmyer", "patching \"x\"" };

	world_add(w, 5);
	world_run(w, 0, true);
	world_run(w, 1, false);
	world_run(w, 2, false);
	world_settle(w);
	world_pass(w, 30000);
	world_run(w, 2, false);
	alert_announced(&w->tests[2].alert, ALERT_BY_TEST, w->wall_ms);
	assert_true(alert_acknowledge(&w->tests[2].alert));
	w->tests[2].acknowledged = malloc(sizeof(r));
	*w->tests[2].acknowledged = r;
	assert_int_not_equal(
	    store_note_change(w->store, &(struct store_change){ .test = &w->tests[2],
					    .incident = w->tests[2].incident }),
	    0);
	world_run(w, 3, false);
	w->tests[3].pause = malloc(sizeof(r));
	*w->tests[3].pause = r;
	assert_true(alert_pause(&w->tests[3].alert, w->wall_ms, &change));
	assert_int_not_equal(
	    store_note_change(w->store,
		&(struct store_change){
		    .test = &w->tests[3], .was = "failing", .now = "paused" }),
	    0);
	world_settle(w);
	world_pass(w, 30000);
	/* more failures of what is an alert already: only counted */
	world_run_quietly(w, 2, false);
	world_pass(w, 1000);
}

/* Takes w's tests, and opens it again. */
static void
reopen(struct world *w, struct test_state before[WORLD_TESTS], size_t *ret_n)
{
	memcpy(before, w->tests, sizeof(w->tests));
	*ret_n = w->ntests;
	memset(w->tests, 0, sizeof(w->tests));
	world_open(w);
}

static void
compare(struct world *w, struct test_state before[WORLD_TESTS], size_t n)
{
	assert_int_equal(w->ntests, n);
	for (size_t i = 0; i < n; i++) {
		assert_same_test(&before[i], &w->tests[i]);
		test_state_free(&before[i]);
	}
}

static const struct end_case {
	const char *name;
	void (*end)(struct world *w);
} end_cases[] = {
	{ "after an end", world_close },
	{ "after a crash", world_crash },
};

static void
check_end(void **state)
{
	const struct end_case *c = *state;
	struct test_state before[WORLD_TESTS];
	void *fixture = NULL;
	struct world *w;
	size_t n;

	world_setup(&fixture);
	w = fixture;
	world_open(w);
	live(w);
	c->end(w);
	reopen(w, before, &n);
	compare(w, before, n);
	world_settle(w);
	c->end(w);
	reopen(w, before, &n); /* what was read is not written otherwise */
	compare(w, before, n);
	world_teardown(&fixture);
}

/* Runs that were not written are lost, but not what they have done to the state. */
static void
a_crash_loses_no_change(void **state)
{
	IN(state);
	world_add(w, 1);
	world_run(w, 0, true);
	world_settle(w);
	world_run_quietly(w, 0, true); /* waits for its batch */
	world_run_quietly(w, 0, true);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].runs, 1);
	assert_int_equal(w->tests[0].alert.state, ALERT_OK);
	world_run(w, 0, false);
	world_run(w, 0, false);
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].alert.state, ALERT_ALERT);
	assert_int_equal(w->tests[0].alert.failures, 2);
	assert_int_equal(w->tests[0].runs, 3);
	assert_int_equal(w->tests[0].failed_runs, 2);
	assert_non_null(w->tests[0].last.failure);
}

static void
pools_and_the_watcher_survive(void **state)
{
	struct pool_state pool = { .rollup = { .state = ROLLUP_ACTIVE,
				       .diag = "REG-REFUSED",
				       .since_ms = WORLD_NOW - 60000,
				       .announced_ms = WORLD_NOW - 1,
				       .acknowledged = true },
		.incident = "0badcafe" };
	struct isolation cut_off = { .state = ISOLATION_CUT_OFF,
		.since_ms = WORLD_NOW - 7,
		.announced_ms = WORLD_NOW - 5 };
	struct remark r = { WORLD_NOW, 0, "root", "we know" };
	const struct pool_state *got;

	IN(state);
	pool.fqdn = str_dup(str_of("pool01.example"));
	pool.acknowledged = malloc(sizeof(r));
	*pool.acknowledged = r;
	store_note_change(w->store, &(struct store_change){ .pool = &pool });
	store_note_change(w->store,
	    &(struct store_change){ .watcher = &cut_off, .incident = "deadbeef" });
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->recall.state.npools, 1);
	got = &w->recall.state.pools[0];
	assert_string_equal(got->fqdn, "pool01.example");
	assert_string_equal(got->incident, "0badcafe");
	assert_int_equal(got->rollup.state, ROLLUP_ACTIVE);
	assert_string_equal(got->rollup.diag, "REG-REFUSED");
	assert_true(got->rollup.since_ms == WORLD_NOW - 60000);
	assert_true(got->rollup.announced_ms == WORLD_NOW - 1);
	assert_true(got->rollup.acknowledged);
	assert_same_remark(got->acknowledged, &r);
	assert_int_equal(w->recall.state.watcher.state, ISOLATION_CUT_OFF);
	assert_true(w->recall.state.watcher.since_ms == WORLD_NOW - 7);
	assert_true(w->recall.state.watcher.announced_ms == WORLD_NOW - 5);
	assert_string_equal(w->recall.state.watcher_incident, "deadbeef");

	pool.rollup.state = ROLLUP_QUIET;
	cut_off.state = ISOLATION_NONE;
	store_note_change(w->store, &(struct store_change){ .pool = &pool });
	store_note_change(w->store, &(struct store_change){ .watcher = &cut_off });
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->recall.state.npools, 0);
	assert_int_equal(w->recall.state.watcher.state, ISOLATION_NONE);
	pool_state_free(&pool);
}

/* A word of a later version, or of nobody, costs what it stands for. */
static void
unknown_words_cost_themselves(void **state)
{
	IN(state);
	live(w);
	world_close(w);
	world_sql(w, "UPDATE state SET state='sulking' WHERE subject='t1';"
		     "UPDATE state SET said_by='aliens' WHERE subject='t2';"
		     "UPDATE state SET held='dreaming' WHERE subject='t3';"
		     "UPDATE failure SET step='teleport', cause='gremlins' WHERE test="
		     "(SELECT id FROM test WHERE name='t2')");
	world_open(w);
	assert_int_equal(store_trouble(w->store)->kind, STORE_FINE);
	assert_int_equal(w->ntests, 5);
	assert_int_equal(w->tests[0].alert.state, ALERT_OK);
	assert_int_equal(w->tests[1].alert.state, ALERT_UNKNOWN);
	assert_int_equal(w->tests[1].runs, 1);
	assert_int_equal(w->tests[2].alert.state, ALERT_ALERT);
	assert_true(w->tests[2].alert.acknowledged);
	assert_int_equal(w->tests[2].last.failure->step, STEP_COUNT);
	assert_string_equal(w->tests[2].last.failure->diag, "WT-CRED");
	assert_int_equal(w->tests[3].alert.state, ALERT_PAUSED);
	assert_int_equal(w->tests[3].alert.resume_state, ALERT_UNKNOWN);
	assert_non_null(w->tests[3].pause);
}

/* ---- lines ---- */

static uint64_t
note_line(struct world *w, const char *pairs)
{
	return store_note_change(w->store, &(struct store_change){ .test = &w->tests[0],
					       .event = "test.reminder",
					       .pairs = pairs,
					       .priority = 3,
					       .incident = "7c1e09d4" });
}

static void
lines_come_back_in_order_until_announced(void **state)
{
	uint64_t second;

	IN(state);
	world_add(w, 1);
	assert_int_equal(note_line(w, "one"), 1);
	second = note_line(w, "two \"x\"=\xc3\xa4");
	note_line(w, "three");
	assert_int_equal(world_count(w, "committed 1"), 0); /* never inside a call */
	world_settle(w);
	assert_string_equal(w->told.data, "committed 1\ncommitted 2\ncommitted 3\n");
	store_mark_announced(w->store, second);
	world_pass(w, 1000);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->recall.nlines, 2);
	assert_string_equal(w->recall.lines[0].pairs, "one");
	assert_string_equal(w->recall.lines[0].event, "test.reminder");
	assert_int_equal(w->recall.lines[0].priority, 3);
	assert_string_equal(w->recall.lines[1].pairs, "three");
	store_mark_announced(w->store, w->recall.lines[0].ticket);
	note_line(w, "four");
	world_pass(w, 1000);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->recall.nlines, 2);
	assert_string_equal(w->recall.lines[0].pairs, "three");
	assert_string_equal(w->recall.lines[1].pairs, "four");
}

/* The wait for the disk was over before the disk was. */
static void
lines_may_be_out_before_they_are_committed(void **state)
{
	IN(state);
	world_add(w, 1);
	store_mark_announced(w->store, note_line(w, "one"));
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->recall.nlines, 0);
	world_close(w);
	assert_int_equal(world_number(w, "SELECT count(*) FROM change"
					 " WHERE event='test.reminder' AND announced=1"
					 " AND line IS NULL"),
	    1);
}

static void
an_end_marks_what_was_announced(void **state)
{
	IN(state);
	world_add(w, 1);
	note_line(w, "one");
	world_settle(w);
	store_mark_announced(w->store, 1);
	world_close(w);
	world_open(w);
	assert_int_equal(w->recall.nlines, 0);
}

static void
changes_are_history(void **state)
{
	IN(state);
	live(w);
	world_close(w);
	assert_int_equal(world_number(w, "SELECT count(*) FROM change WHERE subject='t2'"
					 " AND kind=1 AND was='failing' AND now='alert'"
					 " AND incident='7c1e09d4' AND run IS NOT NULL"),
	    1);
	assert_int_equal(
	    world_number(
		w, "SELECT count(*) FROM change WHERE now IS NOT NULL AND kind=1"),
	    6);
}

static void
many_changes_are_one_transaction_each_fifty(void **state)
{
	IN(state);
	world_add(w, 1);
	for (int i = 0; i < 120; i++)
		note_line(w, "x");
	world_settle(w);
	for (unsigned i = 1; i <= 120; i++) {
		char line[32];

		snprintf(line, sizeof(line), "committed %u", i);
		assert_int_equal(world_count(w, line), 1);
	}
}

/* ---- runs ---- */

static int64_t
runs_on_disk(struct world *w)
{
	return db_number(&w->store->db, "SELECT count(*) FROM recent");
}

static void
runs_wait_for_their_batch(void **state)
{
	IN(state);
	world_add(w, 1);
	world_settle(w);
	world_pass(w, 1000);
	world_run_quietly(w, 0, true);
	world_settle(w); /* nothing was written just before: at once */
	assert_int_equal(runs_on_disk(w), 1);
	world_pass(w, 100);
	for (int i = 0; i < 10; i++)
		world_run_quietly(w, 0, true);
	world_pass(w, 800);
	assert_int_equal(runs_on_disk(w), 1);
	world_pass(w, 200);
	assert_int_equal(runs_on_disk(w), 11);
}

static void
a_change_takes_its_run_along(void **state)
{
	IN(state);
	world_add(w, 1);
	world_run_quietly(w, 0, true);
	world_settle(w);
	world_pass(w, 100);
	world_run(w, 0, false);
	world_settle(w);
	assert_int_equal(runs_on_disk(w), 2);
}

static void
a_flush_waits_for_nothing(void **state)
{
	IN(state);
	world_add(w, 1);
	world_run_quietly(w, 0, true);
	world_settle(w);
	world_run_quietly(w, 0, true);
	assert_true(store_flush(w->store, world_flushed, w));
	world_settle(w);
	assert_int_equal(runs_on_disk(w), 2);
	assert_int_equal(world_count(w, "flushed"), 1);
}

static void
failures_keep_their_texts(void **state)
{
	IN(state);
	world_add(w, 1);
	world_run(w, 0, false);
	world_close(w);
	assert_int_equal(
	    world_number(w, "SELECT count(*) FROM failure JOIN recent USING(id)"
			    " WHERE step='web-ticket' AND cause='auth' AND code=401 AND"
			    " diag='WT-CRED' AND length(error) > 20 AND"
			    " length(diagnosis) > 20 AND failure.test=recent.test"),
	    1);
}

static void
traces_are_packed_and_released(void **state)
{
	struct store_trace trace;
	struct result r = { .ok = false, .started_ms = WORLD_NOW, .run = "4f2a91" };
	char text[5000];

	IN(state);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	world_add(w, 2);
	trace = world_trace(w, text);
	err_set(&r.err, CAUSE_AUTH, 401, "x");
	r.err.step = STEP_REGISTER;
	assert_true(test_state_note_run(&w->tests[1], &r, WORLD_NOW));
	world_run_quietly(w, 0, false); /* without one */
	store_note_run(w->store, &w->tests[1], &trace);
	assert_int_equal(w->released, 0);
	world_settle(w);
	assert_int_equal(w->released, 1);
	world_close(w);
	assert_int_equal(
	    world_number(w, "SELECT length FROM trace_text JOIN trace USING(id)"
			    " WHERE test=(SELECT id FROM test WHERE name='t1')"
			    " AND step='register' AND size < 200"),
	    4999);
	assert_int_equal(world_number(w, "SELECT count(*) FROM trace"), 1);
}

static void
traces_have_a_bound(void **state)
{
	struct store_trace trace;

	IN(state);
	world_add(w, 1);
	trace = world_trace(w, "x");
	trace.size = TRACES_MAX + 1;
	store_note_run(w->store, &w->tests[0], &trace);
	assert_int_equal(w->released, 1);
	trace = world_trace(w, "x");
	store_note_run(w->store, &w->tests[0], &trace);
	world_close(w);
	assert_int_equal(w->released, 2);
}

/* What a test remembers goes along with its runs; what has none, once an hour. */
static void
memory_follows(void **state)
{
	IN(state);
	world_add(w, 1);
	world_settle(w);
	assert_int_equal(db_number(&w->store->db, "SELECT count(*) FROM last"), 1);
	for (int i = 0; i < 58; i++) {
		world_run_quietly(w, 0, true);
		world_pass(w, 1000);
	}
	w->tests[0].next_ms = 12345;
	store_touch_test(w->store, &w->tests[0]);
	world_pass(w, 60000);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].runs, 58);
	assert_int_not_equal(w->tests[0].next_ms, 12345);
	w->tests[0].next_ms = 12345;
	store_touch_test(w->store, &w->tests[0]);
	world_pass(w, 3600000);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[0].next_ms, 12345);
	assert_int_equal(w->tests[0].runs, 58);
}

/* ---- tests come and go ---- */

static void
what_is_removed_leaves_its_history(void **state)
{
	struct test_state *t;

	IN(state);
	live(w);
	t = &w->tests[2];
	store_remove_test(w->store, t);
	assert_int_equal(t->id, 0);
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[2].name == NULL, 1);
	world_close(w);
	assert_int_equal(
	    world_number(w, "SELECT count(*) FROM state WHERE subject='t2'"), 0);
	assert_int_equal(
	    world_number(w, "SELECT count(*) FROM test WHERE name='t2' AND gone > 0"), 1);
	assert_int_equal(world_number(w, "SELECT count(*) FROM recent WHERE test="
					 "(SELECT id FROM test WHERE name='t2')"),
	    3);
}

static void
what_comes_back_begins_again_under_its_number(void **state)
{
	int64_t id;

	IN(state);
	live(w);
	id = db_number(&w->store->db, "SELECT id FROM test WHERE name='t2'");
	store_remove_test(w->store, &w->tests[2]);
	world_settle(w);
	test_state_free(&w->tests[2]);
	assert_true(test_state_init(&w->tests[2], "t2", "pool", "sip:a@b"));
	assert_true(store_add_test(w->store, &w->tests[2]));
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->tests[2].alert.state, ALERT_UNKNOWN);
	assert_int_equal(w->tests[2].runs, 0);
	assert_true(
	    db_number(&w->store->db, "SELECT id FROM test WHERE name='t2'") == id);
}

/* Another pool: another test of the same name, in one reload. */
static void
one_may_take_the_place_of_another(void **state)
{
	struct test_state next;

	IN(state);
	live(w);
	assert_true(test_state_init(&next, "t2", "other", "sip:a@b"));
	assert_true(store_add_test(w->store, &next));
	store_remove_test(w->store, &w->tests[2]);
	test_state_free(&w->tests[2]);
	w->tests[2] = next;
	w->store->slots[next.id].test = &w->tests[2];
	world_run(w, 2, true);
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_string_equal(w->tests[2].pool, "other");
	assert_int_equal(w->tests[2].alert.state, ALERT_OK);
	assert_int_equal(w->tests[2].runs, 1);
	world_close(w);
	assert_int_equal(
	    world_number(w, "SELECT count(*) FROM test WHERE gone IS NULL"), 5);
}

/* Tests that were removed from the configuration while no daemon ran. */
static void
what_nobody_takes_over_is_swept(void **state)
{
	IN(state);
	live(w);
	world_close(w);
	world_sql(w, "UPDATE test SET name='x9' WHERE name='t2';"
		     "UPDATE state SET subject='x9' WHERE subject='t2'");
	world_open(w);
	store_sweep(w->store);
	world_settle(w);
	world_close(w);
	assert_int_equal(
	    world_number(w, "SELECT count(*) FROM test WHERE gone IS NULL"), 4);
	assert_int_equal(
	    world_number(w, "SELECT count(*) FROM state WHERE subject='x9'"), 0);
	world_open(w);
	assert_int_equal(w->recall.state.ntests, 4);
}

static void
an_import_counts_when_all_of_it_is_there(void **state)
{
	IN(state);
	world_add(w, 3);
	store_set_imported(w->store);
	world_crash(w);
	world_open(w);
	assert_false(w->recall.imported);
	world_add(w, 3);
	store_set_imported(w->store);
	world_settle(w);
	world_crash(w);
	world_open(w);
	assert_true(w->recall.imported);
	assert_int_equal(w->ntests, 3);
}

static void
more_tests_than_one_job_takes(void **state)
{
	enum { MANY = 2100 };
	struct test_state *many = calloc(MANY, sizeof(*many));
	char name[16];

	IN(state);
	assert_non_null(many);
	for (size_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "m-%04zu", i);
		assert_true(test_state_init(&many[i], name, "pool", "sip:a@b"));
		assert_true(store_add_test(w->store, &many[i]));
		many[i].runs = i;
	}
	world_settle(w);
	assert_int_equal(db_number(&w->store->db, "SELECT count(*) FROM test"), MANY);
	assert_int_equal(db_number(&w->store->db, "SELECT count(*) FROM last"), MANY);
	assert_int_equal(db_number(&w->store->db, "SELECT count(*) FROM state"), MANY);
	world_crash(w);
	world_open(w);
	assert_int_equal(w->recall.state.ntests, MANY);
	assert_string_equal(w->recall.state.tests[7].name, "m-0007");
	assert_int_equal(w->recall.state.tests[7].runs, 7);
	for (size_t i = 0; i < MANY; i++)
		test_state_free(&many[i]);
	free(many);
}

#define CASE(function) TEST_WITH(function, world_setup, world_teardown)

RUN_CASES(CASE(begins_with_nothing), ROWS("umask", mask_cases, check_mask),
    ROWS("survives", end_cases, check_end), CASE(a_crash_loses_no_change),
    CASE(pools_and_the_watcher_survive), CASE(unknown_words_cost_themselves),
    CASE(lines_come_back_in_order_until_announced),
    CASE(lines_may_be_out_before_they_are_committed),
    CASE(an_end_marks_what_was_announced), CASE(changes_are_history),
    CASE(many_changes_are_one_transaction_each_fifty), CASE(runs_wait_for_their_batch),
    CASE(a_change_takes_its_run_along), CASE(a_flush_waits_for_nothing),
    CASE(failures_keep_their_texts), CASE(traces_are_packed_and_released),
    CASE(traces_have_a_bound), CASE(memory_follows),
    CASE(what_is_removed_leaves_its_history),
    CASE(what_comes_back_begins_again_under_its_number),
    CASE(one_may_take_the_place_of_another), CASE(what_nobody_takes_over_is_swept),
    CASE(an_import_counts_when_all_of_it_is_there), CASE(more_tests_than_one_job_takes));
