/*
 * daemon/probe: what is kept of a registrar that was found, how long, and what makes the
 * next run look again.
 */
#include <string.h>

#include "../cases.h"
#include "vocab/err.h"
#include "config/config.h"
#include "watch/operator.h"
#include "daemon_world.h"

#define DOMAIN	"{ name = \"d\"; pool = \"x.org\"; user = \"sip:alice@x.org\"; }"
#define REFUSED "{ name = \"r\"; pool = \"refusing.x.org\"; user = \"sip:bob@x.org\"; }"

static struct daemon_world world;

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

static struct result
found_now(void)
{
	struct result r = { .ok = true };

	err_clear(&r.err);
	r.discovery = (struct discovery){ .found = true,
		.way = WAY_SRV_EXTERNAL,
		.host = "pool.x.org",
		.port = 5061,
		.at_ms = world.wall_ms };
	return r;
}

static struct result
failed_at(enum step_id step)
{
	struct result r = { .ok = false };

	err_set(&r.err, CAUSE_CLOSED, 0, "gone");
	r.err.step = step;
	r.discovery = (struct discovery){ .found = true,
		.known = true,
		.host = "other.x.org",
		.at_ms = world.wall_ms };
	return r;
}

static void
a_registrar_is_kept_for_its_time(void **state)
{
	struct result r;
	struct probe *p;

	(void)state;
	begin(DOMAIN);
	p = daemon_world_probe(&world, "d");
	assert_int_equal(probe_discovery_until(p), 0);
	r = found_now();
	probe_note_discovery(p, &r);
	assert_int_equal(probe_discovery_until(p), WORLD_WALL_MS + 3600000);
	assert_false(p->look_again);
	/* A run that did not look has nothing to say of when it was found. */
	r.discovery.known = true;
	r.discovery.at_ms += 5;
	probe_note_discovery(p, &r);
	assert_int_equal(p->discovery->at_ms, WORLD_WALL_MS);
	/* One that found nothing takes its place. */
	r.discovery = (struct discovery){ .at_ms = WORLD_WALL_MS + 7, .ntries = 1 };
	probe_note_discovery(p, &r);
	assert_int_equal(probe_discovery_until(p), 0);
	assert_int_equal(p->discovery->ntries, 1);
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
	struct probe *p;

	begin(DOMAIN);
	p = daemon_world_probe(&world, "d");
	r = found_now();
	probe_note_discovery(p, &r);
	r = failed_at(tc->step);
	r.warnings = tc->warnings;
	r.discovery.moved_on = tc->moved_on;
	r.discovery.ntries = 1;
	r.discovery.tries[0].dead = tc->dead;
	probe_note_discovery(p, &r);
	assert_int_equal(p->look_again, tc->again);
	/* What is shown is still what was found. */
	assert_string_equal(p->discovery->host, "pool.x.org");
	end(NULL);
}

static void
a_reload_keeps_the_registrar(void **state)
{
	struct result r;
	struct probe *p;

	(void)state;
	begin(DOMAIN);
	p = daemon_world_probe(&world, "d");
	r = found_now();
	probe_note_discovery(p, &r);
	daemon_world_adopt(&world, DOMAIN ", " REFUSED);
	assert_ptr_equal(daemon_world_probe(&world, "d"), p);
	assert_non_null(p->discovery);
	/* The time that it is good for is the new one. */
	world.of_domain = "discovery_age = \"7m\";";
	daemon_world_adopt(&world, DOMAIN);
	assert_int_equal(probe_discovery_until(p), WORLD_WALL_MS + 7 * 60000);
	/* Asked elsewhere, it may be another. */
	world.of_domain = "discovery_uri = \"https://d.x.org/\";";
	daemon_world_adopt(&world, DOMAIN);
	assert_ptr_equal(daemon_world_probe(&world, "d"), p);
	assert_null(p->discovery);
}

/* A run that looks by the old configuration ends under the new one. */
static void
a_reload_forgets_what_a_run_will_find(void **state)
{
	struct result r;
	struct probe *p;

	(void)state;
	begin(DOMAIN);
	p = daemon_world_probe(&world, "d");
	daemon_world_run(&world, "d");
	daemon_world_wait(&world, 1);
	world.of_domain = "discovery_uri = \"https://d.x.org/\";";
	daemon_world_adopt(&world, DOMAIN);
	assert_ptr_equal(daemon_world_probe(&world, "d"), p);
	assert_true(p->forget_run);
	probe_cancel(p);
	daemon_world_wait(&world, 0);
	assert_false(p->forget_run);
	r = found_now();
	p->forget_run = true;
	probe_note_discovery(p, &r);
	assert_null(p->discovery);
	probe_note_discovery(p, &r); /* the next one */
	assert_non_null(p->discovery);
}

/* The name server of this world is not there, so it is asked once only. */
static void
a_run_looks_and_says_what_came(void **state)
{
	const struct discovery *found;

	(void)state;
	begin(DOMAIN);
	daemon_world_run_to_end(&world, "d");
	found = daemon_world_probe(&world, "d")->discovery;
	assert_non_null(found);
	assert_false(found->found);
	assert_int_equal(found->ntries, 1);
	assert_int_equal(found->at_ms, WORLD_WALL_MS);
	assert_true(daemon_world_probe(&world, "d")->look_again);
	assert_int_equal(
	    daemon_world_probe(&world, "d")->state.last.failure->step, STEP_DISCOVER);
	assert_string_equal(daemon_world_probe(&world, "d")->state.pool, "x.org");
}

#define PROBES(function) TEST_WITH(function, NULL, end)

RUN_CASES(PROBES(a_registrar_is_kept_for_its_time),
    ROWS("disproves", disprove_cases, check_disproves),
    PROBES(a_reload_keeps_the_registrar), PROBES(a_reload_forgets_what_a_run_will_find),
    PROBES(a_run_looks_and_says_what_came));
