/*
 * outages - a made-up world (sim.h) of three pools whose users fail when and how a test
 * says, and what was said of them.
 */
#ifndef CSWATCH_TESTS_DAEMON_OUTAGES_H
#define CSWATCH_TESTS_DAEMON_OUTAGES_H
#include "sim.h"

#define HOUR   ((int64_t)3600000)
#define MINUTE ((int64_t)60000)

enum way { WELL, REFUSED, NO_ROUTE, NO_NAME, SLOW, CRED, FORBIDDEN };

extern unsigned runs; /* begun, of all tests */

/*
 * A day with pools a, b, c (.x.org) and so many of the users u0 ... u9 on each; tests are
 * called a/u0 and so on. top: more of the configuration. All is well until HOUR - 1.
 */
void begin(const char *top, unsigned a, unsigned b, unsigned c);
void reload(const char *top, unsigned a, unsigned b, unsigned c);
/* '*': any pool, any user. Of two that mean the same test the first counts. */
void fails(char pool, char user, int64_t from, int64_t to, enum way way);
/* Writes the state file, dies and starts again. */
void die(void);

unsigned count(enum event_id event);
/* test.state to alert, with that rollup= ("": none), of the tests of a pool ('*': all) */
unsigned alerts(char pool, const char *rollup);
unsigned errors(void);
const struct sim_said *last(enum event_id event);
size_t in_state(enum alert_state s);
/* And the end of it. */
void nothing_but_notices(unsigned want_errors);

#endif
