/*
 * rollup - one line for a pool whose tests all fail in the same way, in place of one for
 * each: pure logic on plain data, no I/O, no clock of its own.
 *
 * The rules, which cswatch-events(7) has for administrators:
 *
 *  1. The alert of a test is pending (ALERT_PENDING), and its pool is judged by runs
 *     that began since the first failure of that test's row: others were under way when
 *     it went wrong, and saw half of it. A pool that is being judged, or has an alert
 *     that is active, is not judged again.
 *  2. One success, or one failure with another tag, decides it: each test
 *     announces its own alert. When every active test has failed with the same tag, two
 * at least, the pool announces it; at the end of the wait those count that have a result
 * by then. Active are tests that are neither paused nor flapping.
 *  3. Each for itself: pending alerts whose failure counted are announced. The others
 * stay pending until their own next failure, which begins at 1 with that failure as the
 * first.
 *  4. The pool for all: pending tests are silent, and those that follow. It ends with the
 *     first success of an active test, of a run that began since; what the pool announced
 *     and is still active is pending again, as under 3. What a test has announced itself
 *     is not announced again.
 *
 * Whether the watcher is cut off (isolation.h) is asked before anything is said; that,
 * and having the other tests run sooner, is up to the caller.
 */
#ifndef CSWATCH_ALERT_ROLLUP_H
#define CSWATCH_ALERT_ROLLUP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"

#define ROLLUP_DIAG_SIZE 24 /* a tag and its NUL */

/* What a pool asks of one of its tests. */
struct rollup_member {
	bool active;
	bool expected;	  /* and a result of it will come, if it has to */
	const char *diag; /* tag of its last result; NULL: success, or none yet */
	int64_t begun_ms; /* when the run of that began; 0: never */
	struct alert *alert;
};

/* The tests of a pool, and what is to be said. */
struct rollup_tests {
	size_t n;
	void *arg;
	struct rollup_member (*nth)(void *arg, size_t i);
	/* The alert of test i is to be announced; its announced_by is set already. */
	void (*say)(void *arg, size_t i, enum alert_announcer by);
	/* The pool's alert begins (true), or is over. */
	void (*say_pool)(void *arg, bool stands);
};

enum rollup_state {
	ROLLUP_QUIET,
	ROLLUP_JUDGING,
	ROLLUP_STANDING /* the pool's alert stands */
};

struct rollup {
	enum rollup_state state;
	char diag[ROLLUP_DIAG_SIZE]; /* of the failure that it began with */
	/* while judging */
	int64_t from_ms;	/* runs that began since then count */
	int64_t until_ms;	/* no longer than that */
	size_t agreed, pending; /* tests: that failed so; that are waited for */
	bool against;		/* one succeeded, or failed otherwise */
	/* of an alert that stands */
	int64_t since_ms, said_ms;
	bool acknowledged;
};

/*
 * The alert of test i is pending, and it has failed now: begins to judge, joins what is
 * under way, or lets a standing alert speak for it. first_ms: of its row of failures.
 */
void rollup_pending(struct rollup *r, const struct rollup_tests *t, size_t i,
    int64_t first_ms, int64_t now_ms, uint64_t wait_ms);
/*
 * A result of test i has come, and is its last one already; was_ms: when the run before
 * began. Before rollup_pending(). A success ends an alert that stands, and says so.
 */
void rollup_result(struct rollup *r, const struct rollup_tests *t, size_t i,
    int64_t was_ms, int64_t now_ms);
/* Tests have come, gone, been paused or resumed while it was judged. */
void rollup_recount(struct rollup *r, const struct rollup_tests *t);

/* It is being judged, and there is nothing more to wait for. */
bool rollup_is_ripe(const struct rollup *r, int64_t now_ms);
/* Judges: the pool speaks, or each test, or (when none is pending any more) nobody. */
void rollup_conclude(struct rollup *r, const struct rollup_tests *t, int64_t now_ms);
/* Not now: what is pending stays so. */
void rollup_defer(struct rollup *r);

/* As alert_next_reminder() and alert_remind(), of an alert that stands. */
int64_t rollup_next_reminder(const struct rollup *r, uint64_t remind_ms);
bool rollup_remind(struct rollup *r, uint64_t remind_ms, int64_t now_ms);

#endif
