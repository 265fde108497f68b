#include "outages.h"

#include <errno.h>
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "config/config.h"

/* ---- the pools: how each user of each fails, from when to when ---- */

static const struct {
	enum step_id step;
	enum cause cause;
	long code;
	const char *tag;
} ways[] = {
	[REFUSED] = { STEP_SIP_CONNECT, CAUSE_CONNECT, ECONNREFUSED, "REG-REFUSED" },
	[NO_ROUTE] = { STEP_SIP_CONNECT, CAUSE_CONNECT, EHOSTUNREACH, "REG-CONNECT" },
	[NO_NAME] = { STEP_RESOLVE, CAUSE_DNS, 4, "DNS-NAME" },
	[SLOW] = { STEP_SIP_CONNECT, CAUSE_TIMEOUT, 5000, "REG-SLOW" },
	[CRED] = { STEP_WEB_TICKET, CAUSE_AUTH, 401, "WT-CRED" },
	[FORBIDDEN] = { STEP_REGISTER, CAUSE_SIP, 403, "LOGON-FORBIDDEN" },
};

static struct outage {
	char pool, user; /* '*': any */
	int64_t from, to;
	enum way way;
} outages[16];
static size_t noutages;
unsigned runs;

void
fails(char pool, char user, int64_t from, int64_t to, enum way way)
{
	assert_true(noutages < NROWS(outages));
	outages[noutages++] = (struct outage){ pool, user, from, to, way };
}

static bool
outcome(const char *pool, const char *user, int64_t at_ms, struct err *err)
{
	runs++;
	for (size_t i = 0; i < noutages; i++) {
		const struct outage *o = &outages[i];

		if ((o->pool != '*' && o->pool != pool[0]) ||
		    (o->user != '*' && o->user != user[1]) || at_ms < o->from ||
		    at_ms >= o->to)
			continue;
		err_set(err, ways[o->way].cause, ways[o->way].code, "as told");
		err->step = ways[o->way].step;
		if (o->way == SLOW)
			sim.run_us = 5 * SIM_SECOND;
		return false;
	}
	return true;
}

/* Pools a, b, c with so many of the users u0 ... u9; a test is called POOL/USER. */
static char *
make_config(const char *top, unsigned a, unsigned b, unsigned c)
{
	const unsigned n[3] = { a, b, c };
	struct buf t;
	char *text;

	buf_init(&t, 65536);
	buf_printf(&t, "state_directory = \"state\"; %s\nusers: ( ", top);
	for (unsigned i = 0; i < 10; i++)
		buf_printf(&t,
		    "%s{ sip = \"u%u@x.org\"; username = \"X\\\\u%u\"; "
		    "password = \"p\"; }",
		    i == 0 ? "" : ", ", i, i);
	buf_puts(&t, " );\npools: ( ");
	for (unsigned i = 0; i < 3; i++)
		buf_printf(&t, "%s{ fqdn = \"%c.x.org\"; }", i == 0 ? "" : ", ", 'a' + i);
	buf_puts(&t, " );\ntests: ( ");
	for (unsigned i = 0, more = 0; i < 3; i++)
		for (unsigned u = 0; u < n[i]; u++)
			buf_printf(&t,
			    "%s{ pool = \"%c.x.org\"; user = \"u%u@x.org\"; "
			    "name = \"%c/u%u\"; }",
			    more++ == 0 ? "" : ", ", 'a' + i, u, 'a' + i, u);
	buf_puts(&t, " );\n");
	text = buf_take(&t, NULL);
	assert_non_null(text);
	buf_free(&t);
	return text;
}

void
begin(const char *top, unsigned a, unsigned b, unsigned c)
{
	char *config = make_config(top, a, b, c);

	noutages = 0;
	sim_open(config, outcome);
	free(config);
	sim_run_until_ms(HOUR - 1); /* all is well */
}

void
reload(const char *top, unsigned a, unsigned b, unsigned c)
{
	char *config = make_config(top, a, b, c);

	sim_reload(config);
	free(config);
}

/* ---- what was said ---- */

unsigned
count(enum event_id event)
{
	unsigned n = 0;

	for (size_t i = 0; i < sim.nsaid; i++)
		n += sim.said[i].event == event;
	return n;
}

/* test.state to alert, with that rollup= ("": none), of the tests of a pool ('*': all) */
unsigned
alerts(char pool, const char *rollup)
{
	unsigned n = 0;

	for (size_t i = 0; i < sim.nsaid; i++) {
		const struct sim_said *s = &sim.said[i];

		if (s->event != EVENT_TEST_STATE || strcmp(s->to, "alert") != 0 ||
		    (pool != '*' && s->test[0] != pool) || strcmp(s->rollup, rollup) != 0)
			continue;
		assert_int_equal(s->priority, rollup[0] == '\0' ? LOG_ERR : LOG_WARNING);
		n++;
	}
	return n;
}

unsigned
errors(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < sim.nsaid; i++)
		n += sim.said[i].priority <= LOG_ERR;
	return n;
}

/* The last line of that event. */
const struct sim_said *
last(enum event_id event)
{
	for (size_t i = sim.nsaid; i > 0; i--)
		if (sim.said[i - 1].event == event)
			return &sim.said[i - 1];
	fail_msg("no %s", event_name(event));
	return NULL;
}

size_t
in_state(enum alert_state s)
{
	return view_watcher(sim.view).states[s];
}

/* What is known is on the disk, and nothing else is. */
void
die(void)
{
	sim_flush();
	sim_kill_and_start();
}

void
nothing_but_notices(unsigned want_errors)
{
	assert_int_equal(errors(), want_errors);
	sim_close();
}
