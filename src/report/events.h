/*
 * events - the log lines of tests, pools and the watcher, built in one place:
 * test.finished, test.state, pool.alert, watcher.isolated.
 *
 * The names and the order of their keys are a contract, see doc/cswatch-events.7.
 */
#ifndef CSWATCH_REPORT_EVENTS_H
#define CSWATCH_REPORT_EVENTS_H
#include <stdint.h>

#include "report/log.h"
#include "alert/alert.h"

struct log;
struct result;

/*
 * Logs a finished run: a success at info, a failure at warning. user is user@domain, with
 * or without "sip:".
 */
void report_finished(struct log *log, const char *test, const char *pool,
    const char *user, const struct result *r);

struct state_change {
	const char *test, *pool;
	enum alert_state from, to;
	unsigned failures;  /* number of failures in a row */
	int64_t since_ms;   /* when `to` began, by the wall clock */
	const char *diag;   /* tag of the failure; NULL or "" for none */
	const char *rollup; /* why an alert is not announced at err; NULL: it is */
};

/* The alert of a pool as a whole. */
struct pool_line {
	const char *pool;
	size_t tests,
	    of; /* number of tests that fail, and of those that are not paused */
	const char *users;
	const char *diag; /* tag, or "mixed" */
	int64_t since_ms;
};

/* Logs pool.alert or pool.reminder (err), or pool.recovered (notice). */
void report_pool(struct log *log, enum event_id event, const struct pool_line *line);
/* Logs watcher.isolated or watcher.reminder (err), or watcher.connected (notice). */
void report_watcher(
    struct log *log, enum event_id event, size_t pools, size_t tests, int64_t since_ms);

/* Logs at err that an alert is still active. `to` and `from` are ignored. */
void report_reminder(struct log *log, const struct state_change *change);
/* Logs that the result of a test keeps changing (warning), or has settled (notice). */
void report_flapping(struct log *log, const char *test, const char *pool, bool flapping,
    enum alert_state state);
/*
 * Logs a change of state: alert at err (with rollup at warning), failing at warning,
 * anything else at notice.
 */
void report_state(struct log *log, const struct state_change *change);

#endif
