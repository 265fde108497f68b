/*
 * watch: a day of fifty tests, told beforehand in a table, run by run and line by line;
 * with a daemon that is killed in the middle of it and a reload at its end.
 */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "config/config.h"
#include "sim.h"

#define HOUR	    ((int64_t)3600000)
#define MINUTE	    ((int64_t)60000)
#define AT(h, m, s) ((h) * HOUR + (m) * MINUTE + (int64_t)((s) * 1000))

/* Users u0 ... u9 on pools a ... e, each pool with a schedule of its own. */
static const char schedules[5][160] = {
	"every = \"5m\";",
	"every = \"1h\";",
	"at = [ \"06:00\", \"18:00\" ]; timezone = \"UTC\";",
	"every = \"15m\"; jitter = \"3m\"; active = \"08:00-18:00\";",
	"every = \"4m\";",
};

static void
add_pool(struct buf *b, unsigned pool, unsigned nusers, const char *schedule)
{
	buf_printf(b, "{ pool = \"%c.x.org\"; users = [ ", 'a' + pool);
	for (unsigned i = 0; i < nusers; i++)
		buf_printf(b, "%s\"u%u@x.org\"", i == 0 ? "" : ", ", i);
	buf_printf(b, " ]; schedule = { %s }; }", schedule);
}

/* The text of the configuration; the caller frees it. changed: as reloaded later. */
static char *
make_config(bool changed)
{
	struct buf b;
	char *text;

	buf_init(&b, 65536);
	buf_puts(&b, "state_directory = \"state\"; rollup_wait = \"0s\";\n"
		     "defaults: { remind = \"3h\"; timezone = \"UTC\"; };\nusers: ( ");
	for (unsigned i = 0; i < 10; i++)
		buf_printf(&b,
		    "%s{ sip = \"sip:u%u@x.org\"; username = \"X\\\\u%u\"; "
		    "password = \"p\"; }",
		    i == 0 ? "" : ", ", i, i);
	buf_puts(&b, " );\npools: ( ");
	for (unsigned i = 0; i < 5; i++)
		buf_printf(&b, "%s{ fqdn = \"%c.x.org\"; max_parallel = 4; }",
		    i == 0 ? "" : ", ", 'a' + i);
	buf_puts(&b, " );\ntests: ( ");
	for (unsigned i = 0; i < 5; i++) {
		buf_puts(&b, i == 0 ? "" : ", ");
		/* Without e/u9; and all of b twice as often. */
		add_pool(&b, i, changed && i == 4 ? 9 : 10,
		    changed && i == 1 ? "every = \"30m\";" : schedules[i]);
	}
	if (changed)
		buf_puts(&b, ", { name = \"new\"; pool = \"a.x.org\"; "
			     "user = \"u1@x.org\"; }");
	buf_puts(&b, " );\nmaintenance: ( { pool = \"e.x.org\"; at = \"02:00\"; "
		     "timezone = \"UTC\"; for = \"2h\"; reason = \"patching\"; } );\n");
	text = buf_take(&b, NULL);
	assert_non_null(text);
	buf_free(&b);
	return text;
}

/* ---- what the pools do that day ---- */

static const struct outage {
	char pool, user;
	int64_t from, to;
} outages[] = {
	{ 'a', '3', AT(10, 0, 0), AT(11, 0, 0) }, { 'c', '5', AT(5, 0, 0), AT(24, 0, 0) },
	{ 'c', '6', AT(5, 0, 0), AT(24, 0, 0) }, /* acknowledged at 12:05 */
	{ 'c', '7', AT(5, 0, 0), AT(6, 0, 10) }, /* well again when retried */
	{ 'e', '2', AT(1, 0, 0), AT(5, 0, 0) },	 /* over the maintenance */
};

static unsigned starts[5][10], flips;
static int64_t last_start[5][10];

static bool
outcome(const char *pool, const char *user, int64_t at_ms, struct err *err)
{
	unsigned p = (unsigned)(pool[0] - 'a'), u = (unsigned)(user[1] - '0');
	bool ok = true;

	assert_true(p < 5 && u < 10);
	starts[p][u]++;
	assert_true(at_ms > last_start[p][u]);
	last_start[p][u] = at_ms;
	for (size_t i = 0; i < NROWS(outages); i++)
		ok = ok && !(outages[i].pool == pool[0] && outages[i].user == user[1] &&
			       at_ms >= outages[i].from && at_ms < outages[i].to);
	if (pool[0] == 'd' && user[1] == '7') /* now and then */
		ok = ++flips % 2 == 1;
	if (!ok) {
		err_set(err, CAUSE_AUTH, 401, "HTTP 401");
		err->step = STEP_WEB_TICKET;
	}
	return ok;
}

/*
 * ---- what is foretold ----
 *
 * A test that is new, or was held, runs at a moment of its own within minutes. Where one
 * of its slots comes before that, the one run stands for both.
 */

static const struct foretold {
	const char *name;
	char pool, user; /* user '*': all that have no row of their own */
	unsigned starts; /* first, slots, retries, one after maintenance */
	unsigned alerts, recoveries, reminders, flapping, paused;
} foretold[] = {
	{ "five minutes", 'a', '*', 288, 0, 0, 0, 0, 0 },
	{ "down for an hour", 'a', '3', 288 + 1, 1, 1, 0, 0, 0 },
	{ "an hour, a slot before the first run", 'b', '2', 24, 0, 0, 0, 0, 0 },
	{ "a second", 'b', '8', 24, 0, 0, 0, 0, 0 },
	{ "a third", 'b', '9', 24, 0, 0, 0, 0, 0 },
	{ "an hour", 'b', '*', 1 + 24, 0, 0, 0, 0, 0 },
	{ "times of day", 'c', '*', 2, 0, 0, 0, 0, 0 },
	{ "reminded until midnight", 'c', '5', 2 + 1, 1, 0, 5, 0, 0 },
	{ "acknowledged at noon", 'c', '6', 2 + 1, 1, 0, 2, 0, 0 },
	{ "not confirmed", 'c', '7', 2 + 1, 0, 0, 0, 0, 0 },
	{ "working hours, with jitter", 'd', '*', 40, 0, 0, 0, 0, 0 },
	{ "flapping", 'd', '7', 40 + 39, 0, 0, 0, 1, 0 },
	{ "maintained", 'e', '*', 360 - 30 + 1, 0, 0, 0, 0, 1 },
	{ "maintained, a slot just after it", 'e', '3', 360 - 30, 0, 0, 0, 0, 1 },
	{ "another such", 'e', '7', 360 - 30, 0, 0, 0, 0, 1 },
	/* whose end is its reminder */
	{ "down over maintenance", 'e', '2', 360 - 30 + 1 + 1, 1, 1, 0, 0, 1 },
};

static const struct foretold *
row_of(char pool, char user)
{
	const struct foretold *row = NULL;

	for (size_t i = 0; i < NROWS(foretold); i++)
		if (foretold[i].pool == pool &&
		    (foretold[i].user == user ||
			(foretold[i].user == '*' && row == NULL)))
			row = &foretold[i];
	return row;
}

static unsigned
count(char pool, char user, enum event_id event, const char *to)
{
	char name[8] = { pool, '/', 'u', user, '\0' };
	unsigned n = 0;

	for (size_t i = 0; i < sim.nsaid; i++)
		n += sim.said[i].event == event && strcmp(sim.said[i].test, name) == 0 &&
		     (to == NULL || strcmp(sim.said[i].to, to) == 0);
	return n;
}

static unsigned
count_changes(char pool, char user, const char *from, const char *to)
{
	char name[8] = { pool, '/', 'u', user, '\0' };
	unsigned n = 0;

	for (size_t i = 0; i < sim.nsaid; i++)
		n += sim.said[i].event == EVENT_TEST_STATE &&
		     strcmp(sim.said[i].test, name) == 0 &&
		     strcmp(sim.said[i].from, from) == 0 &&
		     strcmp(sim.said[i].to, to) == 0;
	return n;
}

static unsigned wrong;

static void
expect(
    const char *what, const struct foretold *row, char user, unsigned got, unsigned want)
{
	if (got == want)
		return;
	print_error(
	    "%s (%c/u%c): %u %s, not %u\n", row->name, row->pool, user, got, what, want);
	wrong++;
}

static void
expect_day(void)
{
	for (char p = 'a'; p <= 'e'; p++) {
		for (char u = '0'; u <= '9'; u++) {
			const struct foretold *r = row_of(p, u);

			expect("starts", r, u, starts[p - 'a'][u - '0'], r->starts);
			expect("alerts", r, u, count_changes(p, u, "failing", "alert"),
			    r->alerts);
			expect("recoveries", r, u, count_changes(p, u, "alert", "ok"),
			    r->recoveries);
			expect("reminders", r, u, count(p, u, EVENT_TEST_REMINDER, NULL),
			    r->reminders);
			expect("flapping", r, u, count(p, u, EVENT_TEST_FLAPPING, "yes"),
			    r->flapping);
			expect("pauses", r, u, count(p, u, EVENT_TEST_PAUSED, NULL),
			    r->paused);
			expect("resumptions", r, u, count(p, u, EVENT_TEST_RESUMED, NULL),
			    r->paused);
			expect("lines", r, u, count(p, u, EVENT_TEST_FINISHED, NULL),
			    r->starts);
		}
	}
	assert_int_equal(wrong, 0);
}

/* Of the test, in order: the times of that event. */
static void
expect_times(
    const char *test, enum event_id event, const char *to, const int64_t *want, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < sim.nsaid; i++) {
		if (sim.said[i].event != event || strcmp(sim.said[i].test, test) != 0 ||
		    (to != NULL && strcmp(sim.said[i].to, to) != 0))
			continue;
		assert_true(k < n);
		assert_int_equal(sim.said[i].at_ms, want[k++]);
	}
	assert_int_equal(k, n);
}

/* The state file; the caller frees it. */
static char *
status(void)
{
	char *text = calloc(1, 1024 * 1024);
	FILE *f;

	assert_non_null(text);
	sim_flush();
	f = fopen("state/state.json", "r");
	assert_non_null(f);
	assert_true(fread(text, 1, 1024 * 1024 - 1, f) > 1000);
	fclose(f);
	return text;
}

/* The first line that differs is enough to read. */
static void
expect_same_lines(const char *got, const char *want)
{
	struct str g, w, got_rest = str_of(got), want_rest = str_of(want);

	while (got_rest.p != NULL && want_rest.p != NULL) {
		got_rest = str_split(got_rest, '\n', &g);
		want_rest = str_split(want_rest, '\n', &w);
		if (g.len != w.len || memcmp(g.p, w.p, g.len) != 0)
			fail_msg("%.*s\nnot\n%.*s", (int)g.len, g.p, (int)w.len, w.p);
	}
	assert_true(got_rest.p == want_rest.p || got_rest.p == NULL);
}

static void
kill_changes_nothing(void)
{
	char *before = status(), *after;
	size_t said = sim.nsaid;

	sim_kill_and_start();
	after = status();
	expect_same_lines(strstr(after, "\"tests\""), strstr(before, "\"tests\""));
	assert_int_equal(sim.nsaid, said);
	free(before);
	free(after);
}

static void
reload_leaves_the_others_alone(void)
{
	struct {
		char name[64];
		int64_t next_ms;
	} before[50];
	char *config = make_config(true);
	struct test_view t;
	unsigned kept = 0;

	for (size_t i = 0; i < 50; i++) {
		const struct test_state *s = view_test(sim.view, i).state;

		str_copy(before[i].name, sizeof(before[i].name), str_of(s->name));
		before[i].next_ms = s->next_ms;
	}
	sim_reload(config);
	free(config);
	assert_int_equal(view_count_tests(sim.view), 50);
	assert_true(view_find_test(sim.view, "new", &t));
	assert_false(view_find_test(sim.view, "e/u9", &t));
	for (size_t i = 0; i < 50; i++) {
		if (!view_find_test(sim.view, before[i].name, &t) ||
		    before[i].name[0] == 'b')
			continue;
		assert_int_equal(t.state->next_ms, before[i].next_ms);
		kept++;
	}
	assert_int_equal(kept, 39);
}

static void
a_day_of_fifty_tests(void **state)
{
	/* Four of the pool's ten at a time: u5 and u6 are second; retried 30 s later. */
	static const int64_t alert[] = { AT(6, 0, 31.5) };
	static const int64_t reminders[] = { AT(9, 0, 31.5), AT(12, 0, 31.5),
		AT(15, 0, 31.5), AT(18, 0, 31.5), AT(21, 0, 31.5) };
	static const int64_t pause[] = { AT(2, 0, 0) }, resume[] = { AT(4, 0, 0) };
	const struct operator_note note = { "kenmyer", "known" };
	char *config = make_config(false);

	(void)state;
	sim_open(config, outcome);
	free(config);
	assert_int_equal(view_count_tests(sim.view), 50);
	sim_run_until_ms(AT(3, 0, 0));
	kill_changes_nothing(); /* in the middle of the maintenance */
	sim_run_until_ms(AT(6, 0, 20));
	kill_changes_nothing(); /* between failure and alert */
	sim_run_until_ms(AT(12, 5, 0));
	assert_int_equal(operator_acknowledge(sim.operator, "c/u6", &note).changed, 1);
	kill_changes_nothing(); /* in the middle of alerts */
	sim_run_until_ms(AT(24, 0, 0) - 1);
	expect_day();
	expect_times("c/u5", EVENT_TEST_STATE, "alert", alert, 1);
	expect_times("c/u5", EVENT_TEST_REMINDER, NULL, reminders, 5);
	expect_times("c/u6", EVENT_TEST_REMINDER, NULL, reminders, 2);
	expect_times("e/u0", EVENT_TEST_PAUSED, NULL, pause, 1);
	expect_times("e/u0", EVENT_TEST_RESUMED, NULL, resume, 1);
	reload_leaves_the_others_alone();
	sim_close();
}

RUN_CASES(TEST(a_day_of_fifty_tests));
