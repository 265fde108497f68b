/*
 * watch/keys_ahead: thousands of new users whose keys take their time; nobody fails for
 * want of one, and nobody else is late for it.
 */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "sched/sched.h"
#include "sim.h"

#define MINUTE_MS ((int64_t)60000)
#define HOUR_MS	  (60 * MINUTE_MS)
#define EVERY_MS  (5 * MINUTE_MS)
#define USERS_MAX 3000
#define POOLS	  10

static struct seen {
	unsigned runs, off_slot;
	int64_t first_ms, last_ms;
} seen[USERS_MAX];
static bool able;
static char made_first[16];

/* "u12@x.org" */
static unsigned
number_of(const char *user)
{
	return (unsigned)strtoul(user + 1, NULL, 10);
}

static bool
outcome(const char *pool, const char *user, int64_t at_ms, struct err *err)
{
	struct seen *s = &seen[number_of(user)];

	(void)pool;
	(void)err;
	if (s->runs++ == 0)
		s->first_ms = at_ms;
	else if ((at_ms - s->last_ms) % EVERY_MS != 0)
		s->off_slot++;
	s->last_ms = at_ms;
	return true;
}

static bool
make(const char *address)
{
	if (made_first[0] == '\0')
		str_copy(made_first, sizeof(made_first), str_of(address));
	return able;
}

/* Users 0 to n - 1, each with one test, on pools with room enough for all. */
static void
configure(unsigned n, void (*use)(const char *))
{
	struct buf b;

	buf_init(&b, 1024 * 1024);
	buf_puts(&b, "state_directory = \"state\";\ndefaults: { max_parallel = 500; "
		     "every = \"5m\"; };\nusers: ( ");
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b,
		    "%s{ sip = \"u%u@x.org\"; username = \"X\\\\u\"; password = \"p\"; }",
		    i == 0 ? "" : ", ", i);
	buf_puts(&b, " );\npools: ( ");
	for (unsigned i = 0; i < POOLS; i++)
		buf_printf(&b, "%s{ fqdn = \"p%u.x.org\"; max_parallel = 50; }",
		    i == 0 ? "" : ", ", i);
	buf_puts(&b, " );\ntests: ( ");
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b,
		    "%s{ name = \"t%u\"; pool = \"p%u.x.org\"; user = \"u%u@x.org\"; }",
		    i == 0 ? "" : ", ", i, i % POOLS, i);
	buf_puts(&b, " );\n");
	assert_false(b.failed);
	use(b.data);
	buf_free(&b);
}

static void
open_sim(const char *config)
{
	sim_open(config, outcome);
}

static void
begin(unsigned nusers, uint64_t key_ms, int64_t lifetime_ms)
{
	memset(seen, 0, sizeof(seen));
	made_first[0] = '\0';
	able = true;
	sim.key_us = key_ms * 1000;
	sim.key_lifetime_s = (uint64_t)lifetime_ms / 1000;
	configure(nusers, open_sim);
}

static int
end(void **state)
{
	(void)state;
	sim_close();
	sim = (struct sim){ .key_us = 0 };
	return 0;
}

static struct sched_stats
stats(void)
{
	struct sched_stats st;

	view_lateness(sim.view, &st);
	return st;
}

/* There is time for all: each key is made before its run is due. */
static void
made_in_due_order(void **state)
{
	unsigned earliest = 0;

	(void)state;
	sim.make = make;
	begin(200, 200, 0);
	sim_run_until_ms(20 * MINUTE_MS);
	assert_int_equal(sim.nkeys, 200);
	for (unsigned i = 0; i < 200; i++) {
		assert_in_range(seen[i].runs, 3, 5);
		if (seen[i].first_ms < seen[earliest].first_ms)
			earliest = i;
	}
	assert_int_equal(number_of(made_first), earliest);
	/* But for those that are due in the very first moments. */
	assert_in_range(stats().late, 0, 3);
}

/*
 * Three thousand at once, five a second: the last key is there after ten minutes, long
 * after its first run was due. Those that were there before know nothing of it.
 */
static void
nobody_else_is_late(void **state)
{
	uint64_t late;

	(void)state;
	begin(100, 200, 0);
	sim_run_until_ms(30 * MINUTE_MS);
	late = stats().late;
	configure(USERS_MAX, sim_reload);
	sim_run_until_ms(60 * MINUTE_MS);
	assert_int_equal(sim.nkeys, USERS_MAX);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(seen[i].off_slot, 0);
		assert_in_range(seen[i].runs, 11, 12);
	}
	/* txn_start() of the sim asserts that there is a key. */
	for (unsigned i = 100; i < USERS_MAX; i++)
		assert_in_range(seen[i].runs, 3, 6);
	assert_int_equal(view_watcher(sim.view).states[ALERT_OK], USERS_MAX);
	assert_in_range(stats().late, late, late + USERS_MAX);
}

/* Nobody waits for a key that is too old: it has been renewed before. */
static void
renewed_ahead(void **state)
{
	uint64_t late;

	(void)state;
	begin(20, 200, 8 * HOUR_MS);
	sim_run_until_ms(HOUR_MS);
	assert_int_equal(sim.nkeys, 20);
	late = stats().late;
	sim_run_until_ms(23 * HOUR_MS);
	assert_in_range(sim.nkeys, 20 * 3, 20 * 4);
	assert_int_equal(stats().late, late);
	assert_int_equal(stats().missed, 0);
}

/* The run goes ahead and says so itself; the next one tries again. */
static void
no_key_can_be_made(void **state)
{
	(void)state;
	sim.make = make;
	begin(3, 200, 0);
	able = false;
	sim_run_until_ms(30 * MINUTE_MS);
	for (unsigned i = 0; i < 3; i++)
		assert_in_range(seen[i].runs, 5, 6);
	assert_true(sim.nkeys > 3 * 4);
	able = true;
	sim.nkeys = 0;
	sim_run_until_ms(60 * MINUTE_MS);
	assert_int_equal(sim.nkeys, 3);
	assert_in_range(seen[0].runs, 11, 12);
}

static void
says_what_it_waits_for(void **state)
{
	struct test_view t;
	struct buf why;

	(void)state;
	begin(1, (uint64_t)HOUR_MS, 0);
	sim_run_until_ms(30 * MINUTE_MS);
	assert_int_equal(seen[0].runs, 0);
	assert_int_equal(view_watcher(sim.view).running, 0);
	buf_init(&why, 1000);
	t = sim_test("t0");
	view_explain(sim.view, &t, &why);
	assert_non_null(strstr(why.data, "RSA key of sip:u0@x.org"));
	buf_free(&why);
	/* Neither a reload nor an operator makes it wait anew. */
	configure(1, sim_reload);
	operator_run_now(sim.operator, "t0");
	sim_run_until_ms(61 * MINUTE_MS);
	assert_int_equal(sim.nkeys, 1);
	assert_int_equal(seen[0].runs, 1);
}

/* A test that is removed meanwhile, and the end of the program. */
static void
not_waited_for_any_more(void **state)
{
	(void)state;
	begin(3, (uint64_t)HOUR_MS, 0);
	sim_run_until_ms(30 * MINUTE_MS);
	configure(1, sim_reload);
	sim_run_until_ms(10 * HOUR_MS);
	assert_int_equal(seen[2].runs, 0);
	assert_true(seen[0].runs > 0);
	configure(3, sim_reload);
	sim_run_until_ms(11 * HOUR_MS);
}

#define SIM(function) TEST_WITH(function, NULL, end)

RUN_CASES(SIM(made_in_due_order), SIM(nobody_else_is_late), SIM(renewed_ahead),
    SIM(no_key_can_be_made), SIM(says_what_it_waits_for), SIM(not_waited_for_any_more));
