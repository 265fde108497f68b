/*
 * watch/probe: what is kept of a registrar that was found, how long, and what makes the
 * next run look again; also over a reload.
 */
#include <string.h>

#include "../cases.h"
#include "../config/place.h"
#include "vocab/err.h"
#include "sim.h"
#include "watch/probe.h"

#define MINUTE ((int64_t)60000)

/* ---- one probe ---- */

static struct config *config;

static struct probe *
open_probe(void)
{
	struct probe *p;

	assert_int_equal(place_enter(NULL), 0);
	config = place_config(
	    USERS "pools: ( { domain = \"x.org\"; } );\n"
		  "tests: ( { pool = \"x.org\"; user = \"sip:alice@x.org\"; } );\n");
	p = probe_new(&config->tests[0]);
	assert_non_null(p);
	return p;
}

static void
close_probe(struct probe *p)
{
	probe_free(p);
	config_unref(config);
	assert_int_equal(place_leave(NULL), 0);
}

/* What a run goes by that begins when the day does. */
static const struct discovery *
known(const struct probe *p)
{
	return probe_known_discovery(p, SIM_DAY_MS);
}

static struct result
found_at(int64_t at_ms)
{
	struct result r = { .ok = true };

	err_clear(&r.err);
	r.discovery = (struct discovery){ .found = true,
		.way = WAY_SRV_EXTERNAL,
		.host = "pool.x.org",
		.port = 5061,
		.at_ms = at_ms };
	return r;
}

static struct result
failed_at(enum step_id step)
{
	struct result r = { .ok = false };

	err_set(&r.err, CAUSE_CLOSED, 0, "gone");
	r.err.step = step;
	r.discovery = (struct discovery){
		.found = true, .known = true, .host = "other.x.org", .at_ms = SIM_DAY_MS
	};
	return r;
}

static void
a_registrar_is_kept_for_its_time(void **state)
{
	struct probe *p = open_probe();
	struct result r = found_at(SIM_DAY_MS);

	(void)state;
	assert_int_equal(probe_discovery_until(p), 0);
	assert_null(known(p));
	probe_note_discovery(p, &r);
	assert_int_equal(probe_discovery_until(p), SIM_DAY_MS + 60 * MINUTE);
	assert_non_null(known(p));
	assert_non_null(probe_known_discovery(p, SIM_DAY_MS + 60 * MINUTE - 1));
	assert_null(probe_known_discovery(p, SIM_DAY_MS + 60 * MINUTE));
	assert_null(probe_known_discovery(p, SIM_DAY_MS - 1)); /* set back */
	/* A run that did not look has nothing to say of when it was found. */
	r.discovery.known = true;
	r.discovery.at_ms += 5;
	probe_note_discovery(p, &r);
	assert_int_equal(test_view_of(p).discovery->at_ms, SIM_DAY_MS);
	/* One that found nothing takes its place. */
	r.discovery = (struct discovery){ .at_ms = SIM_DAY_MS + 7, .ntries = 1 };
	probe_note_discovery(p, &r);
	assert_int_equal(probe_discovery_until(p), 0);
	assert_int_equal(test_view_of(p).discovery->ntries, 1);
	close_probe(p);
}

static const struct disprove_case {
	const char *name;
	enum step_id step;
	unsigned warnings;
	bool moved_on, dead;
	bool again;
} disprove_cases[] = {
	{ "discover", STEP_DISCOVER, .again = true },
	{ "resolve", STEP_RESOLVE, .again = true },
	{ "sip-connect", STEP_SIP_CONNECT, .again = true },
	{ "challenge", STEP_CHALLENGE, .again = true },
	{ "web-ticket", STEP_WEB_TICKET, .again = false },
	{ "register", STEP_REGISTER, .again = false },
	{ "redirected by the registrar", STEP_REGISTER, 1u << WARNING_REDIRECT,
	    .moved_on = true, .again = true },
	{ "redirected by a web service", STEP_REGISTER, 1u << WARNING_REDIRECT,
	    .again = false },
	{ "another target was dead", STEP_REGISTER, 1u << WARNING_DISCOVERY, .dead = true,
	    .again = true },
};

static void
check_disproves(void **state)
{
	const struct disprove_case *tc = *state;
	struct result r;
	struct probe *p = open_probe();

	r = found_at(SIM_DAY_MS);
	probe_note_discovery(p, &r);
	r = failed_at(tc->step);
	r.warnings = tc->warnings;
	r.discovery.moved_on = tc->moved_on;
	r.discovery.ntries = 1;
	r.discovery.tries[0].dead = tc->dead;
	probe_note_discovery(p, &r);
	assert_int_equal(known(p) == NULL, tc->again);
	assert_int_equal(test_view_of(p).discovery_until_ms == 0, tc->again);
	/* What is shown is still what was found. */
	assert_string_equal(test_view_of(p).discovery->host, "pool.x.org");
	close_probe(p);
}

/* ---- over a reload ---- */

#define DOMAIN(of_domain)                                                                \
	"state_directory = \"state\";\n"                                                 \
	"users: ( { sip = \"alice@x.org\"; username = \"X\\\\a\"; "                      \
	"password = \"p\"; } );\n"                                                       \
	"pools: ( { domain = \"x.org\"; " of_domain " } );\n"                            \
	"tests: ( { name = \"d\"; pool = \"x.org\"; user = \"alice@x.org\"; } );\n"

static bool
succeed(const char *pool, const char *user, int64_t at_ms, struct err *err)
{
	(void)pool;
	(void)user;
	(void)at_ms;
	(void)err;
	return true;
}

/* What a run of the sim has found. */
static struct discovery found;

static void
open_sim(void)
{
	sim_open(DOMAIN(""), succeed);
	sim_run_until_ms(MINUTE);
	assert_null(sim_test("d").discovery);
	found = found_at(SIM_DAY_MS + MINUTE).discovery;
	sim.finds = &found;
	assert_int_equal(operator_run_now(sim.operator, "d").changed, 1);
	sim_run_until_ms(2 * MINUTE);
	assert_non_null(sim_test("d").discovery);
}

static void
a_reload_keeps_the_registrar(void **state)
{
	const struct probe *p;

	(void)state;
	open_sim();
	p = sim_test("d").probe;
	assert_int_equal(
	    sim_test("d").discovery_until_ms, SIM_DAY_MS + (1 + 60) * MINUTE);
	/* The time that it is good for is the new one. */
	sim_reload(DOMAIN("discovery_age = \"7m\";"));
	assert_ptr_equal(sim_test("d").probe, p);
	assert_int_equal(sim_test("d").discovery_until_ms, SIM_DAY_MS + (1 + 7) * MINUTE);
	(void)operator_run_now(sim.operator, "d");
	sim_run_until_ms(3 * MINUTE);
	assert_true(sim.knew);
	/* Asked elsewhere, it may be another. */
	sim_reload(DOMAIN("discovery_uri = \"https://d.x.org/\";"));
	assert_ptr_equal(sim_test("d").probe, p);
	assert_null(sim_test("d").discovery);
	(void)operator_run_now(sim.operator, "d");
	sim_run_until_ms(4 * MINUTE);
	assert_false(sim.knew);
	sim_close();
}

/* A run that looks by the old configuration ends under the new one. */
static void
a_reload_forgets_what_a_run_will_find(void **state)
{
	const struct probe *p;

	(void)state;
	sim_open(DOMAIN(""), succeed);
	p = sim_test("d").probe;
	sim_run_until_ms(MINUTE);
	found = found_at(SIM_DAY_MS + MINUTE).discovery;
	sim.finds = &found;
	(void)operator_run_now(sim.operator, "d");
	sim_run_until_ms(MINUTE + 100);
	assert_true(sim_test("d").running);
	sim_reload(DOMAIN("discovery_uri = \"https://d.x.org/\";"));
	assert_ptr_equal(sim_test("d").probe, p);
	assert_true(sim_test("d").running);
	sim_run_until_ms(MINUTE + 600);
	assert_false(sim_test("d").running);
	assert_null(sim_test("d").discovery);
	(void)operator_run_now(sim.operator, "d"); /* the next one */
	sim_run_until_ms(MINUTE + 1200);
	assert_false(sim.knew);
	assert_non_null(sim_test("d").discovery);
	sim_close();
}

RUN_CASES(TEST(a_registrar_is_kept_for_its_time),
    ROWS("disproves", disprove_cases, check_disproves),
    TEST(a_reload_keeps_the_registrar), TEST(a_reload_forgets_what_a_run_will_find));
