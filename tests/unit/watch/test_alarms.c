/*
 * watch: random histories of failing pools, operators, reloads, kills and clocks, and
 * what must be true of the lines whatever happens: an alert is said once at err, by its
 * test or its pool, and soon; nothing recovers that was not said; nobody is accused while
 * the watcher is cut off.
 */
#include <errno.h>
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "config/config.h"
#include "sim.h"

#define SECOND_MS ((int64_t)1000)
#define MINUTE	  (60 * SECOND_MS)
#define HOUR	  (60 * MINUTE)

#define POOLS 3
#define USERS 4
#define TESTS (POOLS * USERS)
#define SEEDS 10 /* SEED=11-900 in the environment: others */
#define STEPS 120

static uint32_t seed, dice;

static uint32_t
roll(uint32_t n)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return (dice >> 4) % n;
}

/* ---- the pools ---- */

enum way { WELL, REFUSED, NO_ROUTE, NO_NAME, CRED, FORBIDDEN, HANGS, WAYS };

static const struct {
	enum step_id step;
	enum cause cause;
	long code;
	uint64_t us;
} ways[WAYS] = {
	[REFUSED] = { STEP_SIP_CONNECT, CAUSE_CONNECT, ECONNREFUSED, 3000 },
	[NO_ROUTE] = { STEP_SIP_CONNECT, CAUSE_CONNECT, EHOSTUNREACH, 3000000 },
	[NO_NAME] = { STEP_RESOLVE, CAUSE_DNS, 4, 5000000 },
	[CRED] = { STEP_WEB_TICKET, CAUSE_AUTH, 401, 400000 },
	[FORBIDDEN] = { STEP_REGISTER, CAUSE_SIP, 403, 700000 },
	[HANGS] = { STEP_SIP_CONNECT, CAUSE_TIMEOUT, 30000, 30000000 },
};

static enum way users_way[POOLS][USERS], pools_way[POOLS], networks_way;

static bool
outcome(const char *pool, const char *user, int64_t at_ms, struct err *err)
{
	size_t p = (size_t)(pool[0] - 'a'), u = (size_t)(user[1] - '0');
	enum way w = networks_way != WELL   ? networks_way
		     : pools_way[p] != WELL ? pools_way[p]
					    : users_way[p][u];

	(void)at_ms;
	if (w == WELL)
		return true;
	sim.run_us = ways[w].us;
	err_set(err, ways[w].cause, ways[w].code, "as told");
	err->step = ways[w].step;
	return false;
}

static enum way
some_way(void)
{
	return roll(2) == 0 ? WELL : 1 + roll(WAYS - 1);
}

/* ---- the configuration ---- */

static const char *const schedules[] = {
	"every = \"5m\";",
	"at = \"03:00\"; timezone = \"UTC\";",
	"every = \"3m\"; active = \"01:00-02:30\"; timezone = \"UTC\";",
	"every = \"1m\";",
};

static struct settings {
	unsigned confirm, recover, rollup_wait_s, parallel;
	bool references, remind;
	unsigned schedule[POOLS];
	bool has[POOLS][USERS];
} settings;

static void
choose_settings(void)
{
	static const unsigned waits[] = { 60, 60, 10, 0, 300 };

	settings.confirm = 1 + roll(3);
	settings.recover = 1 + roll(2);
	settings.rollup_wait_s = waits[roll(NROWS(waits))];
	settings.parallel = 1 + roll(4);
	settings.references = roll(2) == 0;
	settings.remind = roll(2) == 0;
	for (unsigned p = 0; p < POOLS; p++) {
		bool gone = roll(6) == 0;

		settings.schedule[p] = roll(2) == 0 ? 0 : roll(NROWS(schedules));
		for (unsigned u = 0; u < USERS; u++)
			settings.has[p][u] = !gone && roll(5) != 0;
	}
	settings.has[0][0] = true;
}

/* The caller frees it. */
static char *
make_config(void)
{
	const struct settings *s = &settings;
	const char *comma = "";
	struct buf b;
	char *text;

	buf_init(&b, 65536);
	buf_printf(&b, "state_directory = \"state\"; rollup_wait = \"%us\"; %s\n",
	    s->rollup_wait_s, s->references ? "reference = [ \"192.0.2.1:443\" ];" : "");
	buf_printf(&b, "defaults: { confirm = %u; recover = %u; %s };\nusers: ( ",
	    s->confirm, s->recover, s->remind ? "remind = \"1h\";" : "");
	for (unsigned u = 0; u < USERS; u++)
		buf_printf(&b,
		    "%s{ sip = \"u%u@x.org\"; username = \"X\\\\u%u\"; "
		    "password = \"p\"; }",
		    u == 0 ? "" : ", ", u, u);
	buf_puts(&b, " );\npools: ( ");
	for (unsigned p = 0; p < POOLS; p++)
		buf_printf(&b, "%s{ fqdn = \"%c.x.org\"; max_parallel = %u; }",
		    p == 0 ? "" : ", ", 'a' + p, s->parallel);
	buf_puts(&b, " );\ntests: ( ");
	for (unsigned i = 0; i < TESTS; i++) {
		unsigned p = i / USERS, u = i % USERS;

		if (!s->has[p][u])
			continue;
		buf_printf(&b,
		    "%s{ pool = \"%c.x.org\"; user = \"u%u@x.org\"; "
		    "name = \"%c/u%u\"; schedule = { %s }; }",
		    comma, 'a' + p, u, 'a' + p, u, schedules[s->schedule[p]]);
		comma = ", ";
	}
	buf_puts(&b, " );\nmaintenance: ( { pool = \"b.x.org\"; at = \"02:00\"; "
		     "timezone = \"UTC\"; for = \"1h\"; reason = \"patching\"; } );\n");
	text = buf_take(&b, NULL);
	assert_non_null(text);
	buf_free(&b);
	return text;
}

/* ---- what has been said ---- */

static struct heard {
	char state[16];
	bool said;    /* at err, by itself, since it is in alert */
	bool by_pool; /* or for it by its pool */
	bool flapping;
	int64_t reminded_ms;
} heard[TESTS];

static struct {
	bool stands;
	bool resumed; /* a test of it, since then */
	int64_t announced_ms;
} heard_pool[POOLS];

/* stirred: restarts, reloads and clocks may make a reminder late, and the pace stays. */
static bool heard_isolated, stirred;
static size_t nheard;
/* What may delay what is to be said happened then. */
static uint64_t stirred_us[TESTS];

static void
say_all(const char *why, const char *whom)
{
	for (size_t i = 0; i < sim.nsaid; i++) {
		const struct sim_said *s = &sim.said[i];

		if (s->event != EVENT_TEST_FINISHED)
			fprintf(stderr, "%8.1f <%d> %s %s %s %s->%s %s diag=%s\n",
			    (double)s->at_ms / 1000, s->priority, event_name(s->event),
			    s->pool, s->test, s->from, s->to, s->rollup, s->diag);
	}
	fail_msg("seed %u, at %.1f s: %s: %s", seed,
	    (double)sim.now_us / 1e6 + (double)sim.skew_ms / 1000, whom, why);
}

#define EXPECT(condition, whom, why)                                                     \
	do {                                                                             \
		if (!(condition))                                                        \
			say_all(why, whom);                                              \
	} while (0)

static void
hear_state(struct heard *h, const struct sim_said *s)
{
	bool err = s->priority <= LOG_ERR, from_pause = strcmp(s->from, "paused") == 0;
	size_t p = (size_t)(s->test[0] - 'a');

	if (strcmp(s->to, "alert") == 0 && !from_pause) {
		EXPECT(strcmp(s->rollup, "pool") == 0 || !h->said, s->test, "twice");
		if (strcmp(s->rollup, "pool") == 0) {
			EXPECT(heard_pool[p].stands, s->test, "no pool");
			h->by_pool = true;
		} else {
			h->said = true;
		}
		EXPECT(!heard_isolated, s->test, "said while cut off");
		EXPECT(!h->flapping, s->test, "said while it flaps");
	} else if (strcmp(s->to, "alert") == 0 && err) {
		EXPECT(h->said, s->test, "resumed at err, and was never said");
		EXPECT(!heard_isolated, s->test, "resumed at err while cut off");
		h->reminded_ms = s->at_ms;
	}
	if (strcmp(s->from, "alert") == 0 && strcmp(s->to, "paused") != 0) {
		if (strcmp(s->rollup, "held") != 0)
			EXPECT(h->said || h->by_pool, s->test, "recovers, never said");
		h->said = h->by_pool = false;
	}
	EXPECT(!err || strcmp(s->to, "alert") == 0, s->test, "err");
	if (err)
		h->reminded_ms = s->at_ms;
	(void)str_copy(h->state, sizeof(h->state), str_of(s->to));
}

static void
hear_pool(size_t p, const struct sim_said *s)
{
	bool was = heard_pool[p].stands;

	if (s->event == EVENT_POOL_ALERT) {
		EXPECT(!was, s->pool, "pool.alert twice");
		EXPECT(!heard_isolated, s->pool, "accused while cut off");
		EXPECT(s->tests >= 2, s->pool, "one is no pool");
		heard_pool[p].stands = true;
	} else if (s->event == EVENT_POOL_RECOVERED) {
		EXPECT(was, s->pool, "recovered from nothing");
		heard_pool[p].stands = false;
		return;
	} else {
		EXPECT(was, s->pool, "reminder of nothing");
		EXPECT(!heard_isolated, s->pool, "reminder while cut off");
		EXPECT(heard_pool[p].resumed || stirred ||
			   (settings.remind &&
			       s->at_ms - heard_pool[p].announced_ms >= HOUR),
		    s->pool, "too soon");
	}
	heard_pool[p].resumed = false;
	heard_pool[p].announced_ms = s->at_ms;
}

static void
hear_reminder(struct heard *h, const struct sim_said *s)
{
	EXPECT(h->said, s->test, "reminder of what was not said");
	EXPECT(!heard_isolated, s->test, "reminder while cut off");
	EXPECT(!heard_pool[s->test[0] - 'a'].stands, s->test, "the pool speaks");
	EXPECT(
	    s->at_ms - h->reminded_ms >= HOUR || stirred, s->test, "reminder too soon");
	h->reminded_ms = s->at_ms;
}

static struct heard *
heard_of(const char *test)
{
	return &heard[(test[0] - 'a') * USERS + (test[3] - '0')];
}

static void
hear(const struct sim_said *s)
{
	switch (s->event) {
	case EVENT_TEST_STATE:
		hear_state(heard_of(s->test), s);
		break;
	case EVENT_TEST_FLAPPING:
		heard_of(s->test)->flapping = strcmp(s->to, "yes") == 0;
		break;
	case EVENT_TEST_REMINDER:
		hear_reminder(heard_of(s->test), s);
		break;
	case EVENT_TEST_RESUMED:
		heard_pool[s->test[0] - 'a'].resumed = true;
		break;
	case EVENT_POOL_ALERT:
	case EVENT_POOL_RECOVERED:
	case EVENT_POOL_REMINDER:
		hear_pool((size_t)(s->pool[0] - 'a'), s);
		break;
	case EVENT_WATCHER_ISOLATED:
		EXPECT(!heard_isolated, "watcher", "isolated twice");
		heard_isolated = true;
		break;
	case EVENT_WATCHER_CONNECTED:
		EXPECT(heard_isolated, "watcher", "connected twice");
		heard_isolated = false;
		memset(stirred_us, 0, sizeof(stirred_us));
		for (size_t i = 0; i < TESTS; i++)
			stirred_us[i] = sim.now_us;
		break;
	default:
		break;
	}
}

/* ---- what must be true at any time ---- */

/* A run that hangs, its turn in the queue of its pool, and the wait; each twice. */
static uint64_t
bound_us(void)
{
	return (uint64_t)(2 * settings.rollup_wait_s + 2 * 30 * USERS + 60) * SIM_SECOND;
}

static void
check_test(const struct test_state *t)
{
	const struct alert *a = &t->alert;
	struct heard *h = heard_of(t->name);
	uint64_t *free_us = &stirred_us[h - heard];
	bool stands = heard_pool[t->name[0] - 'a'].stands;

	EXPECT(a->state == ALERT_UNKNOWN || h->state[0] == '\0' ||
		   strcmp(h->state, alert_state_name(a->state)) == 0 ||
		   (a->state == ALERT_ALERT && a->announced_by == ALERT_PENDING),
	    t->name, "its state is not what was said");
	if (a->state != ALERT_ALERT || a->announced_by != ALERT_PENDING ||
	    a->failures == 0 || a->flapping || view_watcher(sim.view).cut_off) {
		*free_us = sim.now_us;
		EXPECT(a->state != ALERT_ALERT || a->announced_by != ALERT_BY_TEST ||
			   h->said,
		    t->name, "nobody has said it");
		EXPECT(
		    a->state != ALERT_ALERT || a->announced_by != ALERT_BY_POOL || stands,
		    t->name, "its pool does not speak");
		return;
	}
	EXPECT(sim.now_us - *free_us < bound_us(), t->name, "held for too long");
}

static void
check_all(void)
{
	for (; nheard < sim.nsaid; nheard++)
		hear(&sim.said[nheard]);
	for (size_t i = 0; i < view_count_tests(sim.view); i++)
		check_test(view_test(sim.view, i).state);
	for (size_t i = 0; i < view_count_pools(sim.view); i++)
		EXPECT(heard_pool[i].stands ==
			   (view_pool(sim.view, i)->rollup.state == ROLLUP_ACTIVE),
		    view_pool(sim.view, i)->fqdn, "it is not as was said");
	EXPECT(heard_isolated == (view_watcher(sim.view).cut_off), "watcher",
	    "it is not as was said");
}

/* Second by second, so that lines are heard in the second in which they were said. */
static void
live(int64_t ms)
{
	uint64_t until = sim.now_us / 1000 + (uint64_t)ms;

	while (sim.now_us / 1000 < until) {
		sim_run_until_ms((int64_t)(sim.now_us / 1000 + 500));
		check_all();
	}
}

/* ---- what happens ---- */

static void
stir(void)
{
	stirred = true;
	for (size_t i = 0; i < TESTS; i++)
		stirred_us[i] = sim.now_us;
}

static void
forget_removed(void)
{
	for (unsigned i = 0; i < TESTS; i++)
		if (!settings.has[i / USERS][i % USERS])
			heard[i] = (struct heard){ .said = false };
}

static void
operate(void)
{
	const struct operator_note note = { "kenmyer", "dice" };
	char target[] = "a.x.org", test[] = "a/u0";
	const char *whom = roll(2) == 0 ? target : test;

	target[0] = test[0] = (char)('a' + roll(POOLS));
	test[3] = (char)('0' + roll(USERS));
	switch (roll(5)) {
	case 0:
		operator_pause(
		    sim.operator, whom, (1 + roll(60)) * (uint64_t)MINUTE, &note);
		break;
	case 1:
	case 2:
		operator_resume(sim.operator, whom, &note);
		break;
	case 3:
		operator_acknowledge(sim.operator, whom, &note);
		break;
	default:
		operator_run_now(sim.operator, whom);
		break;
	}
}

static void
die(void)
{
	sim_flush();
	sim_kill_and_start();
	stir();
}

static void
one_step(bool clocks)
{
	unsigned p = roll(POOLS);
	char *config;

	switch (roll(clocks ? 11 : 10)) {
	case 0:
	case 1:
		pools_way[p] = some_way();
		break;
	case 2:
	case 3:
		users_way[p][roll(USERS)] = some_way();
		break;
	case 4:
		networks_way = roll(3) != 0 ? WELL : roll(2) == 0 ? NO_ROUTE : NO_NAME;
		sim.reachable = networks_way == WELL && roll(8) != 0;
		break;
	case 5:
	case 6:
	case 7:
		operate();
		break;
	case 8:
		die();
		break;
	case 9:
		if (roll(2) == 0)
			choose_settings();
		config = make_config();
		sim_reload(config);
		free(config);
		forget_removed();
		stir();
		break;
	default:
		sim.skew_ms += ((int64_t)roll(120) - 60) * MINUTE;
		stir();
		break;
	}
}

static void
play(void)
{
	char *config;

	dice = seed * 2654435761u + 1;
	for (unsigned i = 0; i < 8; i++)
		(void)roll(2);
	memset(heard, 0, sizeof(heard));
	memset(heard_pool, 0, sizeof(heard_pool));
	memset(users_way, 0, sizeof(users_way));
	memset(pools_way, 0, sizeof(pools_way));
	memset(stirred_us, 0, sizeof(stirred_us));
	heard_isolated = stirred = false;
	networks_way = roll(4) == 0 ? NO_NAME : WELL;
	nheard = 0;
	choose_settings();
	config = make_config();
	sim_open(config, outcome);
	free(config);
}

static void
histories(bool clocks)
{
	uint32_t from = 1, to = SEEDS;
	const char *only = getenv("SEED");

	if (only != NULL) {
		char *end;

		from = to = (uint32_t)strtoul(only, &end, 10);
		if (*end == '-')
			to = (uint32_t)strtoul(end + 1, NULL, 10);
	}
	for (seed = from; seed <= to; seed++) {
		play();
		for (unsigned i = 0; i < STEPS; i++) {
			live(roll(2) == 0 ? roll(60) * SECOND_MS : roll(20) * MINUTE);
			check_all();
			one_step(clocks);
			check_all();
		}
		sim_close();
	}
}

static void
random_histories(void **state)
{
	(void)state;
	histories(false);
}

static void
random_histories_with_clocks(void **state)
{
	(void)state;
	histories(true);
}

RUN_CASES(TEST(random_histories), TEST(random_histories_with_clocks));
