/*
 * events - the lines that everybody greps for, built in one place: test.finished,
 * test.state, pool.alert, watcher.isolated.
 *
 * Names and order of their keys are the contract of doc/cswatch-events.7.
 */
#ifndef CSWATCH_REPORT_EVENTS_H
#define CSWATCH_REPORT_EVENTS_H
#include <stdint.h>

#include "report/log.h"
#include "alert/alert.h"

struct log;
struct result;

/* success: info, failure: warning. user is user@domain, with or without "sip:". */
void report_finished(struct log *log, const char *test, const char *pool,
    const char *user, const struct result *r);

struct state_change {
	const char *test, *pool;
	enum alert_state from, to;
	unsigned failures;  /* in a row */
	int64_t since_ms;   /* wall clock: when `to` began */
	const char *diag;   /* tag of the failure; NULL or "" for none */
	const char *rollup; /* why an alert is not said at err; NULL: it is */
};

/* An alert of a pool as a whole. */
struct pool_line {
	const char *pool;
	size_t tests, of; /* that fail; that are not paused */
	const char *users;
	const char *diag; /* tag, or "mixed" */
	int64_t since_ms;
};

/* Of pool.alert and pool.reminder (err), pool.recovered (notice). */
void report_pool(struct log *log, enum event_id event, const struct pool_line *line);
/* Of watcher.isolated and watcher.reminder (err), watcher.connected (notice). */
void report_watcher(
    struct log *log, enum event_id event, size_t pools, size_t tests, int64_t since_ms);

/* An alert still stands: err. `to` and `from` are not looked at. */
void report_reminder(struct log *log, const struct state_change *change);
/* It keeps changing (warning), or does no more (notice). */
void report_flapping(struct log *log, const char *test, const char *pool, bool flapping,
    enum alert_state state);
/*
 * alert: err (with rollup: warning), failing: warning, the end of either and the rest:
 * notice.
 */
void report_state(struct log *log, const struct state_change *change);

#endif
