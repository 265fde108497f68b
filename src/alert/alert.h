/*
 * alert - what a result means for a test: pure logic on plain data.
 *
 * No I/O, no clock of its own, no memory to free: struct alert is kept by whoever keeps
 * the test, goes to the state file field by field, and comes back by alert_restore().
 */
#ifndef CSWATCH_ALERT_ALERT_H
#define CSWATCH_ALERT_ALERT_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum alert_state {
	ALERT_UNKNOWN,		/* not run yet */
	ALERT_OK,
	ALERT_FAILING,		/* failed, not yet confirmed */
	ALERT_ALERT,		/* confirmed, not yet recovered */
	ALERT_PAUSED,		/* held; results change nothing */
	ALERT_COUNT
};

/* "unknown", "ok", "failing", "alert", "paused" */
const char *alert_state_name(enum alert_state s);
/* False when there is no such state; *ret untouched. */
bool alert_state_by_name(struct str name, enum alert_state *ret);

struct alert_rules {
	unsigned confirm;	/* failures in a row that make an alert; at least 1 */
	unsigned recover;	/* successes in a row that end one; at least 1 */
};

struct alert {
	enum alert_state state;
	unsigned failures;	/* in a row; 0 after a success */
	unsigned successes;	/* in a row; 0 after a failure */
	int64_t since_ms;	/* wall clock, when the state began; 0: never run */
	enum alert_state held;	/* of ALERT_PAUSED: the state to go back to */
	int64_t held_since_ms;
	bool acknowledged;	/* of a standing alert: somebody knows */
};

struct alert_change {
	enum alert_state from, to;
};

/* Never run. */
void alert_init(struct alert *a);
/*
 * As read back from a state file, which does not hold successes: of a standing alert they
 * are counted afresh, so that a restart never makes it end early.
 */
void alert_restore(struct alert *a, enum alert_state state, unsigned failures,
    int64_t since_ms);

/* Takes a result in. True: the state changed, *ret says how; else it is untouched. */
bool alert_feed(const struct alert_rules *rules, struct alert *a, bool ok, int64_t now_ms,
    struct alert_change *ret);

/*
 * Holds the state, and lets it go on where it was held: a pause neither ends an alert nor
 * makes one. False: it is paused already, or is not; *ret untouched.
 */
bool alert_pause(struct alert *a, int64_t now_ms, struct alert_change *ret);
bool alert_resume(struct alert *a, struct alert_change *ret);
/* False: there is no alert that stands, or it is acknowledged. Lasts until it ends. */
bool alert_acknowledge(struct alert *a);

#endif
