/*
 * rollups - who announces that a test is in alert: the test, its pool for all of its
 * tests, or neither because the watcher is cut off.
 *
 * The rules are those of alert/rollup.h; here is when to ask them, which tests to run
 * sooner, and what follows. Whether the watcher is cut off is asked of cutoff.h.
 */
#ifndef CSWATCH_WATCH_ROLLUPS_H
#define CSWATCH_WATCH_ROLLUPS_H
#include <stdbool.h>
#include <stdint.h>

#include "alert/isolation.h"
#include "watch/pools.h"

struct agenda;
struct announcer;
struct clock;
struct config;
struct cutoff;
struct probe;
struct probes;
struct remark;
struct rollups;
struct subscribers;
struct timetable;

struct rollups_settings {
	const struct clock *clock;
	struct agenda *agenda;
	struct announcer *announcer;
	const struct subscribers *subscribers;
	const struct timetable *timetable;
	const struct probes *probes; /* the live ones */
	struct cutoff *cutoff;	     /* is attached to this */
};

/* Borrows what the settings point to. Returns NULL when out of memory. */
struct rollups *rollups_new(const struct rollups_settings *s);
void rollups_free(struct rollups *r); /* NULL is allowed. */

const struct pools *rollups_pools(const struct rollups *r);
/* Takes over what is remembered of pools; see pools_restore(). */
void rollups_restore(struct rollups *r, struct pool_state *states, size_t n);
/*
 * Exchanges the pools; the live probes are those of next already. What was known of them
 * goes on; what is being judged begins again. Takes over the new ones.
 */
void rollups_adopt(
    struct rollups *r, const struct config *next, struct pools *made_for_it);
/* Runs tests whose alert is not announced yet; after cutoff_adopt(). */
void rollups_resume(struct rollups *r);

/*
 * Takes in a result of p that is not excused, after alert_feed(). first_ms: when its row
 * of failures began; was_ms: when its run before this one began, 0: never.
 */
void rollups_note_result(struct rollups *r, struct probe *p,
    enum isolation_evidence evidence, int64_t first_ms, int64_t was_ms);
/*
 * Catches up on a failure of p that was excused, now that the watcher is connected: p is
 * run again soon, and at once if its alert is not announced yet.
 */
void rollups_catch_up(struct rollups *r, struct probe *p);
/* Looks at a pool again: one of its tests was paused or resumed. */
void rollups_touch(struct rollups *r, struct pool *p);
/* Returns whether the test itself announces its alert and repeats that. */
bool rollups_leave_to_test(const struct rollups *r, const struct probe *p);
/* Returns why an alert that was paused is not announced at err, or NULL if it is. */
const char *rollups_resumed_word(const struct rollups *r, const struct probe *p);
/*
 * Acknowledges the alert of a pool: as a whole, or because each alert of its tests is
 * acknowledged. Returns false if there is none, or it was acknowledged before.
 */
bool rollups_acknowledge(
    struct rollups *r, struct pool *p, bool whole, const struct remark *remark);

#endif
