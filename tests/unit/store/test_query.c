/* store: what history is asked, in the daemon and without one; and the check of it all.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../fakes/must.h"
#include "../cases.h"
#include "store/ask.h"
#include "store/check.h"
#include "store_world.h"
#include "vocab/err.h"

#define MINUTES_5 UINT64_C(300000)
#define DAY	  INT64_C(86400000)
#define MIDNIGHT  (WORLD_NOW / DAY * DAY + DAY)

/* What came of a question. */
struct got {
	size_t pages, rows, failures, largest;
	bool last;
	int64_t first_ms, last_ms, sum;
	char error[STORE_WHY_SIZE], text[200];
	struct question *question;
	size_t enough; /* pages after which it is ended; 0: never */
};

static void
note_rows(struct got *g, const struct query_page *page)
{
	g->pages++;
	g->rows += page->n;
	g->largest = page->n > g->largest ? page->n : g->largest;
	for (size_t i = 0; i < page->n; i++) {
		int64_t at = page->runs != NULL	     ? page->runs[i].started_ms
			     : page->changes != NULL ? page->changes[i].at_ms
			     : page->traces != NULL  ? page->traces[i].started_ms
			     : page->days != NULL    ? page->days[i].day * DAY
						     : 1;

		if (g->first_ms == 0)
			g->first_ms = at;
		/* in order; traces the newest first */
		assert_true(page->traces != NULL || at >= g->last_ms);
		g->last_ms = at;
		if (page->runs != NULL && !page->runs[i].ok) {
			g->failures++;
			assert_string_equal(page->failures[i].diag, "WT-CRED");
			assert_int_equal(page->failures[i].code, 401);
			assert_true(strlen(page->failures[i].error) > 20);
		}
		if (page->days != NULL)
			g->sum += page->days[i].runs;
	}
	if (page->text.p != NULL)
		snprintf(
		    g->text, sizeof(g->text), "%.*s", (int)page->text.len, page->text.p);
}

static void
on_page(void *arg, const struct query_page *page)
{
	struct got *g = arg;

	if (page->error != NULL)
		snprintf(g->error, sizeof(g->error), "%s", page->error);
	note_rows(g, page);
	g->last = page->last;
	if (page->last || g->pages == g->enough) {
		question_end(g->question);
		g->question = NULL;
	} else {
		question_next(g->question);
	}
}

static struct got
ask(struct world *w, const struct query *q)
{
	struct got g = { .pages = 0 };

	g.question = store_ask(w->store, q, on_page, &g);
	assert_non_null(g.question);
	assert_int_equal(g.pages, 0); /* never inside the call */
	while (g.question != NULL)
		world_settle(w);
	return g;
}

/* A day and a half: one day is packed, half of one is not. */
static void
live(struct world *w)
{
	w->wall_ms = MIDNIGHT + 1000;
	world_open(w);
	world_add(w, 2);
	while (w->wall_ms < MIDNIGHT + DAY + DAY / 2) {
		world_run(w, 0, true);
		world_run(w, 1, w->wall_ms % (DAY / 2) > DAY / 4);
		world_pass(w, MINUTES_5);
	}
}

static void
runs_come_from_all_places(void **state)
{
	struct world *w = *state;
	struct got g;

	live(w);
	g = ask(w, &(struct query){ .what = QUERY_RUNS, .subject = "t0" });
	assert_int_equal(g.rows, 432);
	assert_true(g.last);
	assert_int_equal(g.failures, 0);
	assert_int_equal(g.largest, QUERY_PAGE_MAX);
	assert_true(g.first_ms == MIDNIGHT + 500);
	g = ask(w, &(struct query){ .what = QUERY_RUNS, .subject = "t1" });
	assert_int_equal(g.rows, 432);
	assert_int_equal(g.failures, 216);
	g = ask(
	    w, &(struct query){ .what = QUERY_RUNS, .subject = "t1", .failures = true });
	assert_int_equal(g.rows, 216);
	assert_int_equal(g.failures, 216);
	g = ask(w, &(struct query){ .what = QUERY_RUNS,
		       .subject = "t0",
		       .from_ms = MIDNIGHT + DAY - 3600000,
		       .to_ms = MIDNIGHT + DAY + 3600000 });
	assert_int_equal(g.rows, 24);
}

static void
what_is_not_known_is_said(void **state)
{
	struct world *w = *state;
	struct got g;

	live(w);
	g = ask(w, &(struct query){ .what = QUERY_RUNS, .subject = "nothing" });
	assert_string_equal(g.error, "there is no test \"nothing\" in the store");
	assert_true(g.last);
	g = ask(w, &(struct query){ .what = QUERY_TRACE, .subject = "t0" });
	assert_int_equal(g.rows, 0);
	assert_true(g.last);
	assert_string_equal(g.error, "");
}

static void
a_question_may_be_ended_at_any_time(void **state)
{
	const struct query q = { .what = QUERY_RUNS, .subject = "t0" };
	struct world *w = *state;
	struct got g = { .enough = 1 };

	live(w);
	g.question = store_ask(w->store, &q, on_page, &g);
	while (g.question != NULL) /* by the first page */
		world_settle(w);
	assert_int_equal(g.pages, 1);
	g = (struct got){ 0 };
	g.question = store_ask(w->store, &q, on_page, &g);
	question_end(g.question); /* while it waits */
	g.question = store_ask(w->store, &q, on_page, &g);
	store_pump(w->store);
	assert_true(w->store->busy);
	question_end(g.question); /* while the worker has it */
	world_settle(w);
	world_pass(w, 1000);
	assert_int_equal(g.pages, 0);
}

static void
changes_come_of_one_or_of_all(void **state)
{
	struct world *w = *state;
	struct got g;

	live(w);
	g = ask(w, &(struct query){ .what = QUERY_CHANGES, .subject = "t1" });
	/* to failing, alert, ok; three times, the last two of a flapping window */
	assert_int_equal(g.rows, 9);
	g = ask(w, &(struct query){ .what = QUERY_CHANGES });
	assert_int_equal(g.rows, 11); /* the other's first, and the start */
	g = ask(
	    w, &(struct query){
		   .what = QUERY_CHANGES, .subject = "t1", .from_ms = MIDNIGHT + DAY });
	assert_int_equal(g.rows, 3);
}

static void
days_come_with_what_is_left_of_their_runs(void **state)
{
	struct world *w = *state;
	struct got g;

	live(w);
	g = ask(w, &(struct query){ .what = QUERY_DAYS, .subject = "t1" });
	assert_int_equal(g.rows, 1);
	assert_int_equal(g.sum, 288);
	assert_true(g.first_ms == MIDNIGHT);
	g = ask(w, &(struct query){
		       .what = QUERY_DAYS, .subject = "t1", .from_ms = MIDNIGHT + DAY });
	assert_int_equal(g.rows, 0);
}

static void
tests_that_are_gone_are_told(void **state)
{
	struct world *w = *state;

	live(w);
	store_remove_test(w->store, &w->tests[1]);
	world_settle(w);
	assert_int_equal(ask(w, &(struct query){ .what = QUERY_TESTS }).rows, 2);
	assert_int_equal(
	    ask(w, &(struct query){ .what = QUERY_RUNS, .subject = "t1" }).rows, 432);
}

/* ---- traces ---- */

static void
fail_with_trace(struct world *w, size_t test, const char *run, const char *text)
{
	struct result r = { .ok = false, .started_ms = w->wall_ms };
	struct store_trace trace = world_trace(w, text);

	snprintf(r.run, sizeof(r.run), "%s", run);
	err_set(&r.err, CAUSE_AUTH, 401, "x");
	r.err.step = STEP_REGISTER;
	MUST(test_state_note_run(&w->tests[test], &r, w->wall_ms));
	store_note_run(w->store, &w->tests[test], &trace);
	world_pass(w, 1000);
}

static void
traces_are_found_again(void **state)
{
	struct world *w = *state;
	struct got g;
	char run[8];

	world_open(w);
	world_add(w, 2);
	for (unsigned i = 0; i < 25; i++) {
		snprintf(run, sizeof(run), "0000%02x", i + 1);
		fail_with_trace(w, 0, run, run);
	}
	fail_with_trace(w, 1, "4f2a91", "of the other\n");
	g = ask(w, &(struct query){ .what = QUERY_TRACES, .subject = "t0" });
	assert_int_equal(g.rows, 20);
	assert_true(g.first_ms > g.last_ms);
	g = ask(w, &(struct query){ .what = QUERY_TRACE, .subject = "t0" });
	assert_string_equal(g.text, "000019");
	g = ask(
	    w, &(struct query){ .what = QUERY_TRACE, .subject = "t0", .run = "000003" });
	assert_string_equal(g.text, "000003");
	g = ask(
	    w, &(struct query){ .what = QUERY_TRACE, .subject = "t0", .run = "4f2a91" });
	assert_int_equal(g.rows, 0);
	g = ask(w, &(struct query){ .what = QUERY_TRACE, .subject = "t1" });
	assert_string_equal(g.text, "of the other\n");
}

/* ---- trouble ---- */

static void
without_a_store_there_is_an_answer(void **state)
{
	struct world *w = *state;
	struct got g;

	assert_int_equal(mkdir(w->path, 0700), 0);
	world_open(w);
	g = ask(w, &(struct query){ .what = QUERY_TESTS });
	assert_non_null(strstr(g.error, "is not a regular file"));
	assert_true(g.last);
}

/* ---- without a daemon ---- */

static void
count_rows(void *arg, const struct query_page *page)
{
	note_rows(arg, page);
}

static void
a_file_can_be_read_without_a_daemon(void **state)
{
	const struct query q = { .what = QUERY_RUNS, .subject = "t1" };
	const struct query none = { .what = QUERY_RUNS, .subject = "t7" };
	struct got g = { .pages = 0 };
	struct world *w = *state;
	struct query_file *f;
	struct err err;

	live(w);
	world_crash(w); /* with a WAL */
	f = query_open(w->path, &err);
	assert_non_null(f);
	assert_true(query_run(f, &q, count_rows, &g, &err));
	assert_int_equal(g.rows, 432);
	assert_false(query_run(f, &none, count_rows, &g, &err));
	assert_string_equal(err.detail, "there is no test \"t7\" in the store");
	query_close(f);
	world_open(w);
	assert_int_equal(w->tests[1].runs, 432);
	assert_null(query_open("/nonexistent/cswatch.db", &err));
	assert_non_null(strstr(err.detail, "No such file or directory"));
	assert_null(query_open("/dev/null", &err));
}

/* ---- the check ---- */

static enum check_result
check(const struct world *w, char *ret, size_t size)
{
	FILE *out = fmemopen(ret, size, "w");
	enum check_result result;

	MUST(out != NULL);
	result = store_check(w->directory, out);
	MUST(fclose(out) == 0);
	return result;
}

static void
a_check_tells_what_there_is(void **state)
{
	struct world *w = *state;
	char text[4096] = "";

	assert_int_equal(check(w, text, sizeof(text)), CHECK_IMPOSSIBLE);
	assert_non_null(strstr(text, "No such file or directory"));
	live(w);
	world_close(w);
	assert_int_equal(check(w, text, sizeof(text)), CHECK_GOOD);
	assert_non_null(strstr(text, "\ntests                    2\n"));
	assert_non_null(strstr(text, "\nperiods                  1\n"));
	assert_non_null(strstr(text, "\ndays of tests            2\n"));
	assert_non_null(strstr(text, "\ngood\n"));
}

static const struct check_case {
	const char *name, *sql, *text;
} check_cases[] = {
	{ "runs", "UPDATE chunk SET runs=x'0102'", "2 rows of chunk cannot be read" },
	{ "a day", "UPDATE day SET latency=x'09'", "2 rows of day cannot be read" },
	{ "steps", "UPDATE day_steps SET steps=x'0101'",
	    "2 rows of day_steps cannot be read" },
	{ "a newer one", "PRAGMA user_version=9", "newer version" },
	{ "another program's", "PRAGMA application_id=1", "is no store of cswatch" },
};

static void
check_check(void **state)
{
	const struct check_case *c = *state;
	void *fixture = NULL;
	char text[4096] = "";
	struct world *w;
	bool newer = strstr(c->text, "newer") != NULL;

	world_setup(&fixture);
	w = fixture;
	live(w);
	world_close(w);
	world_sql(w, c->sql);
	assert_int_equal(
	    check(w, text, sizeof(text)), newer ? CHECK_IMPOSSIBLE : CHECK_DAMAGED);
	assert_non_null(strstr(text, c->text));
	world_teardown(&fixture);
}

#define CASE(function) TEST_WITH(function, world_setup, world_teardown)

RUN_CASES(CASE(runs_come_from_all_places), CASE(what_is_not_known_is_said),
    CASE(a_question_may_be_ended_at_any_time), CASE(changes_come_of_one_or_of_all),
    CASE(days_come_with_what_is_left_of_their_runs), CASE(tests_that_are_gone_are_told),
    CASE(traces_are_found_again), CASE(without_a_store_there_is_an_answer),
    CASE(a_file_can_be_read_without_a_daemon), CASE(a_check_tells_what_there_is),
    ROWS("check", check_cases, check_check));
