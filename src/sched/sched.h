/*
 * sched - when each test runs. It knows nothing of transactions: it calls start(), and is
 * told when a run is over.
 *
 * Fixed rate: a test is due at every multiple of its interval, shifted by a phase that
 * follows from its name, so that tests do not start together and nothing drifts. What
 * cannot start at once, because too much is running, waits in the order in which it was
 * due; a full pool holds up no other. A test never overlaps itself, and tests of one user
 * never overlap each other where limits of users are given. Slots that go by during a
 * long run, a long wait or a suspend are caught up with by one run.
 *
 * Times of day follow the wall clock also where it is set: a time that a clock jumps over
 * is caught up with, one that comes again because the clock was set back is not run
 * again, unless the clock was wrong by more than three hours.
 *
 * After sched_adopt() nothing allocates and nothing can fail; each operation costs O(log
 * n). Names are borrowed until the next sched_adopt().
 */
#ifndef CSWATCH_SCHED_SCHED_H
#define CSWATCH_SCHED_SCHED_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/spec.h"

struct clock;
struct loop;
struct sched;

#define SCHED_LATE_US 10000 /* a start that is later than this counts as late */

struct sched_stats {
	size_t running, waiting; /* waiting: due, but held up by a limit */
	uint64_t started, late;	 /* runs; those later than SCHED_LATE_US */
	uint64_t late_sum_us, late_max_us;
	uint64_t missed; /* slots without a run of their own */
};

/*
 * Makes a schedule without tests. start is called from sched_run_due() only; it may call
 * sched_finished() for a run that could not be started, or sched_defer() for one that is
 * not to start yet. late_us: how long the test was due. l is NULL in unit tests, which
 * call sched_run_due() themselves. Returns NULL if memory ran out.
 */
struct sched *sched_new(struct loop *l, const struct clock *clock,
    void (*start)(void *arg, void *owner, uint64_t late_us), void *arg);
void sched_free(struct sched *s); /* NULL is allowed */

/*
 * Exchanges the tests. Those of the same name and interval keep their timers and their
 * place; a removed test that is running is forgotten when its run is over, and counts
 * until then. ret_ids[i] is the id of set->tests[i]; a test that stays keeps its id.
 * Returns false and changes nothing if memory ran out.
 */
bool sched_adopt(struct sched *s, const struct sched_set *set, uint32_t *ret_ids);

/*
 * Notes that the run of that test is over. Starts nothing itself: that comes with the
 * next turn.
 */
void sched_finished(struct sched *s, uint32_t id, bool ok);
/*
 * Defers a run that lacks something it needs; only inside start(). The test takes up no
 * room, and is due again, as it was, after sched_ready(), which does nothing for any
 * other test.
 */
void sched_defer(struct sched *s, uint32_t id);
void sched_ready(struct sched *s, uint32_t id);
/*
 * Pauses a test, or resumes it: a paused one does not start, unless by sched_run_now().
 * If slots went by in the meantime, one run soon afterwards catches up. Twice does
 * nothing.
 */
void sched_pause(struct sched *s, uint32_t id, bool paused);
/* Makes the test due now, in addition to its slots. Returns false if it is running. */
bool sched_run_now(struct sched *s, uint32_t id);
/* Has the next failure of the test be retried as the first of a row. */
void sched_forgive(struct sched *s, uint32_t id);
/* Starts nothing any more. */
void sched_stop(struct sched *s);

/* Starts what is due; of much only a part: call again while sched_next_due() <= now. */
void sched_run_due(struct sched *s);
/* Returns when sched_run_due() has something to do, by the clock (us), or SCHED_NEVER. */
uint64_t sched_next_due(const struct sched *s);

/* What a test waits for. */
enum sched_wait {
	SCHED_WAIT_TIME, /* it is not due */
	SCHED_WAIT_ALL,	 /* max_parallel */
	SCHED_WAIT_POOL, /* that of its pool */
	SCHED_WAIT_USER, /* another test of its user */
	SCHED_WAIT_PAUSED,
	SCHED_WAIT_READY,  /* sched_ready() */
	SCHED_WAIT_NOTHING /* it is running */
};
enum sched_wait sched_test_wait(const struct sched *s, uint32_t id);

/*
 * Returns when the test is due by the clock (was due, if it waits; is due again, if it
 * runs), or SCHED_NEVER if it is paused.
 */
uint64_t sched_test_due(const struct sched *s, uint32_t id);
void sched_get_stats(const struct sched *s, struct sched_stats *ret);

#endif
