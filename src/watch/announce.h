/*
 * announce - the lines about tests, pools and the watcher: what they are made of, and how
 * they get to the log.
 *
 * A line about a change of state is shown to the subscribers first (commit of
 * subscribers.h): one that writes the change to where it survives delays the line until
 * that is done, COMMIT_WAIT_MS at most. Lines of one subject keep their order.
 */
#ifndef CSWATCH_WATCH_ANNOUNCE_H
#define CSWATCH_WATCH_ANNOUNCE_H
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"
#include "vocab/events.h"

struct announcer;
struct delay;
struct log;
struct loop;
struct pause;
struct pool;
struct probe;
struct remark;
struct result;
struct subscribers;

#define COMMIT_WAIT_MS 1000

/* Borrows all three. Returns NULL when out of memory. */
struct announcer *announcer_new(
    struct loop *l, struct log *log, const struct subscribers *subscribers);
/* Lets out what waits. NULL is allowed. */
void announcer_free(struct announcer *an);

/* ---- tests ---- */

/* Delays the lines about a test that come after this, as delay_begin(). */
struct delay *announce_delay(struct announcer *an, struct probe *p, unsigned limit_ms);

/* Announces a finished run. */
void announce_run(struct announcer *an, struct probe *p, const struct result *r);
/*
 * Announces a change of state that has happened; but that a test became an alert is left
 * to announce_alert(), once it is known who announces it. rollup: a word of
 * cswatch-events(7), or NULL.
 */
void announce_change(struct announcer *an, struct probe *p,
    const struct alert_change *change, const char *rollup);
/* Announces that the test is in alert, at err if the test itself has to say so. */
void announce_alert(struct announcer *an, struct probe *p);
/* Returns why that would not be at err: a word for rollup, or NULL if it would. */
const char *announce_rollup_word(const struct alert *a);
/* Announces that its alert is still active. */
void announce_reminder(struct announcer *an, struct probe *p);
/* Announces that it keeps changing its state, or does no more. */
void announce_flapping(struct announcer *an, struct probe *p);
/* Announces test.paused or test.resumed. */
void announce_pause(struct announcer *an, struct probe *p, enum event_id event,
    const struct pause *pause);
void announce_acknowledged(struct announcer *an, struct probe *p, const struct remark *r);

/* ---- pools, the watcher ---- */

/* Announces pool.alert, pool.reminder or pool.recovered. */
void announce_pool(struct announcer *an, enum event_id event, struct pool *pool);
void announce_pool_acknowledged(
    struct announcer *an, struct pool *pool, const struct remark *r);
/* Announces watcher.isolated, watcher.reminder or watcher.connected. */
void announce_watcher(struct announcer *an, enum event_id event, size_t pools,
    size_t tests, int64_t since_ms);

#endif
