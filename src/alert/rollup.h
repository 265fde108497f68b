/*
 * rollup - one line for a pool whose tests all fail in the same way, in place of one for
 * each: pure logic on plain data, without I/O and without a clock.
 *
 * The rules, which cswatch-events(7) has for administrators:
 *
 *  1. The alert of a test is pending (ALERT_PENDING), and its pool is judged by runs
 *     that began since the first failure of that test's row: others were under way when
 *     it went wrong, and saw half of it. A pool that is being judged, or has an active
 * alert, is not judged again.
 *  2. One success, or one failure with another tag, decides it: each test
 *     announces its own alert. If every active test has failed with the same tag, two at
 *     least, the pool announces it; at the end of the wait those count that have a
 *     result by then. Tests that are neither paused nor flapping are active.
 *  3. If each test announces its own alert, pending alerts whose failure counted are
 *     announced. The others stay pending until their own next failure, which begins at 1
 *     with that failure as the first.
 *  4. If the pool announces its alert, pending tests are silent, and those that follow.
 *     That alert ends with the first success of an active test, of a run that began
 *     since; what the pool announced and is still active is pending again, as under 3.
 *     What a test has announced itself is not announced again.
 *
 * Whether the watcher is cut off (isolation.h) is checked before anything is announced;
 * that, and having the other tests run sooner, is up to the caller.
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
	bool expected;	  /* active, and it can run to give a result */
	const char *diag; /* tag of its last result, or NULL if it has not failed */
	int64_t begun_ms; /* when that run began, or 0 */
	struct alert *alert;
};

/* The tests of a pool, and what is called to announce alerts. */
struct rollup_tests {
	size_t n;
	void *arg;
	struct rollup_member (*nth)(void *arg, size_t i);
	/* Announces the alert of test i, whose announced_by is set already. */
	void (*announce)(void *arg, size_t i, enum alert_announcer by);
	/* Announces that the pool's alert has begun, or is over. */
	void (*announce_pool)(void *arg, bool active);
};

enum rollup_state {
	ROLLUP_QUIET,
	ROLLUP_JUDGING,
	ROLLUP_ACTIVE /* the pool's alert is active */
};

struct rollup {
	enum rollup_state state;
	char diag[ROLLUP_DIAG_SIZE]; /* tag of the failure that it began with */
	/* while judging */
	int64_t from_ms;	/* runs that began since then count */
	int64_t until_ms;	/* end of the wait */
	size_t agreed, pending; /* tests that failed so, and that are waited for */
	bool against;		/* a test succeeded, or failed otherwise */
	/* of an active alert */
	int64_t since_ms, announced_ms;
	bool acknowledged;
};

/*
 * Handles a failure of test i, whose alert is pending: begins to judge, joins what is
 * under way, or has the pool's active alert announce it. first_ms is the first failure of
 * its row.
 */
void rollup_pending(struct rollup *r, const struct rollup_tests *t, size_t i,
    int64_t first_ms, int64_t now_ms, uint64_t wait_ms);
/*
 * Handles a result of test i, which is its last one already; was_ms is when the run
 * before began. Call before rollup_pending(). A success ends an active alert, which is
 * announced.
 */
void rollup_result(struct rollup *r, const struct rollup_tests *t, size_t i,
    int64_t was_ms, int64_t now_ms);
/* Counts again. Call after tests have come, gone, been paused or resumed. */
void rollup_recount(struct rollup *r, const struct rollup_tests *t);

/* Returns whether it is being judged and there is nothing more to wait for. */
bool rollup_is_ripe(const struct rollup *r, int64_t now_ms);
/*
 * Concludes: the pool announces the alert, or each test its own, or, if none is pending
 * any more, nobody does.
 */
void rollup_conclude(struct rollup *r, const struct rollup_tests *t, int64_t now_ms);
/* Ends judging without a conclusion; what is pending stays so. */
void rollup_defer(struct rollup *r);

/* Like alert_next_reminder() and alert_remind(), for the pool's active alert. */
int64_t rollup_next_reminder(const struct rollup *r, uint64_t remind_ms);
bool rollup_remind(struct rollup *r, uint64_t remind_ms, int64_t now_ms);

#endif
